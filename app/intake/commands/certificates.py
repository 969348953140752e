"""Genuine certificates with a wrong check digit: one person shows evidence, another accepts."""

from uuid import UUID

from app.core.access import Permission
from app.core.work import Work
from app.intake import queries, rules
from app.intake.commands.queue import CHECK_DIGIT, requeue_certificates
from app.intake.errors import NoCertificateQuestion
from app.intake.models import RegistryEvent
from app.intake.rules import EventState
from app.intake.schemas import CertificateContested, CertificateDecision, CertificateEvidence
from app.organizations import commands as organizations
from app.organizations.schemas import CreditCodeExceptionCreate


async def ask_to_accept_certificate(work: Work, event_id: UUID, given: CertificateEvidence) -> None:
    """Ask to accept the code of a quarantined message, with evidence.

    Raises `RegistryEventNotFound`, `NoCertificateQuestion`, `ExceptionAlreadyRequested`."""
    event = await queries.inbox.get_for_update(work, event_id, Permission.REGISTRY_EVENT_MEND)
    work.expect(event)
    evidence = given.evidence if given.file_digest is None else f"{given.evidence}\\n{given.file_digest}"
    asked = CreditCodeExceptionCreate(
        credit_code=_code(event), division_code=event.division_code, evidence=evidence
    )
    await organizations.request_exception(work, asked)
    await _tell(work, event, "requested", given.file_digest)


async def decide_on_certificate(work: Work, event_id: UUID, given: CertificateDecision) -> None:
    """Accept or refuse it as a second person; accepted, every message that waits for it is tried again.

    Raises `RegistryEventNotFound`, `NoCertificateQuestion`, `CreditCodeExceptionNotFound`,
    `SecondPersonNeeded`."""
    event = await queries.inbox.get_for_update(work, event_id, Permission.ORGANIZATION_APPROVE)
    work.expect(event)
    code = _code(event)
    exception_id = await queries.ledger.asked_exception(work, code)
    await organizations.decide_exception(work, exception_id, given.reason, approve=given.accept)
    await _tell(work, event, "approved" if given.accept else "refused", None)
    if given.accept:
        await requeue_certificates(work, code)
        work.session.expire(event)


def _code(event: RegistryEvent) -> str:
    """The credit code that a quarantined message asks about."""
    key = event.organization_key or ""
    prefix = rules.credit_code_key("")
    if (
        event.state != EventState.QUARANTINED
        or event.problem_code != CHECK_DIGIT
        or not key.startswith(prefix)
    ):
        raise NoCertificateQuestion
    return key.removeprefix(prefix)


async def _tell(work: Work, event: RegistryEvent, step: str, file_digest: str | None) -> None:
    work.announce(
        CertificateContested(
            subject=event.id,
            division_code=event.division_code,
            source_id=event.source_id,
            step=step,
            file_digest=file_digest,
        )
    )
    await work.session.flush()
