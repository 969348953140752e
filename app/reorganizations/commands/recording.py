"""What every reorganization begins and ends with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.access import Permission, Scope
from app.core.db import uuid7
from app.core.errors import Fault
from app.core.work import Work
from app.establishments.rules import Reason
from app.party_organizations.models import PartyOrganization
from app.party_organizations.rules import IN_FUTURE, Wrong
from app.reorganizations import errors
from app.reorganizations.models import Reorganization, ReorganizationBody
from app.reorganizations.rules import BodyPart, ReorganizationKind
from app.reorganizations.schemas import PartyOrganizationsReorganized


@dataclass(slots=True)
class Moved:
    """How much went with it."""

    members: int = 0
    organizations: int = 0
    bodies: int = 0
    functions: int = 0
    posts: int = 0


def refuse(wrongs: Iterable[Wrong]) -> None:
    """Raise `ReorganizationInvalid` with everything that is wrong at once, if anything is."""
    if faults := [Fault(wrong.pointer, wrong.code, wrong.words) for wrong in wrongs]:
        raise errors.ReorganizationInvalid(errors=faults)


def refuse_blocked(reasons: Sequence[Reason]) -> None:
    """Raise `ReorganizationBlocked` with every reason, if there is one."""
    if reasons:
        raise errors.ReorganizationBlocked(reasons=[_told(reason) for reason in reasons])


def _told(reason: Reason) -> Mapping[str, Any]:
    zh, en = reason.words
    return {"code": reason.code, "message": {"zh": zh, "en": en}, **reason.facts}


def day(work: Work, given: date | None) -> date:
    """The day of it: today unless given, never in the future."""
    on = given or work.today
    if on > work.today:
        refuse([Wrong("/on", "in_future", IN_FUTURE)])
    return on


async def see(work: Work, *bodies: UUID) -> None:
    """Let the transaction see the members of the caller's scope, and of these bodies and those below them."""
    scope = work.actor.scope(Permission.MEMBER_DECIDE)
    await work.admit(Scope(scope.national, scope.divisions, (*scope.bodies, *bodies)))


async def record(
    work: Work,
    kind: ReorganizationKind,
    body: PartyOrganization,
    *,
    on: date,
    document: str,
    sources: Sequence[UUID],
    results: Sequence[UUID],
    moved: Moved,
    reason: str | None = None,
    exception_document: str | None = None,
) -> UUID:
    """Enter what happened, and tell."""
    row = Reorganization(
        id=uuid7(),
        kind=kind,
        party_organization_id=body.id,
        division_code=body.division_code,
        on_day=on,
        document=document,
        exception_document=exception_document,
        reason=reason,
        moved=asdict(moved),
    )
    work.session.add(row)
    await work.session.flush()
    work.session.add_all(
        ReorganizationBody(reorganization_id=row.id, party_organization_id=one, part=part)
        for part, ids in ((BodyPart.SOURCE, sources), (BodyPart.RESULT, results))
        for one in ids
    )
    await work.session.flush()
    work.announce(
        PartyOrganizationsReorganized(
            subject=body.id,
            division_code=body.division_code,
            reorganization_id=row.id,
            kind=kind,
            sources=list(sources),
            results=list(results),
            on=on,
            document=document,
        )
    )
    return row.id
