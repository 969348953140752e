"""Registering organizations in bulk, row by row of a file, under the rules of the single route."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from app.core.access import Permission
from app.core.errors import Fault, Refusal, from_database
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import checking, ledger, records
from app.organizations.models import Organization
from app.organizations.rules import Origin, Row, RowResult
from app.organizations.schemas import OrganizationCreate

RECORD = Permission.ORGANIZATION_RECORD


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row: of which organization, which facts have another value now, or why it was refused
    (the same refusal that the single route gives; it never holds a value of the row)."""

    result: RowResult
    organization_id: UUID | None = None
    changed: tuple[str, ...] = ()
    refusal: Refusal | None = None


def row_of(body: OrganizationCreate, identifiers: Sequence[rules.Identifier] = ()) -> Row:
    """The row of a registration as the single route validates it: what was not given says nothing."""
    given = body.model_fields_set & rules.FACTS.keys()
    facts = {name: getattr(body, name) for name in given}
    return Row(facts=facts, identifiers=tuple(identifiers), effective_on=body.effective_on)


async def register_many(work: Work, rows: Sequence[Row], origin: Origin) -> list[RowOutcome]:
    """Register what is new and state what is news of what is there: one outcome for each row, in order.

    `origin` says who speaks (an import: `Origin(IMPORT, IMPORT_RANK, None, None, work.today)`); see `Row` for
    the day from which a row holds. A row that is refused leaves the others alone. Call it with about a
    thousand rows in one transaction."""
    return [await _one(work, row, origin) for row in rows]


async def _one(work: Work, row: Row, origin: Origin) -> RowOutcome:
    try:
        async with work.session.begin_nested():
            return await _carry_out(work, row, origin)
    except Refusal as refusal:
        return RowOutcome(RowResult.REFUSED, refusal=refusal)
    except DBAPIError as error:
        known = from_database(error)
        if known is None:
            raise
        return RowOutcome(RowResult.REFUSED, refusal=known)


async def _carry_out(work: Work, row: Row, origin: Origin) -> RowOutcome:
    code = row.facts.get("credit_code")
    holder = None if code is None else await queries.holder_of(work, code)
    if holder is not None:
        return await _state(work, holder, row, origin)
    if wrong := rules.incomplete(row):
        raise errors.FactsRefused(errors=[Fault(f"/{name}", why, errors.words(why)) for name, why in wrong])
    registration = rules.registration_of(row)
    day = row.effective_on or registration.established_on or origin.effective_on
    origin = replace(origin, effective_on=day)
    organization = await ledger.register(work, registration, origin)
    if row.identifiers:
        await records.record(work, organization.id, row.identifiers, origin)
    return RowOutcome(RowResult.REGISTERED, organization.id)


async def _state(work: Work, holder: Organization, row: Row, origin: Origin) -> RowOutcome:
    origin = replace(origin, effective_on=row.effective_on or origin.effective_on)
    scope = work.actor.scope(RECORD)
    await checking.checked(work, row.facts, origin, scope)
    organization = await queries.get_for_update(work, holder.id, scope)
    state = rules.fold(await queries.statements(work, organization.id))
    if not origin.by_registry and (verbs := rules.stated_by_verbs(row.facts, state)):
        code = "status_by_verb"
        raise errors.FactsRefused(errors=[Fault(f"/{name}", code, errors.words(code)) for name in verbs])
    news = _news(row.facts, state, origin)
    entries = [
        each
        for each in row.identifiers
        if rules.is_news(rules.stated(each.kind, each.key, each.value(), origin), state)
    ]
    if not news and not entries:
        return RowOutcome(RowResult.UNCHANGED, organization.id)
    before = state.values()
    if news:
        await ledger.record_facts(work, organization.id, news, origin)
    if entries:
        await records.record(work, organization.id, entries, origin)
    after = rules.fold(await queries.statements(work, organization.id)).values()
    changed = tuple(name for name, value in after.items() if value != before[name])
    return RowOutcome(RowResult.CHANGED, organization.id, changed)


def _news(facts: Any, state: rules.Fold, origin: Origin) -> dict[str, Any]:
    return {
        name: value
        for name, value in facts.items()
        if name not in rules.STATED_BY_VERBS
        and rules.is_news(rules.stated(name, "", rules.checked({name: value})[name], origin), state)
    }
