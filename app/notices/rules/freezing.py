"""From a notice to the official document that is frozen when it is issued."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.notices.rules.document import (
    Attachment,
    Block,
    Layout,
    Level,
    OfficialDocument,
    Paragraph,
    Table,
    as_json,
)
from app.notices.rules.document import Urgency as PrintedUrgency
from app.notices.rules.life import URGENCY_LABELS, NoticeKind, Urgency

_FORMAL: Final = frozenset({NoticeKind.CIRCULAR, NoticeKind.NOTIFICATION})


@dataclass(frozen=True, slots=True)
class Text:
    """What a notice says, as plain data."""

    kind: NoticeKind
    issuer: str
    title: str
    number: str | None
    urgency: Urgency
    addressees: tuple[str, ...]
    paragraphs: Sequence[Mapping[str, Any]]
    figures: Sequence[Mapping[str, Any]]
    attachments: Sequence[str]
    copy_to: Sequence[str]
    note: str | None
    issued_on: date


def official(text: Text) -> OfficialDocument:
    """The document: circulars and notifications in the general form, letters and talks as letters (GB/T
    9704-2012, 10.1). Figures that are a table are printed after the text."""
    formal = text.kind in _FORMAL
    label = URGENCY_LABELS[text.urgency]
    body: list[Block] = [Paragraph(one["text"], Level(one["level"])) for one in text.paragraphs]
    body += [table for figure in text.figures if (table := _table(figure)) is not None]
    return OfficialDocument(
        layout=Layout.DOCUMENT if formal else Layout.LETTER,
        red_head=f"{text.issuer}文件" if formal else text.issuer,
        title=text.title,
        signed_by=text.issuer,
        dated_on=text.issued_on,
        number=text.number,
        urgency=PrintedUrgency(label) if label else None,
        addressees=text.addressees,
        body=tuple(body),
        attachments=tuple(Attachment(title) for title in text.attachments),
        note=text.note,
        copies=tuple(text.copy_to),
        printed_by=text.issuer if formal else None,
        printed_on=text.issued_on if formal else None,
    )


def frozen(text: Text) -> tuple[str, str]:
    """Canonical JSON of the document and of the figures it quotes, and the SHA-256 of it."""
    content = json.dumps(
        {"document": as_json(official(text)), "figures": list(text.figures)},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return content, hashlib.sha256(content.encode()).hexdigest()


def _table(figure: Mapping[str, Any]) -> Table | None:
    """A figure whose content is `header` and `rows` is a table; anything else is kept and not printed."""
    header, rows = figure["content"].get("header"), figure["content"].get("rows")
    if not isinstance(header, list) or not isinstance(rows, list) or not header:
        return None
    if any(not isinstance(row, list) or len(row) != len(header) for row in rows):
        return None
    title = f"{figure['title']}（{figure['as_of']}）"
    return Table(tuple(map(str, header)), tuple(tuple(map(str, row)) for row in rows), title)
