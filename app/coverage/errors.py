"""What coverage refuses, in words."""

from app.core.errors import Invalid, NotFound, Unavailable


class CoverageSubjectNotFound(NotFound):
    code = "coverage_subject_not_found"
    title = (
        "没有这个行政区划或党组织, 或不在您的范围内",
        "There is no such division or Party organization, or it is outside your scope",
    )


class CoverageSubjectNeeded(Invalid):
    code = "coverage_subject_needed"
    title = ("请指明行政区划或党组织", "Say which division or Party organization")
    detail = (
        "您的范围不止一处: 请给出 division 或 body。",
        "Your scope has several places: give `division` or `body`.",
    )


class CoverageQuestionInvalid(Invalid):
    code = "coverage_question_invalid"
    title = ("统计条件不成立", "These conditions do not go together")


class CoverageRulesMissing(Unavailable):
    code = "coverage_rules_missing"
    title = ("当日没有生效的统计口径", "No rule pack `coverage` holds on that day")
    detail = ("请先发布规则包 coverage。", "Publish a rule pack of the kind `coverage` first.")
