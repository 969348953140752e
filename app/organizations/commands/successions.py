"""Merging organizations, taking a wrong merger back, and splitting them."""

from collections.abc import Sequence
from uuid import UUID

from app.core.errors import Fault
from app.core.work import Work
from app.organizations import errors, queries, rules
from app.organizations.commands import after, folding
from app.organizations.commands.endings import DECIDE, end, ready
from app.organizations.models import Organization
from app.organizations.rules import Fact, Fold, Origin, RegistrationStatus, Succession, SuccessionKind
from app.organizations.schemas import OrganizationMerged, OrganizationMergerUndone, OrganizationSplit


async def merge(work: Work, organization_id: UUID, into_id: UUID, origin: Origin) -> Organization:
    """An organization goes into another one (合并). Raises `SuccessorRefused` and what an end raises."""
    await queries.lock(work, [organization_id, into_id])
    organization = await ready(work, organization_id, origin)
    await _check_successors(work, organization, [into_id], origin, "/into_id")
    said = {"registration_status": RegistrationStatus.MERGED.value, "merged_into_id": str(into_id)}
    link = _link(SuccessionKind.MERGED_INTO, into_id, origin)
    outcome = await end(work, organization, said, origin, verb="merge", records=(link,))
    if outcome.added:
        work.announce(
            OrganizationMerged(
                subject=organization.id,
                division_code=organization.division_code,
                into_id=into_id,
                effective_on=origin.effective_on,
                source=origin.source,
            )
        )
    await after.folded(work, [outcome], "merged")
    return organization


async def undo_merge(work: Work, organization_id: UUID, origin: Origin) -> Organization:
    """The merger never was: a correction from its day puts back what was before. Raises `NotMerged`."""
    organization = await ready(work, organization_id, origin)
    known = await queries.statements(work, organization.id)
    state = rules.fold(known)
    into_id = organization.merged_into_id
    if not rules.may("undo_merge", state.status) or into_id is None:
        raise errors.NotMerged
    outcome = await folding.believe(work, organization, _undone(state, into_id, origin), known=known)
    work.announce(
        OrganizationMergerUndone(
            subject=organization.id,
            division_code=organization.division_code,
            into_id=into_id,
            reason=origin.reason or "",
        )
    )
    await after.folded(work, [outcome], "merger undone")
    return organization


def _undone(state: Fold, into_id: UUID, origin: Origin) -> list[Fact]:
    """Corrections that take a merger back, each from the day of what it corrects."""
    statuses = state.histories[("registration_status", "")]
    before = statuses[-2].ruling.value if len(statuses) > 1 else RegistrationStatus.NORMAL.value
    link = _link(SuccessionKind.MERGED_INTO, into_id, origin)
    undone = [("registration_status", "", before), ("merged_into_id", "", None), (link.fact, link.key, None)]
    facts = []
    for fact, key, value in undone:
        ruling = state.records.get((fact, key)) if key else state.ruling.get(fact)
        day = origin if ruling is None else _on(origin, ruling)
        facts.append(rules.stated(fact, key, value, day))
    return facts


def _on(origin: Origin, ruling: Fact) -> Origin:
    return rules.by_hand(ruling.effective_on, reason=origin.reason, correction=True)


async def split(
    work: Work, organization_id: UUID, into_ids: Sequence[UUID], origin: Origin, *, survives: bool
) -> Organization:
    """An organization is split (分立) into others, registered by themselves; it may go on beside them.

    Raises `SuccessorRefused` and, if it ends, what an end raises."""
    await queries.lock(work, [organization_id, *into_ids])
    organization = await ready(work, organization_id, origin)
    await _check_successors(work, organization, into_ids, origin, "/into_ids")
    links = tuple(_link(SuccessionKind.SPLIT_INTO, into_id, origin) for into_id in dict.fromkeys(into_ids))
    said = {} if survives else {"registration_status": RegistrationStatus.SPLIT.value}
    outcome = await end(work, organization, said, origin, verb="split", records=links)
    if outcome.added:
        work.announce(
            OrganizationSplit(
                subject=organization.id,
                division_code=organization.division_code,
                into_ids=list(dict.fromkeys(into_ids)),
                survives=survives,
                effective_on=origin.effective_on,
                source=origin.source,
            )
        )
    await after.folded(work, [outcome], "split")
    return organization


def _link(kind: SuccessionKind, successor_id: UUID, origin: Origin) -> Fact:
    link = Succession(succession=kind, successor_id=str(successor_id), on=origin.effective_on)
    return rules.stated(link.kind, link.key, link.value(), origin)


async def _check_successors(
    work: Work, organization: Organization, into_ids: Sequence[UUID], origin: Origin, pointer: str
) -> None:
    """Successors exist in sight and are not the organization itself; a person's have not ended by then."""
    scope = work.actor.scope(DECIDE)
    faults = []
    for number, into_id in enumerate(into_ids):
        place = f"{pointer}/{number}" if pointer == "/into_ids" else pointer
        wrong = None
        if into_id == organization.id:
            wrong = "successor_itself"
        else:
            successor = await queries.found(work, into_id, scope)
            if successor is None:
                wrong = "successor_unknown"
            elif not origin.by_registry and _ended_by(successor, origin):
                wrong = "successor_ended"
        if wrong is not None:
            faults.append(Fault(place, wrong, errors.words(wrong)))
    if faults:
        raise errors.SuccessorRefused(errors=faults)


def _ended_by(successor: Organization, origin: Origin) -> bool:
    return successor.ended_on is not None and successor.ended_on <= origin.effective_on
