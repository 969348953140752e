"""What cells name, looked up for a whole batch: authorities, divisions, industries, organizations."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, column, func, or_, select, table
from sqlalchemy.dialects.postgresql import DATERANGE

from app.core import access
from app.core.access import Permission, Scope
from app.core.work import Work

_C = Text(collation="C")
authorities = table(
    "authorities",
    column("id", Uuid()),
    column("name", Text()),
    column("division_code", _C),
    column("status", _C),
)
divisions = table(
    "divisions", column("code", _C), column("name", Text()), column("level", _C), column("valid", DATERANGE)
)
dictionary_items = table(
    "dictionary_items",
    column("dictionary_code", _C),
    column("code", _C),
    column("label_zh", Text()),
    column("label_en", Text()),
    column("position"),
    column("deprecated"),
)
organizations = table(
    "organizations",
    column("id", Uuid()),
    column("name", _C),
    column("credit_code", _C),
    column("division_code", _C),
    column("registration_status", _C),
)


@dataclass(slots=True)
class Names:
    """What the names in a batch mean: each name with the candidates."""

    authorities: dict[str, list[tuple[UUID, str]]] = field(default_factory=dict)
    divisions: dict[str, list[str]] = field(default_factory=dict)
    industries: dict[str, str] = field(default_factory=dict)


async def named(
    work: Work, division_code: str, authority_names: Collection[str], division_names: Collection[str]
) -> Names:
    """The authorities and divisions that bear these names in a division, below it, or above it."""
    found = Names(industries=await industries(work))
    if authority_names:
        a = authorities.c
        rows: Any = await work.execute(
            select(a.name, a.id, a.division_code).where(
                a.name.in_(list(authority_names)), a.status == "active", _near(a.division_code, division_code)
            )
        )
        kept: defaultdict[str, list[tuple[UUID, str]]] = defaultdict(list)
        for name, authority_id, code in rows.all():
            kept[name].append((authority_id, code))
        found.authorities = dict(kept)
    if division_names:
        d = divisions.c
        rows = await work.execute(
            select(d.name, d.code).where(
                d.name.in_(list(division_names)),
                d.valid.op("@>")(access.today_sql()),
                access.within_divisions(d.code, [division_code]),
            )
        )
        by_name: defaultdict[str, list[str]] = defaultdict(list)
        for name, code in rows.all():
            by_name[name].append(code)
        found.divisions = dict(by_name)
    return found


def _near(code: Any, division_code: str) -> Any:
    """In a division, below it, or above it: what organizations of the division name as theirs."""
    c = access.division_closure.c
    above = select(c.ancestor_code).where(
        c.descendant_code == division_code, c.valid.op("@>")(access.today_sql())
    )
    return or_(access.within_divisions(code, [division_code]), code.in_(above))


async def industries(work: Work) -> dict[str, str]:
    """The codes of industries, by code and by label."""
    i = dictionary_items.c
    rows: Any = await work.execute(
        select(i.code, i.label_zh, i.label_en)
        .where(i.dictionary_code == "industry", ~i.deprecated)
        .order_by(i.position)
    )
    return {word: code for code, zh, en in rows.all() for word in (code, zh, en)}


async def covered(work: Work, scope: Scope, division_code: str) -> bool:
    """Whether a division exists and lies in a scope."""
    d = divisions.c
    inside = [] if scope.national else [access.within_divisions(d.code, scope.divisions)]
    return await work.scalar(select(d.code).where(d.code == division_code, *inside)) is not None


async def authority_name(work: Work, authority_id: UUID, division_code: str) -> str | None:
    """The name of an authority of a division, below it, or above it."""
    a = authorities.c
    name: str | None = await work.scalar(
        select(a.name).where(a.id == authority_id, _near(a.division_code, division_code))
    )
    return name


async def here(work: Work, credit_codes: Collection[str]) -> dict[str, UUID]:
    """The organizations that have these credit codes, whatever the scope: who may is asked later."""
    o = organizations.c
    rows: Any = await work.execute(select(o.credit_code, o.id).where(o.credit_code.in_(list(credit_codes))))
    return dict(rows.all())


async def same_names(
    work: Work, names: Collection[str], division_code: str
) -> Mapping[tuple[str, str], UUID]:
    """Organizations of these names in a division's subtree, by name and division of registration."""
    o = organizations.c
    rows: Any = await work.execute(
        select(o.name, o.division_code, o.id).where(
            o.name.in_(list(names)), access.within_divisions(o.division_code, [division_code])
        )
    )
    return {(name, code): organization_id for name, code, organization_id in rows.all()}


async def choices(work: Work) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What the template's drop-downs offer a caller: divisions (code and name), authorities, industries."""
    scope = work.actor.scope(Permission.ORGANIZATION_RECORD)
    d, a = divisions.c, authorities.c
    places = select(func.concat(d.code, " ", d.name)).where(
        d.valid.op("@>")(access.today_sql()),
        d.level.in_(("province", "prefecture", "county")),
        *([] if scope.national else [access.within_divisions(d.code, scope.divisions)]),
    )
    offices = select(a.name).where(
        a.status == "active",
        *([] if scope.national else [or_(*(_near(a.division_code, code) for code in scope.divisions))]),
    )
    i = dictionary_items.c
    trades = select(i.label_zh).where(i.dictionary_code == "industry", ~i.deprecated).order_by(i.position)
    return (
        list(await work.scalars(places.order_by(d.code).limit(5_000))),
        list(await work.scalars(offices.order_by(a.division_code, a.name).limit(2_000))),
        list(await work.scalars(trades)),
    )
