"""The first election, and the body itself."""

from datetime import date
from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.establishments import errors, queries
from app.establishments.commands.deciding import as_superior
from app.establishments.commands.examining import day, refuse, see
from app.establishments.commands.requesting import step, taken
from app.establishments.models import Establishment
from app.establishments.rules import EstablishmentState
from app.establishments.schemas import EstablishmentElection, EstablishmentFinish
from app.members import commands as members
from app.party_organizations import commands as party
from app.party_organizations.commands import reshaping
from app.party_organizations.rules import BodyKind, Formation, Wrong
from app.party_organizations.schemas import FirstCover, PartyOrganizationEstablish

_RECORD = Permission.PARTY_ORGANIZATION_RECORD
_DECIDE = Permission.PARTY_ORGANIZATION_DECIDE


async def report_election(work: Work, establishment_id: UUID, given: EstablishmentElection) -> None:
    """Report the result of the first election to the superior; who holds which post is recorded with the
    body, once it is established."""
    case = await taken(work, establishment_id, _RECORD, EstablishmentState.ELECTED)
    if not case.needs_election:
        raise errors.EstablishmentStep
    held = day(work, given.held_on, after=case.decided_on, pointer="/held_on")
    found = []
    if given.present > given.due:
        words = ("到会人数不能多于应到人数", "no more can come than are due")
        found.append(Wrong("/present", "exceeds_due", words))
    if given.seats > given.due:
        words = ("当选人数不能多于应到人数", "no more can be elected than are due")
        found.append(Wrong("/seats", "exceeds_due", words))
    refuse(found)
    case.election = given.model_dump(mode="json")
    await step(work, case, EstablishmentState.ELECTED, held, document=given.document)


async def finish(work: Work, establishment_id: UUID, given: EstablishmentFinish) -> None:
    """Establish the body: what it covers, who belongs to it, and what hangs below it, in one transaction.

    Its founding day is that of the superior's consent; members and bodies come on the day of this step.
    Raises `EstablishmentStep`, `NotTheSuperior`, and what establishing and handing over refuse."""
    case = await taken(work, establishment_id, _DECIDE, EstablishmentState.ESTABLISHED)
    await as_superior(work, case)
    if case.needs_election and case.state != EstablishmentState.ELECTED:
        raise errors.EstablishmentStep
    if case.needs_election and given.document is None:
        words = ("选举结果须报上级备案或批准, 请注明文件", "name the superior's answer to the election")
        refuse([Wrong("/document", "document_required", words)])
    on = day(work, given.on, after=_latest(case))
    founded_on = day(work, given.founded_on or case.decided_on, pointer="/founded_on")
    organizations, branches = await queries.organizations_of(work, case.id)
    held = await reshaping.hold(work, {f"/branch_ids/{n}": one for n, one in enumerate(branches)})
    body_id = await party.establish(
        work,
        PartyOrganizationEstablish(
            name=case.name,
            kind=BodyKind(case.kind),
            formation=Formation(case.formation) if case.formation else None,
            division_code=case.division_code,
            parent_id=case.parent_id,
            industry=case.industry,
            approval_document=case.decision_document,
            founded_on=founded_on,
            covers=[FirstCover(organization_id=one) for one in organizations],
        ),
    )
    await reshaping.hang_below(work, held.values(), body_id, on)
    await _gather(work, case, body_id, on)
    case.confirmed_on, case.confirmation_document = on, given.document
    case.party_organization_id = body_id
    await step(work, case, EstablishmentState.ESTABLISHED, on, document=given.document)


async def _gather(work: Work, case: Establishment, body_id: UUID, on: date) -> None:
    """The members who were named come to the new branch, from wherever they are."""
    await see(work, case.superior_id, permission=Permission.MEMBER_DECIDE)
    for from_body_id, member_ids in (await queries.founders(work, case.id)).items():
        await members.hand_over(
            work, from_body_id, body_id, member_ids, on=on, reason=case.decision_document or case.name
        )


def _latest(case: Establishment) -> date | None:
    """The day of the step before."""
    return date.fromisoformat(case.election["held_on"]) if case.election else case.decided_on
