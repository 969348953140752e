"""Every no of this slice; what lies outside the caller's scope is the core's `NotFound`."""

from app.core.errors import Conflict, Invalid, NotFound


class DutyNotFound(NotFound):
    code = "duty_not_found"
    title = ("没有这项职责, 或不在您的范围内", "There is no such duty, or it is outside your scope")


class ContactNotFound(NotFound):
    code = "setup_contact_not_found"
    title = ("尚未明确组建联系人", "No setup contact is named yet")


class DutyNotOpen(Conflict):
    code = "duty_not_open"
    title = ("这项职责已经办结、免除或失效", "This duty is already done, waived or lapsed")
    detail = ("如记录有误, 请先重新打开。", "Reopen it first if the record is wrong.")


class DutyOpen(Conflict):
    code = "duty_open"
    title = ("这项职责尚未办结", "This duty is still open")


class DutyLapsed(Conflict):
    code = "duty_lapsed"
    title = ("该社会组织已终止, 其职责随之失效", "The organization has ended and its duties with it")


class PapersStillHandedOver(Conflict):
    code = "papers_handed_over"
    title = ("材料已移交, 不能重新打开", "The papers are handed over; reopen the hand-over first")


class PapersMissing(Conflict):
    code = "papers_missing"
    title = ("移交材料不齐", "The papers to hand over are not all there")


class NobodyToHandTo(Conflict):
    code = "nobody_to_hand_to"
    title = (
        "没有可接收材料的责任党组织",
        "No Party body answers for the organization, so none can receive the papers",
    )
    detail = (
        "请先处理责任认定, 或在请求中指明接收的党组织。",
        "Settle its responsibility first, or name the receiving Party organization.",
    )


class DayInFuture(Invalid):
    code = "day_in_future"
    title = ("日期不能晚于今天", "The day lies in the future")


class DayTooEarly(Invalid):
    code = "handed_over_before_registration"
    title = ("移交日期早于登记日期", "The papers cannot be handed over before the registration")


class SurveyInconsistent(Invalid):
    code = "survey_inconsistent"
    title = ("调查表中的人数互相矛盾", "Counts of the survey contradict each other")


class ReceiverUnknown(Invalid):
    code = "receiver_unknown"
    title = ("没有这个党组织, 或已撤销", "There is no such Party organization, or it is dissolved")


class DutyPackInvalid(Conflict):
    code = "duty_pack_invalid"
    title = ("职责规则包的内容不合规范", "A rule pack of duties is not well-formed")
    detail = ("规则包 {pack}: {problem}", "Rule pack {pack}: {problem}")
