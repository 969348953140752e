"""What supervision notices refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound, Unavailable


class NoticeNotFound(NotFound):
    code = "notice_not_found"
    title = ("没有这份文件, 或不在您的范围内", "There is no such notice, or it is outside your scope")


class AddresseeNotFound(NotFound):
    code = "notice_addressee_not_found"
    title = (
        "没有这个发送对象, 或不在您的范围内",
        "There is no such addressee, or it is outside your scope",
    )


class RectificationNotFound(NotFound):
    code = "rectification_not_found"
    title = ("没有这项整改, 或不在您的范围内", "There is no such rectification, or it is outside your scope")


class SignNotFound(NotFound):
    code = "document_sign_not_found"
    title = ("没有这个机关代字, 或不在您的范围内", "There is no such sign, or it is outside your scope")


class NoticeInvalid(Invalid):
    code = "notice_invalid"
    title = ("文件内容不符合规定", "This is not how a notice can be")


class SecretsNotHeld(Invalid):
    code = "secrets_not_held"
    title = (
        "本系统不得存储、处理标有密级的内容",
        "This service may not hold what is marked secret",
    )
    detail = (
        "内容标有“秘密”“机密”或“绝密”。请按保密规定在涉密系统中办理。",
        "It bears the mark 秘密, 机密 or 绝密. Handle it in a system that is allowed to hold it.",
    )


class SignTaken(Conflict):
    code = "document_sign_taken"
    title = ("该机关代字在此行政区划已登记", "This sign is registered in that division already")
    constraint = "uq_document_signs_sign"


class AddressedTwice(Conflict):
    code = "notice_addressed_twice"
    title = ("同一对象只能列一次", "An addressee is named twice")
    constraint = "uq_notice_addressees_target"


class RecordedAlready(Conflict):
    code = "notice_recorded_already"
    title = ("该发文机关的这一文号已登记", "That document of this issuer is recorded already")
    constraint = "uq_notices_recorded"


class NoticeStateForbids(Conflict):
    code = "notice_state_forbids"
    title = ("文件当前的状态不允许此操作", "The state of the notice does not allow this")


class NoticeNotIssued(Conflict):
    code = "notice_not_issued"
    title = ("文件尚未印发, 没有定稿", "The notice is not issued: there is no final text")


class SecondPersonNeeded(Conflict):
    code = "notice_second_person_needed"
    title = ("须由另一人办理", "Somebody else has to do this")
    detail = ("起草、提交、答复的人不能自己批准、核验或销号。", "Nobody approves or verifies their own work.")
    constraint = (
        "ck_notices_second_person",
        "ck_notice_answers_second_person",
        "ck_notice_extensions_second_person",
        "ck_notice_rectifications_second_person",
    )


class AddresseeStateForbids(Conflict):
    code = "notice_addressee_state_forbids"
    title = ("该对象当前的状态不允许此操作", "The state of this addressee does not allow this")


class NoReplyAsked(Conflict):
    code = "notice_asks_no_reply"
    title = ("该文件不要求答复", "This notice asks for no reply")


class AnsweredAlready(Conflict):
    code = "notice_answered_already"
    title = ("本轮已有答复, 待核验", "It is answered; the answer waits to be verified")
    constraint = "uq_notice_answers_round"


class ExtensionWaits(Conflict):
    code = "notice_extension_waits"
    title = ("已有延期申请待批", "A wish for more time waits already")
    constraint = "uq_notice_extensions_asked"


class NoExtensionAsked(Conflict):
    code = "notice_extension_not_asked"
    title = ("没有待批的延期申请", "No wish for more time waits")


class EvidenceMissing(Conflict):
    code = "rectification_evidence_missing"
    title = ("销号须有佐证材料", "Evidence is needed to strike it off")
    constraint = "ck_notice_rectifications_evidence"


class RectificationsOpen(Conflict):
    code = "rectifications_open"
    title = ("尚有整改事项未销号", "Rectifications are still open")


class EscalatedAlready(Conflict):
    code = "notice_escalated_already"
    title = ("已有同类升级文件", "It is escalated in that way already")
    constraint = "uq_notices_escalates"


class NothingToEscalate(Conflict):
    code = "notice_nothing_to_escalate"
    title = ("没有逾期, 或已无更高一级措施", "It is not overdue, or there is no higher step")


class DocumentFontsMissing(Unavailable):
    code = "document_fonts_missing"
    title = ("服务器缺少公文所需的中文字体", "The server lacks the Chinese fonts that documents need")
    detail = (
        "请管理员安装宋体、黑体、楷体和仿宋字体后重试。",
        "Ask the administrator to install Song, Hei, Kai and FangSong fonts, then try again.",
    )


class DocumentTooLarge(Invalid):
    code = "document_too_long"
    title = ("公文过长", "The document is too long")
    detail = ("请删减正文或表格, 或改为附件。", "Shorten the text or its tables, or attach them.")
