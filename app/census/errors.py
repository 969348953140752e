"""What a census refuses, in words."""

from app.core.errors import Conflict, Invalid, NotFound


class CensusRoundNotFound(NotFound):
    code = "census_round_not_found"
    title = ("没有这轮清查, 或不在您的范围内", "There is no such census round, or it is outside your scope")


class CensusInvalid(Invalid):
    code = "census_invalid"
    title = ("清查信息不符合规定", "This is not how a census can be")


class CensusRoundClosed(Conflict):
    code = "census_round_closed"
    title = ("该轮清查已结束", "The round is closed")


class CensusUnfinished(Conflict):
    code = "census_unfinished"
    title = ("还有党员没有清查结论", "Some lines have no verdict yet")
    detail = ("还有{count}名。", "{count} of them.")


class CensusFindKnown(Conflict):
    code = "census_find_known"
    title = ("本轮清查已登记此人", "This person was entered in this round already")
    constraint = ("uq_census_lines_find", "uq_census_lines_next_find")
