"""What supervision refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class RoundNotFound(NotFound):
    code = "supervision_round_not_found"
    title = ("没有这次督导, 或不在您的范围内", "There is no such round, or it is outside your scope")


class UnitNotFound(NotFound):
    code = "supervision_unit_not_found"
    title = ("这次督导没有这家单位", "This round has no such unit")


class FindingNotFound(NotFound):
    code = "supervision_finding_not_found"
    title = ("没有这个问题, 或不在您的范围内", "There is no such finding, or it is outside your scope")


class DepartmentDutyNotFound(NotFound):
    code = "department_duty_not_found"
    title = ("没有这项部门职责, 或不在您的范围内", "There is no such duty, or it is outside your scope")


class SupervisionInvalid(Invalid):
    code = "supervision_invalid"
    title = ("督导内容不符合规定", "Supervision cannot be like this")


class RoundIsClosed(Conflict):
    code = "supervision_round_is_closed"
    title = ("这次督导已结束", "This round is over")


class UnitTwice(Conflict):
    code = "supervision_unit_twice"
    title = ("这次督导已有这家单位", "This round has that unit already")
    constraint = "uq_supervision_units_once"


class InTeamTwice(Conflict):
    code = "supervision_team_twice"
    title = ("督导组中有人重复", "Somebody is in the team twice")
    constraint = ("uq_supervision_team_user", "uq_supervision_team_instructor")


class SampleDrawnAlready(Conflict):
    code = "supervision_sample_drawn_already"
    title = ("这次督导已抽取样本", "The sample of this round is drawn already")


class FindingStateForbids(Conflict):
    code = "supervision_finding_state_forbids"
    title = ("问题当前的状态不允许此操作", "The finding is not in a state for that")


class NoticeDraftedAlready(Conflict):
    code = "supervision_notice_drafted_already"
    title = ("已就该问题起草文件", "A notice about this finding is drafted already")


class WeakAlready(Conflict):
    code = "weak_organization_listed_already"
    title = ("已列入后进或薄弱组织", "It is listed as weak already")
    constraint = "uq_supervision_findings_weak"


class ReportedAlready(Conflict):
    code = "rectification_reported_already"
    title = ("已有待验收的整改情况", "A rectification waits to be judged already")
    constraint = ("uq_supervision_rectifications_pending", "uq_supervision_rectifications_number")


class SecondPersonNeeded(Conflict):
    code = "rectification_second_person_needed"
    title = (
        "验收人不能是报送整改情况的人",
        "Who reported it cannot accept it: a second person has to",
    )
    constraint = "ck_supervision_rectifications_second_person"


class DepartmentDutyTwice(Conflict):
    code = "department_duty_twice"
    title = (
        "该部门在此期间已有这一事项的职责",
        "The department has a duty of that matter in that time already",
    )
    constraint = "ex_department_duties_twice"


class DepartmentDutyIsOver(Conflict):
    code = "department_duty_is_over"
    title = ("这项部门职责已终止", "This duty is over")


class VisitedThatDay(Conflict):
    code = "supervision_visited_that_day"
    title = ("当日已记录对该单位的督导", "A visit to that unit on that day is on record")
    constraint = "uq_supervision_visits_day"
