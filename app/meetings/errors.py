"""What organization life refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class MeetingNotFound(NotFound):
    code = "meeting_not_found"
    title = ("没有这次会议, 或不在您的范围内", "There is no such meeting, or it is outside your scope")


class AppraisalNotFound(NotFound):
    code = "appraisal_not_found"
    title = ("没有这次民主评议, 或不在您的范围内", "There is no such appraisal, or it is outside your scope")


class LifeBodyNotFound(NotFound):
    code = "life_body_not_found"
    title = ("没有这个党组织, 或不在您的范围内", "There is no such body, or it is outside your scope")


class MeetingInvalid(Invalid):
    code = "meeting_invalid"
    title = ("会议或评议的记录不能成立", "This is not how a meeting or an appraisal can be")


class MeetingIsCancelled(Conflict):
    code = "meeting_is_cancelled"
    title = ("该会议记录已作废", "This record was cancelled")


class ChairTaken(Conflict):
    code = "meeting_chair_taken"
    title = ("一次会议只有一名主持人", "A meeting has one chair")
    constraint = "uq_meeting_attendances_chair"


class AppraisalOpenAlready(Conflict):
    code = "appraisal_exists"
    title = ("该党组织本年度已有民主评议", "The body has an appraisal of that year already")
    constraint = "uq_appraisals_year"


class AppraisalBlocked(Conflict):
    code = "appraisal_blocked"
    title = ("民主评议现在的步骤不能这样办理", "This cannot be done at the appraisal's present step")


class LifePackInvalid(Conflict):
    code = "organization_life_pack_invalid"
    title = ("没有可用的组织生活规则包", "No rule pack of organization life can be used")
    detail = ("规则包 {pack}: {problem}。", "Rule pack {pack}: {problem}.")
