"""The resolver: facts, the bodies that could answer, and the rules in; who answers and why out. It reads
nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.responsibility.rules.vocabulary import (
    BY_ROLE,
    FACTS,
    TARGETS,
    VALUES,
    AnyOf,
    Condition,
    Fact,
    LocalRelation,
    Rule,
    RulePack,
    Target,
    TargetKind,
    Words,
)


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What the rules look at. `registration_level` is the level of the registering division."""

    kind: str
    registration_mode: str
    registration_level: str
    industry: str | None = None
    decoupled: bool = False
    is_trade_association: bool = False
    has_supervisory_unit: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A Party organization that stands today."""

    id: UUID
    name: str
    division_code: str


@dataclass(frozen=True, slots=True)
class Post:
    """A dated role of an authority whose Party body could answer; `distance` counts steps up from the
    registering division."""

    role: str
    industry: str | None
    body: Body
    distance: int
    since: date


@dataclass(frozen=True, slots=True)
class LocalBody:
    """A Party organization of a township or community; `rank` tells its committee from the branches beside
    it."""

    body: Body
    level: str
    rank: int
    at_domicile: bool


@dataclass(frozen=True, slots=True)
class World:
    """Every body that could answer for one organization, already loaded. `divisions` lead from the
    registering division up to the nation."""

    divisions: tuple[str, ...] = ()
    supervisory_unit: Body | None = None
    former_supervisory_unit: Body | None = None
    registration_authority: Body | None = None
    industry_authority: Body | None = None
    affiliated: Body | None = None
    covered: bool = False
    posts: tuple[Post, ...] = ()
    locals: tuple[LocalBody, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A rule that did not apply: why, in a code and in words, and the facts that were looked at."""

    rule: str
    title: Words
    code: str
    reason: Words
    facts: Mapping[str, str | bool | None]
    looked_for: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A body and the target that led to it."""

    body: Body
    target: TargetKind


@dataclass(frozen=True, slots=True)
class Determination:
    """The answer. Without a lead it is a finding, with every rule among the tried ones."""

    lead: Assignment | None
    joint: tuple[Assignment, ...]
    guidance: tuple[Assignment, ...]
    rule: Rule | None
    tried: tuple[Attempt, ...]
    facts: Mapping[str, str | bool | None]


def resolve(facts: OrganizationFacts, world: World, pack: RulePack) -> Determination:
    """The first rule whose conditions hold and whose lead stands; every rule before it, with why it did not
    apply."""
    known = looked_at(facts, world)
    tried: list[Attempt] = []
    for rule in pack.rules:
        unmet = [condition for condition in rule.when if not _holds(condition, known)]
        if unmet:
            tried.append(_unmet(rule, unmet, known))
            continue
        lead = next((found for target in rule.lead if (found := _find(target, facts, world))), None)
        if lead is None:
            tried.append(_no_body(rule, facts, world, known))
            continue
        joint = _others(rule.joint, facts, world, {lead.body.id})
        taken = {lead.body.id, *(each.body.id for each in joint)}
        guidance = _others(rule.guidance, facts, world, taken)
        return Determination(lead, joint, guidance, rule, tuple(tried), known)
    return Determination(None, (), (), None, tuple(tried), known)


def looked_at(facts: OrganizationFacts, world: World) -> dict[str, str | bool | None]:
    """Every fact that a condition may name, with its value."""
    return {
        Fact.KIND.value: facts.kind,
        Fact.REGISTRATION_MODE.value: facts.registration_mode,
        Fact.REGISTRATION_LEVEL.value: facts.registration_level,
        Fact.INDUSTRY.value: facts.industry,
        Fact.LOCAL_RELATION.value: _local_relation(world).value,
        Fact.DECOUPLED.value: facts.decoupled,
        Fact.IS_TRADE_ASSOCIATION.value: facts.is_trade_association,
        Fact.HAS_INDUSTRY.value: facts.industry is not None,
        Fact.HAS_SUPERVISORY_UNIT.value: facts.has_supervisory_unit,
    }


def _local_relation(world: World) -> LocalRelation:
    if world.affiliated is not None:
        return LocalRelation.AFFILIATED
    domicile = [local for local in world.locals if local.at_domicile]
    if not world.covered and any(_only(domicile, level) for level in ("community", "township")):
        return LocalRelation.DOMICILED
    return LocalRelation.NONE


def _holds(condition: Condition | AnyOf, known: Mapping[str, Any]) -> bool:
    if isinstance(condition, AnyOf):
        return any(_holds(each, known) for each in condition.conditions)
    return known[condition.fact] in condition.values


def _find(target: Target, facts: OrganizationFacts, world: World) -> Assignment | None:
    body = _body(target, facts, world)
    return None if body is None else Assignment(body, target.kind)


def _body(target: Target, facts: OrganizationFacts, world: World) -> Body | None:
    if target.kind in BY_ROLE:
        return _holder(target, facts, world)
    if target.kind is TargetKind.LOCAL_PARTY_ORGANIZATION:
        return _local(target, world)
    return {
        TargetKind.SUPERVISORY_UNIT_BODY: world.supervisory_unit,
        TargetKind.FORMER_SUPERVISORY_UNIT_BODY: world.former_supervisory_unit,
        TargetKind.REGISTRATION_AUTHORITY_BODY: world.registration_authority,
        TargetKind.INDUSTRY_AUTHORITY_BODY: world.industry_authority,
        TargetKind.AFFILIATED_LOCAL_BODY: world.affiliated,
    }[target.kind]


def _holder(target: Target, facts: OrganizationFacts, world: World) -> Body | None:
    """The nearest division first, then the roles in the order of the data, then who has held it longest."""
    by_industry = target.kind is TargetKind.INDUSTRY_COMMITTEE
    posts = [
        post
        for post in world.posts
        if post.role in target.roles
        and (target.climb or post.distance == 0)
        and (post.industry == facts.industry if by_industry else True)
        and not (by_industry and facts.industry is None)
    ]
    best = min(
        posts, key=lambda p: (p.distance, target.roles.index(p.role), p.since, p.body.id.int), default=None
    )
    return best.body if best else None


def _local(target: Target, world: World) -> Body | None:
    """The one local body of the first level that has one: at the domicile, else at the place of
    registration."""
    for at_domicile in (True, False):
        candidates = [local for local in world.locals if local.at_domicile is at_domicile]
        for level in target.levels:
            if (only := _only(candidates, level)) is not None:
                return only.body
    return None


def _only(candidates: Iterable[LocalBody], level: str) -> LocalBody | None:
    """The body of the highest rank at a level; two of the same rank are no clear answer."""
    here = sorted((c for c in candidates if c.level == level), key=lambda c: c.rank, reverse=True)
    if not here or (len(here) > 1 and here[1].rank == here[0].rank):
        return None
    return here[0]


def _others(
    targets: Sequence[Target], facts: OrganizationFacts, world: World, taken: set[UUID]
) -> tuple[Assignment, ...]:
    found: dict[UUID, Assignment] = {}
    for target in targets:
        each = _find(target, facts, world)
        if each is not None and each.body.id not in taken:
            found.setdefault(each.body.id, each)
    return tuple(found.values())


def _unmet(rule: Rule, unmet: Sequence[Condition | AnyOf], known: Mapping[str, Any]) -> Attempt:
    zh, en = zip(*(_why(condition, known) for condition in unmet), strict=True)
    looked = {c.fact.value: known[c.fact] for condition in unmet for c in _plain(condition)}
    return Attempt(rule.code, rule.title, "condition_not_met", ("; ".join(zh), "; ".join(en)), looked)


def _plain(condition: Condition | AnyOf) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, AnyOf) else (condition,)


def _why(condition: Condition | AnyOf, known: Mapping[str, Any]) -> Words:
    parts = []
    for each in _plain(condition):
        zh, en = FACTS[each.fact]
        actual, wanted = known[each.fact], each.values
        parts.append(
            (
                f"{zh}为{_say(actual)[0]}, 本条要求{'或'.join(_say(v)[0] for v in wanted)}",
                f"{en} is {_say(actual)[1]}, the rule asks for {' or '.join(_say(v)[1] for v in wanted)}",
            )
        )
    return " 且 ".join(p[0] for p in parts), " and ".join(p[1] for p in parts)


def _say(value: str | bool | None) -> Words:
    if value is None:
        return "空", "empty"
    if isinstance(value, bool):
        return ("是", "true") if value else ("否", "false")
    return VALUES.get(value, value), value


def _no_body(rule: Rule, facts: OrganizationFacts, world: World, known: Mapping[str, Any]) -> Attempt:
    """The conditions held, but none of the bodies that the rule names stands today."""
    looked = {c.fact.value: known[c.fact] for condition in rule.when for c in _plain(condition)}
    if any(target.kind is TargetKind.INDUSTRY_COMMITTEE for target in rule.lead):
        looked[Fact.INDUSTRY.value] = facts.industry
    climbed = any(target.climb for target in rule.lead)
    return Attempt(
        rule.code,
        rule.title,
        "no_body",
        (
            f"符合本条, 但没有可承担的党组织: 查过{'、'.join(TARGETS[t.kind][0] for t in rule.lead)}",
            f"the rule fits, but no such body stands: {'; '.join(TARGETS[t.kind][1] for t in rule.lead)}",
        ),
        looked,
        tuple(target.kind.value for target in rule.lead),
        world.divisions if climbed else world.divisions[:1],
    )
