"""What rankings refuse, in words."""

from app.core.errors import WORDS, Conflict, Invalid, NotFound

WORDS |= {
    "measure_twice": ("同一指标只能出现一次", "each measure once only"),
    "tie_unmeasured": ("并列规则须用方案中的指标", "ties are broken by measures of the scheme"),
    "best_is_worst": ("满分值和零分值不能相同", "best and worst must differ"),
    "weight_not_positive": ("权重须大于零", "a weight is more than nothing"),
}


class RankingNotFound(NotFound):
    code = "ranking_not_found"
    title = ("没有这次排名, 或不在您的范围内", "There is no such ranking, or it is outside your scope")


class RankingSubjectNotFound(NotFound):
    code = "ranking_subject_not_found"
    title = (
        "没有这个区划或党组织, 或不在您的范围内",
        "There is no such division or Party organization, or it is outside your scope",
    )


class RankingInvalid(Invalid):
    code = "ranking_invalid"
    title = ("排名请求不符合规定", "A ranking cannot be made like this")


class RankingMadeAlready(Conflict):
    code = "ranking_made_already"
    title = (
        "同一对象、方案、日期和知悉时点的排名已存在",
        "There is a ranking of the same, by the same scheme, of that day and knowledge",
    )
    constraint = "uq_rankings_once"
