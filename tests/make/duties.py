"""Duties over HTTP."""

from typing import Any

import httpx

Headers = dict[str, str]
SURVEY = {
    "staff_count": 9,
    "full_time_staff_count": 6,
    "full_member_count": 4,
    "probationary_member_count": 1,
    "full_time_full_member_count": 2,
}


async def all_of(api: httpx.AsyncClient, headers: Headers, organization_id: str) -> dict[str, dict[str, Any]]:
    """The duties of an organization by kind."""
    found = await api.get(f"/organizations/{organization_id}/duties", headers=headers)
    assert found.status_code == 200, found.text
    return {each["kind"]: each for each in found.json()["items"]}


async def settle(
    api: httpx.AsyncClient, headers: Headers, organization_id: str, verb: str, **body: Any
) -> httpx.Response:
    """A verb such as `commitment-letter` on the duty in its present version."""
    kind = verb.replace("-", "_")
    tag = (await all_of(api, headers, organization_id))[kind]["etag"]
    return await api.post(
        f"/organizations/{organization_id}/{verb}", json=body, headers={**headers, "If-Match": tag}
    )


async def act(
    api: httpx.AsyncClient, headers: Headers, duty_id: str, verb: str, **body: Any
) -> httpx.Response:
    """A verb such as `waive` on one duty in its present version."""
    found = await api.get(f"/duties/{duty_id}", headers=headers)
    tag = found.headers.get("ETag", '"0"')
    return await api.post(f"/duties/{duty_id}/{verb}", json=body, headers={**headers, "If-Match": tag})


async def papers(
    api: httpx.AsyncClient, headers: Headers, organization_id: str, on: str = "2026-03-02"
) -> None:
    """Both papers are in."""
    letter = await settle(api, headers, organization_id, "commitment-letter", received_on=on)
    assert letter.status_code == 200, letter.text
    survey = await settle(api, headers, organization_id, "member-survey", received_on=on, **SURVEY)
    assert survey.status_code == 200, survey.text
