"""The columns of a ledger: those of the public registry lists and our own, and how people head them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ValueKind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    CREDIT_CODE = "credit_code"
    KIND = "kind"
    STATUS = "status"
    MODE = "mode"
    DIVISION = "division"
    AUTHORITY = "authority"
    INDUSTRY = "industry"
    DAY = "day"
    FLAG = "flag"
    COUNT = "count"
    PHONE = "phone"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it fills, its heading in both languages, other headings, and how to fill it in."""

    field: str
    zh: str
    en: str
    kind: ValueKind
    synonyms: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    note_zh: str = ""
    note_en: str = ""


_V = ValueKind
COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "name",
        "社会组织名称",
        "Name",
        _V.TEXT,
        ("名称", "组织名称", "单位名称", "机构名称", "社团名称", "社会组织", "全称", "组织全称"),
        required=True,
        example="广州市南沙区青年志愿者协会",
        note_zh="登记证书上的全称",
        note_en="In full, as on the certificate",
    ),
    Column(
        "credit_code",
        "统一社会信用代码",
        "Credit code",
        _V.CREDIT_CODE,
        ("社会信用代码", "信用代码", "统一信用代码", "统一代码", "信用代码证号"),
        example="51440115MJL123456M",
        note_zh="18位, 须为文本; 用以识别同一组织",
        note_en="18 characters, as text; tells which organization it is",
    ),
    Column(
        "kind",
        "社会组织类型",
        "Kind",
        _V.KIND,
        ("组织类型", "类型", "社会组织类别", "组织类别", "类别", "社会组织种类"),
        required=True,
        example="社会团体",
    ),
    Column(
        "registration_authority_id",
        "登记管理机关",
        "Registration authority",
        _V.AUTHORITY,
        ("登记机关", "登记管理部门", "发证机关", "登记部门"),
        example="广州市南沙区民政局",
        note_zh="机关全称, 须已在机关名录中",
        note_en="In full, as in /authorities",
    ),
    Column(
        "supervisory_unit_id",
        "业务主管单位",
        "Supervisory unit",
        _V.AUTHORITY,
        ("主管单位", "业务主管部门", "业务主管", "业务指导单位"),
        example="共青团广州市南沙区委员会",
        note_zh="直接登记的留空",
        note_en="Empty where registered directly",
    ),
    Column(
        "industry_authority_id",
        "行业管理部门",
        "Industry authority",
        _V.AUTHORITY,
        ("行业主管部门", "行业管理单位", "行业主管单位"),
    ),
    Column(
        "legal_representative",
        "法定代表人",
        "Legal representative",
        _V.TEXT,
        ("法人代表", "法人", "法定代表人姓名", "法定代表人或负责人", "法定代表人/负责人"),
        example="陈某某",
    ),
    Column(
        "established_on",
        "成立登记日期",
        "Established on",
        _V.DAY,
        (
            "成立日期",
            "成立时间",
            "成立登记时间",
            "登记日期",
            "登记时间",
            "注册日期",
            "注册时间",
            "批准成立日期",
        ),
        example="2021-03-05",
        note_zh="如 2021-03-05、2021/3/5、2021年3月5日",
        note_en="Such as 2021-03-05 or 2021/3/5",
    ),
    Column(
        "registration_status",
        "登记状态",
        "Registration status",
        _V.STATUS,
        ("状态", "组织状态", "社会组织状态"),
        example="正常",
        note_zh="已在台账中的组织, 注销等请用相应操作",
        note_en="Of a new organization; later changes go by their own verb",
    ),
    Column(
        "domicile_address",
        "住所",
        "Domicile",
        _V.TEXT,
        ("地址", "住所地", "住所地址", "住址", "注册地址", "登记住所", "办公住所"),
        example="广州市南沙区进港大道1号",
    ),
    Column(
        "division_code",
        "登记地行政区划",
        "Division of registration",
        _V.DIVISION,
        (
            "登记地行政区划代码",
            "登记地",
            "行政区划",
            "行政区划代码",
            "区划",
            "区划代码",
            "所属区划",
            "登记地区",
        ),
        example="440115",
        note_zh="区划代码或名称; 留空则为导入时所选区划",
        note_en="Code or name; empty: that of the import",
    ),
    Column(
        "domicile_division_code",
        "住所地行政区划",
        "Division of domicile",
        _V.DIVISION,
        ("住所地行政区划代码", "住所区划", "住所地区划", "所在地区", "所在区划"),
        example="440115",
    ),
    Column(
        "registration_mode",
        "登记方式",
        "Registration mode",
        _V.MODE,
        ("登记管理方式", "管理体制", "登记管理体制"),
        example="直接登记",
        note_zh="留空: 有业务主管单位的为双重管理, 否则为直接登记",
        note_en="Empty: dual where a supervisory unit is named, else direct",
    ),
    Column(
        "business_scope",
        "业务范围",
        "Business scope",
        _V.TEXT,
        ("宗旨和业务范围", "宗旨及业务范围", "经营范围"),
    ),
    Column("industry", "行业", "Industry", _V.INDUSTRY, ("行业类别", "所属行业", "行业分类", "行业领域")),
    Column("decoupled", "是否脱钩", "Decoupled", _V.FLAG, ("已脱钩", "脱钩", "脱钩情况"), example="否"),
    Column(
        "is_trade_association",
        "是否行业协会商会",
        "Trade association",
        _V.FLAG,
        ("行业协会商会", "是否行业协会", "是否为行业协会商会"),
        example="否",
    ),
    Column("foreign_related", "是否涉外", "Foreign related", _V.FLAG, ("涉外",), example="否"),
    Column(
        "staff_count",
        "从业人员数",
        "Staff",
        _V.COUNT,
        ("从业人数", "从业人员", "工作人员数", "职工人数"),
        example="12",
    ),
    Column(
        "member_count", "会员数", "Members", _V.COUNT, ("会员总数", "会员数量", "会员人数"), example="120"
    ),
    Column(
        "party_member_count",
        "党员数",
        "Party members",
        _V.COUNT,
        ("党员总数", "党员人数", "中共党员数"),
        example="5",
    ),
    Column(
        "full_member_count",
        "正式党员数",
        "Full Party members",
        _V.COUNT,
        ("正式党员", "正式党员人数"),
        example="4",
    ),
    Column(
        "full_time_full_member_count",
        "专职正式党员数",
        "Full-time full Party members",
        _V.COUNT,
        ("专职人员中正式党员数", "专职正式党员"),
        example="3",
    ),
    Column("contact_name", "联系人", "Contact", _V.TEXT, ("联系人姓名", "经办联系人"), example="李某"),
    Column(
        "contact_phone",
        "联系电话",
        "Contact phone",
        _V.PHONE,
        ("电话", "联系方式", "联系人电话", "手机"),
        example="13800138000",
        note_zh="加密保存",
        note_en="Kept encrypted",
    ),
    Column(
        "registration_number",
        "登记证号",
        "Registration number",
        _V.NUMBER,
        ("登记证书号", "登记证编号", "证书编号", "登记证书编号", "登记号"),
    ),
    Column(
        "effective_on",
        "信息生效日期",
        "Effective on",
        _V.DAY,
        ("生效日期", "变更日期", "数据日期"),
        note_zh="留空: 新组织自成立起, 已有组织自导入当日起",
        note_en="Empty: since establishment for a new one, the day of the import for others",
    ),
)
"""Columns of the public lists (全国社会组织信用信息公示平台 and those of provinces), then our own."""

BY_FIELD: Final[Mapping[str, Column]] = {column.field: column for column in COLUMNS}


class ImportField(StrEnum):
    """The columns' fields, as the contract names them."""

    NAME = "name"
    CREDIT_CODE = "credit_code"
    KIND = "kind"
    REGISTRATION_AUTHORITY_ID = "registration_authority_id"
    SUPERVISORY_UNIT_ID = "supervisory_unit_id"
    INDUSTRY_AUTHORITY_ID = "industry_authority_id"
    LEGAL_REPRESENTATIVE = "legal_representative"
    ESTABLISHED_ON = "established_on"
    REGISTRATION_STATUS = "registration_status"
    DOMICILE_ADDRESS = "domicile_address"
    DIVISION_CODE = "division_code"
    DOMICILE_DIVISION_CODE = "domicile_division_code"
    REGISTRATION_MODE = "registration_mode"
    BUSINESS_SCOPE = "business_scope"
    INDUSTRY = "industry"
    DECOUPLED = "decoupled"
    IS_TRADE_ASSOCIATION = "is_trade_association"
    FOREIGN_RELATED = "foreign_related"
    STAFF_COUNT = "staff_count"
    MEMBER_COUNT = "member_count"
    PARTY_MEMBER_COUNT = "party_member_count"
    FULL_MEMBER_COUNT = "full_member_count"
    FULL_TIME_FULL_MEMBER_COUNT = "full_time_full_member_count"
    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    REGISTRATION_NUMBER = "registration_number"
    EFFECTIVE_ON = "effective_on"


HEADER_WITHIN: Final = 20
"""Titles and notes may stand above the header, in so many rows."""

_BRACKETS: Final = re.compile(r"[(\[【<〔].*?[)\]】>〕]")
_NOISE: Final = re.compile(r"[\s*:;,.、。#_\-/]+")


def plain(text: str) -> str:
    """A heading or word without what people add: width, case, spaces, brackets with notes, marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOISE.sub("", _BRACKETS.sub("", folded))


def _names(column: Column) -> list[str]:
    return [column.field, column.field.removesuffix("_id"), column.zh, column.en, *column.synonyms]


_BY_NAME: Final[Mapping[str, Column]] = {
    plain(name): column for column in reversed(COLUMNS) for name in _names(column)
}


def recognised(heading: str) -> Column | None:
    """The column that a heading means, if it is one of ours."""
    return _BY_NAME.get(plain(heading))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (rows count from 1), the column at each position, and what is left aside."""

    row: int
    columns: Mapping[int, Column]
    headings: Mapping[int, str]

    @property
    def ignored(self) -> list[str]:
        """Headings that no column of ours has."""
        return [text for place, text in self.headings.items() if place not in self.columns]


def find_header(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None) -> Header | None:
    """The row that heads the table: the first that names the organization and one column more.

    With a mapping (field to heading) only its headings count, and all of them must be there."""
    best: Header | None = None
    for number, cells in enumerate(rows[:HEADER_WITHIN], start=1):
        found = _read(number, cells, mapping)
        fields = {column.field for column in found.columns.values()}
        if mapping is not None:
            if fields == set(mapping):
                return found
        elif (
            fields & {"name", "credit_code"}
            and len(fields) > 1
            and (best is None or len(found.columns) > len(best.columns))
        ):
            best = found
    return best


def _read(number: int, cells: Sequence[str], mapping: Mapping[str, str] | None) -> Header:
    wanted = {plain(heading): BY_FIELD[field] for field, heading in (mapping or {}).items()}
    columns: dict[int, Column] = {}
    headings: dict[int, str] = {}
    for place, text in enumerate(cells):
        if not text.strip():
            continue
        headings[place] = text.strip()
        column = recognised(text) if mapping is None else wanted.get(plain(text))
        if column is not None and column not in columns.values():
            columns[place] = column
    return Header(number, columns, headings)
