"""The rule packs of this slice: what a registration owes, who must establish, and how large bodies are."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from app.core.fields import CodeStr, Input, LongText
from app.duties import rules
from app.duties.rules import Basis, DutyKind, Form, OwedBy
from app.reference.schemas import content_of
from app.responsibility.schemas import BilingualText


class DutyTerm(Input):
    """One line of the pack: who owes what, how many working days after the registration."""

    kind: DutyKind
    title: BilingualText
    owed_by: OwedBy
    working_days: Annotated[int, Field(ge=0, le=250)]
    source: LongText


class RegistrationDutiesContent(Input):
    """The content of a rule pack of the kind `registration_duties`."""

    registration_modes: Annotated[list[Literal["direct", "dual", "filed"]], Field(min_length=1, max_length=3)]
    duties: Annotated[list[DutyTerm], Field(min_length=1, max_length=4)]

    @model_validator(mode="after")
    def _distinct(self) -> "RegistrationDutiesContent":
        if len({duty.kind for duty in self.duties}) < len(self.duties):
            raise ValueError("two lines for one kind of duty")
        return self

    def plain(self, pack_id: UUID | None) -> rules.DutyPack:
        terms = (
            rules.Term(d.kind, (d.title.zh, d.title.en), d.owed_by, d.working_days, d.source)
            for d in self.duties
        )
        return rules.DutyPack(tuple(terms), frozenset(self.registration_modes), pack_id)


class EstablishmentThreshold(Input):
    """From `at_least` members of the basis on, this is what the organization owes."""

    code: CodeStr
    basis: Basis
    at_least: Annotated[int, Field(ge=0, le=1000)]
    must_establish: bool
    form: Form
    title: BilingualText
    source: LongText


class BodySize(Input):
    """How many members a body of a kind has: fewer need an approved exception, more are a finding."""

    kind: Literal["branch", "general_branch", "committee"]
    basis: Literal["full_members", "members", "full_time_full_members", "full_time_members"]
    at_least: Annotated[int, Field(ge=0, le=10_000)]
    at_most: Annotated[int | None, Field(ge=1, le=1_000_000)]
    source: LongText
    verified: bool


class JointLimit(Input):
    """How many units a joint branch covers."""

    organizations_at_most: Annotated[int, Field(ge=2, le=1000)]
    source: LongText
    verified: bool


class ReplyTerm(Input):
    """Within how many months the superior answers a request to establish a body."""

    months: Annotated[int, Field(ge=1, le=24)]
    source: LongText
    verified: bool


class BodyStructure(Input):
    """The sizes of bodies; what a jurisdiction does not say holds as its superior says."""

    kinds: Annotated[list[BodySize], Field(default_factory=list, max_length=3)]
    joint: JointLimit | None = None
    reply: ReplyTerm | None = None


class EstablishmentContent(Input):
    """The content of a rule pack of the kind `establishment`; one threshold is zero, so that each survey
    meets one."""

    thresholds: Annotated[list[EstablishmentThreshold], Field(min_length=1, max_length=20)]
    structure: BodyStructure | None = None

    @model_validator(mode="after")
    def _total(self) -> "EstablishmentContent":
        if len({each.code for each in self.thresholds}) < len(self.thresholds):
            raise ValueError("two thresholds share a code")
        if all(each.at_least > 0 for each in self.thresholds):
            raise ValueError("no threshold begins at zero")
        return self

    def plain(self, pack_id: UUID | None) -> rules.EstablishmentPack:
        thresholds = (
            rules.Threshold(
                t.code, t.basis, t.at_least, t.must_establish, t.form, (t.title.zh, t.title.en), t.source
            )
            for t in self.thresholds
        )
        return rules.EstablishmentPack(tuple(thresholds), pack_id)


content_of("registration_duties", RegistrationDutiesContent)
content_of("establishment", EstablishmentContent)
