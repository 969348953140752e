"""What establishing refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound, Unavailable


class EstablishmentNotFound(NotFound):
    code = "establishment_not_found"
    title = (
        "没有这项设立请示, 或不在您的范围内",
        "There is no such request to establish, or it is outside your scope",
    )


class EstablishmentInvalid(Invalid):
    code = "establishment_invalid"
    title = ("设立请示的内容不符合规定", "A request to establish cannot be like this")


class EstablishmentBlocked(Conflict):
    code = "establishment_blocked"
    title = ("不具备设立条件", "The conditions for establishing are not met")
    detail = (
        "原因一并列出; 因工作需要的, 说明理由并由上级批准(exception)。",
        "Every reason is listed; where the work needs it, an exception may be asked and approved.",
    )


class EstablishmentStep(Conflict):
    code = "establishment_step"
    title = ("现在的状态不能办理此项", "This is not the step that follows now")


class NotTheSuperior(Conflict):
    code = "not_the_superior"
    title = ("只有上级党组织可以批复", "Only the superior body answers a request")


class EstablishmentPackMissing(Unavailable):
    code = "establishment_pack_missing"
    title = (
        "规则包establishment缺失或有误",
        "The rule pack `establishment` is missing or wrong",
    )
