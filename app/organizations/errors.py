"""Every no of the ledger."""

from app.core import checks
from app.core.errors import WORDS, Conflict, Forbidden, Invalid, NotFound, Words

WORDS |= {
    "fact_unknown": ("没有这个事项", "There is no such fact"),
    "value_required": ("此项不能为空", "This cannot be null"),
    "text_expected": ("应为文本", "This must be a text"),
    "true_or_false_expected": ("应为 true 或 false", "This must be true or false"),
    "count_expected": ("应为非负整数", "This must be a count, zero or more"),
    "id_expected": ("应为 UUID", "This must be a UUID"),
    "not_one_of_the_words": ("不是规定的代码", "This is none of the codes in use"),
    "division_unknown": (
        "没有这个行政区划代码; 请查阅 /divisions",
        "There is no such division; look it up at /divisions",
    ),
    "division_abolished": (
        "该行政区划代码已撤销; 请改用 reasons 中的继任代码",
        "This division was abolished; use one of its successors, named in `reasons`",
    ),
    "division_not_yet_in_force": (
        "该行政区划代码尚未启用; 请用现行代码",
        "This division is not in force yet; use the present one",
    ),
    "division_outside_scope": ("不在您的范围内", "This lies outside your scope"),
    "authority_unknown": (
        "没有这个机关; 请查阅 /authorities",
        "There is no such authority; look it up at /authorities",
    ),
    "authority_abolished": (
        "该机关当日已撤销; 请改用承接其职能的机关",
        "This authority was abolished by then; use the one that took over",
    ),
    "established_on_in_future": ("成立日期在将来", "The day of establishment lies in the future"),
    "effective_on_in_future": ("生效日期在将来", "The effective date lies in the future"),
    "fact_outranked": (
        "登记来源已就同日给出此项; 确属有误请用“更正”",
        "A registry states this for that day; if it is wrong, use `correct`",
    ),
    "more_than_all": ("部分大于总体", "A part is more than the whole"),
    "dates_out_of_order": ("结束应晚于开始", "The end must lie after the beginning"),
    "amount_negative": ("金额不能为负", "An amount is not negative"),
    "score_out_of_range": ("分数应在0至1200之间", "A score lies between 0 and 1200"),
    "end_status": ("新登记不能是终止状态", "A registration does not begin at its end"),
    "status_by_verb": (
        "登记状态请用注销、撤销、恢复、合并等操作变更",
        "Use deregister, revoke, restore or merge to change this",
    ),
    "successor_itself": ("不能是本组织", "This is the organization itself"),
    "successor_unknown": ("没有这个社会组织", "There is no such organization"),
    "successor_ended": ("该社会组织当日已终止", "This organization had ended by then"),
    "officer_twice": ("同一人同一职务出现两次", "The same person holds the same post twice"),
    "officer_not_in_post": ("此人当日不在该职务上", "This person was not in that post on that day"),
    "search_text_empty": (
        "请至少输入一个文字、字母或数字",
        "Give at least one character, letter or digit",
    ),
    "officer_already_in_post": ("此人当日已在该职务上", "This person is already in that post on that day"),
}


def words(code: str) -> Words:
    """The sentence of a code, in both languages."""
    return WORDS.get(code) or checks.MESSAGES[code]


class OrganizationNotFound(NotFound):
    code = "organization_not_found"
    title = (
        "没有这个社会组织, 或不在您的范围内",
        "There is no such organization, or it is outside your scope",
    )


class SearchTextEmpty(Invalid):
    code = "search_text_empty"
    title = ("检索内容为空", "There is nothing to search for")


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
    code = "exception_second_person_needed"
    title = ("须由申请人以外的人决定", "Another person than the one who asked has to decide")
    constraint = "ck_credit_code_exceptions_second_person"
