"""What exports refuse."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class ExportNotFound(NotFound):
    code = "export_not_found"


class UnknownList(Invalid):
    code, title = "unknown_list", ("没有这个列表", "There is no such list")
    detail = (
        "list 应为某个列表的 operationId 或路径, 如 list_organizations 或 /organizations。",
        "`list` is the operationId or the path of a list, as list_organizations or /organizations.",
    )


class FiltersRefused(Invalid):
    code, title = "filters_refused", ("列表不接受这些筛选条件", "The list does not take these filters")


class ExportsSpent(TooMany):
    code, title = "exports_spent", ("今日导出次数已用完", "Today's exports are used up")
    detail = (
        "每人 24 小时内最多导出 {limit} 次。",
        "One person may export {limit} times within 24 hours.",
    )


class RequesterGone(Forbidden):
    code, title = "requester_gone", ("申请人的账号已停用", "The account that asked is no longer active")


class TooManyRows(Conflict):
    code, title = "too_many_rows", ("行数超出工作表上限", "More rows than a worksheet holds")
    detail = (
        "工作表最多 1,048,575 行数据; 请缩小筛选范围或导出 CSV。",
        "A worksheet holds 1,048,575 rows of data; narrow the filters or take CSV.",
    )


class ExportAbandoned(Conflict):
    code, title = "export_abandoned", ("多次导出未能完成", "The export did not come to its end several times")
