"""Tables of supervision notices."""

from app.notices.models.addressees import Addressee, Answer, Extension, Rectification
from app.notices.models.notices import Notice, NoticeDocument
from app.notices.models.signs import DocumentCounter, DocumentNumber, DocumentSign

__all__ = [
    "Addressee",
    "Answer",
    "DocumentCounter",
    "DocumentNumber",
    "DocumentSign",
    "Extension",
    "Notice",
    "NoticeDocument",
    "Rectification",
]
