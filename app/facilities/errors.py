"""What venues, centres and bases refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class FacilityNotFound(NotFound):
    code = "facility_not_found"
    title = ("没有这处设施, 或不在您的范围内", "There is no such facility, or it is outside your scope")


class FacilityInvalid(Invalid):
    code = "facility_invalid"
    title = ("设施信息不符合规定", "This is not how a facility can be")


class FacilityTwice(Conflict):
    code = "facility_twice"
    title = (
        "该地在此期间已有同名同类设施",
        "There is a facility of this kind and name there at that time already",
    )
    constraint = "ex_facilities_twice"


class FacilityIsOver(Conflict):
    code = "facility_is_over"
    title = ("该设施已停用", "This facility is no more")
