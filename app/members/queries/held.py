"""What is held about one person, wherever: every table that leads to them by foreign keys, of any slice.

The tables are found in the metadata, so that a slice that holds something about people is in the copy, and in
the erasure, from its first day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Table, select

from app.core.db import Base
from app.core.work import Work

OWN: Final = frozenset({"member_id", "person_id"})
"""Columns by which a row is about the person; others (who answers, who introduces) only name them in it."""

DEEPEST: Final = 4


@dataclass(slots=True)
class Held:
    """The rows of one table that are about a person, or name them."""

    table: Table
    rows: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    own: set[UUID] = field(default_factory=set)


async def about(work: Work, person_id: UUID) -> list[Held]:
    """Everything of a person, table by table in the order of their names; row-level security holds."""
    persons, members = Base.metadata.tables["persons"], Base.metadata.tables["members"]
    found = {persons.name: Held(persons), members.name: Held(members)}
    await _take(work, found[persons.name], persons.c.id, {person_id}, own=True)
    await _take(work, found[members.name], members.c.person_id, {person_id}, own=True)
    frontier = {persons.name: {person_id}, members.name: set(found[members.name].own)}
    for _ in range(DEEPEST):
        following: dict[str, set[UUID]] = {}
        for name, ids in frontier.items():
            for table, column in _referring(Base.metadata.tables[name]):
                if table.name in {persons.name, members.name} or not ids:
                    continue
                held = found.setdefault(table.name, Held(table))
                own = name not in {persons.name, members.name} or column.name in OWN
                before = set(held.own)
                await _take(work, held, column, ids, own=own)
                if held.own - before:
                    following.setdefault(table.name, set()).update(held.own - before)
        frontier = following
    return [found[name] for name in sorted(found) if found[name].rows]


def _referring(table: Table) -> Iterator[tuple[Table, Column[Any]]]:
    for other in Base.metadata.sorted_tables:
        for constraint in other.constraints:
            if (
                isinstance(constraint, ForeignKeyConstraint)
                and len(constraint.columns) == 1
                and constraint.referred_table is table
            ):
                yield other, next(iter(constraint.columns))


async def _take(work: Work, held: Held, column: Column[Any], ids: set[UUID], *, own: bool) -> None:
    keys = list(held.table.primary_key.columns)
    wanted = [each for each in held.table.columns if not each.name.endswith("_blind")]
    statement = select(*wanted).where(column.in_(sorted(ids)))
    for row in await work.execute(statement):
        values = dict(zip((each.name for each in wanted), row, strict=True))
        held.rows[tuple(values[key.name] for key in keys)] = values
        if own and "id" in values:
            held.own.add(values["id"])
