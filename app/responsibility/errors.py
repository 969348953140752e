"""Every no of this slice; what lies outside the caller's scope is the core's `NotFound`."""

from app.core.errors import Conflict, Invalid


class UnknownReference(Invalid):
    code = "responsibility_reference_unknown"
    title = (
        "所指的机关或党组织不存在或已撤销",
        "The authority or Party organization does not exist or is dissolved",
    )


class OverrideTooShort(Invalid):
    code = "override_until_not_future"
    title = ("改派的截止日须晚于今天", "An override must end after today")


class OverrideStands(Conflict):
    code = "override_stands"
    title = ("已有生效的改派", "An override already stands")
    detail = ("请先结束现有改派。", "End the one that stands first.")


class NoOverride(Conflict):
    code = "no_override"
    title = ("没有生效的改派", "No override stands")


class NotOverridable(Conflict):
    code = "responsibility_of_ended_organization"
    title = (
        "该社会组织已终止, 不再改派责任党组织",
        "The organization has ended; nobody is put in charge of it",
    )


class LeadTaken(Conflict):
    code = "lead_taken"
    title = ("责任党组织同时被另一操作修改", "Another request set the leading body at the same time")
    constraint = ("ex_responsibilities_lead", "ex_responsibilities_body")


class RulePackInvalid(Conflict):
    code = "responsibility_pack_invalid"
    title = ("责任规则包的内容不合规范", "A rule pack of responsibility is not well-formed")
    detail = ("规则包 {pack}: {problem}", "Rule pack {pack}: {problem}")
