"""The issued document, measured against GB/T 9704-2012 (its clauses stand in brackets): PDF and Word file."""

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PageObject, PdfReader

from app.notices import formats
from app.notices.formats import DocumentForm, DocumentTooLong, FontsMissing
from app.notices.formats.titles import title_lines
from app.notices.rules import document as rules
from app.notices.rules.document import (
    Attachment,
    Layout,
    Level,
    MinutesLine,
    OfficialDocument,
    Table,
    Urgency,
    paragraphs,
)

FONTS = Path(__file__).parents[1] / "fonts"
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, (297 - 37) * MM, 35 * MM
CELL = 156 * MM / 28
SENTENCE = "社会组织党建工作要坚持以高质量发展为引领"
ORGAN = "中共某市社会组织委员会"
RANKING = Table(
    ("排名", "单位", "组织覆盖率"),
    tuple((str(n), f"第{n}区", f"{99 - n}.50%") for n in range(1, 13)),
    "2026年第三季度组织覆盖排名",
)
CIRCULAR = OfficialDocument(
    layout=Layout.DOCUMENT,
    red_head=f"{ORGAN}文件",
    number="某社党通〔2026〕12号",
    title="关于2026年第三季度社会组织党建工作情况的通报",
    addressees=("各区委社会工作部", "市直各业务主管单位党组（党委）"),
    body=(
        *paragraphs(
            "现将有关情况通报如下。\n一、总体情况\n（一）覆盖稳步提升。组织覆盖率为82.19%。\n"
            "1.建立清单\n（1）逐家销号"
        ),
        RANKING,
        *paragraphs("请对照排名查找差距。"),
    ),
    attachments=(Attachment("各区排名。", (RANKING,)), Attachment("名单")),
    signed_by=ORGAN,
    dated_on=date(2026, 3, 1),
    note="此件公开发布",
    copies=("市委组织部", "市民政局"),
    printed_by=f"{ORGAN}办公室",
    printed_on=date(2026, 3, 2),
)
LONG = replace(
    CIRCULAR, body=paragraphs("\n".join([SENTENCE * 60] * 3)), attachments=(), urgency=Urgency.MOST_URGENT
)
LETTER = replace(
    CIRCULAR,
    layout=Layout.LETTER,
    red_head=ORGAN,
    title="关于限期整改的督办函",
    body=paragraphs(SENTENCE * 30),
    attachments=(),
)
MINUTES = replace(
    CIRCULAR,
    layout=Layout.MINUTES,
    red_head=f"{ORGAN}约谈纪要",
    number="第3期",
    addressees=(),
    particulars=(MinutesLine("时间", "2026年3月1日"), MinutesLine("约谈对象", "某行业协会" * 12)),
    attendance=(MinutesLine("记录", "办公室"),),
    attachments=(),
)


@dataclass(frozen=True)
class Line:
    """A run of text on a page: where its baseline begins, in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float
    font: str


@lru_cache
def pages(document: OfficialDocument) -> tuple[tuple[PageObject, tuple[Line, ...]], ...]:
    """Every page of the document's PDF with its lines, in the order in which they were set."""
    read = []
    for page in PdfReader(io.BytesIO(formats.pdf_bytes(document, formats.fonts(FONTS)))).pages:
        found: list[Line] = []

        def keep(text, matrix, _text_matrix, font, size, found=found) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
            if text.strip():
                found.append(Line(text.strip(), matrix[4], matrix[5], size, font["/BaseFont"]))

        page.extract_text(visitor_text=keep)
        read.append((page, tuple(found)))
    return tuple(read)


def line(document: OfficialDocument, text: str) -> Line:
    """The first line that begins with a text."""
    return next(one for _, lines in pages(document) for one in lines if one.text.startswith(text))


def near(value: float, expected: float, within: float = 0.3) -> bool:
    return abs(value - expected) <= within


def test_a_full_page_has_22_lines_of_28_characters_which_fill_the_type_area() -> None:
    """A4, margins 37, 28, 26 and 35 mm, 156 × 225 mm (5.1, 5.2)."""
    page, lines = pages(LONG)[1]
    assert [round(float(side) / MM, 1) for side in page.mediabox] == [0, 0, 210, 297]
    body = [one for one in lines if one.size == 16]
    assert len(body) == 22
    assert {len(one.text) for one in body} == {28}
    assert all(near(one.x, LEFT) for one in body)
    assert near(body[0].y, TOP - 0.88 * 16), "the first line stands at the upper edge"
    assert near(body[-1].y, BOTTOM + 0.12 * 16), "the last one at the lower"
    pitches = [upper.y - lower.y for upper, lower in pairwise(body)]
    assert max(pitches) - min(pitches) < 0.01
    assert near(pitches[0], 16 * 15 / 8, within=0.6), "a line is a character and 7/8 of one (3.2)"


def test_paragraphs_begin_two_characters_in_and_run_on_from_the_edge() -> None:
    first = line(LONG, SENTENCE)
    assert near(first.x, LEFT + 2 * CELL)
    assert len(first.text) == 26


def test_page_numbers_stand_outside() -> None:
    """— 1 —, fourth size, odd at the right, even at the left, one character in, 7 mm below the area (7.5)."""
    for number, (_, lines) in enumerate(pages(LONG), 1):
        shown = next(one for one in lines if one.text == f"— {number} —")
        assert shown.size == 14
        assert near(shown.y + 5, (297 - 269) * MM, within=2)
        if number % 2:
            assert RIGHT - CELL - 3.5 * 14 < shown.x < RIGHT - CELL - 2 * 14
        else:
            assert near(shown.x, LEFT + CELL)


def test_the_head_of_a_document() -> None:
    """The organ 35 mm below the area's upper edge, the number, the red line, the title (7.2, 7.3.1)."""
    head, number, title = line(CIRCULAR, ORGAN), line(CIRCULAR, "某社党通"), line(CIRCULAR, "关于2026年")
    assert near(head.y + 0.88 * head.size, TOP - 35 * MM)
    assert 22 < head.size <= 15 * MM
    assert number.text == "某社党通〔2026〕12号"
    assert LEFT + 8 * CELL < number.x < LEFT + 10 * CELL, "centred"
    assert title.size == 22
    assert "1 0 0 rg" in content(CIRCULAR) or "1 0 0 scn" in content(CIRCULAR), "red"
    assert line(LONG, "特急").x == pytest.approx(LEFT, abs=0.3)


def content(document: OfficialDocument) -> str:
    stream = pages(document)[0][0].get_contents()
    assert stream is not None
    return stream.get_data().decode("latin-1")


def test_levels_have_their_faces() -> None:
    """一、 in 黑体, the others in what stands for 仿宋 and 楷体 (7.3.3); a heading ends at its full stop."""
    assert "Sans" in line(CIRCULAR, "一、总体情况").font
    assert "Serif" in line(CIRCULAR, "（一）").font
    assert [one.level for one in paragraphs("甲\n一、乙\n（二）丙\n3.丁\n（4）戊\n3.5倍\n \n")] == [
        Level.TEXT,
        Level.FIRST,
        Level.SECOND,
        Level.THIRD,
        Level.FOURTH,
        Level.TEXT,
    ]
    assert rules.lead(paragraphs("（一）提升。覆盖率为82%。")[0]) == ("（一）提升。", "覆盖率为82%。")
    assert rules.lead(paragraphs("一、总体情况。")[0]) == ("一、总体情况。", "")


def test_no_heading_stands_at_the_foot_of_a_page() -> None:
    full = pages(replace(LONG, body=paragraphs("文\n" * 30)))[0][1]
    room = sum(one.text == "文" for one in full)
    body = paragraphs("文\n" * (room - 1) + "一、总体情况\n接着写。\n文")
    first, second = (lines for _, lines in pages(replace(LONG, body=body))[:2])
    assert not any(one.text.startswith("一、") for one in first)
    assert [one.text for one in second[1:3]] == ["一、总体情况", "接着写。"]


def test_signature_date_note_and_attachments() -> None:
    """The organ centred above the date, which ends four characters from the edge (7.3.5); the attachments'
    names one below the other, without punctuation, each on a page of its own in the end (7.3.4, 7.3.7)."""
    lines = [one for _, found in pages(CIRCULAR) for one in found]
    signed = next(one for one in lines if one.text == ORGAN)
    dated = line(CIRCULAR, "2026年3月1日")
    width = RIGHT - 4 * CELL - dated.x
    assert 80 < width < 100
    assert near(signed.x + len(ORGAN) * CELL / 2, dated.x + width / 2, within=1)
    assert near(signed.y - dated.y, line(CIRCULAR, "1. 各区排名").y - line(CIRCULAR, "2. 名单").y)
    assert near(line(CIRCULAR, "（此件公开发布").x, LEFT + 2 * CELL, within=9), "its bracket may hang"
    assert line(CIRCULAR, "1. 各区排名").text == "1. 各区排名"
    assert line(CIRCULAR, "1. 各区排名").x == line(CIRCULAR, "2. 名单").x
    begin = [lines[1].text for _, lines in pages(CIRCULAR)]
    assert begin.count("附件1") == 1
    assert "附件2" not in begin, "the second one is only named"


def test_the_imprint_stands_at_the_foot_of_an_even_page() -> None:
    """抄送 and 印发 in the fourth size between lines of 0.35 and 0.25 mm (7.4), also when the text ends on an
    odd page; where it no longer fits its page, an empty one and its own bear no number (7.5)."""
    seen = set()
    for lines_of_text in (1, 19, 20, 23):
        found = pages(replace(LONG, body=paragraphs(SENTENCE[:15] + "\n" + "文\n" * lines_of_text)))
        assert len(found) % 2 == 0
        copies = next(one for one in found[-1][1] if one.text.startswith("抄送"))
        printed = next(one for one in found[-1][1] if "印发" in one.text)
        assert copies.size == printed.size == 14
        assert BOTTOM < printed.y < BOTTOM + 12
        assert printed.y < copies.y < BOTTOM + 45
        numbers = tuple(any(one.text.startswith("—") for one in lines) for _, lines in found)
        seen.add(numbers)
    assert seen == {(True, True), (True, True, False, False), (True, True, True, True)}


def test_a_letter_has_red_double_lines_and_no_number_on_its_first_page() -> None:
    """The organ 30 mm below the page's edge, the number at the right, lines of 170 mm (10.1)."""
    document = replace(LETTER, urgency=Urgency.URGENT, body=paragraphs("\n".join([SENTENCE * 20] * 3)))
    found = pages(document)
    assert not any(one.text.startswith("—") for one in found[0][1])
    assert any(one.text == "— 2 —" for one in found[1][1])
    assert near(line(document, ORGAN).y + 0.88 * line(document, ORGAN).size, (297 - 30) * MM)
    number = line(document, "某社党通")
    assert RIGHT - 10.5 * CELL < number.x < RIGHT - 9.5 * CELL
    assert line(document, "加急").x == pytest.approx(LEFT, abs=0.3)
    assert content(document).count("481.8") >= 4, "four red strokes of 170 mm"
    assert not any("印发" in one.text for _, lines in found for one in lines)
    assert any(one.text.startswith("抄送") for one in found[-1][1])


def test_minutes_tell_who_and_when_and_bear_no_signature() -> None:
    """Names run on under their first character (10.3)."""
    label = line(MINUTES, "约谈对象")
    first = line(MINUTES, "某行业协会")
    lines = [one for _, found in pages(MINUTES) for one in found]
    second = lines[lines.index(first) + 1]
    assert near(first.x, label.x + 5 * CELL)
    assert near(second.x, first.x)
    assert "Sans" not in first.font
    assert sum(one.text == ORGAN for one in lines) == 1, "above the red line only"


def test_many_addressees_move_to_the_imprint() -> None:
    """Else the first page would show no text (7.3.2)."""
    many = replace(CIRCULAR, addressees=tuple(f"第{n}区委社会工作部" for n in range(40)))
    assert many.addressees_in_imprint
    assert any(one.text.startswith("主送") for one in pages(many)[-1][1])
    assert not any("第39区" in one.text for one in pages(many)[0][1])
    hundreds = replace(CIRCULAR, addressees=tuple(f"第{n}行业协会党支部" for n in range(300)))
    assert len(pages(hundreds)) > len(pages(CIRCULAR)), "they run on over pages"
    shown = "".join(one.text for _, lines in pages(hundreds) for one in lines if one.text[0] != "—")
    assert all(f"第{n}行业协会党支部" in shown for n in range(300))


@pytest.mark.parametrize(
    "text",
    [
        '#panic("no") #read("/etc/passwd") #import "@preview/a:1"',
        "$ x $ \\u{41} @ref <label> *strong* _emph_ `raw` // gone /* gone */",
        "= 标题 - 一 + 二 ~ \"引号\" '撇' [括号] {花括号} &amp; </w:t><w:p/>",
        "]]> {{ document }} {% raw %} ${x} %s",
    ],
)
def test_a_text_is_only_ever_text(text: str) -> None:
    """Nothing that anybody writes becomes markup, code or XML; controls, which no page shows, fall away."""
    document = replace(
        CIRCULAR,
        title=text,
        red_head=text,
        body=(*paragraphs(text), Table((text,), ((text,),), text)),
        addressees=(text,),
        copies=(text,),
        attachments=(Attachment(text),),
        note=text + "\x00\x07\x1b",
        signed_by=text,
        number=text,
    )
    plain = "".join(text.split())
    shown = "".join(one.text for _, lines in pages(document) for one in lines)
    assert "".join(shown.split()).count(plain) >= 5
    file = docx.Document(io.BytesIO(formats.docx_bytes(document)))
    assert sum(text in one.text for one in file.paragraphs) >= 5
    assert file.tables[0].cell(1, 0).text == " ".join(text.split())


def test_without_a_chinese_font_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing) as none:
        formats.fonts(tmp_path)
    assert none.value.faces == ("小标宋", "仿宋", "黑体", "楷体", "宋体")
    with pytest.raises(FontsMissing) as strange:
        formats.pdf_bytes(replace(CIRCULAR, note="党建\U0001f9ff"), formats.fonts(FONTS))
    assert strange.value.characters == "\U0001f9ff"
    report = formats.fonts(FONTS)
    assert report.missing == ("小标宋", "仿宋", "黑体", "楷体", "宋体"), "these are substitutes"
    assert report.anything


@pytest.mark.parametrize("document", [CIRCULAR, LETTER, MINUTES])
def test_what_a_document_does_without_leaves_no_gap(document: OfficialDocument) -> None:
    """No number, no addressees, no copies, no note: a page all the same, and nothing a program would say."""
    bare = replace(
        document,
        number=None,
        addressees=(),
        particulars=(),
        attendance=(),
        attachments=(),
        note=None,
        copies=(),
        printed_by=None,
        printed_on=None,
        body=paragraphs("https://example.org/" + "a" * 400),
    )
    shown = "".join(one.text for _, lines in pages(bare) for one in lines)
    assert "none" not in shown
    assert shown.replace("\u200b", "").count("a" * 400) == 1, "an address runs on over lines"
    assert max(one.x for _, lines in pages(bare) for one in lines) < RIGHT
    file = docx.Document(io.BytesIO(formats.docx_bytes(bare)))
    assert not any("None" in one.text for one in file.paragraphs)


async def test_a_file_is_made_beside_the_loop_and_is_the_same_each_time() -> None:
    for form, begin in ((DocumentForm.PDF, b"%PDF-"), (DocumentForm.DOCX, b"PK")):
        data = await formats.rendered(CIRCULAR, form, FONTS)
        assert data.startswith(begin)
        assert data == await formats.rendered(CIRCULAR, form, FONTS)
        with pytest.raises(DocumentTooLong):
            await formats.rendered(
                replace(CIRCULAR, body=paragraphs("文" * (rules.MOST_CHARACTERS + 1))), form, FONTS
            )
    assert replace(CIRCULAR, body=(replace(RANKING, rows=RANKING.rows * 200),)).too_long
    assert replace(CIRCULAR, signed_by="文" * 501).too_long
    assert not LONG.too_long


def test_what_is_frozen_is_the_document() -> None:
    for document in (CIRCULAR, LONG, LETTER, MINUTES):
        assert rules.from_json(rules.as_json(document)) == document
        assert len(rules.digest(document)) == 64
    assert rules.digest(CIRCULAR) == rules.digest(rules.from_json(rules.as_json(CIRCULAR)))
    assert rules.digest(CIRCULAR) != rules.digest(replace(CIRCULAR, note="此件公开"))
    with pytest.raises(ValueError, match="as many cells"):
        Table(("甲", "乙"), (("一",),))


def test_a_title_breaks_between_words() -> None:
    """7.3.1. Breaks set by hand stay."""
    assert title_lines("中共广州市社会组织委员会关于2026年第三季度社会组织党建工作情况的通报") == (
        "中共广州市社会组织委员会关于2026年",
        "第三季度社会组织党建工作情况的通报",
    )
    assert title_lines("关于某市某某行业协会党建工作滞后问题的约谈纪要") == (
        "关于某市某某行业协会",
        "党建工作滞后问题的约谈纪要",
    )
    assert title_lines("关于甲的\n通报") == ("关于甲的", "通报")
    assert title_lines("x" * 200) == ("x" * 200,)


def test_the_word_file_has_the_measures_too() -> None:
    """5.1, 5.2, 7.3, 7.5: page, margins, lines of the grid, faces, footers, table, imprint."""
    file = docx.Document(io.BytesIO(formats.docx_bytes(LONG)))
    section = file.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in margins if side is not None] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert 22 * int(grid.get(qn("w:linePitch"))) <= 225 * MM * 20 < 23 * int(grid.get(qn("w:linePitch")))
    spacing = file.styles["Normal"].element.rPr.find(qn("w:spacing"))
    width = 16 + int(spacing.get(qn("w:val"))) / 20
    assert 28 * width <= 156 * MM < 29 * width
    assert file.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].text == "—  —", "with the field between"
    assert section.footer.paragraphs[0].alignment == 2
    assert section.even_page_footer.paragraphs[0].alignment == 0
    body = next(one for one in file.paragraphs if one.text.startswith(SENTENCE))
    assert body.paragraph_format.first_line_indent == pytest.approx(2 * 156 / 28 * 36000, abs=500)
    fonts = next(body.runs[0]._r.iter(qn("w:rFonts")))
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert file.core_properties.title == LONG.title
    framed = [one.text for one in file.paragraphs if one._p.findall(f"{qn('w:pPr')}/{qn('w:framePr')}")]
    assert framed[0].strip() == "抄送：市委组织部，市民政局。"
    assert framed[-1].split() == [f"{ORGAN}办公室", "2026年3月2日印发"]


def test_the_word_file_of_each_kind() -> None:
    circular, letter, minutes = (
        docx.Document(io.BytesIO(formats.docx_bytes(one))) for one in (CIRCULAR, LETTER, MINUTES)
    )
    assert len(circular.tables) == 2
    assert [cell.text for cell in circular.tables[0].rows[0].cells] == list(RANKING.header)
    assert [cell.text for cell in circular.tables[0].rows[12].cells] == list(RANKING.rows[11])
    heads = [one.text for one in circular.paragraphs]
    assert (
        heads.index("某社党通〔2026〕12号") < heads.index("附件：1. 各区排名") < heads.index("2026年3月1日")
    )
    assert letter.sections[0].different_first_page_header_footer
    assert letter.sections[0].first_page_header.paragraphs[0].text == ORGAN
    assert letter.sections[0].first_page_footer.paragraphs[0].text == ""
    assert any(one.text == "约谈对象：" + "某行业协会" * 12 for one in minutes.paragraphs)
    with zipfile.ZipFile(io.BytesIO(formats.docx_bytes(MINUTES))) as archive:
        assert archive.testzip() is None
        assert "仿宋" in archive.read("word/fontTable.xml").decode()
