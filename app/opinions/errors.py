"""What prior opinions refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class MatterNotFound(NotFound):
    code = "matter_not_found"
    title = ("没有这个事项, 或不在您的范围内", "There is no such matter, or it is outside your scope")


class AttendanceRightNotFound(NotFound):
    code = "attendance_right_not_found"
    title = ("没有这项列席权, 或不在您的范围内", "There is no such right, or it is outside your scope")


class OpinionBodyNotFound(NotFound):
    code = "opinion_body_not_found"
    title = ("没有这个党组织, 或不在您的范围内", "There is no such body, or it is outside your scope")


class OpinionInvalid(Invalid):
    code = "opinion_invalid"
    title = ("事项或列席记录不符合规定", "This is not how a matter or an attendance can be")


class MatterBlocked(Conflict):
    code = "matter_blocked"
    title = ("该事项现在的状态不能这样办理", "This cannot be done at the matter's present state")


class RightTwice(Conflict):
    code = "attendance_right_twice"
    title = ("在此期间已有同样的列席权", "There is such a right for that time already")
    constraint = "ex_attendance_rights_twice"


class RightIsOver(Conflict):
    code = "attendance_right_is_over"
    title = ("该列席权已终止", "The right has ended already")
