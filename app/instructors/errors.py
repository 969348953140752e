"""What instructors' work refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class InstructorNotFound(NotFound):
    code = "instructor_not_found"
    title = (
        "没有这名指导员, 或不在您的范围内",
        "There is no such instructor, or not in your scope",
    )


class AssignmentNotFound(NotFound):
    code = "instructor_assignment_not_found"
    title = ("没有这项联系关系, 或不在您的范围内", "There is no such assignment, or it is outside your scope")


class VisitNotFound(NotFound):
    code = "guidance_visit_not_found"
    title = ("没有这次走访记录, 或不在您的范围内", "There is no such visit, or it is outside your scope")


class SuggestionNotFound(NotFound):
    code = "instructor_suggestion_not_found"
    title = ("没有这项建议, 或不在您的范围内", "There is no such suggestion, or it is outside your scope")


class ContractNotFound(NotFound):
    code = "leader_contract_not_found"
    title = ("没有这份包联责任, 或不在您的范围内", "There is no such contract, or it is outside your scope")


class InstructorInvalid(Invalid):
    code = "instructor_invalid"
    title = ("指导员信息不符合规定", "This is not how an instructor can serve")


class InstructorHasEnded(Conflict):
    code = "instructor_has_ended"
    title = ("该指导员已不再任职", "This instructor serves no more")


class InstructorFull(Conflict):
    code = "instructor_full"
    title = ("该指导员在此期间的联系数已满", "This instructor has no room in that time")
    detail = ("请先调整联系数、收回或移交一家。", "Raise the capacity, recall or hand over one first.")
    constraint = "ex_instructor_assignments_capacity"


class AssignedAlready(Conflict):
    code = "instructor_assigned_already"
    title = (
        "该指导员在此期间已联系这家组织",
        "They serve that organization in that time already",
    )
    constraint = "ex_instructor_assignments_twice"


class AssignmentOutsideTerm(Conflict):
    code = "assignment_outside_term"
    title = ("联系期须在指导员任期之内", "An assignment lies within the instructor's term")
    constraint = "ck_instructor_assignments_within_term"


class AssignmentIsOver(Conflict):
    code = "instructor_assignment_is_over"
    title = ("这项联系关系已结束", "This assignment is over")


class OrganizationEnded(Conflict):
    code = "assigned_organization_has_ended"
    title = ("该社会组织已注销、撤销或合并", "This organization has ended")


class AssessedAlready(Conflict):
    code = "instructor_assessed_already"
    title = ("该年度已有同类考核", "There is such an assessment of that year already")
    constraint = "uq_instructor_assessments_once"


class FollowUpIsDone(Conflict):
    code = "follow_up_is_done"
    title = ("没有待办的后续事项", "Nothing that was agreed is left to do")


class SuggestionIsSettled(Conflict):
    code = "instructor_suggestion_is_settled"
    title = ("这项建议已处理", "This suggestion is settled")


class ContractIsOver(Conflict):
    code = "leader_contract_is_over"
    title = ("这份包联责任已结束", "This contract is over")


class QuotaReached(Conflict):
    code = "leader_contract_quota_reached"
    title = ("已达到包联数量", "The number that was agreed is reached")


class TargetTwice(Conflict):
    code = "leader_contract_target_twice"
    title = ("在此期间已包联该对象", "It is a target of this contract in that time already")
    constraint = "ex_leader_contract_targets_twice"
