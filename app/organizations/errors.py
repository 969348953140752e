"""Every no of the ledger."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class OrganizationNotFound(NotFound):
    code = "organization_not_found"
    title = (
        "没有这个社会组织, 或不在您的范围内",
        "There is no such organization, or it is outside your scope",
    )


class OfficerNotFound(NotFound):
    code = "officer_not_found"
    title = ("该社会组织没有这位负责人或成员", "The organization has no such officer")


class RecordNotFound(NotFound):
    code = "record_not_found"
    title = ("该社会组织没有这条记录", "The organization has no such record")


class FindingNotFound(NotFound):
    code = "finding_not_found"
    title = ("没有这条待核事项, 或不在您的范围内", "There is no such finding, or it is outside your scope")


class CreditCodeExceptionNotFound(NotFound):
    code = "credit_code_exception_not_found"
    title = (
        "没有这项代码例外申请, 或不在您的范围内",
        "There is no such request, or it is outside your scope",
    )


class NoPhone(NotFound):
    code = "phone_not_recorded"
    title = ("没有登记联系电话", "No phone number is recorded")


class CreditCodeTaken(Conflict):
    code = "credit_code_taken"
    title = ("该统一社会信用代码已在台账中", "This credit code is already in the ledger")
    detail = (
        "代码已登记于“{name}”; 如需修改请在该组织上更正。",
        "It belongs to “{name}”; change that organization instead of registering it again.",
    )


class NeedsVerification(Conflict):
    code = "needs_verification"
    title = ("该统一社会信用代码需由上级核实", "This credit code needs to be verified by a higher level")
    detail = (
        "请把证书交上级登记管理机关核实后再登记; 本次申请已留痕。",
        "Have the certificate verified by the level above, then register; this attempt is on record.",
    )
    constraint = "uq_organizations_credit_code"


class FactsRefused(Invalid):
    code = "facts_refused"
    title = ("所填事项不符合要求", "What was stated cannot be accepted")


class OutsideScope(Forbidden):
    code = "division_outside_scope"
    title = ("该登记地不在您的范围内", "You do not record for this division")
    detail = ("请由该地的登记或党建部门录入。", "Ask the office of that division to record it.")


class ReadOnlyHere(Forbidden):
    code = "read_only_by_domicile"
    title = (
        "该社会组织仅因住所在您的范围内而可见, 不可修改",
        "You see this organization by its domicile only and cannot change it",
    )
    detail = ("请由其登记地的部门修改。", "Ask the office of its division of registration.")


class EffectiveInFuture(Invalid):
    code = "effective_on_in_future"
    title = ("生效日期在将来", "The effective date lies in the future")
    detail = ("请在生效当日或之后录入。", "Record it on the day on which it takes effect, or later.")


class NothingStated(Invalid):
    code = "nothing_stated"
    title = ("没有要修改的内容", "Nothing was stated")


class FactOutranked(Conflict):
    code = "fact_outranked"
    title = ("同日已有来源级别更高的登记数据", "A source of higher rank has spoken for that day")
    detail = (
        "所列事项由登记来源给出, 直接修改不会生效; 确属有误请使用“更正”并说明理由。",
        "A registry states these facts and rules; if it is wrong, use `correct` with a reason.",
    )


class AlreadyEnded(Conflict):
    code = "already_ended"
    title = ("该社会组织的登记已终止", "The organization's registration has already ended")


class NotEnded(Conflict):
    code = "not_ended"
    title = ("该社会组织的登记没有终止", "The organization's registration has not ended")
    detail = ("无需恢复。", "There is nothing to restore.")


class NotMerged(Conflict):
    code = "not_merged"
    title = ("该社会组织没有被合并", "The organization has not been merged")


class EndsBeforeBeginning(Invalid):
    code = "ends_before_beginning"
    title = ("终止日期早于成立日期", "The end lies before the beginning")


class SuccessorRefused(Invalid):
    code = "successor_refused"
    title = ("承继的社会组织不符合要求", "The succeeding organization cannot be accepted")


class FindingAlreadyClosed(Conflict):
    code = "finding_already_closed"
    title = ("该事项已经办结", "The finding is already closed")


class ExceptionAlreadyDecided(Conflict):
    code = "exception_already_decided"
    title = ("该申请已有结论", "The request is already decided")


class ExceptionAlreadyRequested(Conflict):
    code = "exception_already_requested"
    title = ("该代码已有例外申请", "An exception for this code is already there")
    constraint = "uq_credit_code_exceptions_credit_code"


class ExceptionNotNeeded(Invalid):
    code = "exception_not_needed"
    title = ("该代码校验码正确, 无需例外", "The check digit of this code is right: no exception is needed")


class SecondPersonNeeded(Forbidden):
    code = "second_person_needed"
    title = ("须由申请人以外的人决定", "Another person than the one who asked has to decide")
    constraint = "ck_credit_code_exceptions_second_person"


class RevealsExhausted(Forbidden):
    code = "reveal_quota_used"
    title = ("今日查看明文的次数已用完", "Today's quota of plain-text reads is used up")
    detail = ("每人每日 {limit} 次。", "{limit} a day for each person.")
