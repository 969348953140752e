"""What files refuse."""

from app.core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia


class FileNotFound(NotFound):
    code = "file_not_found"


class FileEmpty(Invalid):
    code, title = "file_empty", ("文件是空的", "The file is empty")


class FileTypeNotTaken(UnsupportedMedia):
    code, title = "file_type_not_taken", ("不支持的文件类型", "This type of file is not taken")
    detail = (
        "请上传 .xlsx、.csv (UTF-8 或 GB18030)、.pdf、.png 或 .jpg; .xls、.xlsm 与加密的请另存为 .xlsx。",
        "Upload .xlsx, .csv (UTF-8, GB18030), .pdf, .png or .jpg; save .xls, .xlsm, encrypted ones as .xlsx.",
    )


class FileTypeDiffers(Invalid):
    code = "file_type_differs"
    title = ("文件内容与扩展名不符", "The content is not what the extension says")
    detail = (
        "请用原来的软件打开, 另存为扩展名所示的格式再上传。",
        "Open it in the program that made it, save it in the format that its name says, and upload that.",
    )


class FileTooLarge(TooLarge):
    code, title = "file_too_large", ("文件过大", "The file is too large")
    detail = (
        "此类文件上限 {megabytes} MiB; 更大的台账请另存为 CSV (上限 100 MiB) 或分成几个文件。",
        "The limit for this kind is {megabytes} MiB; save more as CSV (up to 100 MiB) or split it.",
    )


class FileQuotaReached(Conflict):
    code, title = "file_quota_reached", ("您的文件空间已满", "Your space for files is used up")
    detail = ("请先删除不再需要的文件。", "Delete files that you no longer need.")


class EncodingUnknown(Invalid):
    code = "file_encoding_unknown"
    title = ("无法识别文本的编码", "The encoding of the text cannot be told")
    detail = (
        "CSV 须为 UTF-8 或 GB18030; 请在 Excel 或 WPS 中另存为“CSV UTF-8”再上传。",
        "A CSV is in UTF-8 or GB18030; save it as “CSV UTF-8” in Excel or WPS and upload that.",
    )


class WorkbookRefused(Invalid):
    code, title = "workbook_refused", ("不能打开这个工作簿", "This workbook cannot be opened")


class PaperRefused(Invalid):
    code, title = "paper_refused", ("不能接收这份文件", "This paper or picture cannot be taken")


class TooManyUploads(Conflict):
    code = "too_many_uploads"
    title = ("未使用的上传文件过多", "You have too many uploads that nothing uses")
    detail = ("请先使用或删除一些 (上限150个)。", "Use or delete some of them first (150 at most).")


class FileInUse(Conflict):
    code = "file_in_use"
    title = ("该文件是佐证材料, 不能删除", "This file is evidence and cannot be removed")
    constraint = "fk_round_evidence_file_id"
