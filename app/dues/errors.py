"""What dues refuse, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class DuesMemberNotFound(NotFound):
    code = "dues_member_not_found"
    title = ("没有这名党员, 或不在您的范围内", "There is no such member, or they are outside your scope")


class DuesBodyNotFound(NotFound):
    code = "dues_body_not_found"
    title = ("没有这个党组织, 或不在您的范围内", "There is no such body, or it is outside your scope")


class DuesPaymentNotFound(NotFound):
    code = "dues_payment_not_found"
    title = ("没有这笔缴费, 或不在您的范围内", "There is no such payment, or it is outside your scope")


class DuesReductionNotFound(NotFound):
    code = "dues_reduction_not_found"
    title = (
        "没有这项减免申请, 或不在您的范围内",
        "There is no such application, or it is outside your scope",
    )


class DuesInvalid(Invalid):
    code = "dues_invalid"
    title = ("党费信息不符合规定", "This is not how dues can be")


class NotAPayer(Conflict):
    code = "dues_not_owed"
    title = ("该人员不交纳党费", "Nobody of this status pays dues")
    detail = ("预备党员、正式党员交纳党费。", "Probationary and full members pay dues.")


class BodyMayNotCollect(Conflict):
    code = "body_may_not_collect_dues"
    title = ("该党组织不收缴党费", "This body collects no dues")
    detail = ("临时党支部等不收缴党费。", "A temporary branch, for one, collects none.")


class DuesMonthPaid(Conflict):
    code = "dues_month_paid"
    title = ("该月党费已缴", "The month is paid already")
    constraint = "uq_dues_payments_month"


class StandardOverlaps(Conflict):
    code = "dues_standard_overlaps"
    title = ("与已有的党费标准重叠", "This overlaps a standard that is on record")
    constraint = "ex_dues_standards_one"


class PaymentIsCancelled(Conflict):
    code = "dues_payment_is_cancelled"
    title = ("该笔缴费已作废", "The payment was cancelled")


class ReductionOpen(Conflict):
    code = "dues_reduction_open"
    title = ("该党员已有一项减免申请在办", "An application of this member is already under way")
    constraint = "uq_dues_reductions_open"


class ReductionOverlaps(Conflict):
    code = "dues_reduction_overlaps"
    title = ("与已批准的减免重叠", "This overlaps a reduction that was approved")
    constraint = "ex_dues_reductions_one"


class ReductionBlocked(Conflict):
    code = "dues_reduction_blocked"
    title = ("减免申请现在的状态不能这样办理", "This cannot be done at the application's present state")


class OwnReduction(Forbidden):
    code = "dues_reduction_own"
    title = ("经办人不能批准自己提出的减免", "Whoever asked for it cannot decide it")
    constraint = "ck_dues_reductions_second_person"


class DuesPackInvalid(Conflict):
    code = "dues_pack_invalid"
    title = ("没有可用的党费规则包", "No rule pack of dues can be used")
    detail = ("规则包 {pack}: {problem}。", "Rule pack {pack}: {problem}.")
