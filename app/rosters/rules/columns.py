"""The columns of both rosters, how people head them, and how their cells are read."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.imports.rules import HEADER_WITHIN, CellUnreadable, plain, read_day


class RosterKind(StrEnum):
    """Which ledger a file is a roster of."""

    MEMBERS = "members"
    PARTY_ORGANIZATIONS = "party_organizations"


class Value(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    CODE = "code"
    DAY = "day"
    PARTIAL_DAY = "partial_day"
    FLAG = "flag"
    WORD = "word"
    BRANCH = "branch"
    BODY = "body"
    DIVISION = "division"
    ORGANIZATION = "organization"
    ORGANIZATIONS = "organizations"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field of the single route that it fills, its headings, and the words it takes."""

    field: str
    zh: str
    en: str
    value: Value
    synonyms: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    note: str = ""
    words: Mapping[str, str] | None = None


_STATUSES: Final = {
    "正式党员": "full",
    "预备党员": "probationary",
    "发展对象": "development_target",
    "入党积极分子": "activist",
    "入党申请人": "applicant",
}
_TIES: Final = {
    "专职": "full_time_staff",
    "兼职": "part_time",
    "负责人": "principal",
    "志愿者": "volunteer",
    "其他": "other",
}
_KINDS: Final = {
    "党支部": "branch",
    "党总支": "general_branch",
    "党委": "committee",
    "党工委": "working_committee",
    "党小组": "group",
    "党的工作小组": "work_team",
    "纪委": "discipline_committee",
}
_FORMATIONS: Final = {
    "单独组建": "single",
    "联合组建": "joint",
    "区域组建": "regional",
    "挂靠组建": "attached",
    "行业组建": "industry",
    "功能型": "functional",
    "临时": "temporary",
    "流动": "floating",
}
_V = Value
MEMBERS: Final = (
    Column("name", "姓名", "Name", _V.TEXT, ("党员姓名",), required=True, example="张三"),
    Column(
        "id_number",
        "公民身份号码",
        "ID number",
        _V.CODE,
        ("身份证号", "身份证号码", "身份号码"),
        example="11010519491231002X",
        note="须为文本; 党员必填 / as text; required of members",
    ),
    Column(
        "phone", "联系电话", "Phone", _V.CODE, ("手机", "手机号", "手机号码", "电话"), example="13800138000"
    ),
    Column(
        "status",
        "党员状态",
        "Status",
        _V.WORD,
        ("人员类别", "状态"),
        required=True,
        example="正式党员",
        words=_STATUSES,
    ),
    Column("applied_on", "申请入党日期", "Applied on", _V.DAY, ("申请日期",), example="2020-03-01"),
    Column(
        "joined",
        "入党日期",
        "Joined",
        _V.PARTIAL_DAY,
        ("入党时间",),
        example="1999-07",
        note="只知年份或年月也可 / the year alone will do",
    ),
    Column("full", "转正日期", "Full since", _V.PARTIAL_DAY, ("转正时间",), example="2000-07-01"),
    Column(
        "party_organization_id",
        "所在党支部",
        "Branch",
        _V.BRANCH,
        ("党支部", "所属党支部", "所在支部", "党组织"),
        required=True,
        example="南沙区青年志愿者协会党支部",
    ),
    Column(
        "affiliated_on", "进入支部日期", "In the branch since", _V.DAY, ("转入日期",), example="2018-03-01"
    ),
    Column(
        "organization_id",
        "所在社会组织",
        "Works in",
        _V.ORGANIZATION,
        ("工作单位", "社会组织"),
        note="名称或统一社会信用代码 / name or credit code",
    ),
    Column("employment", "任职关系", "Tie", _V.WORD, ("用工性质", "专兼职"), example="专职", words=_TIES),
    Column("scattered", "零散党员", "Scattered", _V.FLAG, example="否"),
    Column("document", "依据文件", "Document", _V.TEXT, ("依据", "介绍信编号")),
)
BODIES: Final = (
    Column(
        "name",
        "党组织名称",
        "Name",
        _V.TEXT,
        ("名称", "党组织全称"),
        required=True,
        example="南沙区社会组织党委",
    ),
    Column(
        "kind", "党组织类别", "Kind", _V.WORD, ("类别", "类型"), required=True, example="党支部", words=_KINDS
    ),
    Column(
        "formation", "组建形式", "Formation", _V.WORD, ("组建方式",), example="联合组建", words=_FORMATIONS
    ),
    Column(
        "division_code",
        "行政区划",
        "Division",
        _V.DIVISION,
        ("所在区划", "区划代码"),
        required=True,
        example="440115",
    ),
    Column(
        "parent_id",
        "上级党组织",
        "Superior",
        _V.BODY,
        ("隶属党组织", "上级"),
        note="可为本表前面的行 / may stand in an earlier row",
    ),
    Column(
        "founded_on", "成立日期", "Founded on", _V.DAY, ("成立时间",), required=True, example="2016-07-01"
    ),
    Column(
        "approval_document", "批复文号", "Approval", _V.TEXT, ("批准文号",), example="穗社工委〔2026〕12号"
    ),
    Column(
        "covers",
        "覆盖社会组织",
        "Covers",
        _V.ORGANIZATIONS,
        ("覆盖单位",),
        note="名称或统一社会信用代码, 用分号隔开 / names or credit codes, parted by semicolons",
    ),
)
BY_KIND: Final[Mapping[RosterKind, tuple[Column, ...]]] = {
    RosterKind.MEMBERS: MEMBERS,
    RosterKind.PARTY_ORGANIZATIONS: BODIES,
}
_TRUE, _FALSE = frozenset({"是", "y", "yes", "true", "1", "√"}), frozenset({"否", "n", "no", "false", "0"})
_LOST: Final = re.compile(r"\d(?:\.\d+)?e\+\d+|\d{15,}\.0+|\d{15}000")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)年?")
_MONTH: Final = re.compile(r"((?:19|20)\d\d)[-./年](1[0-2]|0?[1-9])月?")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (rows count from 1), the column at each position, and what is left aside."""

    row: int
    columns: Mapping[int, Column]
    ignored: tuple[str, ...]


def find_header(kind: RosterKind, rows: Sequence[Sequence[str]]) -> Header | None:
    """The row that heads the table: the one that names most columns, every required one among them."""
    names = {
        plain(name): column
        for column in reversed(BY_KIND[kind])
        for name in (column.field, column.zh, column.en, *column.synonyms)
    }
    must = {column.field for column in BY_KIND[kind] if column.required}
    best: Header | None = None
    for number, cells in enumerate(rows[:HEADER_WITHIN], start=1):
        columns: dict[int, Column] = {}
        ignored = []
        for place, text in enumerate(cells):
            column = names.get(plain(text)) if text.strip() else None
            if column is not None and column not in columns.values():
                columns[place] = column
            elif text.strip():
                ignored.append(text.strip()[:80])
        fields = {column.field for column in columns.values()}
        if must <= fields and (best is None or len(columns) > len(best.columns)):
            best = Header(number, columns, tuple(ignored))
    return best


def read(column: Column, text: str) -> Any:
    """The value of a cell that is not blank, before names are looked up. Raises `CellUnreadable`."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if column.value is Value.DAY:
        return read_day(text)
    if column.value is Value.PARTIAL_DAY:
        return _partial(folded, text)
    if column.value is Value.FLAG:
        if folded.casefold() in _TRUE | _FALSE:
            return folded.casefold() in _TRUE
        raise CellUnreadable("yes_or_no")
    if column.value is Value.CODE:
        if _LOST.fullmatch(folded.casefold()):
            raise CellUnreadable("digits_lost")
        return folded.replace(" ", "").upper()
    if column.words is not None:
        known = {plain(word): code for zh, code in column.words.items() for word in (zh, code)}
        if plain(text) not in known:
            raise CellUnreadable("word_unknown")
        return known[plain(text)]
    return text


def _partial(folded: str, text: str) -> dict[str, Any]:
    if found := _YEAR.fullmatch(folded):
        return {"on": f"{found[1]}-01-01", "precision": "year"}
    if found := _MONTH.fullmatch(folded):
        return {"on": f"{found[1]}-{int(found[2]):02d}-01", "precision": "month"}
    return {"on": read_day(text), "precision": "day"}
