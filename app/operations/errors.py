"""What operations refuse."""

from app.core.errors import Conflict, NotFound


class OperationNotFound(NotFound):
    code = "operation_not_found"


class OperationEnded(Conflict):
    code = "operation_ended"
    title = ("该任务已经结束", "This work has ended already")
