"""What hangs on an organization ends when it ended, whichever statement of its end came first."""

import itertools

import httpx

from app.core.work import Shell
from tests.make import organizations as make
from tests.make import party_organizations
from tests.organizations.conftest import Desk


async def test_covers_end_with_the_first_end_in_any_order_of_arrival(
    api: httpx.AsyncClient, desk: Desk, shell: Shell
) -> None:
    body = await party_organizations.body(api, desk.nation)
    ends = [
        ({"registration_status": "license_revoked"}, make.by_registry("2021-01-01", 5)),
        ({"registration_status": "deregistered"}, make.by_registry("2023-01-01", 9)),
    ]
    last_days = []
    for order in itertools.permutations(ends):
        organization_id = await make.registered(shell, make.by_registry("2016-01-02", 1))
        await party_organizations.cover(api, desk.nation, body["id"], organization_id)
        for said, origin in order:
            await make.stated(shell, organization_id, said, origin)
        covers = await make.rows(
            shell,
            "SELECT upper(valid) AS ended_on FROM party_organization_covers"
            " WHERE organization_id = :o AND upper_inf(recorded)",
            o=organization_id,
        )
        last_days.append([cover["ended_on"].isoformat() for cover in covers])
    assert last_days == [["2021-01-01"], ["2021-01-01"]]
