"""What rosters refuse."""

from app.core.errors import WORDS, Conflict, Forbidden, Invalid, NotFound, TooMany

WORDS |= {
    "branch_unknown": (
        "您的范围内没有这个党支部, 请核对名称或填编号",
        "No branch of this name in your scope: check the name, or give the id",
    ),
    "branch_ambiguous": ("有几个同名的党支部, 请填编号", "Several branches have this name: give the id"),
    "body_unknown": (
        "您的范围内没有这个党组织, 请核对名称或填编号",
        "No Party organization of this name in your scope: check the name, or give the id",
    ),
    "body_ambiguous": ("有几个同名的党组织, 请填编号", "Several bodies have this name: give the id"),
    "organization_unknown": (
        "没有这个社会组织, 请填统一社会信用代码",
        "No such organization: give its credit code",
    ),
    "organization_ambiguous": (
        "有几个同名的社会组织, 请填统一社会信用代码",
        "Several organizations have this name: give the credit code",
    ),
    "nothing_in_row": ("该行缺少必填项", "Required cells are empty"),
}


class RosterImportNotFound(NotFound):
    code = "roster_import_not_found"
    title = ("没有这次名册导入", "There is no such roster import")


class RosterImportUnfinished(Conflict):
    code = "roster_import_unfinished"
    title = ("名册导入尚未完成", "The roster import is not finished")


class NoRefusedRows(NotFound):
    code = "roster_import_no_refused_rows"
    title = ("没有被拒绝的行", "No row was refused")


class RosterHeaderNotFound(Invalid):
    code = "roster_header_not_found"
    title = (
        "找不到表头, 请使用模板的列名",
        "No header row was found: use the column names of the template",
    )


class RosterFileUnknown(Invalid):
    code = "roster_file_unknown"
    title = ("没有这个文件, 或不是您的", "There is no such file of yours")


class RosterForbidden(Forbidden):
    code = "roster_forbidden"
    title = (
        "您不能导入这种名册, 或不在您的范围内",
        "You may not import rosters of this kind, or not there",
    )


class RosterExportNotFound(NotFound):
    code = "roster_export_not_found"
    title = ("没有这次名册导出, 或不在您的范围内", "There is no such export, or it is outside your scope")


class RosterExportSettled(Conflict):
    code = "roster_export_decided"
    title = ("该导出已有决定", "This export has been decided")


class RosterExportNotMade(Conflict):
    code = "roster_export_not_made"
    title = ("文件尚未生成, 或已过期删除", "The file is not made yet, or has expired")


class OwnRosterExport(Forbidden):
    code = "roster_export_second_person"
    title = ("须由申请人以外的人批准", "Somebody other than who asked approves it")
    constraint = "ck_roster_exports_second_person"


class RosterExportsSpent(TooMany):
    code = "roster_exports_spent"
    title = ("今日的名册导出次数已用完", "The exports of a day are spent")
    detail = ("每人每天最多{limit}次。", "At most {limit} a day for each person.")


class RosterExportInvalid(Invalid):
    code = "roster_export_invalid"
    title = ("导出申请不符合规定", "This is not how members may be exported")
