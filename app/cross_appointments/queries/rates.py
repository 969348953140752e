"""The two rates on a day, and the organizations behind each number."""

from datetime import date
from typing import Any

from fastapi import Response
from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from app.core import access, reads
from app.core.access import Permission
from app.core.fields import Bilingual
from app.core.work import Work
from app.cross_appointments import rules
from app.cross_appointments.models import CrossAppointment, CrossAppointmentPeriod
from app.cross_appointments.queries.shown import visible
from app.cross_appointments.queries.tables import (
    bodies,
    covers,
    divisions,
    organization_periods,
    organizations,
)
from app.cross_appointments.rules import CrossRate, MatchState, RatePart
from app.cross_appointments.schemas import (
    CrossOrganizationRead,
    CrossOrganizationsFilters,
    CrossRateLists,
    CrossRateRead,
    CrossRatesQuery,
    CrossRatesRead,
)

X, P = CrossAppointment, CrossAppointmentPeriod
LIST = "/cross-appointments/organizations"
O = organizations.c  # noqa: E741 (as in every query of organizations)


def _cover(work: Work, query: CrossRatesQuery | CrossOrganizationsFilters, day: date) -> Any:
    """A cover of the organization by a primary body in scope on a day."""
    b, c = bodies.c, covers.c
    return (
        select(1)
        .select_from(covers.join(bodies, b.id == c.party_organization_id))
        .where(
            c.organization_id == O.id,
            c.valid.op("@>")(day),
            func.upper_inf(c.recorded),
            b.counts_as_primary,
            access.reach(work.actor.scope(Permission.MEMBER_READ), b.division_code, b.id, row_id=b.id),
            *access.lies_in(
                division=b.division_code,
                divisions=[query.division] if query.division else [],
                body=b.id,
                bodies=[query.party_organization_id] if query.party_organization_id else [],
            ),
        )
    )


def _population(
    work: Work, query: CrossRatesQuery | CrossOrganizationsFilters, day: date
) -> ColumnElement[bool]:
    """Organizations registered as normal that a Party organization covers."""
    p = organization_periods.c
    normal = (
        select(1)
        .where(
            p.organization_id == O.id,
            p.valid.op("@>")(day),
            func.upper_inf(p.recorded),
            p.registration_status == "normal",
        )
        .correlate(organizations)
    )
    return and_(exists(_cover(work, query, day).correlate(organizations)), exists(normal))


def _counts(
    work: Work, query: CrossRatesQuery | CrossOrganizationsFilters, day: date, rate: CrossRate
) -> ColumnElement[bool]:
    """Organizations with an office and a post of one person, as somebody confirmed, in a body that counts."""
    principal = (
        and_(P.is_principal, P.role == "secretary") if rate is CrossRate.PRINCIPAL_IS_SECRETARY else true()
    )
    cover = _cover(work, query, day).where(covers.c.party_organization_id == P.party_organization_id)
    held = (
        select(1)
        .select_from(P)
        .join(X, X.id == P.cross_appointment_id)
        .where(
            P.organization_id == O.id,
            P.valid.op("@>")(day),
            X.state == MatchState.CONFIRMED,
            principal,
            exists(cover.correlate(organizations, P)),
        )
        .correlate(organizations)
    )
    return exists(held)


async def rates(work: Work, query: CrossRatesQuery) -> Response:
    """Both rates with numerator, denominator, definition and lists."""
    day = query.as_of or work.today
    counted = select(
        func.count(), *(func.count().filter(_counts(work, query, day, rate)) for rate in CrossRate)
    )
    row: Any = (
        await work.execute(counted.select_from(organizations).where(_population(work, query, day)))
    ).one()
    waiting = select(func.count()).where(
        X.state == MatchState.PROPOSED,
        visible(work.actor.scope(Permission.MEMBER_READ)),
        *access.lies_in(
            division=X.division_code,
            divisions=[query.division] if query.division else [],
            body=X.party_organization_id,
            bodies=[query.party_organization_id] if query.party_organization_id else [],
        ),
    )
    return await reads.derived(
        work,
        CrossRatesRead(
            as_of=day,
            rates=[
                _rate(query, day, rate, numerator, row[0])
                for rate, numerator in zip(CrossRate, row[1:], strict=True)
            ],
            proposed=await work.scalar(waiting),
        ),
    )


def _rate(
    query: CrossRatesQuery, day: date, rate: CrossRate, numerator: int, denominator: int
) -> CrossRateRead:
    asked = {"division": query.division, "party_organization_id": query.party_organization_id, "as_of": day}
    rest = "".join(f"&{name}={value}" for name, value in asked.items() if value is not None)
    label, definition = rules.LABELS[rate], rules.DEFINITIONS[rate]
    return CrossRateRead(
        code=rate,
        label=Bilingual(zh=label[0], en=label[1]),
        numerator=numerator,
        denominator=denominator,
        percent=rules.percent(numerator, denominator),
        definition=Bilingual(zh=definition[0], en=definition[1]),
        list=CrossRateLists(**{part: f"{LIST}?rate={rate}&part={part}{rest}" for part in RatePart}),
    )


async def organizations_behind(work: Work, filters: CrossOrganizationsFilters) -> Response:
    """Exactly the organizations behind a number."""
    day, d = filters.as_of or work.today, divisions.c
    counts = _counts(work, filters, day, filters.rate)
    statement: Select[Any] = (
        select(
            O.id,
            O.name,
            reads.code_ref(O.division_code, d.name).label("division"),
            _counts(work, filters, day, CrossRate.TWO_WAY_ENTRY).label("two_way_entry"),
            _counts(work, filters, day, CrossRate.PRINCIPAL_IS_SECRETARY).label("principal_is_secretary"),
        )
        .join(divisions, d.code == O.division_code)
        .where(_population(work, filters, day))
    )
    if filters.part is not RatePart.DENOMINATOR:
        statement = statement.where(counts if filters.part is RatePart.NUMERATOR else ~counts)
    return await reads.page(
        work, statement, shape=CrossOrganizationRead, filters=filters, sort=(O.division_code, O.id)
    )
