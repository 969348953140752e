"""Development cases over HTTP: a branch below a committee, an applicant, and the whole way."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.make import members

Headers = dict[str, str]
VOTE = {"due": 10, "present": 8, "in_favour": 8}


@dataclass(frozen=True, slots=True)
class Place:
    """A committee, a branch below it, and two full members of the branch."""

    committee: str
    branch: str
    helpers: tuple[str, str]


async def place(api: httpx.AsyncClient, headers: Headers, serial: int = 100, **fields: Any) -> Place:
    """A committee with a branch and two full members; `between` hangs a general branch in the middle."""
    between = fields.pop("between", False)
    committee = await members.branch(
        api, headers, kind="committee", formation="regional", name="南沙区社会组织党委", **fields
    )
    above = committee
    if between:
        above = await members.branch(
            api, headers, kind="general_branch", name="南沙区社会组织党总支", parent_id=committee, **fields
        )
    branch = await members.branch(api, headers, parent_id=above, **fields)
    made = [await members.member(api, headers, branch, serial + n) for n in (0, 1)]
    return Place(committee, branch, (made[0]["id"], made[1]["id"]))


async def open_case(
    api: httpx.AsyncClient, headers: Headers, branch: str, serial: int = 1, **fields: Any
) -> dict[str, Any]:
    """A case of a new applicant of 2022-01-31: its representation."""
    plan = {
        "applicant": {
            "name": "测试申请人",
            "id_number": members.id_number(serial),
            "party_organization_id": branch,
        },
        "applied_on": "2022-01-31",
        **fields,
    }
    made = await api.post("/development-cases", json=plan, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def act(
    api: httpx.AsyncClient, headers: Headers, case: dict[str, Any], verb: str, **body: Any
) -> httpx.Response:
    """A verb on a case in the version that is held."""
    return await api.post(
        f"/development-cases/{case['id']}/{verb}", json=body, headers={**headers, "If-Match": case["etag"]}
    )


async def done(
    api: httpx.AsyncClient, headers: Headers, case: dict[str, Any], verb: str, **body: Any
) -> dict[str, Any]:
    """The same where it has to succeed: the case after it."""
    answer = await act(api, headers, case, verb, **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def way(helpers: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """Every step after the first by the pack of 2014, with its record."""
    review = {"conclusion": "passed", "findings": "直系亲属和主要社会关系政治清楚。", "on": "2023-05-25"}
    steps = [
        {"step": "2", "on": "2022-02-28", "papers": ["first_talk"]},
        {"step": "3", "on": "2022-05-10", "papers": ["recommendation"], "document": "支委会〔2022〕3号"},
        {"step": "4", "on": "2022-05-20", "papers": ["activist_filing"]},
        {"step": "5", "on": "2022-06-01", "helpers": [helpers[0]]},
        {
            "step": "6",
            "on": "2023-05-10",
            "papers": ["training_register"],
            "records": [
                {"kind": "appraisal", "on": "2022-11-01"},
                {"kind": "appraisal", "on": "2023-04-20"},
            ],
        },
        {"step": "7", "on": "2023-05-12", "papers": ["opinions"]},
        {"step": "8", "on": "2023-05-20", "papers": ["target_filing"], "document": "南社党备〔2023〕5号"},
        {"step": "9", "on": "2023-06-01", "helpers": list(helpers)},
        {"step": "10", "on": "2023-06-01", "papers": ["review_report"], "review": review},
        {
            "step": "11",
            "on": "2023-06-04",
            "papers": ["training_certificate"],
            "records": [{"kind": "training", "on": "2023-06-02", "hours": 24}],
        },
        {"step": "12", "on": "2023-06-10", "papers": ["branch_review"]},
        {"step": "13", "on": "2023-06-20", "papers": ["pre_review"]},
        {"step": "14", "on": "2023-06-22", "papers": ["admission_form"], "form_number": "4401150000123"},
        {"step": "15", "on": "2023-07-10", "papers": ["admission_resolution"], "vote": VOTE},
        {"step": "16", "on": "2023-07-20", "papers": ["committee_talk"]},
        {
            "step": "17",
            "on": "2023-08-01",
            "papers": ["admission_approval"],
            "document": "南社党〔2023〕17号",
        },
        {"step": "18", "on": "2023-08-10", "papers": ["admission_filing"]},
        {"step": "19", "on": "2023-08-10"},
        {"step": "20", "on": "2023-08-20"},
        {
            "step": "21",
            "on": "2024-06-20",
            "records": [
                {"kind": "appraisal", "on": "2024-01-10"},
                {"kind": "appraisal", "on": "2024-06-10"},
            ],
        },
        {"step": "22", "on": "2024-06-25", "papers": ["full_application"]},
        {"step": "23", "on": "2024-07-12", "papers": ["full_resolution"], "vote": VOTE},
        {"step": "24", "on": "2024-08-01", "papers": ["full_approval"], "document": "南社党〔2024〕9号"},
        {"step": "25", "on": "2024-08-10", "papers": ["archive"]},
    ]
    return {str(each["step"]): each for each in steps}


def steps(helpers: tuple[str, str], first: int, last: int) -> list[dict[str, Any]]:
    """The steps from one to another."""
    found = way(helpers)
    return [found[str(number)] for number in range(first, last + 1)]
