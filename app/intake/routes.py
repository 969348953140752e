"""`/webhooks/registries`, `/registry-sources`, `/registry-events`."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from app.core import reads
from app.core.access import Permission
from app.core.errors import PreconditionFailed, PreconditionRequired, refusals
from app.core.http import Router, changing, creating, public, reading
from app.core.json import BadJson
from app.core.pages import Page
from app.core.shortcut import shortcut
from app.core.work import Work
from app.identity.errors import FreshSignInNeeded, RevealsSpent
from app.intake import commands, errors, formats, queries
from app.intake.rules import Delivery
from app.intake.schemas import (
    CertificateDecision,
    CertificateEvidence,
    DeliveryRead,
    Dismissal,
    DryRunRead,
    EventContent,
    EventFilters,
    GapFilters,
    GapRead,
    Mending,
    RegistryEventRead,
    Replayed,
    ReplayMany,
    Reveal,
    SecretCreate,
    SecretCreated,
    SecretFilters,
    SecretRead,
    SourceCreate,
    SourceFilters,
    SourceRead,
    SourceUpdate,
)
from app.intake.schemas.documentation import EXAMPLES, VECTORS, ExampleMessages, SignatureVectors
from app.organizations.errors import SecondPersonNeeded

router = Router()

Anyone = Annotated[Work, public()]
SourceReader = Annotated[Work, reading(Permission.REGISTRY_SOURCE_READ)]
SourceMaker = Annotated[Work, creating(Permission.REGISTRY_SOURCE_ADMINISTER)]
SourceChanger = Annotated[Work, changing(Permission.REGISTRY_SOURCE_ADMINISTER)]
SecretMaker = Annotated[Work, creating(Permission.REGISTRY_SOURCE_ADMINISTER)]
EventReader = Annotated[Work, reading(Permission.REGISTRY_EVENT_READ)]
EventMender = Annotated[Work, changing(Permission.REGISTRY_EVENT_MEND)]
ManyMender = Annotated[Work, changing(Permission.REGISTRY_EVENT_MEND, if_match=False)]
Revealer = Annotated[Work, creating(Permission.PERSON_REVEAL)]
Approver = Annotated[Work, changing(Permission.ORGANIZATION_APPROVE)]
SourcePath = Annotated[
    str, Path(max_length=64, description="The source's code.", examples=["guangzhou-civil-affairs"])
]
VERSIONED = (PreconditionRequired, PreconditionFailed)


async def delivery(request: Request) -> Delivery:
    """The raw message: what is signed is bytes, so nothing may parse them first."""
    return formats.delivery(request.headers.raw, await request.body())


Sent = Annotated[Delivery, Depends(delivery)]

# ------------------------------------------------------------------------------------------------ webhooks


@router.get("/webhooks/registries/signature-vectors", response_model=SignatureVectors, tags=["intake"])
async def read_signature_vectors(work: Anyone) -> Response:
    """Signatures to compare with, for both schemes (Standard Webhooks 1.0; `v1sm3` is HMAC-SM3)."""
    return await reads.derived(work, VECTORS)


@router.get(
    "/webhooks/registries/examples",
    response_model=ExampleMessages,
    tags=["intake"],
)
async def read_registry_examples(work: Anyone) -> Response:
    """One message of every type that a registry may push, invented and valid."""
    return await reads.derived(work, {"items": EXAMPLES})


@router.post(
    "/webhooks/registries/{source}",
    status_code=202,
    response_model=DeliveryRead,
    tags=["intake"],
    responses={
        200: {"model": DryRunRead, "description": "With `dry_run=true`: what would become of it"},
        **refusals(errors.SignatureNotAccepted, BadJson, errors.WebhookIdReused, errors.DryRunsSpent),
    },
    openapi_extra=formats.PUBLISHED,
)
@shortcut(commands.AtOnce)
async def push_registry_message(
    sent: Sent,  # first: the body is read before a transaction is begun, however slowly it comes
    work: Anyone,
    source: SourcePath,
    dry_run: Annotated[bool, Query(description="Say what would happen; keep nothing.")] = False,
) -> Response:
    """Push a message, signed by Standard Webhooks 1.0 with `v1` (HMAC-SHA256) or `v1sm3` (HMAC-SM3).

    202 says that the message is safely kept; `status_url` tells what becomes of it. The same `webhook-id`
    with the same body is taken again without effect, with another body it is 409. A wrong signature, a body
    over 256 KiB or no strict JSON is 4xx and leaves nothing behind. What is well signed but cannot be applied
    is kept in quarantine with its reason; what comes before its registration waits for it. Dry runs are on
    record, and each source has a number of them a day."""
    return formats.taken(await commands.push(work, source, sent, dry_run=dry_run))


# ------------------------------------------------------------------------------------------------- sources


@router.get("/registry-sources", response_model=Page[SourceRead], tags=["intake"])
async def list_registry_sources(work: SourceReader, filters: Annotated[SourceFilters, Query()]) -> Response:
    """Registries that may push, with how many of their messages wait for a person."""
    return await queries.sources.sources(work, filters)


@router.post(
    "/registry-sources",
    status_code=201,
    response_model=SourceRead,
    tags=["intake"],
    responses=refusals(errors.SourceUnfit, errors.SourceCodeTaken, errors.MachineUserTaken),
)
async def add_registry_source(work: SourceMaker, body: SourceCreate) -> Response:
    """Let a registry push within its divisions. Its first secret is made at `/secrets`."""
    return await queries.sources.source(work, await commands.add_source(work, body), status=201)


@router.get(
    "/registry-sources/{source_id}",
    response_model=SourceRead,
    tags=["intake"],
    responses=refusals(errors.SourceNotFound),
)
async def read_registry_source(work: SourceReader, source_id: UUID) -> Response:
    """One registry."""
    return await queries.sources.source(work, source_id)


@router.patch(
    "/registry-sources/{source_id}",
    response_model=SourceRead,
    tags=["intake"],
    responses=refusals(
        errors.SourceNotFound,
        errors.SourceUnfit,
        errors.MachineUserTaken,
        errors.SourceNotApproved,
        *VERSIONED,
    ),
)
async def amend_registry_source(work: SourceChanger, source_id: UUID, body: SourceUpdate) -> Response:
    """Change a registry's name, divisions, scheme or machine user; suspend it or take it up again."""
    await commands.amend_source(work, source_id, body)
    return await queries.sources.source(work, source_id)


@router.post(
    "/registry-sources/{source_id}/approve",
    response_model=SourceRead,
    tags=["intake"],
    responses=refusals(
        errors.SourceNotFound, errors.SourceApproved, errors.SourceSecondPersonNeeded, *VERSIONED
    ),
)
async def approve_registry_source(work: SourceChanger, source_id: UUID) -> Response:
    """Take up a registry above rank 50, as a second person: never one's own request.

    It rests again after a change of its divisions or scheme, and after a new secret."""
    await commands.approve_source(work, source_id)
    return await queries.sources.source(work, source_id)


@router.get(
    "/registry-sources/{source_id}/secrets",
    response_model=Page[SecretRead],
    tags=["intake"],
    responses=refusals(errors.SourceNotFound),
)
async def list_registry_source_secrets(
    work: SourceReader, source_id: UUID, filters: Annotated[SecretFilters, Query()]
) -> Response:
    """A registry's secrets, newest first, without themselves."""
    return await queries.sources.secrets(work, source_id, filters)


@router.post(
    "/registry-sources/{source_id}/secrets",
    status_code=201,
    response_model=SecretCreated,
    tags=["intake"],
    responses=refusals(errors.SourceNotFound, errors.TooManySecrets),
)
async def rotate_registry_source_secret(
    work: SecretMaker, source_id: UUID, body: SecretCreate
) -> SecretCreated:
    """A new secret, shown this once. Those before stay valid for `overlap_hours`: no message is lost."""
    return await commands.rotate_secret(work, source_id, body)


@router.post(
    "/registry-sources/{source_id}/secrets/{secret_id}/revoke",
    response_model=SecretRead,
    tags=["intake"],
    responses=refusals(errors.SourceNotFound, errors.SecretNotFound, errors.SecretAlreadyRevoked, *VERSIONED),
)
async def revoke_registry_source_secret(work: SourceChanger, source_id: UUID, secret_id: UUID) -> Response:
    """From now on this secret signs nothing."""
    await commands.revoke_secret(work, source_id, secret_id)
    return await queries.sources.secret(work, source_id, secret_id)


@router.get(
    "/registry-sources/{source_id}/gaps",
    response_model=Page[GapRead],
    tags=["intake"],
    responses=refusals(errors.SourceNotFound),
)
async def list_registry_source_gaps(
    work: SourceReader, source_id: UUID, filters: Annotated[GapFilters, Query()]
) -> Response:
    """Sequence numbers that this registry passed over. A late arrival closes its gap."""
    return await queries.sources.gaps(work, source_id, filters)


# -------------------------------------------------------------------------------------------------- events


@router.get("/registry-events", response_model=Page[RegistryEventRead], tags=["intake"])
async def list_registry_events(work: EventReader, filters: Annotated[EventFilters, Query()]) -> Response:
    """Messages in the inbox, newest first. A registry's machine user sees its own."""
    return await queries.inbox.events(work, filters)


@router.get(
    "/registry-events/{event_id}",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound),
)
async def read_registry_event(work: EventReader, event_id: UUID) -> Response:
    """What became of a message, and why."""
    return await queries.inbox.event(work, event_id)


@router.post("/registry-events/replay", status_code=202, response_model=Replayed, tags=["intake"])
async def replay_registry_events(work: ManyMender, body: ReplayMany) -> Replayed:
    """Try every quarantined message that matches again, up to 10,000 at a time."""
    return await commands.replay_many(work, body)


@router.post(
    "/registry-events/{event_id}/replay",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound, errors.EventStateUnfit, *VERSIONED),
)
async def replay_registry_event(work: EventMender, event_id: UUID) -> Response:
    """Try a quarantined or parked message again."""
    await commands.replay(work, event_id)
    return await queries.inbox.event(work, event_id)


@router.post(
    "/registry-events/{event_id}/mend",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound, errors.EventStateUnfit, *VERSIONED),
)
async def mend_registry_event(work: EventMender, event_id: UUID, body: Mending) -> Response:
    """Apply another message in its place. The original is kept beside it, with who mended it and why."""
    await commands.mend(work, event_id, body)
    return await queries.inbox.event(work, event_id)


@router.post(
    "/registry-events/{event_id}/dismiss",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound, errors.EventStateUnfit, *VERSIONED),
)
async def dismiss_registry_event(work: EventMender, event_id: UUID, body: Dismissal) -> Response:
    """Settle that a message is not to be applied."""
    await commands.dismiss(work, event_id, body)
    return await queries.inbox.event(work, event_id)


@router.post(
    "/registry-events/{event_id}/reveal",
    response_model=EventContent,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound, errors.BodyForgotten, RevealsSpent, FreshSignInNeeded),
)
async def reveal_registry_event(work: Revealer, event_id: UUID, body: Reveal) -> EventContent:
    """The content of a message, phone numbers included. Audited; asks for a fresh password."""
    return await commands.reveal(work, event_id, body)


@router.post(
    "/registry-events/{event_id}/accept-certificate",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(errors.RegistryEventNotFound, errors.NoCertificateQuestion, *VERSIONED),
)
async def ask_to_accept_certificate(work: EventMender, event_id: UUID, body: CertificateEvidence) -> Response:
    """Ask a second person to accept a genuine certificate that prints a wrong check digit."""
    await commands.ask_to_accept_certificate(work, event_id, body)
    return await queries.inbox.event(work, event_id)


@router.post(
    "/registry-events/{event_id}/accept-certificate/decide",
    response_model=RegistryEventRead,
    tags=["intake"],
    responses=refusals(
        errors.RegistryEventNotFound, errors.NoCertificateQuestion, SecondPersonNeeded, *VERSIONED
    ),
)
async def decide_on_certificate(work: Approver, event_id: UUID, body: CertificateDecision) -> Response:
    """Accept or refuse it, as another person than the one who asked. Accepted, the message is applied."""
    await commands.decide_on_certificate(work, event_id, body)
    return await queries.inbox.event(work, event_id)
