"""The organizations behind a figure, one keyset page at a time."""

from typing import Any

from fastapi import Response
from sqlalchemy import Select, and_, func, not_, or_, select

from app.core import reads
from app.core.work import Work
from app.coverage.queries.answers import lens_on
from app.coverage.queries.lens import Lens
from app.coverage.queries.question import ask
from app.coverage.queries.tables import divisions, no_reasons
from app.coverage.queries.truth import Truth
from app.coverage.rules import WITHOUT_MEMBERS
from app.coverage.schemas import (
    BlankSpotFilters,
    CoverageFilters,
    CoverageOrganizationRead,
    CoverageOrganizationsFilters,
)


async def organizations_of(work: Work, filters: CoverageOrganizationsFilters) -> Response:
    """Exactly the organizations of a rate's numerator, denominator or gap."""
    lens = lens_on(work, await ask(work, filters))
    truth = Truth.through(lens)
    conditions = [truth.part(filters.rate, filters.part), *_excepted(truth, filters.excepted)]
    return await _page(work, lens, filters, conditions)


async def blank_spots(work: Work, filters: BlankSpotFilters) -> Response:
    """Exactly the organizations that nothing covers, with the reason if one is on record."""
    lens = lens_on(work, await ask(work, filters))
    truth = Truth.through(lens)
    conditions = [not_(truth.work_covered()), *_excepted(truth, filters.excepted)]
    return await _page(work, lens, filters, conditions)


async def listed(
    work: Work, filters: CoverageOrganizationsFilters | BlankSpotFilters | CoverageFilters
) -> Select[Any]:
    """The whole of such a list, to be drawn from by one statement: each organization with its division, who
    leads it, and which of the four facts are on record. With plain filters everybody who counts."""
    lens = lens_on(work, await ask(work, filters))
    truth = Truth.through(lens)
    conditions = [lens.population()]
    if isinstance(filters, CoverageOrganizationsFilters):
        conditions.append(truth.part(filters.rate, filters.part))
    elif isinstance(filters, BlankSpotFilters):
        conditions.append(not_(truth.work_covered()))
    p = lens.period.c
    return (
        select(
            p.organization_id,
            p.division_code,
            lens.leader.c.id.label("responsible_id"),
            lens.identified().label("organization"),
            or_(p.kind.in_(WITHOUT_MEMBERS), lens.number("member_count").is_not(None)).label("members"),
            or_(lens.covered(), lens.reasoned()).label("party_organizations"),
            lens.number("party_member_count").is_not(None).label("party_members"),
        )
        .select_from(lens.source(with_lead=True, with_organization=True))
        .where(*conditions)
    )


def _excepted(truth: Truth, wanted: bool | None) -> list[Any]:
    if wanted is None:
        return []
    return [truth.excepted() if wanted else not_(truth.excepted())]


async def _page(
    work: Work, lens: Lens, filters: CoverageOrganizationsFilters | BlankSpotFilters, conditions: list[Any]
) -> Response:
    p = lens.period.c
    return await reads.page(
        work,
        _rows(lens).where(*conditions),
        shape=CoverageOrganizationRead,
        filters=filters,
        sort=(p.division_code, p.organization_id),
    )


def _rows(lens: Lens) -> Select[Any]:
    p, leader = lens.period, lens.leader.c
    o, n = lens.organization, no_reasons.alias("why")
    here, home = divisions.alias("here"), divisions.alias("home")
    why = and_(n.c.organization_id == p.c.organization_id, lens.holds(n.c.valid), lens.known(n.c.recorded))
    return (
        select(
            o.c.id,
            o.c.name,
            o.c.credit_code,
            p.c.kind,
            p.c.registration_status,
            reads.code_ref(p.c.division_code, here.c.name).label("division"),
            reads.code_ref(home.c.code, home.c.name).label("domicile_division"),
            reads.ref(leader.id, leader.name).label("responsible"),
            lens.covered().label("covered"),
            Truth.through(lens).work_covered().label("work_covered"),
            n.c.reason.label("no_party_organization_reason"),
            func.upper(n.c.valid).label("reason_until_on"),
        )
        .select_from(
            lens.source(with_lead=True, with_organization=True)
            .outerjoin(here, here.c.code == p.c.division_code)
            .outerjoin(home, home.c.code == p.c.domicile_division_code)
            .outerjoin(n, why)
        )
        .where(lens.population())
    )
