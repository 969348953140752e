"""What the ledger of members refuses, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


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
    constraint = "uq_persons_id_number_blind"


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


class MembershipPackMissing(Conflict):
    code = "membership_pack_missing"
    title = (
        "没有可用的党员期限规则包",
        "No usable rule pack `membership` is in force",
    )


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
