"""What honours and brand projects refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class HonourNotFound(NotFound):
    code = "honour_not_found"
    title = ("没有这项荣誉, 或不在您的范围内", "There is no such honour, or it is outside your scope")


class BrandProjectNotFound(NotFound):
    code = "brand_project_not_found"
    title = (
        "没有这个品牌项目, 或不在您的范围内",
        "There is no such brand project, or it is outside your scope",
    )


class HonourInvalid(Invalid):
    code = "honour_invalid"
    title = ("荣誉或品牌信息不符合规定", "This is not how an honour or a brand project can be")


class HonourTwice(Conflict):
    code = "honour_twice"
    title = ("该荣誉已登记", "This honour is on record already")
    constraint = "uq_honours_once"


class HonourIsWithdrawn(Conflict):
    code = "honour_is_withdrawn"
    title = ("该荣誉已撤销", "This honour has been withdrawn")


class BrandTwice(Conflict):
    code = "brand_project_twice"
    title = ("一个支部同一时期只有一个品牌", "A Party organization has one brand project at a time")
    constraint = "ex_brand_projects_one"


class BrandIsOver(Conflict):
    code = "brand_project_is_over"
    title = ("该品牌项目已结束", "This brand project is over")
