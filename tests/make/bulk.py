"""Rows of a file of organizations, a place in which they mean something, and what they leave behind; all
invented data."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from app.core.access import Actor
from app.core.work import Credential, Shell, new_session
from app.organizations.rules import Identifier, IdentifierScheme, OrganizationKind, RegistrationMode, Row
from tests.make import authorities, party_organizations, responsibility
from tests.make import organizations as make
from tests.make.responsibility import City

Headers = dict[str, str]
STREET = "440115001"
LEFT_BEHIND = (
    "organizations", "organization_facts", "organization_periods", "organization_names",
    "organization_identifiers", "organization_phones", "organization_findings", "organization_search",
    "responsibilities", "responsibility_determinations", "duties", "audit_entries", "events",
)  # fmt: skip
"""Every table that a registration writes."""
_OF_THE_MOMENT = {
    "id", "created_at", "updated_at", "recorded_at", "opened_at", "determined_at", "at", "occurred_at",
    "xid", "phone_cipher", "request_id", "address",
}  # fmt: skip
_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(slots=True)
class Place:
    """A city with organizations in many states, by a word for what is special about each."""

    city: City
    abolished: str = ""
    there: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def authorities(self) -> dict[str, UUID]:
        return {name: UUID(found) for name, found in self.city.authorities.items()}


async def actor(shell: Shell, headers: Headers) -> Actor:
    """The caller whom a token names."""
    async with new_session(shell) as session:
        found = await shell.authenticate(
            session, Credential(bearer=headers["Authorization"].removeprefix("Bearer "))
        )
    assert found is not None
    return found


async def place(api: httpx.AsyncClient, shell: Shell, nation: Headers, administrator: Headers) -> Place:
    """A city where a file can meet everything: who answers, who is gone, and who is already there."""
    await responsibility.street(api, administrator, STREET, "南沙街道", "440115")
    made = Place(await responsibility.city(api, nation))
    await made.city.body("南沙街道党工委", STREET)
    bureau = await authorities.authority(
        api, nation, name="南沙区体育局", division_code="440115",
        roles=[{"role": "supervisory_unit", "from_on": "2001-01-01"}],
    )  # fmt: skip
    order = {"on": "2020-01-01", "successor_id": made.city.authorities["南沙区教育局"], "reason": "机构改革"}
    gone = await api.post(
        f"/authorities/{bureau['id']}/abolish", json=order, headers={**nation, "If-Match": bureau["etag"]}
    )
    assert gone.status_code == 200, gone.text
    made.abolished = bureau["id"]
    school = made.city.authorities["南沙区教育局"]
    plans: dict[str, dict[str, Any]] = {
        "plain": {"staff_count": 4},
        "same": {"staff_count": 4, "contact_name": "王一", "contact_phone": "13800138000"},
        "phone": {"contact_name": "王二", "contact_phone": "13800138001"},
        "dual": {"registration_mode": "dual", "supervisory_unit_id": school, "industry": "education"},
        "ended": {},
        "numbered": {},
        "covered": {"domicile_division_code": STREET},
        "elsewhere": {"division_code": "330200"},
        "neighbour": {"division_code": "330200", "domicile_division_code": "440115"},
        "registry": {},
        "counted": {"full_member_count": 5},
    }
    for number, (word, plan) in enumerate(plans.items()):
        made.there[word] = await make.organization(
            api, nation, name=f"已在台账之{word}", credit_code=make.credit_code(900 + number), **plan
        )
    ended = await make.act(
        api, nation, made.there["ended"]["id"], "deregister", effective_on="2024-05-01", reason="自行解散"
    )
    assert ended.status_code == 200, ended.text
    await make.add(
        api,
        nation,
        made.there["numbered"]["id"],
        "identifiers",
        scheme="registration_number",
        number="粤登字1号",
    )
    branch = await party_organizations.body(api, nation, division_code=STREET)
    await party_organizations.cover(api, nation, branch["id"], made.there["covered"]["id"])
    today = (await make.rows(shell, "SELECT current_date AS day"))[0]["day"]
    await make.stated(shell, made.there["registry"]["id"], {"staff_count": 9}, make.by_registry(today, 1))
    return made


def row(
    number: int, *, identifiers: Sequence[Identifier] = (), effective_on: date | None = None, **facts: Any
) -> Row:
    """An association that Nansha registered directly, with a name and a code of its own, unless said
    otherwise; a fact of `...` is left out."""
    plan = {
        "name": f"南沙区第{number}协会",
        "kind": OrganizationKind.ASSOCIATION,
        "registration_mode": RegistrationMode.DIRECT,
        "division_code": "440115",
        "credit_code": make.credit_code(number),
        "established_on": date(2015, 1 + number % 12, 1 + number % 28),
        **facts,
    }
    return Row(
        facts={name: value for name, value in plan.items() if value is not ...},
        identifiers=tuple(identifiers),
        effective_on=effective_on,
    )


def ordinary(made: Place, count: int, chance: Random, first: int = 1) -> list[Row]:
    """Rows that nothing is wrong with, as mixed as a province's."""
    known = made.authorities
    classes = {"association": "51", "service_institution": "52", "foundation": "53"}
    rows = []
    for number in range(first, first + count):
        kind = OrganizationKind(chance.choice((*classes, "association", "community_filed")))
        mode = RegistrationMode("filed" if kind == "community_filed" else chance.choice(("direct", "dual")))
        facts: dict[str, Any] = {
            "kind": kind,
            "registration_mode": mode,
            "division_code": chance.choice(("440115", "440115", "440100", "440106", STREET)),
            "credit_code": None
            if kind == "community_filed"
            else make.credit_code(number, kind=classes[kind]),
            "domicile_division_code": chance.choice((None, STREET, "440115", "440106")),
            "domicile_address": chance.choice((..., "港前大道1号")),
            "registration_authority_id": chance.choice((..., known["南沙区民政局"])),
            "supervisory_unit_id": known["南沙区教育局"] if mode == "dual" else ...,
            "industry_authority_id": chance.choice((..., ..., known["南沙区教育局"])),
            "industry": chance.choice((..., "education", "sports")),
            "decoupled": chance.choice((..., True, False)),
            "is_trade_association": chance.choice((..., True)),
            "staff_count": chance.choice((..., 3, 40)),
            "member_count": chance.choice((..., 100)),
            "full_member_count": chance.choice((..., 2, 3)),
            "party_member_count": chance.choice((..., 4)),
            "legal_representative": chance.choice((..., "李一")),
            "contact_name": chance.choice((..., "张三")),
            "contact_phone": chance.choice((..., "13800138000", "020-84981234")),
            "business_scope": chance.choice((..., "学术交流; 公益活动")),
            "established_on": chance.choice((..., date(2003, 5, 6), date(2019, 9, 30), date(2026, 11, 2))),
        }
        numbers = [Identifier(scheme=IdentifierScheme.FILING_NUMBER, number=f"备{number}号")]
        rows.append(row(number, identifiers=chance.choice(([], [], numbers)), **facts))
    return rows


def peculiar(made: Place) -> list[Row]:
    """Rows with something about them: each a fault, a finding, or an organization that is there already."""
    there = {word: each["credit_code"] for word, each in made.there.items()}
    old = IdentifierScheme.REGISTRATION_NUMBER
    unknown = UUID("01890000-0000-7000-8000-000000000001")
    return [
        row(500, credit_code=make.wrong_check_digit(500)),
        row(501, credit_code="00" + make.credit_code(501)[2:]),
        row(502, division_code="449999"),
        row(503, division_code="440121"),
        row(504, division_code="330200"),
        row(505, division_code=...),
        row(506, name=..., kind=...),
        row(507, registration_authority_id=unknown),
        row(508, supervisory_unit_id=UUID(made.abolished)),
        row(509, supervisory_unit_id=UUID(made.abolished), effective_on=date(2019, 1, 1)),
        row(510, established_on=date(2199, 1, 1)),
        row(511, effective_on=date(2199, 1, 1)),
        row(512, registration_status="deregistered"),
        row(513, registration_status="preparatory"),
        row(514, registration_status="in_liquidation", established_on=...),
        row(515, full_member_count=2, full_time_full_member_count=3),
        row(516, kind=OrganizationKind.FOUNDATION),
        row(517, staff_count=-1, division_code="449999", supervisory_unit_id=unknown),
        row(518, name="   "),
        row(519, colour="red"),
        row(520, domicile_division_code="449999"),
        row(521),
        row(521, name="南沙区第521协会(改)"),
        row(521, name="南沙区第521协会(改)"),
        row(521, division_code="330200"),
        row(522, credit_code=None),
        row(522, credit_code=None, identifiers=[Identifier(scheme=old, number="粤登字2号")] * 2),
        Row(facts={"credit_code": there["plain"], "staff_count": 4}),
        Row(facts={"credit_code": there["plain"], "staff_count": 5, "name": "已在台账之新名"}),
        Row(facts={"credit_code": there["same"], "contact_name": "王一", "contact_phone": "13800138000"}),
        Row(facts={"credit_code": there["phone"], "contact_phone": "13900139000", "contact_name": None}),
        Row(
            facts={
                "credit_code": there["dual"],
                "supervisory_unit_id": None,
                "registration_mode": RegistrationMode.DIRECT,
            }
        ),
        Row(facts={"credit_code": there["ended"], "name": "已终止者的新名"}),
        Row(facts={"credit_code": there["ended"], "division_code": "440106"}, effective_on=date(2017, 1, 1)),
        Row(
            facts={"credit_code": there["numbered"]},
            identifiers=(Identifier(scheme=old, number="粤登字1号"),),
        ),
        Row(
            facts={"credit_code": there["numbered"], "industry": "sports"},
            identifiers=(
                Identifier(scheme=old, number="粤登字1号"),
                Identifier(scheme=old, number="粤登字3号"),
            ),
        ),
        Row(facts={"credit_code": there["covered"], "decoupled": True, "division_code": STREET}),
        Row(
            facts={"credit_code": there["covered"], "established_on": date(2010, 2, 3)},
            effective_on=date(2012, 1, 1),
        ),
        Row(facts={"credit_code": there["registry"], "staff_count": 8}),
        Row(facts={"credit_code": there["counted"], "full_time_full_member_count": 6}),
        Row(facts={"credit_code": there["counted"], "division_code": "330200"}),
        row(523, credit_code=there["elsewhere"]),
        row(524, credit_code=there["elsewhere"]),
        row(525, credit_code=there["elsewhere"], division_code="440106"),
        row(526, credit_code=there["neighbour"]),
        Row(facts={"credit_code": there["elsewhere"], "staff_count": 1}),
    ]  # fmt: skip


async def left_behind(shell: Shell) -> dict[str, list[str]]:
    """Everything that registrations wrote, as sorted lines, without what differs from one run to the next:
    instants, and ids (an organization is named by its code, or else by its name)."""
    async with shell.engine.connect() as connection:
        named = await connection.execute(
            text("SELECT id::text, coalesce(credit_code, name) FROM organizations")
        )
        names: dict[str, str] = dict(named.all())  # type: ignore[arg-type]
        found = {}
        for table in LEFT_BEHIND:
            rows = await connection.execute(text(f"SELECT to_jsonb(t) FROM {table} AS t"))  # noqa: S608
            found[table] = sorted(_line(row, names) for row in rows.scalars())
    return found


def _line(found: dict[str, Any], names: dict[str, str]) -> str:
    kept = {name: value for name, value in found.items() if name not in _OF_THE_MOMENT}
    if "recorded" in kept:
        kept["recorded"] = "open" if kept["recorded"].endswith(",)") else "closed"
    line = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    return _UUID.sub(lambda id_: names.get(id_[0], "another"), line)
