"""The resolver against the shipped rule packs: each national rule, both overlays, climbing, and no fit."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.responsibility import rules
from app.responsibility.rules import Body, LocalBody, OrganizationFacts, Post, TargetKind, World
from app.responsibility.schemas import ResponsibilityPack

PACKS = Path(rules.__file__).parents[1] / "data" / "rule_packs"
SINCE = date(2020, 1, 1)
PATH = ("330212", "330200", "330000", "100000")


def shipped(code: str) -> rules.RulePack:
    content = json.loads((PACKS / f"responsibility-{code}.json").read_text())["content"]
    return ResponsibilityPack.model_validate(content).plain(None)


NATIONAL = rules.overlay(shipped("national"))
NINGBO = rules.overlay(shipped("national"), shipped("330200"))
GUANGDONG = rules.overlay(shipped("national"), shipped("440000"))
ALL = {"national": NATIONAL, "ningbo": NINGBO, "guangdong": GUANGDONG}


def body(number: int, name: str = "党组织") -> Body:
    return Body(UUID(int=number), f"{name}{number}", "330212")


def post(role: str, number: int, *, distance: int = 0, industry: str | None = None) -> Post:
    return Post(role, industry, body(number), distance, SINCE)


UNIT, FORMER, REGISTRY, STREET, COMMUNITY = (body(n) for n in (1, 2, 3, 4, 5))
COMMITTEE = post("comprehensive_committee", 10)
CITY_COMMITTEE = post("comprehensive_committee", 11, distance=1)
SOCIAL_WORK = post("social_work_department", 12)
LEADING = post("leading_committee", 13)
LAWYERS = post("industry_committee", 14, industry="legal_services")
DIRECT = OrganizationFacts("association", "direct", "county")
DUAL = replace(DIRECT, registration_mode="dual", has_supervisory_unit=True)
EMPTY = World(divisions=PATH)
STANDARD = replace(EMPTY, posts=(COMMITTEE, CITY_COMMITTEE, SOCIAL_WORK, LEADING, LAWYERS))


def local(place: Body, level: str, *, rank: int = 2, at_domicile: bool = True) -> LocalBody:
    return LocalBody(place, level, rank, at_domicile)


@pytest.mark.parametrize(
    ("pack", "facts", "world", "rule", "lead", "tried"),
    [
        pytest.param(
            "national",
            replace(DIRECT, kind="community_filed", registration_mode="filed"),
            replace(STANDARD, locals=(local(STREET, "township"), local(COMMUNITY, "community"))),
            "community_filed",
            COMMUNITY,
            [],
            id="a community organization belongs to the community's Party organization",
        ),
        pytest.param(
            "national",
            replace(DIRECT, registration_mode="filed"),
            replace(STANDARD, locals=(local(STREET, "township", at_domicile=False),)),
            "community_filed",
            STREET,
            [],
            id="a filed organization without a known domicile: the street that filed it",
        ),
        pytest.param(
            "national",
            replace(DUAL, decoupled=True, is_trade_association=True, industry="legal_services"),
            replace(STANDARD, supervisory_unit=UNIT, former_supervisory_unit=FORMER),
            "decoupled",
            SOCIAL_WORK.body,
            ["community_filed"],
            id="decoupling outranks industry and the former unit",
        ),
        pytest.param(
            "national",
            replace(DUAL, industry="legal_services"),
            replace(STANDARD, supervisory_unit=UNIT),
            "industry_committee",
            LAWYERS.body,
            ["community_filed", "decoupled"],
            id="lawyers: their own committee before the supervisory unit",
        ),
        pytest.param(
            "national",
            DUAL,
            replace(STANDARD, supervisory_unit=UNIT),
            "supervisory_unit",
            UNIT,
            ["community_filed", "decoupled", "industry_committee"],
            id="who supervises answers",
        ),
        pytest.param(
            "national",
            DIRECT,
            replace(STANDARD, affiliated=STREET, covered=True),
            "direct_local",
            STREET,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit"],
            id="direct registration, affiliated with the street",
        ),
        pytest.param(
            "national",
            DIRECT,
            STANDARD,
            "fallback",
            COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_local"],
            id="fallback at the registering level",
        ),
        pytest.param(
            "national",
            DIRECT,
            replace(EMPTY, posts=(CITY_COMMITTEE, SOCIAL_WORK)),
            "fallback",
            CITY_COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_local"],
            id="the fallback climbs to the city's committee",
        ),
        pytest.param(
            "national",
            DUAL,
            STANDARD,
            "fallback",
            COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_local"],
            id="a supervisory unit without a Party body falls through to the fallback",
        ),
        pytest.param(
            "ningbo",
            DIRECT,
            replace(STANDARD, locals=(local(STREET, "township"),)),
            "direct_local",
            STREET,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit"],
            id="Ningbo: a direct registration with one clear local body",
        ),
        pytest.param(
            "ningbo",
            DIRECT,
            replace(STANDARD, locals=(local(STREET, "township"), local(COMMUNITY, "township"))),
            "fallback",
            COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_local"],
            id="Ningbo: two local bodies are no clear relation",
        ),
        pytest.param(
            "ningbo",
            DIRECT,
            replace(STANDARD, locals=(local(STREET, "township"),), covered=True),
            "fallback",
            COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_local"],
            id="Ningbo: an organization covered elsewhere is not local by its address",
        ),
        pytest.param(
            "guangdong",
            DIRECT,
            replace(STANDARD, affiliated=STREET, covered=True),
            "direct_registration",
            COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit"],
            id="Guangdong: direct registration goes to the committee of the registering level",
        ),
        pytest.param(
            "guangdong",
            DIRECT,
            replace(EMPTY, posts=(CITY_COMMITTEE,)),
            "fallback",
            CITY_COMMITTEE.body,
            ["community_filed", "decoupled", "industry_committee", "supervisory_unit", "direct_registration"],
            id="Guangdong: a county without a committee falls back to the city's",
        ),
    ],
)
def test_the_table(
    *, pack: str, facts: OrganizationFacts, world: World, rule: str, lead: Body, tried: list[str]
) -> None:
    answer = rules.resolve(facts, world, ALL[pack])
    assert answer.rule is not None
    assert answer.lead is not None
    assert (answer.rule.code, answer.lead.body) == (rule, lead)
    assert [each.rule for each in answer.tried] == tried


def test_a_decoupled_association_has_joint_bodies() -> None:
    """Xi'an 2021: civil affairs and the former supervisory unit act together."""
    world = replace(STANDARD, former_supervisory_unit=FORMER, registration_authority=REGISTRY)
    answer = rules.resolve(replace(DIRECT, decoupled=True), world, NATIONAL)
    assert [each.body for each in answer.joint] == [FORMER, REGISTRY]


def test_guidance_is_beside_leadership() -> None:
    """Guangdong 2018: led by the supervisory unit, guided by the committee for new sectors."""
    answer = rules.resolve(DUAL, replace(STANDARD, supervisory_unit=UNIT), NATIONAL)
    assert [each.body for each in answer.guidance] == [LEADING.body]


def test_ningbo_names_its_own_documents() -> None:
    answer = rules.resolve(replace(DIRECT, decoupled=True), STANDARD, NINGBO)
    assert answer.rule is not None
    assert answer.rule.source.startswith("甬组通〔2017〕18号")


def test_no_fit_is_told_rule_by_rule() -> None:
    answer = rules.resolve(DUAL, EMPTY, NATIONAL)
    assert answer.lead is None
    assert [(each.rule, each.code) for each in answer.tried] == [
        ("community_filed", "condition_not_met"),
        ("decoupled", "condition_not_met"),
        ("industry_committee", "condition_not_met"),
        ("supervisory_unit", "no_body"),
        ("direct_local", "condition_not_met"),
        ("fallback", "no_body"),
    ]
    community, *_, fallback = answer.tried
    assert community.reason == (
        "组织类别为社会团体, 本条要求城乡社区备案组织 且 登记方式为双重管理, 本条要求备案",
        (
            "kind is association, the rule asks for community_filed and registration mode is dual, "
            "the rule asks for filed"
        ),
    )
    assert fallback.divisions == PATH
    assert fallback.looked_for == ("fallback_committee", "role_body")


def test_a_role_is_never_the_same_as_a_name() -> None:
    """Before 2023 the organization department, since then the social-work department: whoever holds a role
    today."""
    before = replace(EMPTY, posts=(post("organization_department", 20),))
    after = replace(EMPTY, posts=(post("organization_department", 20), SOCIAL_WORK))
    leads = [
        rules.resolve(replace(DIRECT, decoupled=True), world, NATIONAL).lead for world in (before, after)
    ]
    assert [lead and lead.body.id.int for lead in leads] == [20, 12]


_BODIES = st.integers(30, 45).map(body)
_POSTS = st.builds(
    Post,
    role=st.sampled_from(
        [
            "comprehensive_committee",
            "leading_committee",
            "social_work_department",
            "industry_committee",
            "other",
        ]
    ),
    industry=st.sampled_from([None, "legal_services", "education"]),
    body=_BODIES,
    distance=st.integers(0, 3),
    since=st.just(SINCE),
)
_LOCALS = st.builds(
    LocalBody,
    body=_BODIES,
    level=st.sampled_from(["community", "township"]),
    rank=st.integers(1, 2),
    at_domicile=st.booleans(),
)
_WORLDS = st.builds(
    World,
    divisions=st.just(PATH),
    supervisory_unit=st.none() | _BODIES,
    former_supervisory_unit=st.none() | _BODIES,
    registration_authority=st.none() | _BODIES,
    industry_authority=st.none() | _BODIES,
    affiliated=st.none() | _BODIES,
    covered=st.booleans(),
    posts=st.lists(_POSTS, max_size=8).map(tuple),
    locals=st.lists(_LOCALS, max_size=4).map(tuple),
)
_FACTS = st.builds(
    OrganizationFacts,
    kind=st.sampled_from(
        ["association", "service_institution", "foundation", "community_filed", "intermediary"]
    ),
    registration_mode=st.sampled_from(["direct", "dual", "filed"]),
    registration_level=st.sampled_from(["province", "prefecture", "county", "township"]),
    industry=st.sampled_from([None, "legal_services", "education"]),
    decoupled=st.booleans(),
    is_trade_association=st.booleans(),
    has_supervisory_unit=st.booleans(),
)


@given(facts=_FACTS, world=_WORLDS, pack=st.sampled_from(sorted(ALL)))
def test_one_lead_or_every_reason(facts: OrganizationFacts, world: World, pack: str) -> None:
    """Exactly one lead or none with every rule tried; every rule before the chosen one is told, with its
    reason; nobody answers twice; and the same question has the same answer, whatever the order of the
    candidates."""
    answer = rules.resolve(facts, world, ALL[pack])
    codes = [rule.code for rule in ALL[pack].rules]
    before = codes if answer.rule is None else codes[: codes.index(answer.rule.code)]
    assert [each.rule for each in answer.tried] == before
    assert (answer.lead is None) == (answer.rule is None)
    assert all(all(each.reason) and each.code in ("condition_not_met", "no_body") for each in answer.tried)
    bodies = [each.body.id for each in (*filter(None, [answer.lead]), *answer.joint, *answer.guidance)]
    assert len(set(bodies)) == len(bodies)
    turned = replace(world, posts=world.posts[::-1], locals=world.locals[::-1])
    assert _ids(rules.resolve(facts, turned, ALL[pack])) == _ids(answer)


def _ids(answer: rules.Determination) -> tuple[object, ...]:
    lead = answer.lead and answer.lead.body.id
    return (
        lead,
        {each.body.id for each in answer.joint},
        {each.body.id for each in answer.guidance},
        answer.rule,
    )


GOOD = {
    "code": "a",
    "order": 1,
    "title": {"zh": "甲", "en": "A"},
    "source": "s",
    "when": [],
    "lead": [{"target": "supervisory_unit_body"}],
}


@pytest.mark.parametrize(
    "rule",
    [
        {**GOOD, "when": [{"fact": "shoe_size", "in": ["42"]}]},
        {**GOOD, "when": [{"fact": "decoupled", "in": ["yes"]}]},
        {**GOOD, "when": [{"fact": "kind", "is": True}]},
        {**GOOD, "lead": []},
        {**GOOD, "lead": [{"target": "the_mayor"}]},
        {**GOOD, "lead": [{"target": "role_body"}]},
        {**GOOD, "lead": [{"target": "supervisory_unit_body", "roles": ["a"]}]},
        {**GOOD, "lead": [{"target": "supervisory_unit_body", "climb": True}]},
        {**GOOD, "lead": [{"target": "local_party_organization"}]},
        {**GOOD, "source": ""},
    ],
)
def test_the_vocabulary_is_closed(rule: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ResponsibilityPack.model_validate({"rules": [rule]})


def test_codes_and_orders_are_distinct() -> None:
    with pytest.raises(ValidationError):
        ResponsibilityPack.model_validate({"rules": [GOOD, {**GOOD, "order": 2}]})
    with pytest.raises(ValidationError):
        ResponsibilityPack.model_validate({"rules": [GOOD, {**GOOD, "code": "b"}]})


def test_every_target_has_words() -> None:
    assert set(rules.TARGETS) == set(TargetKind)
    assert set(rules.FACTS) == set(rules.Fact)
