"""How bitemporal rows change: what was known is closed at this very moment, what is known now is added."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.core.access import Permission, Scope
from app.core.errors import Fault
from app.core.work import Work
from app.party_organizations import errors, queries, rules
from app.party_organizations.models import Cover, NoReason
from app.party_organizations.queries import Place
from app.party_organizations.rules import Period, Wrong


def period_of(valid: Range[date]) -> Period:
    """A stored period as the rules know it; it always has a first day."""
    assert valid.lower is not None  # noqa: S101 (CHECK NOT lower_inf)
    return Period(valid.lower, valid.upper)


def days(period: Period) -> Range[date]:
    """A period as it is stored."""
    return Range(period.since, period.until)


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Raise `PartyOrganizationInvalid` with everything that is wrong at once, if anything is."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.PartyOrganizationInvalid(errors=faults)


def refuse_future(pointer: str, day: date, today: date) -> None:
    """Raise `PartyOrganizationInvalid` for a day that lies in the future."""
    if day > today:
        refuse([Wrong(pointer, "in_future", rules.IN_FUTURE)])


async def lock_organizations(work: Work, fields: Mapping[str, UUID]) -> None:
    """Lock the organizations that these fields name (RFC 6901 pointers), in the caller's scope to record in.

    Raises `CoveredOrganizationNotFound` with every field that names none."""
    found = await queries.lock_organizations(work, fields.values(), Permission.PARTY_ORGANIZATION_RECORD)
    words = (
        "没有这个社会组织, 或不在您的范围内",
        "there is no such organization, or it is outside your scope",
    )
    missing = [Fault(at, "not_found", words) for at, wanted in fields.items() if wanted not in found]
    if missing:
        raise errors.CoveredOrganizationNotFound(errors=missing)


async def close(work: Work, rows: Sequence[Cover] | Sequence[NoReason]) -> datetime:
    """End what was known of these rows now, after every lock that is held, and give that moment."""
    work.mark(row.organization_id for row in rows)
    stamp = rules.after(await work.instant(), *(row.recorded.lower for row in rows))
    for row in rows:
        row.recorded = Range(row.recorded.lower, stamp)
    await work.session.flush()
    return stamp


async def usable(work: Work, code: str, scope: Scope) -> Place:
    """A division that exists today, inside a scope. Raises `PartyOrganizationInvalid`; 404 if outside."""
    place = await queries.place(work, code, scope)
    if place is None:
        words = ("没有这个行政区划代码", "there is no such division code")
        refuse([Wrong("/division_code", "division_unknown", words)])
    elif place.abolished:
        words = ("该行政区划已撤销, 请用后继代码", "this division is abolished: use its successor")
        refuse([Wrong("/division_code", "division_abolished", words)])
    elif place.not_yet:
        words = ("该行政区划尚未设立", "this division does not exist yet")
        refuse([Wrong("/division_code", "division_not_yet", words)])
    elif not place.inside:
        words = ("该行政区划不在您的范围内", "this division is outside your scope")
        raise errors.PartyOrganizationNotFound(errors=[Fault("/division_code", "outside_scope", words)])
    assert place is not None  # noqa: S101 (refused above)
    return place
