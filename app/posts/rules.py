"""Posts, terms and elections of Party organizations.

Terms: 中办《关于党的基层组织任期的意见》(2018-07) and 《中国共产党基层组织选举工作条例》(2020) art. 3;
congresses: art. 4; who votes and may be elected: art. 5. Numbers come from the rule pack
`terms_and_elections`, with a source for each and whether its text was seen."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Final
from uuid import UUID

PACK: Final = "terms_and_elections"


class PostRole(StrEnum):
    """Posts of a Party organization. A secretary is as a rule a member of the committee too: two posts."""

    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    DISCIPLINE_SECRETARY = "discipline_secretary"
    MEMBER = "member"


LEADING: Final = frozenset(PostRole) - {PostRole.MEMBER}


class PostBasis(StrEnum):
    """How somebody came to a post: elected, appointed (委派、任命), or recorded from old papers."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    RECORDED = "recorded"


class PostEndReason(StrEnum):
    """Why a post ended; what was recorded in error is taken back and no longer counts."""

    TERM_OVER = "term_over"
    RESIGNED = "resigned"
    TRANSFERRED = "transferred"
    REMOVED = "removed"
    DECEASED = "deceased"
    MEMBERSHIP_ENDED = "membership_ended"
    BODY_DISSOLVED = "body_dissolved"
    BODY_MERGED = "body_merged"
    RECORDED_IN_ERROR = "recorded_in_error"
    OTHER = "other"


class ElectionKind(StrEnum):
    """Who votes: all members (党员大会), a congress of delegates, or the committee itself (its secretary)."""

    ASSEMBLY = "assembly"
    CONGRESS = "congress"
    COMMITTEE = "committee"


class ElectionState(StrEnum):
    """Whether the superior has answered for everybody elected; `void` where the body went first."""

    PENDING = "pending"
    SETTLED = "settled"
    VOID = "void"


class Outcome(StrEnum):
    """What became of somebody who stood."""

    NOT_ELECTED = "not_elected"
    PENDING = "pending"
    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"
    VOID = "void"


class Confirmation(StrEnum):
    """How the superior answers for a post: 备案, or 批准."""

    FILED = "filed"
    APPROVED = "approved"


class ReviewOpinion(StrEnum):
    """The opinion of a nominee review (拟任人选考察)."""

    SUITABLE = "suitable"
    UNSUITABLE = "unsuitable"
    DEFERRED = "deferred"


class CongressGround(StrEnum):
    """Why delegates meet instead of all: many members, or members far apart (art. 4)."""

    SIZE = "size"
    DISPERSED = "dispersed"


HEADED: Final = frozenset(
    {"working_committee", "committee", "general_branch", "branch", "discipline_committee"}
)
"""Kinds of bodies that have posts."""

ELECTED: Final = frozenset({"committee", "general_branch", "branch"})
"""Kinds that hold elections; a working committee is appointed by its superior (派出机关)."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that cannot be as asked: where, which code, and how to mend it in Chinese and English."""

    pointer: str
    code: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TermRule:
    """So many years for bodies of these kinds, at these levels if any are named."""

    years: int
    kinds: frozenset[str]
    levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pack:
    """What a jurisdiction says of terms and elections; the first fitting term holds."""

    id: UUID
    terms: tuple[TermRule, ...]
    shift_months: int
    congress_at_least: int
    turnout: Fraction
    elected_over: Fraction
    differential: Fraction
    confirmations: Mapping[PostRole, Confirmation]
    reviewed: frozenset[PostRole]
    review_months: int
    remind_months: tuple[int, ...]

    def years(self, kind: str, level: str) -> int | None:
        """How long a term of such a body is; None where it has none."""
        for rule in self.terms:
            if kind in rule.kinds and (not rule.levels or level in rule.levels):
                return rule.years
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who stands for a post, by the ledger of members on the day."""

    member_id: UUID
    full: bool
    restricted: bool
    inside: bool
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """The vote for one post: who voted, how many were due and came, the seats, and each candidate's votes."""

    role: PostRole
    kind: ElectionKind
    due: int
    present: int
    seats: int
    votes: tuple[int, ...]


def add_months(day: date, months: int) -> date:
    """The same day some months later; the end of a shorter month stands for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term_end(since: date, years: int) -> date:
    """The first day on which a term is over."""
    return add_months(since, 12 * years)


def wrong_with_body(kind: str, formation: str | None, *, active: bool, elects: bool) -> list[Wrong]:
    """Whether a body has posts, or holds elections: a temporary branch does not (《支部工作条例(试行)》)."""
    if not active:
        return [Wrong("", "dissolved", ("该党组织已撤销", "this body is dissolved"))]
    if elects and formation == "temporary":
        words = ("临时党支部不进行换届选举", "a temporary branch holds no elections")
        return [Wrong("", "temporary_branch", words)]
    if kind not in (ELECTED if elects else HEADED):
        words = ("这类党组织没有任期和选举", "a body of this kind has no terms and elections")
        if not elects:
            words = ("这类党组织不设这些职务", "a body of this kind has no such posts")
        return [Wrong("", "kind_has_none", words)]
    return []


def wrong_with_extension(regular_end: date, ends_on: date, until: date, months: int) -> list[Wrong]:
    """An extension lies after the present end and, in all, at most so many months after the regular one."""
    if until <= ends_on:
        words = (f"须晚于现在的届满日{ends_on.isoformat()}", f"must be later than {ends_on.isoformat()}")
        return [Wrong("/until_on", "too_early", words)]
    latest = add_months(regular_end, months)
    if until > latest:
        words = (
            f"延期换届一般不超过{months}个月, 最迟{latest.isoformat()}",
            f"at most {months} months: {latest.isoformat()} or earlier",
        )
        return [Wrong("/until_on", "too_late", words)]
    return []


def wrong_with_renewal(
    since: date | None, regular_end: date | None, held_on: date, months: int, *, early_approved: bool
) -> list[Wrong]:
    """Before the term is over a re-election needs the superior's approval, and a bound in months."""
    if since is None or regular_end is None:
        return []
    if held_on <= since:
        words = (
            f"须晚于本届开始日{since.isoformat()}",
            f"must be later than the term's first day, {since.isoformat()}",
        )
        return [Wrong("/held_on", "too_early", words)]
    if held_on >= regular_end:
        return []
    earliest = add_months(regular_end, -months)
    if held_on < earliest:
        words = (
            f"提前换届一般不超过{months}个月, 最早{earliest.isoformat()}",
            f"at most {months} months early: {earliest.isoformat()} or later",
        )
        return [Wrong("/held_on", "too_early", words)]
    if not early_approved:
        words = (
            f"任期{regular_end.isoformat()}届满, 提前换届须经上级批准, 请登记批准文件",
            f"the term lasts until {regular_end.isoformat()}: record the superior's approval",
        )
        return [Wrong("/early", "approval_required", words)]
    return []


def wrong_with_turnout(ballot: Ballot, entitled: int | None, pack: Pack, pointer: str) -> list[Wrong]:
    """Who was there: not more than were due, and enough; who was due: full members with all their rights."""
    found = []
    due, present = ballot.due, ballot.present
    if entitled is not None and due > entitled:
        words = (
            f"名册中有选举权的正式党员为{entitled}名, 应到人数多于此; 名册未及更新的请登记 roll_document",
            f"the ledger knows {entitled} with the right to vote: give `roll_document` where it lags",
        )
        found.append(Wrong(f"{pointer}/due", "more_than_entitled", words))
    if present > due:
        words = ("实到人数多于应到人数", "more were present than were due")
        found.append(Wrong(f"{pointer}/present", "more_than_due", words))
    elif present < pack.turnout * due:
        least = ceil(pack.turnout * due)
        words = (
            f"到会人数不足应到人数的{pack.turnout}, 至少{least}人, 选举无效",
            f"at least {pack.turnout} of those due must be present: {least}",
        )
        found.append(Wrong(f"{pointer}/present", "turnout_too_low", words))
    return found


def wrong_with_ballot(ballot: Ballot, pack: Pack, pointer: str) -> list[Wrong]:
    """The votes of one post: bounded by those present, and more candidates than seats where that is asked."""
    found, present = [], ballot.present
    if any(votes > present for votes in ballot.votes) or sum(ballot.votes) > present * ballot.seats:
        words = ("得票数多于到会人数可投的票数", "more votes than those present can give")
        found.append(Wrong(f"{pointer}/candidates", "too_many_votes", words))
    if ballot.role is PostRole.SECRETARY and ballot.seats != 1:
        words = ("书记只有一名", "there is one secretary")
        found.append(Wrong(f"{pointer}/seats", "one_secretary", words))
    if ballot.role is PostRole.MEMBER and ballot.kind is not ElectionKind.COMMITTEE:
        least = ballot.seats + ceil(ballot.seats * pack.differential)
        if len(ballot.votes) < least:
            words = (
                f"委员候选人的差额不少于应选人数的{pack.differential}, 至少{least}名",
                f"candidates exceed the seats by {pack.differential}: at least {least}",
            )
            found.append(Wrong(f"{pointer}/candidates", "too_few_candidates", words))
    return found


def wrong_with_standing(who: Standing | None, role: PostRole, pack: Pack, pointer: str) -> list[Wrong]:
    """Whether somebody may hold a post: a full member with all rights, of this body, reviewed if asked."""
    if who is None:
        words = ("没有这名党员, 或不在您的范围内", "there is no such member in your scope")
        return [Wrong(f"{pointer}/member_id", "no_such_member", words)]
    found = []
    if not who.full:
        words = (
            "当日不是正式党员, 没有被选举权(选举工作条例第5条)",
            "was no full member that day and cannot be elected (art. 5)",
        )
        found.append(Wrong(f"{pointer}/member_id", "not_a_full_member", words))
    if who.restricted:
        words = (
            "当日党员权利受限, 没有被选举权(选举工作条例第5条)",
            "had restricted rights that day and cannot be elected (art. 5)",
        )
        found.append(Wrong(f"{pointer}/member_id", "rights_restricted", words))
    if not who.inside:
        words = ("当日不属于该党组织及其下级", "did not belong to this body or one below it that day")
        found.append(Wrong(f"{pointer}/member_id", "not_of_this_body", words))
    if role in pack.reviewed and not who.reviewed:
        words = (
            f"须先有{pack.review_months}个月内、意见为合适的拟任人选考察",
            f"needs a nominee review of the last {pack.review_months} months with the opinion `suitable`",
        )
        found.append(Wrong(f"{pointer}/review", "review_required", words))
    return found


def elected(ballot: Ballot, over: Fraction) -> frozenset[int]:
    """Which candidates are elected, by their place: more than half of those present, the most votes first;
    equals at the last seat are voted on again, so none of them is."""
    enough = [n for n, votes in enumerate(ballot.votes) if votes > over * ballot.present]
    if len(enough) <= ballot.seats:
        return frozenset(enough)
    ranked = sorted((ballot.votes[n] for n in enough), reverse=True)
    last, first_out = ranked[ballot.seats - 1], ranked[ballot.seats]
    bar = last + 1 if last == first_out else last
    return frozenset(n for n in enough if ballot.votes[n] >= bar)


def ends_with_renewal(role: PostRole, voted: Iterable[PostRole]) -> bool:
    """Whether a post of the term before ends when a re-election is settled: one that was on the ballot, or
    a plain member; a secretary leads on until the new committee has elected one."""
    return role in set(voted) or role not in LEADING
