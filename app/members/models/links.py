"""What dates a member: statuses, affiliations, participations, restrictions."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned
from app.members.models.words import BODY, VALID


class StatusPeriod(Versioned, Base):
    """What a member was, and when: one status at any instant."""

    __tablename__ = "member_statuses"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    status: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    document: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        ExcludeConstraint(
            (column("member_id"), "="), (column("valid"), "&&"), name="ex_member_statuses_one", using="gist"
        ),
    )


class Affiliation(Versioned, Base):
    """The branch that a member belongs to (主隶属): exactly one at any instant while the membership lasts."""

    __tablename__ = "member_affiliations"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_transfers.id"))
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        ExcludeConstraint(
            (column("member_id"), "="),
            (column("valid"), "&&"),
            name="ex_member_affiliations_one",
            using="gist",
        ),
        Index("ix_member_affiliations_party_organization_id", "party_organization_id", "member_id"),
    )


class Participation(Versioned, Base):
    """Organization life elsewhere (一方隶属、参加多重组织生活): it moves no relations and gives no vote."""

    __tablename__ = "member_participations"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(BODY))
    kind: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        CheckConstraint("kind IN ('secondary', 'floating')", name="kind"),
        ExcludeConstraint(
            (text("(uuid_send(member_id) || uuid_send(party_organization_id))"), "="),
            (column("valid"), "&&"),
            name="ex_member_participations_twice",
            using="gist",
        ),
        Index("ix_member_participations_party_organization_id", "party_organization_id", "member_id"),
    )


class RightsRestriction(Versioned, Base):
    """留党察看 and other dated limits of rights: beside the status, never in it."""

    __tablename__ = "member_restrictions"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    document: Mapped[str]

    __table_args__ = (
        CheckConstraint(VALID, name="valid"),
        CheckConstraint("kind IN ('probation_within_party', 'rights_suspended')", name="kind"),
        ExcludeConstraint(
            (column("member_id"), "="),
            (column("kind"), "="),
            (column("valid"), "&&"),
            name="ex_member_restrictions_twice",
            using="gist",
        ),
    )
