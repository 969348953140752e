"""The figures that a standard asks for, of an organization or a Party organization, as of a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Text, func, or_, select, true

from app.core import access, reads
from app.core.access import Permission
from app.core.work import Work
from app.scoring import errors, formats, rules
from app.scoring.queries import standards
from app.scoring.queries import tables as t
from app.scoring.queries.sources import FIGURES, Asked
from app.scoring.rules import Computed, Standard, Subject
from app.scoring.schemas import FigureQuery, FigureRead, StandardFigures

_READ = Permission.MEMBER_READ


async def computed(
    work: Work, standard: Standard, kind: Subject, subject_id: UUID, as_of: date
) -> dict[str, Computed]:
    """Every figure that a standard asks for, by its source, each with the list behind it.

    What is recorded now, as it was on the day. Rows of people count as far as the transaction was admitted
    to them; a transaction that was admitted to nothing gets None for those figures."""
    wanted = [name for name in standard.sources if name in FIGURES]
    if not wanted:
        return {}
    asked = await _asked(work, kind, subject_id, as_of)
    settings = ("jiceng.nation", "jiceng.divisions", "jiceng.bodies")
    admitted = func.concat(*(func.current_setting(name, True, type_=Text) for name in settings))
    lists = [reads.array_of(FIGURES[name].rows(asked)).label(name) for name in wanted]
    row = (await work.execute(select(admitted.label("_admitted"), *lists))).mappings().one()
    return {
        name: Computed(None)
        if FIGURES[name].people and not row["_admitted"]
        else Computed(FIGURES[name].value(row[name]), tuple(row[name]))
        for name in wanted
    }


async def _asked(work: Work, kind: Subject, subject_id: UUID, on: date) -> Asked:
    """The subject with what covers it, or what it covers, on the day."""
    c = t.covers.c
    known = (c.valid.op("@>")(on), func.upper_inf(c.recorded))
    if kind is Subject.ORGANIZATION:
        bodies = select(c.party_organization_id).where(c.organization_id == subject_id, *known)
        return Asked([subject_id], sorted(await work.scalars(bodies)), on)
    covered = select(c.organization_id).where(c.party_organization_id == subject_id, *known)
    return Asked(sorted(await work.scalars(covered)), [subject_id], on)


async def figures(work: Work, version_id: UUID, asked: FigureQuery) -> Response:
    """The figures of a standard for somebody in the caller's scope. Raises `SubjectUnknown`."""
    standard = formats.standard_of((await standards.get(work, version_id)).content)
    on = asked.as_of or work.today
    subject = asked.organization_id or asked.party_organization_id
    if asked.organization_id is not None:
        kind = Subject.ORGANIZATION
        found = select(t.organizations.c.id).where(t.organizations.c.id == subject, _organizations(work))
    else:
        kind = Subject.PARTY_ORGANIZATION
        b = t.party_organizations.c
        inside = access.reach(work.actor.scope(_READ), b.division_code, b.id, row_id=b.id)
        found = select(b.id).where(b.id == subject, inside)
    if subject is None or await work.scalar(found) is None:
        raise errors.SubjectUnknown
    given = await computed(work, standard, kind, subject, on)
    answer = StandardFigures(as_of=on, figures=list(_shown(standard, given)))
    return await reads.derived(work, answer)


def _organizations(work: Work) -> ColumnElement[bool]:
    """Organizations of the caller's divisions, or covered by the caller's bodies."""
    scope, o, c = work.actor.scope(_READ), t.organizations.c, t.covers.c
    if scope.national:
        return true()
    by_body = select(c.organization_id).where(
        access.within_bodies(c.party_organization_id, scope.bodies), func.upper_inf(c.recorded)
    )
    return or_(
        access.within_divisions(o.division_code, scope.divisions),
        access.within_divisions(o.domicile_division_code, scope.divisions),
        o.id.in_(by_body),
    )


def _shown(standard: Standard, given: Mapping[str, Computed]) -> Iterable[FigureRead]:
    for name, figure in given.items():
        source = rules.SOURCES[name]
        yield FigureRead(
            source=name,
            label=source.words[0],
            unit=source.unit,
            value=None if figure.value is None else rules.number(figure.value),
            indicators=[line.code for line in standard.indicators if line.source == name],
            items=[dict(item) for item in figure.items],
        )
