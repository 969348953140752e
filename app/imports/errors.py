"""What imports and reconciliations refuse."""

from app.core.errors import WORDS, Conflict, Forbidden, Invalid, NotFound, Words

WORDS |= {
    "word_unknown": (
        "不是可识别的词; 可选值见模板的“选项”",
        "None of the words in use: see the template's options",
    ),
    "digits_lost": (
        "被表格软件当作数字, 末几位已丢失; 请把该列设为文本后重新填写",
        "Taken for a number, which lost digits: format the column as text and enter it again",
    ),
    "day_unreadable": ("不是日期; 请写成 2021-03-05", "Not a date: write it like 2021-03-05"),
    "yes_or_no": ("请填“是”或“否”", "Enter 是 or 否 (yes or no)"),
    "count_unreadable": ("应为非负整数", "This must be a count, zero or more"),
    "division_name_unknown": (
        "没有这个行政区划名称; 请填6位代码",
        "No division has this name: enter its code",
    ),
    "division_name_ambiguous": (
        "有几个同名的行政区划; 请填代码",
        "Several divisions have this name: enter the code",
    ),
    "authority_name_unknown": (
        "机关名录中没有这个名称; 请先登记该机关, 或选择略去未知机关",
        "No authority has this name: record it first, or choose to leave unknown ones out",
    ),
    "authority_left_out": (
        "机关名录中没有这个名称, 已略去",
        "No authority has this name: it was left out",
    ),
    "authority_name_ambiguous": (
        "有几个同名的机关; 请填机关编号 (UUID)",
        "Several authorities have this name: enter its id",
    ),
    "industry_unknown": (
        "没有这个行业; 可选值见模板的“选项”",
        "No such industry: see the template's options",
    ),
    "listed_twice": ("文件前面已有同一统一社会信用代码", "An earlier row has the same credit code"),
    "same_name_here": (
        "台账中已有同名组织; 请补上统一社会信用代码",
        "The ledger has an organization of this name here: add the credit code",
    ),
    "nothing_to_identify_by": ("没有名称, 也没有统一社会信用代码", "Neither a name nor a credit code"),
}


def words(code: str) -> Words:
    """The sentence of a code, in both languages."""
    return WORDS[code]


class ImportNotFound(NotFound):
    code = "import_not_found"


class FileUnknown(Invalid):
    code, title = (
        "file_unknown",
        ("没有这个文件, 或不是您上传的", "There is no such file, or it is not yours"),
    )


class ImportNotFinished(Conflict):
    code, title = "import_not_finished", ("导入尚未完成", "The import has not finished")
    detail = ("请在任务结束后再取。", "Ask again when its operation has ended.")


class NothingRefused(NotFound):
    code, title = "nothing_refused", ("没有被拒绝的行", "No row was refused")


class HeaderNotFound(Invalid):
    code, title = "header_not_found", ("没有找到表头", "No header row was found")
    detail = (
        "前20行中须有一行含“社会组织名称”或“统一社会信用代码”及其他列名; 可用 mapping 指明, 或下载模板。",
        "One of the first 20 rows must name the organization and more; give `mapping`, or use the template.",
    )


class MappingNotFound(Invalid):
    code, title = (
        "mapping_not_found",
        ("文件中没有 mapping 所列的全部列名", "Not all headings of `mapping` are there"),
    )


class WorkbookUnreadable(Invalid):
    code, title = "workbook_unreadable", ("不能读取这个工作簿", "This workbook cannot be read")
    detail = (
        "请用 Excel 或 WPS 另存为 .xlsx 或 CSV 再上传。",
        "Save it again as .xlsx or CSV and upload that.",
    )


class TableTooLarge(Invalid):
    code, title = "table_too_large", ("表格过大", "The table is too large")
    detail = (
        "工作簿上限 {rows} 行、{columns} 列; 更大的台账请另存为 CSV。",
        "A workbook has up to {rows} rows and {columns} columns; save a larger ledger as CSV.",
    )


class RecordTooLong(Invalid):
    code, title = "record_too_long", ("有一行过长", "A row is too long")
    detail = ("第 {row} 行起引号没有成对。", "From row {row} on, a quote is not closed.")


class RequesterMayNot(Forbidden):
    code = "requester_may_not_record"
    title = ("发起人已无权在此区划录入", "Who asked may not record in this division any more")


class AuthorityUnknown(Invalid):
    code = "authority_not_here"
    title = ("没有这个机关, 或与此区划无关", "There is no such authority in, above or below this division")


class RowRefused(Invalid):
    code, title = "row_refused", ("文件中的这一行不符合要求", "This row of the file cannot be accepted")


class ReconciliationNotFound(NotFound):
    code = "reconciliation_not_found"


class DifferenceNotFound(NotFound):
    code = "difference_not_found"


class DifferenceSettled(Conflict):
    code, title = "difference_settled", ("这项差异已经处理", "This difference is settled already")


class NotAcceptable(Conflict):
    code = "difference_not_acceptable"
    title = ("名单中没有, 不等于已经注销", "Absence from a list is no deregistration")
    detail = (
        "请说明原因, 或转为待核事项; 确已注销的请用注销操作并附文号。",
        "Explain it, or open a finding; deregister by its own verb, with the document.",
    )


class OnlyHereNeeded(Conflict):
    code = "difference_not_only_here"
    title = (
        "只有“台账有而名单无”的差异可转为待核事项",
        "A finding is opened only for what the file does not list",
    )
