"""Cases: everything that the resolver asks for, loaded for many organizations by four statements in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.core.work import Work
from app.responsibility import rules
from app.responsibility.queries.packs import packs_above, roles_of
from app.responsibility.queries.tables import (
    authorities,
    authority_roles,
    covers,
    division_closure,
    divisions,
    functions,
    organization_periods,
    organizations,
    party_organization_closure,
    party_organizations,
)
from app.responsibility.rules import Body, LocalBody, OrganizationFacts, Post, RulePack, World
from app.responsibility.schemas import ResponsibilityPreview

LOCAL_FUNCTION = "local_committee"
LOCAL_BODY = "local_body"
LOCAL_LEVELS = ("township", "community")
ENDED = frozenset({"deregistered", "revoked", "license_revoked", "merged", "split"})


@dataclass(frozen=True, slots=True)
class Case:
    """One organization (none in a preview) as the resolver sees it today."""

    id: UUID | None
    division_code: str
    ended_on: date | None
    facts: OrganizationFacts
    world: World
    pack: RulePack


async def cases(work: Work, organization_ids: Sequence[UUID], *, lock: bool = True) -> list[Case]:
    """The cases of these organizations, in the order of their ids; their rows stay locked until the
    commit."""
    o = organizations
    statement = _facts(o, work.today).where(o.c.id == func.any(list(organization_ids))).order_by(o.c.id)
    if lock:
        statement = statement.with_for_update(key_share=True, of=o)
    return await _cases(work, (await work.execute(statement)).mappings().all())


async def preview(work: Work, given: ResponsibilityPreview) -> Case | None:
    """The case of facts that are only given; None for an unknown division."""
    o: FromClause = select(
        literal(None, organizations.c.id.type).label("id"),
        *(
            literal(getattr(given, name), organizations.c[name].type).label(name)
            for name in (
                "kind",
                "registration_mode",
                "division_code",
                "domicile_division_code",
                "registration_authority_id",
                "supervisory_unit_id",
                "industry_authority_id",
                "industry",
                "decoupled",
                "is_trade_association",
            )
        ),
        literal("normal", Text()).label("registration_status"),
        cast(null(), Date()).label("ended_on"),
        literal(given.former_supervisory_unit_id, organizations.c.supervisory_unit_id.type).label("former"),
    ).subquery("o")
    found = await _cases(work, (await work.execute(_facts(o, work.today))).mappings().all())
    return found[0] if found else None


def _facts(o: Any, today: date) -> Select[Any]:
    """The facts of organizations, with the Party bodies of their authorities."""
    former = o.c.former if "former" in o.c else _former_supervisory_unit(o, today)
    return select(
        o.c.id,
        o.c.kind,
        o.c.registration_mode,
        o.c.registration_status,
        func.coalesce(o.c.ended_on, literal(today, Date())).label("ended_on"),
        o.c.industry,
        o.c.decoupled,
        o.c.is_trade_association,
        o.c.division_code,
        o.c.domicile_division_code,
        o.c.supervisory_unit_id,
        divisions.c.level.label("registration_level"),
        _body_of(o.c.supervisory_unit_id).label("supervisory_unit"),
        _body_of(former).label("former_supervisory_unit"),
        _body_of(o.c.registration_authority_id).label("registration_authority"),
        _body_of(o.c.industry_authority_id).label("industry_authority"),
        _affiliated(o, today).label("affiliated"),
        exists(select(1).where(*_covered(o, today))).label("covered"),
    ).select_from(o.join(divisions, divisions.c.code == o.c.division_code))


def _body_json(p: Any) -> ColumnElement[Any]:
    return func.json_build_object(
        "id", p.c.id, "name", p.c.name, "division_code", p.c.division_code, type_=JSON()
    )


def _body_of(authority_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The Party body of an authority, while both stand."""
    a, p = authorities.alias(), party_organizations.alias()
    return (
        select(_body_json(p))
        .where(
            a.c.id == authority_id,
            a.c.status == "active",
            p.c.id == a.c.party_organization_id,
            p.c.status == "active",
        )
        .scalar_subquery()
    )


def _former_supervisory_unit(o: Any, today: date) -> ColumnElement[Any]:
    """The last supervisory unit that it no longer has (4-3: 原业务主管部门)."""
    t = organization_periods.alias()
    return (
        select(t.c.supervisory_unit_id)
        .where(
            t.c.organization_id == o.c.id,
            func.upper_inf(t.c.recorded),
            t.c.supervisory_unit_id.is_distinct_from(o.c.supervisory_unit_id),
            t.c.supervisory_unit_id.is_not(None),
            func.lower(t.c.valid) <= today,
        )
        .order_by(func.lower(t.c.valid).desc())
        .limit(1)
        .correlate(o)
        .scalar_subquery()
    )


def _covered(o: Any, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        covers.c.organization_id == o.c.id,
        func.upper_inf(covers.c.recorded),
        covers.c.valid.op("@>")(literal(today, Date())),
    )


def _affiliated(o: Any, today: date) -> ColumnElement[Any]:
    """The nearest local Party organization above (or itself) the one that covers it."""
    x, p = party_organization_closure.alias(), party_organizations.alias()
    marked = exists(
        select(1).where(
            functions.c.party_organization_id == p.c.id,
            functions.c.function == LOCAL_FUNCTION,
            functions.c.valid.op("@>")(literal(today, Date())),
        )
    )
    return (
        select(_body_json(p))
        .select_from(covers)
        .join(x, x.c.descendant_id == covers.c.party_organization_id)
        .join(p, p.c.id == x.c.ancestor_id)
        .where(
            *_covered(o, today),
            x.c.valid.op("@>")(literal(today, Date())),
            p.c.status == "active",
            p.c.level.in_(LOCAL_LEVELS),
            or_(marked, (x.c.depth > 0) & p.c.kind.in_(("working_committee", "committee"))),
        )
        .order_by(x.c.depth, p.c.id)
        .limit(1)
        .scalar_subquery()
    )


async def _cases(work: Work, rows: Sequence[Mapping[Any, Any]]) -> list[Case]:
    if not rows:
        return []
    codes = sorted(
        {code for row in rows for code in (row["division_code"], row["domicile_division_code"]) if code}
    )
    packs = await packs_above(work, codes)
    roles = {role for pack in packs.values() for rule in pack.rules for role in roles_of(rule)}
    around = _Around(packs, await _places(work, codes, sorted(roles)))
    return [_case(row, around) for row in rows]


@dataclass(frozen=True, slots=True)
class _Place:
    """A division on the way up, and the bodies that stand there."""

    code: str
    level: str
    posts: tuple[Post, ...]
    locals: tuple[tuple[Body, int], ...]


async def _places(work: Work, codes: Sequence[str], roles: Sequence[str]) -> dict[str, list[_Place]]:
    """For each division its way up to the nation, with every candidate body on it."""
    x, d = division_closure, divisions
    candidates = _candidates(work.today, x.c.ancestor_code, d.c.level, roles).lateral("c")
    rows = await work.execute(
        select(
            x.c.descendant_code,
            x.c.ancestor_code,
            x.c.depth,
            d.c.level,
            candidates.c.role,
            candidates.c.industry,
            candidates.c.since,
            candidates.c.id,
            candidates.c.name,
        )
        .select_from(
            x.join(d, d.c.code == x.c.ancestor_code).join(candidates, literal(value=True), isouter=True)
        )
        .where(x.c.descendant_code == func.any(list(codes)), x.c.valid.op("@>")(literal(work.today, Date())))
        .order_by(x.c.descendant_code, x.c.depth)
    )
    ways: dict[str, dict[str, tuple[str, list[Any]]]] = {}
    for row in rows:
        way = ways.setdefault(row.descendant_code, {})
        way.setdefault(row.ancestor_code, (row.level, []))[1].append(row)
    return {
        code: [
            _place(place, level, found, distance)
            for distance, (place, (level, found)) in enumerate(way.items())
        ]
        for code, way in ways.items()
    }


def _candidates(
    today: date, code: ColumnElement[Any], level: ColumnElement[Any], roles: Sequence[str]
) -> Any:
    """Who could answer at a division: functions of bodies, roles of authorities, and its local committees."""
    p, a, r, f = party_organizations, authorities, authority_roles, functions
    day = literal(today, Date())
    by_function = (
        select(
            f.c.function.label("role"), f.c.industry, func.lower(f.c.valid).label("since"), p.c.id, p.c.name
        )
        .join(p, p.c.id == f.c.party_organization_id)
        .where(
            f.c.division_code == code,
            f.c.function == func.any([*roles, LOCAL_FUNCTION]),
            f.c.valid.op("@>")(day),
            p.c.status == "active",
        )
    )
    by_role = (
        select(r.c.role, r.c.industry, func.lower(r.c.valid), p.c.id, p.c.name)
        .join(a, a.c.id == r.c.authority_id)
        .join(p, p.c.id == a.c.party_organization_id)
        .where(
            a.c.division_code == code,
            a.c.status == "active",
            r.c.role == func.any(list(roles)),
            r.c.valid.op("@>")(day),
            p.c.status == "active",
        )
    )
    local = select(literal(LOCAL_BODY), null(), p.c.founded_on, p.c.id, p.c.name).where(
        p.c.division_code == code,
        level.in_(LOCAL_LEVELS),
        p.c.level == level,
        p.c.kind.in_(("working_committee", "committee")),
        p.c.status == "active",
        ~exists(
            select(1).where(
                covers.c.party_organization_id == p.c.id,
                func.upper_inf(covers.c.recorded),
                covers.c.valid.op("@>")(day),
            )
        ),
    )
    return union_all(by_function, by_role, local)


def _place(code: str, level: str, rows: Sequence[Any], distance: int) -> _Place:
    posts: list[Post] = []
    here: dict[UUID, tuple[Body, int]] = {}
    for row in rows:
        if row.id is None:
            continue
        body = Body(row.id, row.name, code)
        if row.role not in (LOCAL_FUNCTION, LOCAL_BODY):
            posts.append(Post(row.role, row.industry, body, distance, row.since))
        elif level in LOCAL_LEVELS:
            rank = 2 if row.role == LOCAL_FUNCTION else 1
            here[row.id] = (body, max(rank, here.get(row.id, (body, 0))[1]))
    return _Place(code, level, tuple(posts), tuple(here.values()))


@dataclass(slots=True)
class _Around:
    """What stands around organizations: those that see the same share one world and one pack."""

    packs: Mapping[str | None, RulePack]
    places: Mapping[str, list[_Place]]
    _worlds: dict[tuple[Any, ...], World] = field(default_factory=dict)
    _overlaid: dict[str, RulePack] = field(default_factory=dict)

    def world(self, row: Mapping[Any, Any]) -> World:
        """Every body that could answer for an organization."""
        seen = (
            row["division_code"],
            row["domicile_division_code"],
            row["covered"],
            *(None if row[name] is None else row[name]["id"] for name in _BODIES),
        )
        world = self._worlds.get(seen)
        if world is None:
            world = self._worlds[seen] = self._world(row)
        return world

    def _world(self, row: Mapping[Any, Any]) -> World:
        way = self.places.get(row["division_code"], [])
        domicile = self.places.get(row["domicile_division_code"], [])
        return World(
            divisions=tuple(place.code for place in way),
            covered=row["covered"],
            posts=tuple(post for place in way for post in place.posts),
            locals=tuple(
                LocalBody(body, place.level, rank, at_domicile)
                for at_domicile, path in ((True, domicile), (False, way))
                for place in path
                for body, rank in place.locals
            ),
            **{name: _body(row[name]) for name in _BODIES},
        )

    def pack(self, division_code: str) -> RulePack:
        """The rules of the nation and of every jurisdiction above a division."""
        pack = self._overlaid.get(division_code)
        if pack is None:
            way = self.places.get(division_code, [])
            overlays = [self.packs[place.code] for place in reversed(way) if place.code in self.packs]
            pack = rules.overlay(self.packs.get(None, RulePack(())), *overlays)
            self._overlaid[division_code] = pack
        return pack


_BODIES = (
    "supervisory_unit",
    "former_supervisory_unit",
    "registration_authority",
    "industry_authority",
    "affiliated",
)


def _case(row: Mapping[Any, Any], around: _Around) -> Case:
    facts = OrganizationFacts(
        row["kind"],
        row["registration_mode"],
        row["registration_level"],
        row["industry"],
        row["decoupled"],
        row["is_trade_association"],
        row["supervisory_unit_id"] is not None,
    )
    ended = row["ended_on"] if row["registration_status"] in ENDED else None
    pack = around.pack(row["division_code"])
    return Case(row["id"], row["division_code"], ended, facts, around.world(row), pack)


def _body(found: Mapping[str, str] | None) -> Body | None:
    return None if found is None else Body(UUID(found["id"]), found["name"], found["division_code"])
