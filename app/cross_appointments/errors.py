"""What cross appointments refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class CrossAppointmentNotFound(NotFound):
    code = "cross_appointment_not_found"
    title = ("没有这条交叉任职, 或不在您的范围内", "There is no such match, or it is outside your scope")


class CrossAppointmentDecided(Conflict):
    code = "cross_appointment_decided"
    title = ("已是该结论", "This has been decided so already")


class AnotherIsConfirmed(Conflict):
    code = "another_is_confirmed"
    title = ("该负责人已确认为另一名党员", "This officer was confirmed to be another member")
    detail = ("请先否定那一条。", "Reject that one first.")
    constraint = ("uq_cross_appointments_one_person", "uq_cross_appointments_next_person")


class TooManyBodies(Invalid):
    code = "too_many_bodies"
    title = ("范围过大", "This is too much at once")
    detail = (
        "一次最多{most}个党组织, 请缩小范围。",
        "At most {most} Party organizations at once: ask for fewer.",
    )
