"""A small world for a first try: bodies, authorities and a registry of Guangdong, made through the commands.

Only for a database that `jiceng run` itself created. What is recorded here is invented."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.authorities import commands as authorities
from app.authorities.rules import AuthorityRoleCode as Role
from app.authorities.schemas import AuthorityCreate, RoleGive
from app.core.access import SYSTEM
from app.core.work import Shell, Work, begin
from app.intake.commands import sources
from app.intake.schemas import SecretCreate, SourceCreate
from app.party_organizations import commands as party_organizations
from app.party_organizations.rules import BodyFunction as Function
from app.party_organizations.rules import BodyKind as Kind
from app.party_organizations.rules import Formation
from app.party_organizations.schemas import FunctionAssign, PartyOrganizationEstablish

SOURCE = "nansha-civil-affairs"


@dataclass(frozen=True, slots=True)
class Body:
    """A Party organization of the demonstration; `parent` is another one's key."""

    key: str
    name: str
    kind: Kind
    division: str
    founded_on: date
    parent: str | None = None
    function: Function | None = None
    industry: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """An authority of the demonstration; `body` is the key of its Party body."""

    name: str
    division: str
    body: str | None
    roles: tuple[Role, ...]


_COMPREHENSIVE = Function.COMPREHENSIVE_COMMITTEE
BODIES = (
    Body(
        key="leading",
        name="中共广东省委两新组织工作委员会",
        kind=Kind.WORKING_COMMITTEE,
        division="440000",
        founded_on=date(2012, 7, 1),
        function=Function.LEADING_COMMITTEE,
    ),
    Body(
        key="province",
        name="中共广东省社会组织委员会",
        kind=Kind.COMMITTEE,
        division="440000",
        founded_on=date(2012, 7, 1),
        parent="leading",
        function=_COMPREHENSIVE,
    ),
    Body(
        key="city",
        name="中共广州市社会组织委员会",
        kind=Kind.COMMITTEE,
        division="440100",
        founded_on=date(2013, 5, 1),
        parent="province",
        function=_COMPREHENSIVE,
    ),
    Body(
        key="district",
        name="中共广州市南沙区社会组织委员会",
        kind=Kind.COMMITTEE,
        division="440115",
        founded_on=date(2014, 6, 1),
        parent="city",
        function=_COMPREHENSIVE,
    ),
    Body(
        key="education",
        name="中共广州市教育局委员会",
        kind=Kind.COMMITTEE,
        division="440100",
        founded_on=date(2010, 1, 1),
    ),
    Body(
        key="lawyers",
        name="中共广州市律师行业委员会",
        kind=Kind.COMMITTEE,
        division="440100",
        founded_on=date(2017, 3, 1),
        parent="city",
        function=Function.INDUSTRY_COMMITTEE,
        industry="legal_services",
    ),
)
_REGISTERS = (Role.REGISTRATION_AUTHORITY, Role.CIVIL_AFFAIRS)
_JUSTICE = (Role.SUPERVISORY_UNIT, Role.REGISTRATION_AUTHORITY, Role.JUSTICE_BUREAU)
OFFICES = (
    Office("广东省民政厅", "440000", "province", _REGISTERS),
    Office("中共广东省委社会工作部", "440000", None, (Role.SOCIAL_WORK_DEPARTMENT,)),
    Office("广州市民政局", "440100", "city", _REGISTERS),
    Office("广州市教育局", "440100", "education", (Role.SUPERVISORY_UNIT,)),
    Office("广州市司法局", "440100", "lawyers", _JUSTICE),
    Office("广州市南沙区民政局", "440115", "district", _REGISTERS),
)
REFORM = date(2023, 7, 1)


async def seed(shell: Shell) -> dict[str, str]:
    """Make the world, and a registry source whose secret is returned: `{source, secret}`."""
    async with begin(shell, SYSTEM) as work:
        bodies = await _bodies(work)
        made = {}
        for office in OFFICES:
            made[office.name] = await authorities.record(
                work,
                AuthorityCreate(
                    name=office.name,
                    division_code=office.division,
                    party_organization_id=bodies[office.body] if office.body else None,
                    roles=[RoleGive(role=role, from_on=_since(role)) for role in office.roles],
                ),
            )
        source = await sources.add_source(
            work,
            SourceCreate(
                code=SOURCE,
                name="南沙区民政局登记系统",
                authority_id=made["广州市南沙区民政局"],
                divisions=["440115"],
            ),
        )
        secret = await sources.rotate_secret(work, source, SecretCreate())
    return {"source": SOURCE, "secret": secret.secret}


async def _bodies(work: Work) -> dict[str, UUID]:
    made: dict[str, UUID] = {}
    for body in BODIES:
        plan: dict[str, Any] = {} if body.kind is Kind.WORKING_COMMITTEE else {"formation": Formation.SINGLE}
        made[body.key] = await party_organizations.establish(
            work,
            PartyOrganizationEstablish(
                name=body.name,
                kind=body.kind,
                division_code=body.division,
                parent_id=made[body.parent] if body.parent else None,
                founded_on=body.founded_on,
                **plan,
            ),
        )
        if body.function:
            order = FunctionAssign(
                function=body.function,
                division_code=body.division,
                industry=body.industry,
                from_on=body.founded_on,
            )
            await party_organizations.assign_function(work, made[body.key], order)
    return made


def _since(role: Role) -> date:
    return REFORM if role is Role.SOCIAL_WORK_DEPARTMENT else date(2013, 1, 1)
