"""What python-docx has no word for: the grid, faces for Chinese, borders, fields, a table at the foot."""

import math
from collections.abc import Iterable, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any, Final

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from app.notices.formats.fonts import FACES, Face
from app.notices.formats.measures import BOTTOM as BOTTOM_MARGIN
from app.notices.formats.measures import CHARACTERS, LINES, PAGE, RIGHT, SIZE, width
from app.notices.formats.measures import LEFT as LEFT_MARGIN
from app.notices.formats.measures import TOP as TOP_MARGIN

ORDER: Final = {
    "w:pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs autoSpaceDE
        autoSpaceDN snapToGrid spacing ind contextualSpacing jc outlineLvl rPr sectPr""",
    "w:rPr": """rStyle rFonts b bCs i iCs caps smallCaps strike snapToGrid color spacing w kern position sz
        szCs u vertAlign lang""",
    "w:tcPr": "tcW gridSpan tcBorders shd vAlign",
}
"""The order in which ECMA-376 wants what a paragraph, a run and a cell say of themselves; Word insists."""

RIGHT_TAB: Final = WD_TAB_ALIGNMENT.RIGHT


def _element(tag: str, /, **attributes: object) -> Any:
    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def cells(text: str) -> float:
    """The width of a text in Chinese characters."""
    return width(text) / 2


def grid(section: Section) -> None:
    """22 lines, which fill the type area (5.2.3). The 28 characters of a line are the style's, see `closer`:
    a grid of characters serves Word and WPS, but LibreOffice gives two cells to what is wider than one."""
    old = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001
    if old is not None:
        section._sectPr.remove(old)  # noqa: SLF001
    pitch = Mm(PAGE[1] - TOP_MARGIN - BOTTOM_MARGIN).twips // LINES
    section._sectPr.append(  # noqa: SLF001
        _element("w:docGrid", type="lines", linePitch=pitch)
    )


def closer(properties: Any) -> None:
    """28 characters of the body's size in a line of 156 mm: set so much closer, in twentieths of a point."""
    most = Mm(PAGE[0] - LEFT_MARGIN - RIGHT).pt / CHARACTERS - SIZE
    properties.append(_element("w:spacing", val=math.floor(most * 20)))


def unspaced(properties: Any) -> None:
    """No further room between Chinese and the letters or figures in it, which would break the count."""
    for kind in ("w:autoSpaceDE", "w:autoSpaceDN"):
        properties.append(_element(kind, val=0))


def ordered(file: Document) -> None:
    """Put every property where the schema wants it; called once, when all is written."""
    section = file.sections[0]
    parts = [file.styles.element, file.element.body]
    parts += [one._element for one in (section.footer, section.even_page_footer)]  # noqa: SLF001
    if section.different_first_page_header_footer:
        parts += [one._element for one in (section.first_page_header, section.first_page_footer)]  # noqa: SLF001
    for name, order in ORDER.items():
        places = {qn(f"w:{child}"): place for place, child in enumerate(order.split())}
        for properties in chain.from_iterable(part.iter(qn(name)) for part in parts):
            properties[:] = sorted(properties, key=lambda child: places.get(child.tag, len(places)))


def face(properties: Any, wanted: Face) -> None:
    """Set a run's or a style's fonts: the face for Chinese, and for the figures and letters among it."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FACES[wanted]["word"])
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def write(
    paragraph: Paragraph, runs: Iterable[tuple[Face, str]], size: float | None = None, *, loose: bool = False
) -> None:
    """Add texts to a paragraph; a loose one keeps off the grid, which is for the body's lines."""
    for wanted, text in runs:
        if not text:
            continue
        run = paragraph.add_run(text)
        face(run._r.get_or_add_rPr(), wanted)  # noqa: SLF001
        if size is not None:
            run.font.size = Pt(size)
            run._r.get_or_add_rPr().append(_element("w:spacing", val=0))  # noqa: SLF001
        if loose:
            run._r.get_or_add_rPr().append(_element("w:snapToGrid", val=0))  # noqa: SLF001
    if loose:
        paragraph._p.get_or_add_pPr().append(_element("w:snapToGrid", val=0))  # noqa: SLF001


def colour(paragraph: Paragraph, rgb: str) -> None:
    """The colour of all of a paragraph's text."""
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(rgb)


def rule(paragraph: Paragraph, side: str, kind: str, eighths: int, rgb: str, *, space: int = 1) -> None:
    """A line above or below a paragraph; `eighths` of a point thick, `space` points away."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = _element("w:pBdr")
        properties.append(borders)
    borders.append(_element(f"w:{side}", val=kind, sz=eighths, space=space, color=rgb))


def indent_characters(paragraph: Paragraph, number: int, fallback: Length) -> None:
    """Indent the first line by whole characters of the grid."""
    paragraph.paragraph_format.first_line_indent = fallback
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001
    indent.set(qn("w:firstLineChars"), str(number * 100))


def page_number(paragraph: Paragraph, size: float) -> None:
    """— 1 —, its number a field."""
    parts: Sequence[Any] = (
        "— ",
        _element("w:fldChar", fldCharType="begin"),
        "PAGE",
        _element("w:fldChar", fldCharType="end"),
        " —",
    )
    for part in parts:
        run = paragraph.add_run("" if part == "PAGE" or not isinstance(part, str) else part)
        face(run._r.get_or_add_rPr(), Face.SONG)  # noqa: SLF001
        run.font.size = Pt(size)
        if part == "PAGE":
            instruction = _element("w:instrText")
            instruction.text = part
            run._r.append(instruction)  # noqa: SLF001
        elif not isinstance(part, str):
            run._r.append(part)  # noqa: SLF001


def figures(
    table: Table, rows: Sequence[Sequence[str]], area: int, weights: Sequence[int], size: float
) -> None:
    """Fill a table of two rows: the heading, and the one that all others are copies of, with other texts;
    cell by cell python-docx would take a second for every thousand. Widths go by weight."""
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    share = Mm(area) / sum(weights)
    patterns = list(table.rows)
    for row, wanted in zip(patterns, (Face.BLACK, Face.TEXT), strict=True):
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
        for cell, weight in zip(row.cells, weights, strict=True):
            cell.width = Length(round(share * weight))
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            cell.paragraphs[0].alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
            write(cell.paragraphs[0], [(wanted, "·")], size, loose=True)
    for column, weight in zip(table.columns, weights, strict=True):
        column.width = Length(round(share * weight))
    heading, plain = (row._tr for row in patterns)  # noqa: SLF001
    heading.get_or_add_trPr().append(_element("w:tblHeader"))
    table._tbl.remove(plain)  # noqa: SLF001
    for number, texts in enumerate(rows):
        line = deepcopy(plain) if number else heading
        for place, text in zip(line.iter(qn("w:t")), texts, strict=True):
            place.text = " ".join(text.split())
        table._tbl.append(line)  # noqa: SLF001


def at_foot(paragraph: Paragraph, area: int, *, lined: bool) -> None:
    """Let a paragraph stand at the foot of the type area of its page, with others of its kind one above the
    other; the line above the first and the one below the last are 0.35 mm thick (7.4.1)."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    properties.append(
        _element(
            "w:framePr",
            w=Mm(area).twips,
            wrap="notBeside",
            vAnchor="margin",
            hAnchor="margin",
            xAlign="center",
            yAlign="bottom",
        )
    )
    if lined:
        rule(paragraph, "top", "single", 8, "000000", space=3)
        rule(paragraph, "bottom", "single", 8, "000000", space=3)


def line_between(paragraph: Paragraph, area: int) -> None:
    """A line across the type area inside a frame: an underlined tab. With a border between the paragraphs of
    a frame LibreOffice loses the frame."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(3)
    form.tab_stops.add_tab_stop(Mm(area))
    run = paragraph.add_run("\t")
    run.font.size, run.font.underline = Pt(4), True


def font_table(file: Document) -> None:
    """Tell Word what to take where a face is not installed: the same face under its newer name."""
    fonts = _element("w:fonts")
    for wanted in FACES.values():
        font = _element("w:font", name=wanted["word"])
        font.append(_element("w:altName", val=wanted["word_instead"]))
        font.append(_element("w:charset", val="86"))
        fonts.append(font)
    part = next(
        relation.target_part
        for relation in file.part.rels.values()
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    part._blob = serialize_part_xml(fonts)  # noqa: SLF001
