"""What designations refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class DesignationNotFound(NotFound):
    code = "designation_not_found"
    title = ("没有这项命名, 或不在您的范围内", "There is no such designation, or it is outside your scope")


class DesignationInvalid(Invalid):
    code = "designation_invalid"
    title = ("命名信息不符合规定", "This is not how a designation can be")


class DesignationBlocked(Conflict):
    code = "designation_blocked"
    title = ("尚不具备命名条件", "It cannot be designated so")
    detail = ("见 reasons 中的全部原因。", "See every reason in `reasons`.")


class DesignationTwice(Conflict):
    code = "designation_twice"
    title = ("在此期间已有同类命名", "It is designated so for that time already")
    constraint = "ex_designations_one"


class ResultIsDesignated(Conflict):
    code = "result_is_designated"
    title = ("该结果已经命名", "This result has its designation already")
    constraint = "uq_designations_result_id"


class PlaqueTaken(Conflict):
    code = "plaque_taken"
    title = ("该机关当年已发过此牌匾编号", "This authority gave out that plaque number in that year already")
    constraint = "uq_designations_plaque"


class DesignationIsOver(Conflict):
    code = "designation_is_over"
    title = ("该命名已失效", "This designation is over")


class RecheckedAlready(Conflict):
    code = "designation_checked_already"
    title = ("该年度已复核", "It was re-checked for that year already")
    constraint = "uq_designation_checks_once"


class ChangeProposedAlready(Conflict):
    code = "designation_change_open"
    title = ("已有待决定的降级或撤销", "A downgrade or revocation waits to be decided already")
    constraint = "uq_designation_changes_open"


class ChangeIsDecided(Conflict):
    code = "designation_change_is_decided"
    title = ("该提议已决定", "This proposal has been decided")


class SecondPersonIsAnother(Conflict):
    code = "designation_second_person"
    title = ("须由另一人决定", "Another person than who proposed it must decide")
    constraint = "ck_designation_changes_second_person"
