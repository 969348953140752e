"""The .docx, to work on and to print elsewhere: the measures of GB/T 9704-2012 in Word's own means.

Word sets what a machine's fonts let it set; the PDF is the form in which a document is issued.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from itertools import chain
from typing import Final

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from app.notices.formats import ooxml
from app.notices.formats.fonts import Face
from app.notices.formats.measures import (
    BOTTOM,
    CHARACTERS,
    LEFT,
    PAGE,
    PROPERTY,
    RED,
    RIGHT,
    SIZE,
    SMALL_SIZE,
    TABLE_SIZE,
    TITLE_SIZE,
    TOP,
    head_size,
    printable,
    widths,
)
from app.notices.formats.titles import title_lines
from app.notices.rules.document import (
    Block,
    Layout,
    Level,
    MinutesLine,
    OfficialDocument,
    Table,
    attachment_notes,
    day,
    lead,
)

AREA: Final = PAGE[0] - LEFT - RIGHT
CELL: Final = Mm(AREA) / CHARACTERS
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
FRAMED: Final = 600
"""Hundreds of names run on over pages, which no frame does."""

Run = tuple[Face, str]


def docx_bytes(document: OfficialDocument) -> bytes:
    """The document as a Word file; the same document always gives the same bytes."""
    page = _Page(document)
    page.set()
    buffer = io.BytesIO()
    page.file.save(buffer)
    return _without_clock(buffer.getvalue())


class _Page:
    """One file being written, top to bottom."""

    def __init__(self, document: OfficialDocument) -> None:
        self.document = document
        self.letter = document.layout is Layout.LETTER
        self.minutes = document.layout is Layout.MINUTES
        self.file: Document = docx.Document()

    def set(self) -> None:
        self._measures()
        self._footers()
        if self.letter:
            self._letter_head()
        else:
            self._head()
        self._text()
        self._signature()
        self._attachments()
        self._imprint()
        ooxml.ordered(self.file)

    def _measures(self) -> None:
        document, section = self.document, self.file.sections[0]
        properties = self.file.core_properties
        properties.title = printable(document.title).replace("\n", "")[:PROPERTY]
        properties.author = properties.last_modified_by = printable(document.signed_by)[:PROPERTY]
        properties.comments = ""
        properties.created = properties.modified = datetime.combine(document.dated_on, time())
        section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.different_first_page_header_footer = self.letter
        self.file.settings.odd_and_even_pages_header_footer = True
        ooxml.grid(section)
        style = self.file.styles["Normal"]
        ooxml.face(style.element.get_or_add_rPr(), Face.TEXT)
        style.font.size = Pt(SIZE)
        ooxml.closer(style.element.get_or_add_rPr())
        ooxml.font_table(self.file)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.widow_control = False
        style.paragraph_format.line_spacing = 1.0
        ooxml.unspaced(style.element.get_or_add_pPr())

    def _footers(self) -> None:
        """— 1 —: odd pages at the right, even ones at the left, one character in (7.5)."""
        section = self.file.sections[0]
        section.footer_distance = Mm(BOTTOM - 7 - 5)
        for footer, align in (
            (section.footer, ALIGN.RIGHT),
            (section.even_page_footer, ALIGN.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = _cells(1)
            ooxml.page_number(paragraph, SMALL_SIZE)
        if self.letter:
            section.footer_distance = Mm(20)
            paragraph = section.first_page_footer.paragraphs[0]
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(-8), Mm(-6)
            ooxml.rule(paragraph, "bottom", "thinThickSmallGap", 36, RED)

    def _head(self) -> None:
        document = self.document
        if document.urgency:
            self._line([(Face.BLACK, document.urgency.value)])
        head = self._line(
            [(Face.TITLE, document.red_head)],
            ALIGN.CENTER,
            size=head_size(document.red_head, document.layout),
        )
        head.paragraph_format.space_before = Mm(35) - (Pt(29) if document.urgency else 0)
        ooxml.colour(head, RED)
        self._blank(1 if self.minutes else 2)
        if document.number:
            self._line([(Face.TEXT, document.number)], ALIGN.CENTER)
        if self.minutes:
            line = self._line([(Face.TEXT, f"{document.signed_by}\t{day(document.dated_on)}")])
            line.paragraph_format.tab_stops.add_tab_stop(Mm(AREA) - _cells(1), ooxml.RIGHT_TAB)
            line.paragraph_format.left_indent = _cells(1)
        rule = self._line([], loose=True)
        rule.paragraph_format.line_spacing = Mm(4)
        ooxml.rule(rule, "bottom", "single", 16, RED)
        self._blank(2)

    def _letter_head(self) -> None:
        """The organ's name 30 mm below the edge, 4 mm below it the first double line, 170 mm long (10.1)."""
        document, section = self.document, self.file.sections[0]
        section.header_distance = Mm(30)
        head = section.first_page_header.paragraphs[0]
        head.alignment = ALIGN.CENTER
        size = head_size(document.red_head, document.layout)
        ooxml.write(head, [(Face.TITLE, printable(document.red_head))], size, loose=True)
        head.paragraph_format.left_indent, head.paragraph_format.right_indent = Mm(-8), Mm(-6)
        ooxml.colour(head, RED)
        ooxml.rule(head, "bottom", "thickThinSmallGap", 36, RED, space=11)
        urgency = document.urgency.value if document.urgency else ""
        line = self._line([(Face.BLACK, urgency), (Face.TEXT, f"\t{document.number or ''}")])
        line.paragraph_format.space_before = Pt(SIZE * 7 / 8)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(AREA), ooxml.RIGHT_TAB)
        self._blank(2)

    def _text(self) -> None:
        document = self.document
        for title in title_lines(printable(document.title)):
            self._line([(Face.TITLE, title)], ALIGN.CENTER, size=TITLE_SIZE)
        self._blank(1)
        if document.addressees and not document.addressees_in_imprint:
            self._line([(Face.TEXT, "、".join(document.addressees) + "：")])
        self._lines_of(document.particulars)
        self._blocks(document.body)
        names = attachment_notes(one.title for one in document.attachments)
        if names:
            self._blank(1)
        for first, name in zip(chain(["附件："], ["\t"] * len(names)), names, strict=False):
            line = self._line([(Face.TEXT, first + name)])
            line.paragraph_format.left_indent = _cells(5)
            line.paragraph_format.first_line_indent = -_cells(3)
            line.paragraph_format.tab_stops.add_tab_stop(_cells(5))
        if document.attendance:
            self._blank(1)
            self._lines_of(document.attendance)

    def _signature(self) -> None:
        """The organ centred above the date, which ends four characters from the edge; above them room for the
        seal (7.3.5.1). Minutes bear neither (10.3)."""
        document = self.document
        if not self.minutes:
            if document.body and not document.attachments:  # no signature alone on a page
                self.file.paragraphs[-1].paragraph_format.keep_with_next = True
            self._blank(3, keep=True)
            dated, signed = day(document.dated_on), printable(document.signed_by)
            middle = 4 + ooxml.cells(dated) / 2
            line = self._line([(Face.TEXT, signed)], ALIGN.RIGHT)
            line.paragraph_format.right_indent = _cells(max(0, middle - ooxml.cells(signed) / 2))
            line.paragraph_format.keep_with_next = True
            self._line([(Face.TEXT, dated)], ALIGN.RIGHT).paragraph_format.right_indent = _cells(4)
        if document.note:
            line = self._line([(Face.TEXT, f"（{document.note}）")])
            line.paragraph_format.left_indent = _cells(2)

    def _attachments(self) -> None:
        several = len(self.document.attachments) > 1
        for number, one in enumerate(self.document.attachments, 1):
            if not one.body:
                continue
            line = self._line([(Face.BLACK, f"附件{number}" if several else "附件")])
            line.paragraph_format.page_break_before = True
            self._blank(1)
            for title in title_lines(printable(one.title)):
                self._line([(Face.TITLE, title)], ALIGN.CENTER, size=TITLE_SIZE)
            self._blank(1)
            self._blocks(one.body)

    def _imprint(self) -> None:
        """At the foot of the last page (7.4), in a frame that stands there whatever comes before it."""
        document, rows = self.document, list[str]()
        if document.addressees_in_imprint:
            rows.append(f"主送：{'、'.join(document.addressees)}。")
        if document.copies:
            rows.append(f"抄送：{'，'.join(document.copies)}。")
        if document.printed_by and document.printed_on and not self.letter:
            rows.append(f"{document.printed_by}\t{day(document.printed_on)}印发")
        for number, text in enumerate(rows):
            if number and not self.letter:
                between = self._line([], loose=True)
                ooxml.line_between(between, AREA)
                ooxml.at_foot(between, AREA, lined=True)
            # The space before the text is a character: the frame's lines begin at the edge.
            paragraph = self._line([(Face.TEXT, f"\u3000{text}")], size=SMALL_SIZE)
            if len(text) <= FRAMED:
                ooxml.at_foot(paragraph, AREA, lined=not self.letter)
            form = paragraph.paragraph_format
            form.left_indent, form.first_line_indent = Pt(SMALL_SIZE * 4), Pt(-SMALL_SIZE * 4)
            form.tab_stops.add_tab_stop(Mm(AREA) - Pt(SMALL_SIZE), ooxml.RIGHT_TAB)
        if rows:
            self._line([])

    def _lines_of(self, lines: Iterable[MinutesLine]) -> None:
        for one in lines:
            indent = ooxml.cells(printable(one.label)) + 1
            line = self._line([(Face.BLACK, f"{one.label}："), (Face.TEXT, one.text)])
            line.paragraph_format.left_indent = _cells(2 + indent)
            line.paragraph_format.first_line_indent = -_cells(indent)

    def _blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self._figures(block)
                continue
            head, rest = lead(block)
            face = {Level.FIRST: Face.BLACK, Level.SECOND: Face.REGULAR}.get(block.level, Face.TEXT)
            line = self._line([(face, head), (Face.TEXT, rest)], ALIGN.JUSTIFY)
            ooxml.indent_characters(line, 2, _cells(2))
            line.paragraph_format.keep_with_next = bool(head) and not rest

    def _figures(self, one: Table) -> None:
        if one.title:
            title = self._line([(Face.BLACK, one.title)], ALIGN.CENTER, size=SMALL_SIZE)
            title.paragraph_format.keep_with_next = True
        table = self.file.add_table(2, len(one.header), style="Table Grid")
        rows = [[printable(cell) for cell in row] for row in (one.header, *one.rows)]
        ooxml.figures(table, rows, AREA, widths(one), TABLE_SIZE)

    def _line(
        self,
        runs: Iterable[Run],
        align: ALIGN | None = None,
        *,
        size: float | None = None,
        loose: bool = False,
    ) -> Paragraph:
        paragraph = self.file.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        plain = ((face, printable(text)) for face, text in runs)
        ooxml.write(paragraph, plain, size, loose=loose or size is not None)
        return paragraph

    def _blank(self, lines: int, *, keep: bool = False) -> None:
        for _ in range(lines):
            self._line([]).paragraph_format.keep_with_next = keep


def _cells(number: float) -> Length:
    return Length(round(CELL * number))


def _without_clock(data: bytes) -> bytes:
    """The same archive, its members at the first moment that zip knows."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return buffer.getvalue()
