"""What reorganizing refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class ReorganizationNotFound(NotFound):
    code = "reorganization_not_found"
    title = (
        "没有这项改建、合并或分设, 或不在您的范围内",
        "There is no such reorganization, or it is outside your scope",
    )


class ReorganizationInvalid(Invalid):
    code = "reorganization_invalid"
    title = ("改建、合并或分设的内容不符合规定", "A reorganization cannot be like this")


class ReorganizationBlocked(Conflict):
    code = "reorganization_blocked"
    title = ("不具备改建、合并或分设的条件", "The conditions for reorganizing are not met")
    detail = (
        "原因一并列出; 因工作需要的, 注明批准例外的文件(exception_document)。",
        "Every reason is listed; where the work needs it, name the document that approves an exception.",
    )
