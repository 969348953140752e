"""Long work over HTTP: seen by its requester and by those in reach, counted, called off."""

from uuid import UUID, uuid4

import httpx
import pytest

from app.core.access import SYSTEM, Role
from app.core.errors import Fault
from app.core.work import Shell, begin
from app.operations import commands, rules
from app.operations.errors import OperationEnded
from app.operations.models import Operation
from app.operations.rules import OperationState
from tests.conftest import Actors
from tests.make import divisions, identity

Headers = dict[str, str]
WRONG = Fault("/name", "blank", ("不能为空白", "must not be blank"))


async def asked(shell: Shell, *, division: str | None = None, by: UUID = SYSTEM.id) -> Operation:
    async with begin(shell, SYSTEM) as work:
        operation = await commands.start(work, "trial", {"rows": 3}, total=3, division_code=division)
        operation.requested_by = by
    return operation


async def read(api: httpx.AsyncClient, headers: Headers, operation: Operation) -> httpx.Response:
    return await api.get(f"/operations/{operation.id}", headers=headers)


async def test_long_work_reports_as_it_goes(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    watcher = await actors(Role.ORGANIZER, division="100000")
    operation = await asked(shell)
    before = (await read(api, watcher, operation)).json()
    assert (before["state"], before["done"], before["total"], before["etag"]) == ("queued", 0, 3, '"1"')
    async with begin(shell, SYSTEM) as work:
        taken = await commands.take(work, ["trial"])
        assert taken is not None
        assert taken.id == operation.id
        assert await commands.take(work, ["trial"]) is None
        assert await commands.progress(work, operation.id, done=2, failed=[(3, WRONG)])
    running = (await read(api, watcher, operation)).json()
    assert (running["state"], running["done"], running["failed"]) == ("running", 2, 1)
    assert running["errors"] == [
        {
            "row": 3,
            "pointer": "/name",
            "code": "blank",
            "message_zh": "不能为空白",
            "message_en": "must not be blank",
        }
    ]
    async with begin(shell, SYSTEM) as work:
        await commands.finish(work, operation.id, {"added": 2})
    ended = (await read(api, watcher, operation)).json()
    assert (ended["state"], ended["report"], ended["allowed_actions"]) == ("succeeded", {"added": 2}, [])
    assert ended["finished_at"].endswith("Z")


async def test_work_that_failed_says_why(api: httpx.AsyncClient, actors: Actors, shell: Shell) -> None:
    watcher = await actors(Role.ORGANIZER, division="100000")
    operation = await asked(shell)
    async with begin(shell, SYSTEM) as work:
        await commands.fail(work, operation.id, "the file ends early")
    body = (await read(api, watcher, operation)).json()
    assert (body["state"], body["failure"]) == ("failed", "the file ends early")
    with pytest.raises(OperationEnded):
        async with begin(shell, SYSTEM) as work:
            await commands.finish(work, operation.id)


async def test_of_many_wrong_rows_the_first_are_kept(shell: Shell) -> None:
    operation = await asked(shell)
    async with begin(shell, SYSTEM) as work:
        await commands.take(work, ["trial"])
        await commands.progress(work, operation.id, failed=[(n, WRONG) for n in range(1, 1_500)])
    async with begin(shell, SYSTEM) as work:
        await commands.progress(work, operation.id, failed=[(1_500, WRONG)])
        kept = await work.session.get_one(Operation, operation.id)
        assert (kept.failed, len(kept.errors)) == (1_500, rules.ERRORS_KEPT)


async def test_its_requester_calls_it_off_and_the_worker_stops(api: httpx.AsyncClient, shell: Shell) -> None:
    me = await identity.caller(shell, Role.CLERK, "440115")
    operation = await asked(shell, by=me.id)
    async with begin(shell, SYSTEM) as work:
        await commands.take(work, ["trial"])
    now = (await read(api, me.headers, operation)).json()
    assert now["allowed_actions"] == ["cancel"]
    address = f"/operations/{operation.id}/cancel"
    assert (await api.post(address, headers=me.headers)).status_code == 428
    assert (await api.post(address, headers=me.having('"1"'))).status_code == 412
    cancelled = await api.post(address, headers=me.having(now["etag"]))
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    async with begin(shell, SYSTEM) as work:
        assert not await commands.progress(work, operation.id, done=1)
    again = await api.post(address, headers=me.having(cancelled.json()["etag"]))
    assert (again.status_code, again.json()["code"]) == (409, "operation_ended")


async def test_who_sees_what(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> None:
    await divisions.country(shell)
    me = await identity.caller(shell, Role.CLERK, "440115")
    province = await actors(Role.CLERK, division="440000")
    elsewhere = await actors(Role.CLERK, division="330000")
    onlooker = await actors(Role.VIEWER, division="440000")
    mine, nansha = await asked(shell, by=me.id), await asked(shell, division="440115")
    unknown = await api.get(f"/operations/{uuid4()}", headers=elsewhere)
    assert unknown.status_code == 404
    for operation in (mine, nansha):
        hidden = await read(api, elsewhere, operation)
        assert (hidden.status_code, hidden.content) == (404, unknown.content)
    assert (await read(api, me.headers, mine)).status_code == 200
    assert (await read(api, province, nansha)).status_code == 200
    assert (await read(api, province, mine)).status_code == 404
    # parameters, report and errors may name what somebody who only looks on does not see
    unseen = await read(api, onlooker, nansha)
    assert (unseen.status_code, unseen.content) == (404, unknown.content)
    other = await api.post(f"/operations/{nansha.id}/cancel", headers={**province, "If-Match": '"1"'})
    assert (other.status_code, other.content) == (404, unknown.content)
    assert (await api.get("/operations")).status_code == 401


async def test_lists_show_the_latest_first(api: httpx.AsyncClient, shell: Shell) -> None:
    me = await identity.caller(shell, Role.CLERK, "440115")
    made = [str((await asked(shell, by=me.id)).id) for _ in range(3)]
    query = {"limit": "2", "kind": "trial", "state": "queued", "mine": "true"}
    first = (await api.get("/operations", params=query, headers=me.headers)).json()
    assert [o["id"] for o in first["items"]] == made[:0:-1]
    rest = await api.get("/operations", params={**query, "cursor": first["next_cursor"]}, headers=me.headers)
    assert [o["id"] for o in rest.json()["items"]] == made[:1]
    none = (await api.get("/operations", params={"state": "failed"}, headers=me.headers)).json()
    assert none["items"] == []


@pytest.mark.parametrize("state", list(OperationState))
def test_what_has_ended_stays_so(state: OperationState) -> None:
    following = {f for f in OperationState if rules.may_become(state, f)}
    assert (following == set()) == (state in rules.ENDED)
