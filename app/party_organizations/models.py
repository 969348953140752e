"""Party organizations, their dated tree with its closure, what they cover, and why nothing covers one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, column, func, text
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Code, Identified, Versioned

# Two ids of one exclusion are compared as one value. With a column each, PostgreSQL takes the GiST index for
# a lookup by the second alone, believes it cheap and reads all of it: 35 ms instead of 0.02 in 80,000 rows.
_BODY = "party_organizations.id"
_NO_GAP = "NOT isempty(valid) AND NOT lower_inf(valid)"
_KINDS = (
    "kind IN ('working_committee', 'committee', 'general_branch', 'branch', 'group', 'work_team',"
    " 'discipline_committee', 'leading_group')"
)
_RECORDED = "NOT isempty(recorded) AND NOT lower_inf(recorded)"


class PartyOrganization(Versioned, Base):
    """A Party body of any kind. Whether it counts never changes, so that past coverage stays what it was.

    `kind` is today's (`party_organization_former_kinds` holds what it was); `parent_id` repeats today's row
    of `party_organization_parents`."""

    __tablename__ = "party_organizations"

    name: Mapped[str]
    kind: Mapped[Code]
    formation: Mapped[Code | None]
    level: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey(_BODY))
    industry: Mapped[Code | None]
    approval_document: Mapped[str | None]
    founded_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    dissolved_reason: Mapped[str | None]
    counts_as_primary: Mapped[bool]
    status: Mapped[Code]

    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint(
            "formation IN ('single', 'joint', 'regional', 'attached', 'industry', 'functional', 'temporary',"
            " 'floating')",
            name="formation",
        ),
        CheckConstraint(
            "level IN ('nation', 'province', 'prefecture', 'county', 'township', 'community', 'zone')",
            name="level",
        ),
        CheckConstraint(
            "counts_as_primary = (kind IN ('committee', 'general_branch', 'branch'))",
            name="counts_as_primary",
        ),
        CheckConstraint("formation IS NOT NULL OR NOT counts_as_primary", name="primary_formation"),
        CheckConstraint("status IN ('active', 'dissolved')", name="status"),
        CheckConstraint("(status = 'dissolved') = (dissolved_on IS NOT NULL)", name="dissolved_on"),
        CheckConstraint("dissolved_on > founded_on", name="lifetime"),
        CheckConstraint("parent_id <> id", name="parent_id"),
        Index("ix_party_organizations_division_code_id", "division_code", "id"),
        Index("ix_party_organizations_parent_id", "parent_id"),
    )


class FormerKind(Identified, Base):
    """What a body was before it became what it is (支部改建总支、总支改建党委), under which name, and when.

    Only what has changed has rows: on a day without one a body was what it is now."""

    __tablename__ = "party_organization_former_kinds"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    kind: Mapped[Code]
    name: Mapped[str]
    ended_by_document: Mapped[str | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint(_NO_GAP + " AND NOT upper_inf(valid)", name="valid"),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_party_organization_former_kinds_one",
            using="gist",
        ),
    )


class TreeGuard(Base):
    """One row. A move locks it for update, an establishment for share: two moves never close a cycle."""

    __tablename__ = "party_organization_tree_guard"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Parent(Identified, Base):
    """Below which body a body hung, and when."""

    __tablename__ = "party_organization_parents"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    parent_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(_NO_GAP, name="valid"),
        CheckConstraint("parent_id <> party_organization_id", name="not_itself"),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_party_organization_parents_one",
            using="gist",
        ),
        Index("ix_party_organization_parents_parent_id", "parent_id"),
    )


class Closure(Base):
    """Every body above every body, with the depth, and when; a body is its own ancestor at depth 0.

    A dissolved body stays below its last parent, so that its record remains in sight."""

    __tablename__ = "party_organization_closure"

    ancestor_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY), primary_key=True)
    descendant_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY), primary_key=True)
    depth: Mapped[int] = mapped_column(SmallInteger)
    valid: Mapped[Range[date]] = mapped_column(DATERANGE, primary_key=True)

    __table_args__ = (
        CheckConstraint(_NO_GAP, name="valid"),
        CheckConstraint("(depth = 0) = (ancestor_id = descendant_id)", name="depth"),
        ExcludeConstraint(
            (text("(uuid_send(ancestor_id) || uuid_send(descendant_id))"), "="),
            (column("valid"), "&&"),
            name="ex_party_organization_closure_one",
            using="gist",
        ),
        Index("ix_party_organization_closure_descendant_id", "descendant_id", "ancestor_id"),
    )


class FunctionRow(Versioned, Base):
    """A part that a body plays for a division (and an industry) for a time; one body at a time plays each."""

    __tablename__ = "party_organization_functions"

    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    function: Mapped[Code]
    division_code: Mapped[Code] = mapped_column(ForeignKey("divisions.code"))
    industry: Mapped[Code | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)

    __table_args__ = (
        CheckConstraint(
            "function IN ('comprehensive_committee', 'industry_committee', 'local_committee',"
            " 'leading_committee')",
            name="function",
        ),
        CheckConstraint("(function = 'industry_committee') = (industry IS NOT NULL)", name="industry"),
        CheckConstraint(_NO_GAP, name="valid"),
        ExcludeConstraint(
            (column("function"), "="),
            (column("division_code"), "="),
            (func.coalesce(column("industry"), text("''")), "="),
            (column("valid"), "&&"),
            name="ex_party_organization_functions_one",
            using="gist",
        ),
        Index("ix_party_organization_functions_party_organization_id", "party_organization_id", "id"),
    )


class Cover(Identified, Base):
    """A body covers an organization: true in `valid`, known in `recorded`.

    `cover_id` stays through every version. `formation` is the body's when this stretch began, so that a later
    change of formation leaves the past alone."""

    __tablename__ = "party_organization_covers"

    cover_id: Mapped[UUID]
    version: Mapped[int]
    party_organization_id: Mapped[UUID] = mapped_column(ForeignKey(_BODY))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    formation: Mapped[Code | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    ended_reason: Mapped[Code | None]

    __table_args__ = (
        CheckConstraint(_NO_GAP, name="valid"),
        CheckConstraint(_RECORDED, name="recorded"),
        ExcludeConstraint(
            (text("(uuid_send(party_organization_id) || uuid_send(organization_id))"), "="),
            (column("valid"), "&&"),
            (column("recorded"), "&&"),
            name="ex_party_organization_covers_twice",
            using="gist",
        ),
        ExcludeConstraint(
            (column("party_organization_id"), "="),
            (column("valid"), "&&"),
            name="ex_party_organization_covers_single",
            where=text("formation = 'single' AND upper_inf(recorded)"),
            using="gist",
        ),
        Index("uq_party_organization_covers_cover_id", "cover_id", "version", unique=True),
        Index(
            "uq_party_organization_covers_known",
            "cover_id",
            unique=True,
            postgresql_where=text("upper_inf(recorded)"),
        ),
        Index("ix_party_organization_covers_organization_id", "organization_id"),
        Index("ix_party_organization_covers_party_organization_id", "party_organization_id", "cover_id"),
    )


class NoReason(Identified, Base):
    """Why an organization has no Party organization, until when; known in `recorded`, like a cover."""

    __tablename__ = "no_party_organization_reasons"

    reason_id: Mapped[UUID]
    version: Mapped[int]
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    reason: Mapped[Code]
    note: Mapped[str | None]
    valid: Mapped[Range[date]] = mapped_column(DATERANGE)
    recorded: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)

    __table_args__ = (
        CheckConstraint(
            "reason IN ('no_full_members', 'fewer_than_three_full_members', 'newly_registered',"
            " 'relations_elsewhere', 'dormant', 'being_dissolved', 'other')",
            name="reason",
        ),
        CheckConstraint("reason <> 'other' OR note IS NOT NULL", name="note"),
        CheckConstraint(_NO_GAP + " AND NOT upper_inf(valid)", name="valid"),
        CheckConstraint(_RECORDED, name="recorded"),
        ExcludeConstraint(
            (column("organization_id"), "="),
            (column("valid"), "&&"),
            (column("recorded"), "&&"),
            name="ex_no_party_organization_reasons_one",
            using="gist",
        ),
        Index("uq_no_party_organization_reasons_reason_id", "reason_id", "version", unique=True),
        Index(
            "ix_no_party_organization_reasons_until",
            func.upper(text("valid")),
            "reason_id",
            postgresql_where=text("upper_inf(recorded)"),
        ),
    )
