"""What authorities refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class AuthorityNotFound(NotFound):
    code = "authority_not_found"
    title = ("没有这个机关单位, 或不在您的范围内", "There is no such authority, or it is outside your scope")


class AuthorityRoleNotFound(NotFound):
    code = "authority_role_not_found"
    title = ("没有这项职责, 或不在您的范围内", "There is no such role, or it is outside your scope")


class AuthorityInvalid(Invalid):
    code = "authority_invalid"
    title = ("机关单位的内容不符合规定", "This is not how an authority can be")


class AuthorityIsAbolished(Conflict):
    code = "authority_is_abolished"
    title = ("该机关单位已撤销", "This authority is abolished")


class AuthorityNameTaken(Conflict):
    code = "authority_name_taken"
    title = ("该区划已有同名的机关单位", "The division has an authority of this name already")
    constraint = "uq_authorities_name"


class RoleHeldTwice(Conflict):
    code = "authority_role_held"
    title = ("该机关单位在此期间已有这项职责", "The authority holds this role already in that time")
    detail = ("请先结束现有的职责。", "End the present one first.")
    constraint = "ex_authority_roles_twice"


class AuthorityRoleIsOver(Conflict):
    code = "authority_role_is_over"
    title = ("该职责已结束", "This role is already over")


class AuthoritySameDay(Invalid):
    code = "authority_role_same_day"
    title = ("起止不能是同一天", "A role cannot end on the day it begins")
    detail = ("如系误登, 请用 cancel 撤销该记录。", "If it was recorded in error, cancel it instead.")
