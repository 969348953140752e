"""What a file says of itself: which list, which rows, how many, as of when, by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.access import Scope
from app.core.pages import Listing
from app.exports import rules
from app.exports.formats.labels import LABELS
from app.exports.rules import ExportFormat, ExportLanguage


@dataclass(frozen=True, slots=True)
class Account:
    """The facts of one export."""

    export_id: UUID
    listing: Listing
    filters: Mapping[str, Any]
    rows: int
    snapshot_at: datetime
    made_for: str
    made_for_id: UUID
    scope: Scope
    cut: int
    data_file: str
    digest: str | None


_WORDS = {
    "list": ("列表", "List"),
    "path": ("接口", "Endpoint"),
    "filters": ("筛选条件", "Filters"),
    "none": ("无", "none"),
    "rows": ("记录数", "Rows"),
    "snapshot": ("数据时点", "Snapshot"),
    "by": ("导出人", "Exported by"),
    "scope": ("导出人范围", "Scope of the exporter"),
    "nation": ("全国", "the whole nation"),
    "id": ("导出编号", "Export"),
    "file": ("数据文件", "Data file"),
    "digest": ("数据文件 SHA-256", "SHA-256 of the data file"),
    "cut": ("截断的单元格", "Cells cut off"),
    "one": ("时点", "Moment"),
    "one_how": ("全部行取自同一时点。", "All rows show one moment."),
    "times": ("日期与时刻", "Days and instants"),
    "times_how": (
        "日期为 YYYY-MM-DD; 时刻为北京时间, 带 +08:00。",
        "Days are YYYY-MM-DD; instants are in Beijing time, with +08:00.",
    ),
    "texts": ("文本", "Texts"),
    "texts_how": (
        "代码与 ID 均为文本; 以 = + - @ 等开头的文本前加撇号 ('), 以免被当作公式。",
        "Codes and ids are text; what begins with = + - @ has an apostrophe (') before it: no formula.",
    ),
    "masks": ("个人信息", "Personal data"),
    "masks_how": ("电话等保持掩码。", "Phones and the like stay masked."),
}


def told(account: Account, form: ExportFormat, language: ExportLanguage) -> Sequence[tuple[str, str]]:
    """The lines of the note: what, and its value."""

    def word(name: str) -> str:
        return _WORDS[name][0 if language is ExportLanguage.ZH else 1]

    lines = [
        ("list", LABELS.list(account.listing.name).said(language)),
        ("path", f"GET /api/v1{account.listing.path} ({account.listing.name})"),
        ("filters", _filters(account.filters) or word("none")),
        ("rows", str(account.rows)),
        ("snapshot", rules.beijing(account.snapshot_at)),
        ("by", f"{account.made_for} ({account.made_for_id})"),
        ("scope", _scope(account.scope) or word("nation")),
        ("id", str(account.export_id)),
        *((name, word(f"{name}_how")) for name in ("one", "times", "texts", "masks")),
    ]
    if form is ExportFormat.CSV:
        lines += [("file", account.data_file), ("digest", account.digest or "")]
    if account.cut:
        lines.append(("cut", str(account.cut)))
    return [(word(name), value) for name, value in lines]


def _filters(filters: Mapping[str, Any]) -> str:
    """One line for each."""
    return "\n".join(
        f"{name} = {v if isinstance(v, str) else orjson.dumps(v).decode()}" for name, v in filters.items()
    )


def _scope(scope: Scope) -> str:
    return "" if scope.national else ", ".join([*scope.divisions, *map(str, scope.bodies)])
