"""What the ledger of members refuses, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class MemberNotFound(NotFound):
    code = "member_not_found"
    title = ("没有这名党员, 或不在您的范围内", "There is no such member, or they are outside your scope")


class TransferNotFound(NotFound):
    code = "transfer_not_found"
    title = ("没有这次转接, 或不在您的范围内", "There is no such transfer, or it is outside your scope")


class MemberLinkNotFound(NotFound):
    code = "member_link_not_found"
    title = ("没有这项记录", "There is no such record of this member")


class MemberInvalid(Invalid):
    code = "member_invalid"
    title = ("党员信息不符合规定", "This is not how a member can be")


class MemberKnown(Conflict):
    code = "member_known"
    title = ("您的范围内已有此人", "This person is in your scope already")
    detail = ("请在名册中查找并修改, 不要重复登记。", "Find and change them instead of entering them twice.")


class PersonNeedsVerification(Conflict):
    code = "person_needs_verification"
    title = ("此人须由上级核实后登记", "This person has to be verified by the level above")
    detail = (
        "已提请上级核实, 请联系上级党组织。",
        "The level above has been asked to verify; please contact your superior body.",
    )
    constraint = ("uq_persons_id_number_blind", "uq_persons_id_number_next_blind")


class MemberHasEnded(Conflict):
    code = "member_has_ended"
    title = ("该党员的党籍或申请已终止", "This membership or application has ended")


class StatusBlocked(Conflict):
    code = "member_status_blocked"
    title = ("该党员现在的状态不能这样办理", "This cannot be done in the member's present status")


class TransferOpen(Conflict):
    code = "transfer_open"
    title = ("该党员已有一次转接在办", "A transfer of this member is already under way")
    detail = ("请先办结或撤销它。", "Complete or cancel it first.")
    constraint = "uq_member_transfers_open"


class TransferBlocked(Conflict):
    code = "transfer_blocked"
    title = ("转接现在的状态不能这样办理", "This cannot be done in the transfer's present state")


class LinkTwice(Conflict):
    code = "member_link_twice"
    title = ("在此期间已有同样的记录", "There is such a record for that time already")
    constraint = ("ex_member_participations_twice", "ex_member_restrictions_twice")


class PeriodTaken(Conflict):
    code = "member_period_taken"
    title = ("与已有的时段重叠", "This overlaps a time that is on record")
    constraint = ("ex_member_statuses_one", "ex_member_affiliations_one")


class NotTheReceiver(Forbidden):
    code = "not_the_receiver"
    title = ("须由接收方办理", "Only the receiver can do this")


class NotTheSender(Forbidden):
    code = "not_the_sender"
    title = ("须由转出方办理", "Only the sender can do this")


class MembershipPackMissing(Unavailable):
    code = "membership_pack_missing"
    title = ("没有可用的党员规则包", "A rule pack about members is missing or wrong")
    detail = ("规则包{kind}缺失或有误。", "The rule pack {kind} is missing or wrong.")


class MembersElsewhere(Conflict):
    code = "members_elsewhere"
    title = (
        "部分党员不在该党组织, 或已终止",
        "Some of these members do not belong to that body, or have ended",
    )


class HandedOverTooEarly(Conflict):
    code = "handed_over_too_early"
    title = ("整建制转隶的日期过早", "Members cannot be handed over as early as that")
    detail = (
        "有党员自{since}起才隶属该党组织, 请给出当日或更晚的日期。",
        "A member belongs to the body only since {since}: give that day or later.",
    )


class StepBlocked(Conflict):
    code = "member_step_blocked"
    title = ("不能从现在的状态进入该状态", "This status does not follow the present one")


class VerificationNotFound(NotFound):
    code = "person_verification_not_found"
    title = (
        "没有这项核实, 或不在您的范围内",
        "There is no such verification, or it is outside your scope",
    )


class VerificationDecided(Conflict):
    code = "person_verification_decided"
    title = ("该核实已有结论", "This verification has been decided")


class PersonRequestNotFound(NotFound):
    code = "person_request_not_found"
    title = ("没有这项申请, 或不在您的范围内", "There is no such request, or it is outside your scope")


class PersonRequestOpen(Conflict):
    code = "person_request_open"
    title = ("此人已有同类申请在办", "Such a request of this person is under way already")
    constraint = "uq_person_requests_open"


class PersonRequestBlocked(Conflict):
    code = "person_request_blocked"
    title = ("申请现在的状态不能这样办理", "This cannot be done in the request's present state")


class OwnRequest(Forbidden):
    code = "person_request_second_person"
    title = ("须由登记人以外的人决定", "Somebody other than who recorded it decides")
    constraint = "ck_person_requests_second_person"


class ErasureRefused(Conflict):
    code = "erasure_refused"
    title = ("依规须保存, 不能删除", "What is held has to be kept")


class RetentionNotFound(NotFound):
    code = "person_retention_not_found"
    title = ("没有这项记录, 或不在您的范围内", "There is no such record, or it is outside your scope")


class RetentionSettled(Conflict):
    code = "person_retention_settled"
    title = ("该项已处理", "This has been settled")


class GridUnitNotFound(NotFound):
    code = "grid_unit_not_found"
    title = ("没有这个网格, 或不在您的范围内", "There is no such grid unit, or it is outside your scope")


class GridUnitClosed(Conflict):
    code = "grid_unit_closed"
    title = ("该网格已撤销", "This grid unit is closed")


class GridNameTaken(Conflict):
    code = "grid_name_taken"
    title = ("该区划内已有同名网格", "There is a grid unit of this name in that division")
    constraint = "uq_grid_units_name"


class GridTaken(Conflict):
    code = "grid_taken"
    title = ("在此期间已编入一个网格", "It belongs to a grid unit at that time already")
    constraint = ("ex_grid_unit_organizations_one", "ex_grid_unit_members_one")


class NotInGrid(Conflict):
    code = "not_in_grid"
    title = ("不在这个网格内", "It is not in this grid unit")
