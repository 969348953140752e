"""What crosses the wire: a file's card, and what is told of it."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.core.events import Event
from app.core.fields import Output, Ref
from app.files.rules import Encoding, FilePurpose, MediaType


class FileRead(Output):
    """A stored file. Its bytes lie at `content_url` until `expires_at`."""

    id: UUID
    name: Annotated[str, Field(examples=["社会组织台账.xlsx"])]
    media_type: MediaType
    purpose: FilePurpose
    size: Annotated[int, Field(description="Bytes.", examples=[48213])]
    sha256: Annotated[str, Field(description="SHA-256 of the bytes.", examples=["9f" * 32])]
    encoding: Annotated[
        Encoding | None, Field(description="Of an uploaded text, as it was found; null for others.")
    ]
    division_code: Annotated[str | None, Field(examples=["440100"])]
    created_by: Ref
    created_at: datetime
    expires_at: Annotated[datetime, Field(description="When it is removed.")]
    content_url: Annotated[
        str, Field(examples=["/api/v1/files/0198a3f2-7c1b-7d43-9d0e-1f7f0c8a2b11/content"])
    ]
    etag: str
    allowed_actions: list[str]


class _FileEvent(Event):
    subject_type: ClassVar[str] = "file"
    public: ClassVar[bool] = False

    purpose: FilePurpose
    media_type: MediaType
    size: int
    sha256: str


class FileStored(_FileEvent):
    """A file was uploaded or made."""

    type: ClassVar[str] = "file.stored"


class FileRemoved(_FileEvent):
    """A file was removed by its owner."""

    type: ClassVar[str] = "file.removed"
