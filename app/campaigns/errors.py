"""What campaigns refuse, in words."""

from app.core.errors import Conflict, Invalid, NotFound, Unavailable


class CampaignNotFound(NotFound):
    code = "campaign_not_found"
    title = ("没有这项行动, 或不在您的范围内", "There is no such campaign, or it is outside your scope")


class CampaignTargetNotFound(NotFound):
    code = "campaign_target_not_found"
    title = ("没有这个目标, 或不在您的范围内", "There is no such target, or it is outside your scope")


class CampaignInvalid(Invalid):
    code = "campaign_invalid"
    title = ("行动的内容不符合规定", "A campaign cannot be like this")


class CampaignStep(Conflict):
    code = "campaign_step"
    title = ("行动现在的状态不能办理此项", "This is not the step that follows now")
    constraint = ("ck_campaigns_frozen", "ck_campaign_targets_frozen")


class CampaignWithoutTargets(Conflict):
    code = "campaign_without_targets"
    title = ("名单为空, 请先生成目标", "The list is empty: draw the targets first")


class CampaignHasNoList(Conflict):
    code = "campaign_has_no_list"
    title = ("这类行动没有目标名单", "A campaign of this kind has no targets")


class CampaignNotYet(Conflict):
    code = "campaign_not_yet"
    title = ("还没有到开始的日期", "Its first day has not come")


class TargetNotOpen(Conflict):
    code = "campaign_target_not_open"
    title = ("该目标已销号或已移出", "This target is closed or was removed")


class TargetStillOpen(Conflict):
    code = "campaign_target_still_open"
    title = ("该目标尚未销号", "This target is still open")
    constraint = "uq_campaign_target_states_number"


class CampaignReportMissing(Conflict):
    code = "campaign_report_missing"
    title = ("行动尚未结束, 没有定稿的报告", "The campaign is not over: nothing is frozen yet")


class CampaignRulesMissing(Unavailable):
    code = "campaign_rules_missing"
    title = ("规则包campaigns缺失", "The rule pack `campaigns` is missing")
