"""Dated records and officers of one organization."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import Response
from sqlalchemy import ColumnElement, Label, Select, and_, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.core import reads
from app.core.access import Permission, today_sql
from app.core.work import Work
from app.organizations import models, schemas
from app.organizations.errors import RecordNotFound
from app.organizations.queries.sight import covers_day, find, since, until
from app.organizations.schemas import OfficerFilters, RecordFilters

L, E, C, W = models.CreditListing, models.Evaluation, models.CharterClause, models.OrganizationOfficer


def _current_listing() -> ColumnElement[bool]:
    return and_(
        ~L.withdrawn,
        L.listed_on <= today_sql(),
        or_(L.removed_on.is_(None), L.removed_on > today_sql()),
    )


def _current_grade() -> ColumnElement[bool]:
    return and_(~E.withdrawn, E.graded_on <= today_sql(), E.valid_until > today_sql())


@dataclass(frozen=True, slots=True)
class Register:
    """Where one kind of record is kept, and how it is shown."""

    table: type[Any]
    shape: type[schemas.RecordRead]
    derived: Mapping[str, Any]

    def shown(self) -> Select[Any]:
        """The records as their schema has them."""
        columns: list[InstrumentedAttribute[Any] | Label[Any]] = [
            self.derived[name].label(name) if name in self.derived else getattr(self.table, name)
            for name in self.shape.model_fields
        ]
        return select(*columns)


REGISTERS: Final[Mapping[str, Register]] = {
    "identifier": Register(models.OrganizationIdentifier, schemas.IdentifierRead, {}),
    "credit_listing": Register(L, schemas.CreditListingRead, {"current": _current_listing()}),
    "penalty": Register(models.Penalty, schemas.PenaltyRead, {}),
    "evaluation": Register(
        E, schemas.EvaluationRead, {"current": _current_grade(), "valid_until_on": E.valid_until}
    ),
    "award": Register(models.Award, schemas.AwardRead, {}),
    "annual_report": Register(models.AnnualReport, schemas.AnnualReportRead, {}),
}


async def records(work: Work, organization_id: UUID, kind: str, filters: RecordFilters) -> Response:
    """A page of one kind of record."""
    await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    register = REGISTERS[kind]
    table = register.table
    statement = register.shown().where(
        table.organization_id == organization_id,
        true() if filters.withdrawn else ~table.withdrawn,
    )
    return await reads.page(work, statement, shape=register.shape, filters=filters, sort=(table.id,))


async def record(work: Work, organization_id: UUID, kind: str, key: str, *, status: int = 200) -> Response:
    """One record by its key."""
    register = REGISTERS[kind]
    statement = register.shown().where(
        register.table.organization_id == organization_id, register.table.key == key
    )
    return await reads.one(work, statement, shape=register.shape, missing=RecordNotFound, status=status)


async def key_of(work: Work, organization_id: UUID, kind: str, record_id: UUID) -> str:
    """The key of a record that is still held true."""
    table = REGISTERS[kind].table
    key = await work.scalar(
        select(table.key).where(
            table.organization_id == organization_id, table.id == record_id, ~table.withdrawn
        )
    )
    if key is None:
        raise RecordNotFound
    return str(key)


def clauses_shown() -> Select[Any]:
    """Charter clauses as their schema has them."""
    return select(
        C.id,
        C.clause,
        C.wording,
        C.approved_on,
        C.evidence,
        since(C.valid).label("from_on"),
        until(C.valid).label("until_on"),
        covers_day(C.valid).label("current"),
        C.source,
    )


async def clauses(work: Work, organization_id: UUID, filters: RecordFilters) -> Response:
    """A page of the charter's clauses, each wording over its time."""
    await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    statement = clauses_shown().where(C.organization_id == organization_id)
    return await reads.page(
        work,
        statement,
        shape=schemas.CharterClauseRead,
        filters=filters,
        sort=(C.clause, since(C.valid), C.id),
    )


async def clause(work: Work, organization_id: UUID, kind: str, on: date, *, status: int = 200) -> Response:
    """The wording of a clause that is in the charter on a day."""
    statement = clauses_shown().where(
        C.organization_id == organization_id, C.clause == kind, covers_day(C.valid, on)
    )
    return await reads.one(
        work, statement, shape=schemas.CharterClauseRead, missing=RecordNotFound, status=status
    )


async def clause_row(work: Work, organization_id: UUID, clause_id: UUID) -> models.CharterClause:
    """One wording of a clause. Raises `RecordNotFound`."""
    row = await work.scalar(select(C).where(C.organization_id == organization_id, C.id == clause_id))
    if not isinstance(row, models.CharterClause):
        raise RecordNotFound
    return row


def officers_shown() -> Select[Any]:
    """Officers as their schema has them; phones by their masks."""
    return select(
        W.id,
        W.name,
        W.post,
        W.is_principal,
        since(W.valid).label("since"),
        until(W.valid).label("until"),
        covers_day(W.valid).label("current"),
        W.phone_mask,
    )


async def officers(
    work: Work, organization_id: UUID, filters: OfficerFilters, *, status: int = 200
) -> Response:
    """A page of officers, past ones included unless a day is given."""
    await find(work, organization_id, work.actor.scope(Permission.ORGANIZATION_READ))
    statement = officers_shown().where(W.organization_id == organization_id)
    if filters.as_of is not None:
        statement = statement.where(covers_day(W.valid, filters.as_of))
    if filters.principal is not None:
        statement = statement.where(W.is_principal == literal(filters.principal))
    response = await reads.page(
        work, statement, shape=schemas.OfficerRead, filters=filters, sort=(since(W.valid), W.id)
    )
    response.status_code = status
    return response
