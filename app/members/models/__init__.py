"""People and what concerns them. Every table here has row-level security, forced: a transaction that has not
said whose rows it may see sees none."""

from app.members.models.grid import GridMember, GridOrganization, GridUnit
from app.members.models.links import Affiliation, Participation, RightsRestriction, StatusPeriod
from app.members.models.people import Member, Person
from app.members.models.requests import PersonRequest, Retention, Verification
from app.members.models.transfers import Transfer

__all__ = [
    "Affiliation",
    "GridMember",
    "GridOrganization",
    "GridUnit",
    "Member",
    "Participation",
    "Person",
    "PersonRequest",
    "Retention",
    "RightsRestriction",
    "StatusPeriod",
    "Transfer",
    "Verification",
]
