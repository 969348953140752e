"""What scoring refuses, in words."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class StandardNotFound(NotFound):
    code = "standard_not_found"
    title = ("没有这个评分标准, 或不在您的范围内", "There is no such standard, or it is outside your scope")


class StandardUnreadable(Invalid):
    code = "standard_unreadable"
    title = ("评分标准的内容无法读取", "This cannot be read as a standard")
    detail = ("请按所列行、单元格或字段改正。", "Mend the lines, cells or fields that are named.")


class StandardUnfit(Invalid):
    code = "standard_unfit"
    title = ("评分标准不能发布", "This standard cannot be published")


class OverlayUnfit(Invalid):
    code = "standard_overlay_unfit"
    title = ("调整超出上级允许的范围", "This is not within what the higher level allows")


class StandardNotDraft(Conflict):
    code = "standard_not_draft"
    title = ("已发布的标准不再改动", "A published standard never changes")
    detail = ("请另起一个版本。", "Draft another version instead.")


class StandardNotPublished(Conflict):
    code = "standard_not_published"
    title = ("该标准不在发布状态", "This standard is not in force")


class StandardOwnDraft(Forbidden):
    code = "standard_own_draft"
    title = ("起草人不能发布自己的标准", "A standard is published by somebody other than its author")
    constraint = "ck_scoring_standard_versions_second_person"


class StandardNumberTaken(Conflict):
    code = "standard_number_taken"
    title = ("同时有人起草了这个标准, 请再试一次", "Somebody else drafted this standard just now; try again")
    constraint = ("uq_scoring_standard_versions_number", "uq_scoring_standards_code")


class StandardsNotComparable(Invalid):
    code = "standards_not_comparable"
    title = ("只能比较同一标准的版本", "Only versions of the same standard can be compared")


class SubjectUnknown(Invalid):
    code = "scoring_subject_unknown"
    title = (
        "没有这家社会组织或党组织, 或不在您的范围内",
        "There is no such organization or Party organization, or it is outside your scope",
    )


class StandardIsOverlay(Conflict):
    code = "standard_is_overlay"
    title = ("地方调整的内容随上级标准, 请另起一份调整", "An overlay follows its base; draft another overlay")
