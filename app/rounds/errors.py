"""What rounds refuse, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class RoundNotFound(NotFound):
    code = "round_not_found"
    title = ("没有这一轮评选, 或不在您的范围内", "There is no such round, or it is outside your scope")


class ApplicationNotFound(NotFound):
    code = "round_application_not_found"
    title = ("没有这项申报, 或不在您的范围内", "There is no such application, or it is outside your scope")


class ReviewNotFound(NotFound):
    code = "round_review_not_found"
    title = ("没有这项评审任务, 或不在您的范围内", "There is no such review, or it is outside your scope")


class ObjectionNotFound(NotFound):
    code = "round_objection_not_found"
    title = ("没有这项异议, 或不在您的范围内", "There is no such objection, or it is outside your scope")


class RoundInvalid(Invalid):
    code = "round_invalid"
    title = ("评选内容不符合规定", "This is not how a round goes")


class NotEligible(Conflict):
    code = "round_not_eligible"
    title = ("不符合申报条件", "The rules do not let it apply")
    detail = ("全部原因见 reasons。", "Every reason is in `reasons`.")


class AppliedAlready(Conflict):
    code = "round_applied_already"
    title = ("本轮已经申报", "It has applied in this round already")
    constraint = (
        "uq_round_applications_organization",
        "uq_round_applications_body",
        "uq_round_applications_member",
    )


class PhaseIsOver(Conflict):
    code = "round_phase_is_over"
    title = ("该阶段已经结束", "This phase is over")


class PhaseNotReached(Conflict):
    code = "round_phase_not_reached"
    title = ("尚未到该阶段", "This phase has not begun")


class SheetIncomplete(Conflict):
    code = "round_sheet_incomplete"
    title = ("自评表不完整", "The sheet is not complete")
    detail = ("全部缺项见 reasons。", "Everything that is missing is in `reasons`.")


class TooManyFiles(Conflict):
    code = "round_too_many_files"
    title = ("一份申报至多附100个文件", "An application holds at most 100 files")


class ReviewersLacking(Conflict):
    code = "round_reviewers_lacking"
    title = ("回避后评审员不足", "There are too few reviewers without a conflict of interest")
    detail = ("缺额见 reasons。", "What each sheet lacks is in `reasons`.")


class ReviewsOpen(Conflict):
    code = "round_reviews_open"
    title = ("还有未提交的评审", "Not every review is handed in")


class ArbitrationNeeded(Conflict):
    code = "round_arbitration_needed"
    title = ("评审分差过大, 须先仲裁", "The reviewers differ too much: the chair has to rule first")


class ReviewedAlready(Conflict):
    code = "round_reviewed_already"
    title = ("该评审已提交或已更换", "This review is handed in, or somebody else has it")
    constraint = ("uq_round_marks_once",)


class DrawnAlready(Conflict):
    code = "round_drawn_already"
    title = (
        "该评审员已抽中过此表, 或此席位已有人",
        "They were drawn for this sheet before, or the place is taken",
    )
    constraint = ("uq_round_reviews_once", "uq_round_reviews_place")


class ReviewerNotLate(Conflict):
    code = "round_reviewer_not_late"
    title = ("评审期限未到", "The reviewer still has time")


class ConflictOfInterest(Conflict):
    code = "round_conflict_of_interest"
    title = ("您须回避此表", "You may not judge this sheet")


class ObjectionsOpen(Conflict):
    code = "round_objections_open"
    title = ("还有未答复的异议", "Not every objection is answered")


class PublicityNotOver(Conflict):
    code = "round_publicity_not_over"
    title = ("公示期未满", "The time of publicity is not over")
    detail = ("公示至{until}。", "It is public until {until}.")


class SecondPersonNeeded(Forbidden):
    code = "round_second_person_needed"
    title = ("结束评审的人不能作出决定", "Who closed the review may not decide")
    constraint = "ck_rounds_second_person"


class ObjectionIsAnswered(Conflict):
    code = "round_objection_is_answered"
    title = ("该异议已答复", "This objection is answered")
