"""The statuses of a member and their dated links: what is ordered, and what is read."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.fields import Day, Input, Output, Ref, ShortText
from app.members.rules import EndKind, MemberStatus, Restriction
from app.members.schemas.words import BodyId, Document, On


class MemberSuspend(Input):
    """停止党籍: contact lost for the months that the rule pack counts, or settled abroad."""

    on: On = None
    abroad: Annotated[bool, Field(description="Settled abroad, or away for more than five years.")] = False
    document: Document


class MemberRestore(Input):
    """恢复党籍 of a suspended membership."""

    on: On = None
    document: Document


class MemberEnd(Input):
    """How and when the membership or the application ended."""

    kind: Annotated[EndKind, Field(examples=["deceased"])]
    on: On = None
    document: Document | None = None
    reason: ShortText | None = None


class StatusRead(Output):
    """A status over a time."""

    status: MemberStatus
    from_on: date
    until_on: date | None
    document: str | None
    reason: str | None


class AffiliationRead(Output):
    """A main affiliation over a time."""

    party_organization: Ref
    from_on: date
    until_on: date | None
    transfer_id: UUID | None
    reason: Annotated[
        str | None, Field(description="Why they came without a transfer: their body was merged or split.")
    ]


class ParticipationRead(Output):
    """Organization life elsewhere over a time."""

    id: UUID
    party_organization: Ref
    kind: Annotated[str, Field(examples=["secondary"])]
    from_on: date
    until_on: date | None
    etag: str


class RestrictionRead(Output):
    """A limit of rights over a time."""

    id: UUID
    kind: Restriction
    from_on: date
    until_on: date | None
    document: str
    etag: str


class MemberHistory(Output):
    """Who belonged where, since when, by which paper: each list from the oldest to the newest."""

    statuses: list[StatusRead]
    affiliations: list[AffiliationRead]
    participations: list[ParticipationRead]
    restrictions: list[RestrictionRead]


class RestrictionStart(Input):
    """A limit of rights: 留党察看, or rights suspended while a matter is investigated."""

    kind: Annotated[Restriction, Field(examples=["probation_within_party"])]
    from_on: On = None
    until_on: Annotated[Day | None, Field(description="The first day without it, where that is known.")] = (
        None
    )
    document: Document


class LinkEnd(Input):
    """The end of a restriction or a participation."""

    on: Annotated[Day | None, Field(description="The first day without it; today if absent.")] = None


class ParticipationStart(Input):
    """Organization life in another body, the relations staying where they are."""

    party_organization_id: BodyId
    kind: Annotated[str, Field(pattern="^(secondary|floating)$", max_length=9, examples=["floating"])]
    from_on: On = None
