"""What lists can be narrowed by."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.fields import CodeStr, Day, DivisionCode, Instant, Name, PrintedCreditCode
from app.core.pages import Filters
from app.organizations import rules


class DivisionBasis(StrEnum):
    """By which of its divisions an organization is listed."""

    REGISTRATION = "registration"
    DOMICILE = "domicile"


class OrganizationFilters(Filters):
    """Each filter narrows the list. `division` and `domicile_division` mean the subtree."""

    division: DivisionCode | None = None
    domicile_division: DivisionCode | None = None
    division_basis: Annotated[
        DivisionBasis,
        Field(
            description="`registration` lists what is registered in your scope; `domicile` what is domiciled "
            "there, wherever it is registered (to read, not to write)."
        ),
    ] = DivisionBasis.REGISTRATION
    kind: rules.OrganizationKind | None = None
    registration_status: rules.RegistrationStatus | None = None
    registration_mode: rules.RegistrationMode | None = None
    registration_authority_id: UUID | None = None
    supervisory_unit_id: UUID | None = None
    industry: CodeStr | None = None
    credit_code: PrintedCreditCode | None = None
    name: Annotated[Name | None, Field(description="The beginning of its name, or of a former name.")] = None
    number: Annotated[Name | None, Field(description="An old registration number, or a filing number.")] = (
        None
    )
    decoupled: bool | None = None
    is_trade_association: bool | None = None
    has_party_organization: Annotated[
        bool | None, Field(description="Whether a committee, general branch or branch covers it.")
    ] = None
    has_responsible_body: Annotated[bool | None, Field(description="Whether a Party body leads it.")] = None
    has_open_finding: bool | None = None
    established_from: Day | None = None
    established_until: Annotated[Day | None, Field(description="The first day that is no longer meant.")] = (
        None
    )
    as_of: Annotated[
        Day | None,
        Field(
            description="The organizations that existed on that day, with what counted about them then; "
            "names, texts and figures are today's."
        ),
    ] = None


class FactFilters(Filters):
    """Statements about one organization, newest first."""

    fact: CodeStr | None = None
    source: CodeStr | None = None
    corrections_only: bool = False


class FindingFilters(Filters):
    """Findings in scope, newest first."""

    division: DivisionCode | None = None
    kind: rules.FindingKind | None = None
    state: Annotated[str | None, Field(pattern="^(open|closed)$", max_length=6)] = None


class OwnFindingFilters(Filters):
    """Findings of one organization, newest first."""

    state: Annotated[str | None, Field(pattern="^(open|closed)$", max_length=6)] = None


class OfficerFilters(Filters):
    """Officers of one organization, in the order in which they came."""

    as_of: Day | None = None
    principal: bool | None = None


class RecordFilters(Filters):
    """Records of one organization. Withdrawn ones are left out unless asked for."""

    withdrawn: bool = False


class ExceptionFilters(Filters):
    """Certificates with a wrong check digit, newest first."""

    state: Annotated[str | None, Field(pattern="^(requested|approved|refused)$", max_length=9)] = None


class Moment(BaseModel):
    """A day (true then) and an instant (known then)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: Day | None = None
    known_at: Instant | None = None
