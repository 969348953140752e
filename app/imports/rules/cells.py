"""What people type in cells, read: dates, yes and no, counts, and the words of the ledger."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from app.imports.rules.columns import Column, ValueKind, plain
from app.organizations.rules import OrganizationKind, RegistrationMode, RegistrationStatus


class CellUnreadable(ValueError):  # noqa: N818 (a finding about a cell, not an error of ours)
    """A cell does not hold what its column needs; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_BLANK: Final = frozenset(
    {"", "无", "暂无", "/", "-", "--", "—", "——", "null", "none", "n/a", "#n/a", "不详", "空"}
)
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]+[\d:.]+Z?)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL: Final = re.compile(r"\d{4,5}(?:\.\d+)?")
_COUNT: Final = re.compile(r"(\d{1,9})(?:\.0+)?[人名个家]?")
_LOST: Final = re.compile(r"\d(?:\.\d+)?e\+?\d+")
_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers from 1900-03-01 on (ECMA-376, 18.17.4.1)."""

_QUOTED: Final = re.compile(r"'(?=[=+\-@\t])")
_TRUE: Final = frozenset({"是", "有", "已", "对", "true", "yes", "y", "1", "√", "已脱钩", "v"})
_FALSE: Final = frozenset({"否", "没有", "未", "不是", "false", "no", "n", "0", "×", "x", "未脱钩"})

KINDS: Final = {
    "社会服务机构": OrganizationKind.SERVICE_INSTITUTION,
    "民办非企业单位": OrganizationKind.SERVICE_INSTITUTION,
    "民办非企业": OrganizationKind.SERVICE_INSTITUTION,
    "民非": OrganizationKind.SERVICE_INSTITUTION,
    "民办非企业单位法人": OrganizationKind.SERVICE_INSTITUTION,
    "社团": OrganizationKind.ASSOCIATION,
    "社会团体法人": OrganizationKind.ASSOCIATION,
    "基金会法人": OrganizationKind.FOUNDATION,
    "社区社会组织": OrganizationKind.COMMUNITY_FILED,
    "备案社会组织": OrganizationKind.COMMUNITY_FILED,
    "中介组织": OrganizationKind.INTERMEDIARY,
}
STATUSES: Final = {
    "存续": RegistrationStatus.NORMAL,
    "在册": RegistrationStatus.NORMAL,
    "有效": RegistrationStatus.NORMAL,
    "筹备中": RegistrationStatus.PREPARATORY,
    "清算": RegistrationStatus.IN_LIQUIDATION,
    "清算中": RegistrationStatus.IN_LIQUIDATION,
    "已注销": RegistrationStatus.DEREGISTERED,
    "注销登记": RegistrationStatus.DEREGISTERED,
    "撤销": RegistrationStatus.REVOKED,
    "已撤销": RegistrationStatus.REVOKED,
    "吊销": RegistrationStatus.LICENSE_REVOKED,
    "已吊销": RegistrationStatus.LICENSE_REVOKED,
    "已合并": RegistrationStatus.MERGED,
    "已分立": RegistrationStatus.SPLIT,
}
MODES: Final = {
    "直接": RegistrationMode.DIRECT,
    "双重管理登记": RegistrationMode.DUAL,
    "双重": RegistrationMode.DUAL,
    "备案登记": RegistrationMode.FILED,
}


def _words(terms: Any, others: Mapping[str, Any]) -> dict[str, Any]:
    known = {plain(name): term for term in terms for name in (term.value, term.zh, term.en)}
    return known | {plain(name): term for name, term in others.items()}


_WORDS: Final = {
    ValueKind.KIND: _words(OrganizationKind, KINDS),
    ValueKind.STATUS: _words(RegistrationStatus, STATUSES),
    ValueKind.MODE: _words(RegistrationMode, MODES),
}


def tidy(text: str) -> str:
    """A cell without the quote that protects it in a spreadsheet, and without space around it."""
    return _QUOTED.sub("", text.strip(), count=1).strip() if text.lstrip().startswith("'") else text.strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return unicodedata.normalize("NFKC", text).casefold() in _BLANK


def read(column: Column, text: str) -> Any:
    """The value of a cell that is not blank, before names are looked up. Raises `CellUnreadable`."""
    if column.kind in {ValueKind.CREDIT_CODE, ValueKind.PHONE, ValueKind.NUMBER, ValueKind.DIVISION}:
        return _digits(column, text)
    if column.kind is ValueKind.DAY:
        return read_day(text)
    if column.kind is ValueKind.FLAG:
        return _flag(text)
    if column.kind is ValueKind.COUNT:
        return _count(text)
    if column.kind in _WORDS:
        found = _WORDS[column.kind].get(plain(text))
        if found is None:
            raise CellUnreadable("word_unknown")
        return found
    return text


def _digits(column: Column, text: str) -> str:
    """Codes and numbers: a spreadsheet that took them for a number has lost their last digits."""
    folded = (
        "".join(unicodedata.normalize("NFKC", text).split()) if column.kind is not ValueKind.PHONE else text
    )
    if _LOST.fullmatch(folded.casefold()):
        raise CellUnreadable("digits_lost")
    return folded.upper() if column.kind is ValueKind.CREDIT_CODE else folded


def read_day(text: str) -> date:
    """A date as people type it, or as a spreadsheet counts it. Raises `CellUnreadable`."""
    folded = unicodedata.normalize("NFKC", text).strip()
    parts = _DAY.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if parts:
        try:
            return date(*(int(part) for part in parts.groups()))
        except ValueError:
            raise CellUnreadable("day_unreadable") from None
    if _SERIAL.fullmatch(folded) and 1_000 <= (serial := int(float(folded))) < 80_000:
        return _EPOCH + timedelta(days=serial)
    raise CellUnreadable("day_unreadable")


def _flag(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    if folded in _TRUE or folded in _FALSE:
        return folded in _TRUE
    raise CellUnreadable("yes_or_no")


def _count(text: str) -> int:
    folded = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if (found := _COUNT.fullmatch(folded)) is None:
        raise CellUnreadable("count_unreadable")
    return int(found[1])
