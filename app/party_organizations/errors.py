"""What Party organizations refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound, Unavailable


class PartyOrganizationNotFound(NotFound):
    code = "party_organization_not_found"
    title = (
        "没有这个党组织, 或不在您的范围内",
        "There is no such Party organization, or it is outside your scope",
    )


class CoverNotFound(NotFound):
    code = "cover_not_found"
    title = ("没有这条覆盖关系, 或不在您的范围内", "There is no such cover, or it is outside your scope")


class FunctionNotFound(NotFound):
    code = "party_organization_function_not_found"
    title = ("没有这项职能, 或不在您的范围内", "There is no such function, or it is outside your scope")


class ReasonNotFound(NotFound):
    code = "no_party_organization_reason_not_found"
    title = ("没有未建立原因, 或不在您的范围内", "There is no such reason, or it is outside your scope")


class MembersRemain(Conflict):
    code = "members_remain"
    title = ("党组织还有党员, 不能撤销", "Members still belong to this body")
    detail = (
        "尚有{count}名党员的组织关系在此, 请先转出。",
        "The relations of {count} members are here: transfer them first.",
    )


class CoveredOrganizationNotFound(NotFound):
    code = "covered_organization_not_found"
    title = (
        "没有这个社会组织, 或不在您的范围内",
        "There is no such organization, or it is outside your scope",
    )


class PartyOrganizationInvalid(Invalid):
    code = "party_organization_invalid"
    title = ("党组织的内容不符合规定", "This is not how a Party organization can be")


class PowersPackInvalid(Unavailable):
    code = "powers_pack_invalid"
    title = (
        "规则包party_organization_powers缺失或有误",
        "The rule pack `party_organization_powers` is missing or wrong",
    )


class PartyOrganizationIsDissolved(Conflict):
    code = "party_organization_is_dissolved"
    title = ("该党组织已撤销", "This Party organization is dissolved")


class MoveWouldCycle(Conflict):
    code = "move_would_cycle"
    title = ("不能移到自己或自己的下级之下", "A body cannot hang below itself or a body below it")


class MovedMeanwhile(Conflict):
    code = "moved_meanwhile"
    title = (
        "所给日期早于现有的隶属变动",
        "The day lies before a change in the tree that is already recorded",
    )
    detail = ("请给出 {since} 或之后的日期。", "Give {since} or a later day.")
    constraint = ("ex_party_organization_parents_one", "ex_party_organization_closure_one")


class ChildrenRemain(Conflict):
    code = "party_organization_has_children"
    title = ("下级党组织须先移出", "The bodies below it must be moved first")
    detail = (
        "还有 {count} 个下级党组织: 请先移出, 或以 children_to_parent 一并移到上级。",
        "{count} active bodies hang below it: move them, or send children_to_parent.",
    )


class NoParentForChildren(Conflict):
    code = "no_parent_for_children"
    title = ("没有上级可接收下级党组织", "It has no active parent that could take the bodies below it")


class DissolvedTooEarly(Conflict):
    code = "dissolved_too_early"
    title = ("撤销日期早于已记录的变动", "The day lies before a change that is already recorded")
    detail = ("请给出 {since} 或之后的日期。", "Give {since} or a later day.")


class CoveredTwice(Conflict):
    code = "covered_twice"
    title = ("该党组织在此期间已覆盖该社会组织", "This body already covers this organization in that time")
    constraint = "ex_party_organization_covers_twice"


class SingleCoversOne(Conflict):
    code = "single_covers_one"
    title = ("单独组建的党组织同时只覆盖一个社会组织", "A single formation covers one organization at a time")
    detail = (
        "请先改为联合组建等形式(change-formation), 再覆盖其他社会组织。",
        "Change its formation first (change-formation), to joint for example.",
    )
    constraint = "ex_party_organization_covers_single"


class OrganizationHasEnded(Conflict):
    code = "organization_has_ended"
    title = ("该社会组织在此期间已终止", "The organization had ended in that time")


class CoverIsOver(Conflict):
    code = "cover_is_over"
    title = ("该覆盖关系在此日期之前已结束", "This cover was over by that day")


class SameDay(Invalid):
    code = "same_day_period"
    title = ("起止不能是同一天", "A period cannot end on the day it begins")
    detail = ("如系误登, 请用 cancel 撤销该记录。", "If it was recorded in error, cancel it instead.")


class FunctionTaken(Conflict):
    code = "function_taken"
    title = (
        "该区划的此项职能已有党组织承担",
        "Another body has this function for this division in that time",
    )
    detail = ("请先结束现有的职能。", "End the present one first.")
    constraint = "ex_party_organization_functions_one"


class FunctionIsOver(Conflict):
    code = "party_organization_function_is_over"
    title = ("该职能已结束", "This function is already over")


class ReasonAlreadyGiven(Conflict):
    code = "reason_already_given"
    title = ("该社会组织在此期间已有未建立原因", "A reason is already recorded for that time")
    detail = ("请先结束或撤销现有的原因。", "End or cancel the present one first.")
    constraint = "ex_no_party_organization_reasons_one"


class ReasonIsOver(Conflict):
    code = "reason_is_over"
    title = ("该未建立原因已到期", "This reason is already over")


class HasPartyOrganization(Conflict):
    code = "organization_has_party_organization"
    title = ("该社会组织已有党组织覆盖", "A Party organization covers this organization in that time")
