"""What divisions refuse."""

from app.core.errors import Conflict, Invalid, NotFound


class DivisionNotFound(NotFound):
    code = "division_not_found"


class DivisionCodeTaken(Conflict):
    code = "division_code_taken"
    title = ("该行政区划代码已被使用", "This division code is in use or was used before")
    detail = (
        "已撤销的代码不再另用; 请换一个代码。",
        "Abolished codes are not given out again; choose another.",
    )
    constraint = "pk_divisions"


class DivisionNotInForce(Conflict):
    code = "division_not_in_force"
    title = ("该行政区划在所给日期不存在或已撤销", "The division is not in force on that day")


class DivisionParentUnfit(Invalid):
    code = "division_parent_unfit"
    title = ("上级行政区划不合适", "The division cannot lie below this parent")


class DivisionKindUnfit(Invalid):
    code = "division_kind_unfit"
    title = ("行政区划的类型与层级不符", "A division of this kind does not stand at this level")


class DivisionChangeInFuture(Invalid):
    code = "division_change_in_future"
    title = (
        "更名与隶属变更只能在生效之日起登记",
        "A name or parent changes on or after the day it takes effect",
    )


class DivisionChangeOutOfOrder(Conflict):
    code = "division_change_out_of_order"
    title = ("变更须晚于上一次变更", "A change must be later than the last one")
    detail = ("上一次变更自 {since} 起生效。", "The last change took effect on {since}.")


class DivisionRing(Conflict):
    code = "division_ring"
    title = ("行政区划不能隶属于自身或其下级", "A division cannot lie below itself")
    constraint = "ex_division_closure_ring"


class DivisionSuccessorUnfit(Invalid):
    code = "division_successor_unfit"
    title = ("继承的行政区划不合适", "A successor is missing or does not fit")


class DivisionHasChildren(Conflict):
    code = "division_has_children"
    title = ("尚有下级行政区划, 请先调整其隶属", "There are divisions below it; move them first")
    detail = (
        "只有一个继承者时, 下级随之转隶; 有多个或没有时须逐一调整。",
        "With a single successor they follow it; with several or none, move each one.",
    )


class DivisionTableUnfit(Invalid):
    code = "division_table_unfit"
    title = ("区划表中有不能成立的行", "Some rows of the table cannot stand")


class DivisionSuccessorsMissing(Conflict):
    code = "division_successors_missing"
    title = ("有撤销的代码未说明去向", "Some abolished codes have no word of what became of them")
    detail = (
        "请在 fates 中逐一给出继承者, 或以空列表说明没有。",
        "Name their successors in `fates`, or say with an empty list that there are none.",
    )
