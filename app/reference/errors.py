"""What reference data refuses."""

from app.core.errors import Conflict, Forbidden, Invalid, NotFound


class DictionaryNotFound(NotFound):
    code = "dictionary_not_found"


class DictionaryItemNotFound(NotFound):
    code = "dictionary_item_not_found"


class DictionaryClosed(Conflict):
    code = "dictionary_closed"
    title = ("该字典的取值由规则固定, 不能增加", "The values of this dictionary are fixed by rule")


class DictionaryItemTaken(Conflict):
    code = "dictionary_item_taken"
    title = ("该代码已在字典中", "The dictionary has this code already")
    constraint = "pk_dictionary_items"


class CalendarUnfit(Invalid):
    code = "calendar_unfit"
    title = ("日历中有不能成立的行", "Some rows of the calendar cannot stand")


class RulePackNotFound(NotFound):
    code = "rule_pack_not_found"


class RulePackTaken(Conflict):
    code = "rule_pack_taken"
    title = ("该规则包已有此版本", "This pack has this version already")
    constraint = "uq_rule_packs_kind_code_version"


class RulePackPublished(Conflict):
    code = "rule_pack_published"
    title = ("已发布的规则包不再改动", "A published pack never changes")
    detail = ("请另起一个版本。", "Draft another version instead.")


class RulePackOwnDraft(Forbidden):
    code = "rule_pack_own_draft"
    title = ("起草人不能发布自己的规则包", "A pack is published by somebody other than its author")
    constraint = "ck_rule_packs_second_person"


class RulePackUnfit(Invalid):
    code = "rule_pack_unfit"
    title = ("规则包的内容不合规范", "The content of the pack is not well-formed")


class JurisdictionUnknown(Invalid):
    code = "jurisdiction_unknown"
    title = ("没有这个行政区划", "There is no such division")
