"""People: who they are, sealed; what they are in the Party; where they belong and since when.

Every table here has row-level security, forced: a transaction that has not said whose rows it may see
sees none. `division_code` and `party_organization_id` of a person and a member repeat the body of the main
affiliation."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, column, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Versioned

_BODY = "party_organizations.id"
_VALID = "NOT isempty(valid) AND NOT lower_inf(valid)"
_PRECISION = "{0}_precision IN ('year', 'month', 'day') AND ({0}_on IS NULL) = ({0}_precision IS NULL)"

SEALED = LargeBinary


class Person(Versioned, Base):
    """A natural person. What names them is ciphertext (SM4-GCM), found by blind index, shown as a mask."""

    __tablename__ = "persons"

    name_cipher: Mapped[bytes] = mapped_column(SEALED)
    name_blind: Mapped[bytes] = mapped_column(SEALED)
    name_mask: Mapped[str]
    id_number_cipher: Mapped[bytes | None] = mapped_column(SEALED)
    id_number_blind: Mapped[bytes | None] = mapped_column(SEALED)
    id_number_mask: Mapped[str | None]
    phone_cipher: Mapped[bytes | None] = mapped_column(SEALED)
    phone_blind: Mapped[bytes | None] = mapped_column(SEALED)
    phone_mask: Mapped[str | None]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))

    __table_args__ = (
        UniqueConstraint("id_number_blind", name="uq_persons_id_number_blind"),
        CheckConstraint(
            "(id_number_cipher IS NULL) = (id_number_blind IS NULL)"
            " AND (id_number_cipher IS NULL) = (id_number_mask IS NULL)",
            name="id_number",
        ),
        CheckConstraint(
            "(phone_cipher IS NULL) = (phone_blind IS NULL)"
            " AND (phone_cipher IS NULL) = (phone_mask IS NULL)",
            name="phone",
        ),
        Index("ix_persons_name_blind", "name_blind"),
        Index("ix_persons_phone_blind", "phone_blind"),
        Index("ix_persons_party_organization_id", "party_organization_id"),
        Index("ix_persons_division_code", "division_code"),
    )


class Member(Versioned, Base):
    """A person's way in the Party, from the application to the end."""

    __tablename__ = "members"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    status: Mapped[Code]
    ended_kind: Mapped[Code | None]
    ended_on: Mapped[date | None]
    applied_on: Mapped[date | None]
    joined_on: Mapped[date | None]
    joined_precision: Mapped[Code | None]
    full_on: Mapped[date | None]
    full_precision: Mapped[Code | None]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    employment: Mapped[Code | None]
    floating_since: Mapped[date | None]
    scattered: Mapped[bool]
    contact_lost_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("person_id", name="uq_members_person_id"),
        CheckConstraint(
            "status IN ('applicant', 'activist', 'development_target', 'probationary', 'full', 'suspended',"
            " 'ended')",
            name="status",
        ),
        CheckConstraint(
            "ended_kind IN ('deceased', 'resigned', 'struck_off', 'expelled', 'probation_revoked',"
            " 'application_ended', 'transferred_out', 'recorded_in_error')",
            name="ended_kind",
        ),
        CheckConstraint(
            "(status = 'ended') = (ended_kind IS NOT NULL) AND (status = 'ended') = (ended_on IS NOT NULL)",
            name="ended",
        ),
        CheckConstraint(_PRECISION.format("joined"), name="joined"),
        CheckConstraint(_PRECISION.format("full"), name="full"),
        CheckConstraint(
            "status NOT IN ('probationary', 'full', 'suspended') OR joined_on IS NOT NULL", name="joined_on"
        ),
        CheckConstraint("status <> 'full' OR full_on IS NOT NULL", name="full_on"),
        CheckConstraint(
            "employment IN ('full_time_staff', 'part_time', 'principal', 'volunteer', 'other')",
            name="employment",
        ),
        Index("ix_members_division_code_id", "division_code", "id"),
        Index("ix_members_party_organization_id_id", "party_organization_id", "id"),
        Index("ix_members_organization_id", "organization_id", postgresql_where=text("status <> 'ended'")),
    )


class StatusPeriod(Versioned, Base):
    """What a member was, and when: one status at any instant."""

    __tablename__ = "member_statuses"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    status: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    document: Mapped[str | None]
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(_VALID, name="valid"),
        ExcludeConstraint(
            (column("member_id"), "="), (column("valid"), "&&"), name="ex_member_statuses_one", using="gist"
        ),
    )


class Affiliation(Versioned, Base):
    """The branch that a member belongs to (主隶属): exactly one at any instant while the membership lasts."""

    __tablename__ = "member_affiliations"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    transfer_id: Mapped[UUID | None] = mapped_column(ForeignKey("member_transfers.id"))
    reason: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(_VALID, name="valid"),
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
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    kind: Mapped[Code]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(_VALID, name="valid"),
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
        CheckConstraint(_VALID, name="valid"),
        CheckConstraint("kind IN ('probation_within_party', 'rights_suspended')", name="kind"),
        ExcludeConstraint(
            (column("member_id"), "="),
            (column("kind"), "="),
            (column("valid"), "&&"),
            name="ex_member_restrictions_twice",
            using="gist",
        ),
    )


class Transfer(Versioned, Base):
    """A member's relations on their way: one open transfer per member; the sender answers until then."""

    __tablename__ = "member_transfers"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name_mask: Mapped[str]
    from_body_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    from_division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    to_body_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    to_division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code"))
    to_outside: Mapped[str | None]
    range: Mapped[Code]
    state: Mapped[Code]
    reason: Mapped[str]
    requested_on: Mapped[date]
    letter_number: Mapped[str | None]
    letter_issued_on: Mapped[date | None]
    letter_until: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str | None]
    receipt_number: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('requested', 'sent', 'accepted', 'returned', 'cancelled')", name="state"),
        CheckConstraint("range IN ('within_committee', 'within_province', 'national')", name="range"),
        CheckConstraint(
            "(to_body_id IS NULL) = (to_division_code IS NULL)"
            " AND (to_body_id IS NULL) <> (to_outside IS NULL)",
            name="receiver",
        ),
        CheckConstraint("from_body_id <> to_body_id", name="elsewhere"),
        CheckConstraint(
            "(state IN ('accepted', 'returned', 'cancelled')) = (ended_on IS NOT NULL)", name="ended_on"
        ),
        CheckConstraint(
            "state NOT IN ('sent', 'accepted', 'returned') OR letter_number IS NOT NULL", name="letter"
        ),
        Index(
            "uq_member_transfers_open",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('requested', 'sent')"),
        ),
        Index("ix_member_transfers_member_id", "member_id", "id"),
        Index("ix_member_transfers_from_body_id", "from_body_id", "id"),
        Index("ix_member_transfers_to_body_id", "to_body_id", "id"),
        Index("ix_member_transfers_from_division_code", "from_division_code", "id"),
        Index("ix_member_transfers_to_division_code", "to_division_code", "id"),
    )
