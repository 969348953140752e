"""What an official document holds, in the words of GB/T 9704-2012. How it looks is `app.notices.formats`.

A document is frozen when it is issued: `as_json` goes into the row, `digest` beside it, and every file
that is made later comes from `from_json` of what lies there.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from itertools import chain
from typing import Any, Final

MOST_CHARACTERS: Final = 120_000
"""Some 200 pages of 22 × 28: what one document may hold, its tables with it."""

MOST_BLOCKS: Final = 2000
MOST_ROWS: Final = 2000
MOST_COLUMNS: Final = 12
LONGEST_NAME: Final = 500
"""Of an organ, a title, a number: what stands alone in its place."""

ADDRESSEE_CHARACTERS: Final = 6 * 28
"""Six lines. With more, the first page would show no body: they move to the imprint (7.3.2)."""


class Layout(StrEnum):
    """The general form (7), the letter (10.1) and the minutes (10.3) of GB/T 9704-2012."""

    DOCUMENT = "document"
    LETTER = "letter"
    MINUTES = "minutes"


class Urgency(StrEnum):
    """紧急程度 (7.2.3)."""

    URGENT = "加急"
    MOST_URGENT = "特急"


class Level(IntEnum):
    """The order of a text's parts: 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋 (7.3.3)."""

    TEXT = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as its author wrote it, number included. A heading that runs on (（一）高度重视。各单位要…)
    is set in the heading's face up to its first full stop."""

    text: str
    level: Level = Level.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that the document quotes, as texts: a ranking, counts by division."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str | None = None

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("each row of a table has as many cells as its header")


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """One that the note 附件：1. … names (7.3.4); with a body it is also printed, on its own page (7.3.7)."""

    title: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """What a talk's minutes say beside their text: 时间, 地点, 约谈人, 约谈对象, 记录人."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One document of one organ. The fields stand in the order of the page.

    `red_head` is the whole 发文机关标志: with 文件 for a document, without for a letter, with 纪要 for
    minutes. `signed_by` and `dated_on` are the signature; `printed_by` and `printed_on` the last line of the
    imprint, which letters do not have. A title's lines may be parted by hand with a line break. A marking of
    secrecy has no field: this system may not hold such documents.
    """

    layout: Layout
    red_head: str
    title: str
    signed_by: str
    dated_on: date
    number: str | None = None
    urgency: Urgency | None = None
    addressees: tuple[str, ...] = ()
    particulars: tuple[MinutesLine, ...] = ()
    body: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    attendance: tuple[MinutesLine, ...] = ()
    note: str | None = None
    copies: tuple[str, ...] = ()
    printed_by: str | None = None
    printed_on: date | None = None

    @property
    def addressees_in_imprint(self) -> bool:
        """Whether the addressees are so many that they stand above the copy list (7.3.2)."""
        return len("、".join(self.addressees)) > ADDRESSEE_CHARACTERS

    @property
    def too_long(self) -> bool:
        """Whether it is more than one document may hold; such a one is refused before it is issued."""
        blocks = list(self._blocks())
        names = (self.red_head, self.title, self.signed_by, self.printed_by, self.number)
        tables = [block for block in blocks if isinstance(block, Table)]
        return (
            len(blocks) > MOST_BLOCKS
            or any(len(name) > LONGEST_NAME for name in names if name)
            or sum(len(table.rows) for table in tables) > MOST_ROWS
            or any(len(table.header) > MOST_COLUMNS for table in tables)
            or sum(map(len, _texts(as_json(self)))) > MOST_CHARACTERS
        )

    def _blocks(self) -> Iterator[Block]:
        return chain(self.body, *(attachment.body for attachment in self.attachments))


_NUMBERS: Final = (
    (Level.FIRST, re.compile(r"[一二三四五六七八九十百]+、")),
    (Level.SECOND, re.compile(r"[（(][一二三四五六七八九十百]+[）)]")),
    (Level.THIRD, re.compile(r"\d{1,3}[.．](?!\d)")),
    (Level.FOURTH, re.compile(r"[（(]\d{1,3}[）)]")),
)


def level_of(text: str) -> Level:
    """The level that a paragraph's own number tells (7.3.3)."""
    return next((level for level, number in _NUMBERS if number.match(text)), Level.TEXT)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A plain text, one paragraph a line, with the levels that its numbers tell. Empty lines fall away."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(Paragraph(line, level_of(line)) for line in lines if line)


def lead(paragraph: Paragraph) -> tuple[str, str]:
    """The part in the heading's face, and what runs on in the body's."""
    if paragraph.level is Level.TEXT:
        return "", paragraph.text
    head, stop, rest = paragraph.text.partition("。")
    return (head + stop, rest) if rest.strip() else (paragraph.text, "")


def day(on: date) -> str:
    """2026年3月1日: Arabic figures without leading zeros (7.3.5)."""
    return f"{on.year}年{on.month}月{on.day}日"


def attachment_notes(titles: Iterable[str]) -> tuple[str, ...]:
    """The names in the note, numbered when there are several, without punctuation after them (7.3.4)."""
    names = [title.rstrip("。；;，,、 ") for title in titles]
    return tuple(names) if len(names) == 1 else tuple(f"{n}. {name}" for n, name in enumerate(names, 1))


def as_json(document: OfficialDocument) -> dict[str, Any]:
    """What is frozen when the document is issued: JSON, from which `from_json` makes the same document."""
    return {
        "layout": document.layout.value,
        "red_head": document.red_head,
        "number": document.number,
        "urgency": document.urgency and document.urgency.value,
        "title": document.title,
        "addressees": list(document.addressees),
        "particulars": _lines_json(document.particulars),
        "body": [_block_json(block) for block in document.body],
        "attachments": [
            {"title": attachment.title, "body": [_block_json(block) for block in attachment.body]}
            for attachment in document.attachments
        ],
        "attendance": _lines_json(document.attendance),
        "signed_by": document.signed_by,
        "dated_on": document.dated_on.isoformat(),
        "note": document.note,
        "copies": list(document.copies),
        "printed_by": document.printed_by,
        "printed_on": document.printed_on and document.printed_on.isoformat(),
    }


def from_json(frozen: Mapping[str, Any]) -> OfficialDocument:
    """The document that `as_json` froze."""
    printed_on, urgency = frozen["printed_on"], frozen["urgency"]
    return OfficialDocument(
        layout=Layout(frozen["layout"]),
        red_head=frozen["red_head"],
        number=frozen["number"],
        urgency=urgency and Urgency(urgency),
        title=frozen["title"],
        addressees=tuple(frozen["addressees"]),
        particulars=tuple(MinutesLine(**line) for line in frozen["particulars"]),
        body=tuple(map(_block, frozen["body"])),
        attachments=tuple(
            Attachment(one["title"], tuple(map(_block, one["body"]))) for one in frozen["attachments"]
        ),
        attendance=tuple(MinutesLine(**line) for line in frozen["attendance"]),
        signed_by=frozen["signed_by"],
        dated_on=date.fromisoformat(frozen["dated_on"]),
        note=frozen["note"],
        copies=tuple(frozen["copies"]),
        printed_by=frozen["printed_by"],
        printed_on=printed_on and date.fromisoformat(printed_on),
    )


def digest(document: OfficialDocument) -> str:
    """SHA-256, in hexadecimal, of the frozen content: by it a later reader knows that nothing was changed."""
    plain = json.dumps(as_json(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _lines_json(lines: Iterable[MinutesLine]) -> list[dict[str, str]]:
    return [{"label": line.label, "text": line.text} for line in lines]


def _block_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"text": block.text, "level": int(block.level)}
    return {"title": block.title, "header": list(block.header), "rows": [list(row) for row in block.rows]}


def _block(frozen: Mapping[str, Any]) -> Block:
    if "text" in frozen:
        return Paragraph(frozen["text"], Level(frozen["level"]))
    return Table(tuple(frozen["header"]), tuple(map(tuple, frozen["rows"])), frozen["title"])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(_texts, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
