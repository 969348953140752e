"""What the ledger of development refuses, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class DevelopmentCaseNotFound(NotFound):
    code = "development_case_not_found"
    title = ("没有这项发展党员工作, 或不在您的范围内", "There is no such case, or it is outside your scope")


class DevelopmentReviewNotFound(NotFound):
    code = "development_review_not_found"
    title = ("没有这次政治审查", "There is no such political review of this case")


class QuotaNotFound(NotFound):
    code = "quota_not_found"
    title = ("没有这项发展党员计划, 或不在您的范围内", "There is no such quota, or it is outside your scope")


class DevelopmentInvalid(Invalid):
    code = "development_invalid"
    title = ("发展党员信息不符合规定", "This is not how a case can be")


class StepNotReady(Conflict):
    code = "development_step_not_ready"
    title = ("此步骤现在不能办理", "This step cannot be taken now")
    detail = ("原因逐条列于 reasons。", "Every reason is listed in `reasons`.")


class CaseClosedAlready(Conflict):
    code = "development_case_closed"
    title = ("这项发展党员工作已经终结", "This case is closed")


class CaseBlocked(Conflict):
    code = "development_case_blocked"
    title = ("现在的状态不能这样办理", "This cannot be done as the case stands")


class CaseOpenAlready(Conflict):
    code = "development_case_open"
    title = ("此人已有一项发展党员工作在办", "A case of this person is under way already")
    constraint = "uq_development_cases_open"


class PublicityOpen(Conflict):
    code = "development_publicity_open"
    title = ("已有一次公示在进行", "A publicity is running already")
    constraint = ("uq_development_publicities_open", "uq_development_publicities_current")


class HelperTwice(Conflict):
    code = "development_helper_twice"
    title = ("同一党员不能重复担任", "The same member cannot stand twice")
    constraint = "ex_development_helpers_twice"


class NotTheApprovingBody(Forbidden):
    code = "not_the_approving_body"
    title = ("此步骤须由有审批权限的上级党委办理", "Only the committee that approves can take this step")


class DevelopmentPackMissing(Conflict):
    code = "development_pack_missing"
    title = ("没有生效的发展党员规则包", "No rule pack of development is in force here")


class QuotaKnown(Conflict):
    code = "quota_known"
    title = ("该党组织本年度已有此类计划", "This body has such a quota for the year already")
    constraint = "uq_development_quotas_one"


class QuotaUsed(Conflict):
    code = "quota_used"
    title = ("本年度发展党员计划已用完", "The places of this year are used")
    constraint = "ck_development_quotas_used"


class QuotaOverdrawn(Conflict):
    code = "quota_overdrawn"
    title = ("下达总数超过上级计划", "More would be allotted than the body above has")
    constraint = "ck_development_quotas_allotted"
