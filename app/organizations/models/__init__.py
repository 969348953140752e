"""The tables of the ledger."""

from app.organizations.models.control import CreditCodeException, OrganizationFinding
from app.organizations.models.ledger import (
    Organization,
    OrganizationFact,
    OrganizationName,
    OrganizationOfficer,
    OrganizationPeriod,
    OrganizationPhone,
)
from app.organizations.models.records import (
    AnnualReport,
    Award,
    CharterClause,
    CreditListing,
    Evaluation,
    OrganizationIdentifier,
    OrganizationSuccession,
    Penalty,
)
from app.organizations.models.search import OrganizationSearch

__all__ = [
    "AnnualReport",
    "Award",
    "CharterClause",
    "CreditCodeException",
    "CreditListing",
    "Evaluation",
    "Organization",
    "OrganizationFact",
    "OrganizationFinding",
    "OrganizationIdentifier",
    "OrganizationName",
    "OrganizationOfficer",
    "OrganizationPeriod",
    "OrganizationPhone",
    "OrganizationSearch",
    "OrganizationSuccession",
    "Penalty",
]
