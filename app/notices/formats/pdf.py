"""The PDF, set by typst from `data/document.typ`. The document goes in as data, never as markup."""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

import typst

from app.notices.formats.fonts import FACES, Face, FontReport, FontsMissing
from app.notices.formats.measures import PROPERTY, head_size, printable, width, widths
from app.notices.formats.titles import title_lines
from app.notices.rules.document import (
    Block,
    Level,
    MinutesLine,
    OfficialDocument,
    Paragraph,
    as_json,
    attachment_notes,
    day,
    lead,
)

TEMPLATE: Final = (Path(__file__).parents[1] / "data" / "document.typ").read_bytes()
SHORT: Final = 4 * 28
"""A last paragraph of at most four lines goes to the next page whole, with the signature."""

NO_GLYPH: Final = "could not be displayed with"


def pdf_bytes(document: OfficialDocument, fonts: FontReport) -> bytes:
    """The document as PDF/A-2b. Raises `FontsMissing` when a character is in no font that is there."""
    inputs = {
        "document": json.dumps(page_model(document), ensure_ascii=False),
        "faces": json.dumps(
            {face: {"font": fonts.families(face), "weight": FACES[face]["weight"]} for face in Face},
            ensure_ascii=False,
        ),
    }
    made_at = datetime.combine(document.dated_on, time(), UTC)
    try:
        return typst.compile(
            TEMPLATE, font_paths=fonts.searched, sys_inputs=inputs, pdf_standards="a-2b", timestamp=made_at
        )
    except typst.TypstError as error:
        if NO_GLYPH in error.message:
            raise FontsMissing(characters=error.message.split("`")[1].strip('"')) from error
        raise


def page_model(document: OfficialDocument) -> dict[str, Any]:
    """What the template sets: the frozen content, with what follows from it already worked out."""
    plain: dict[str, Any] = printable(as_json(document))
    return plain | {
        "properties": {
            "title": printable(document.title).replace("\n", "")[:PROPERTY],
            "author": printable(document.signed_by)[:PROPERTY],
            "keywords": printable(document.number or "")[:PROPERTY],
        },
        "body": [_block(block) for block in document.body],
        "attachments": [
            {
                "note": printable(note),
                "title": title_lines(printable(one.title)),
                "body": [_block(b) for b in one.body],
            }
            for note, one in zip(
                attachment_notes(each.title for each in document.attachments),
                document.attachments,
                strict=True,
            )
        ],
        "head_size": head_size(document.red_head, document.layout),
        "title": title_lines(printable(document.title)),
        "addressees": printable("、".join(document.addressees)),
        "addressees_in_imprint": document.addressees_in_imprint,
        "particulars": [_line(line) for line in document.particulars],
        "attendance": [_line(line) for line in document.attendance],
        "dated_on": day(document.dated_on),
        "copies": printable("，".join(document.copies)),
        "printed_on": document.printed_on and day(document.printed_on),
    }


def _line(line: MinutesLine) -> dict[str, Any]:
    return {
        "label": printable(line.label),
        "cells": width(printable(line.label)) / 2,
        "text": printable(line.text),
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        head, rest = lead(block)
        face = {Level.FIRST: Face.BLACK, Level.SECOND: Face.REGULAR}.get(block.level, Face.TEXT)
        return {
            "heading": not rest and block.level is not Level.TEXT and len(block.text) <= SHORT // 2,
            "short": len(block.text) <= SHORT,
            "runs": [{"face": face, "text": printable(head)}, {"face": Face.TEXT, "text": printable(rest)}],
        }
    return {
        "title": block.title and printable(block.title),
        "header": [printable(cell) for cell in block.header],
        "rows": [[printable(cell) for cell in row] for row in block.rows],
        "widths": widths(block),
    }
