"""Canary names, ID numbers and phones through the API: found nowhere afterwards but in what was asked for.

Looked for in every answer but the reveals, in the logs, in a dump of the database, and in its raw files with
the write-ahead log. `JICENG_CANARIES=1000` sends a thousand; CI sends a few dozen."""

import os
import re
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, text

from app import worker
from app.core.access import SYSTEM, Scope
from app.core.work import Shell, begin
from app.postgres import programs
from tests.conftest import Actors
from tests.make import members as make

Headers = dict[str, str]
CANARIES = int(os.environ.get("JICENG_CANARIES", "30"))
_RARE = "彧翀翾赟喆淼垚犇骉羴鱻毳"


def name(serial: int) -> str:
    """A name that nobody else in these tests has, nor any text of the service."""
    return "".join(_RARE[serial // 12**place % 12] for place in range(4))


def canaries(serial: int) -> tuple[str, str, str]:
    return name(serial), make.id_number(5_000 + serial), f"139{70_000_000 + serial}"


_LIKE = re.compile(
    "".join(("((?:", "|".join(_RARE), "){4,})")).encode() + rb"|(?=(440199\d{11}[\dX]))|(?=(139\d{8}))"
)


def singing(heap: bytes) -> set[bytes]:
    """Whatever in a heap of bytes looks like a canary: one pass over it, however many were sent."""
    found = set()
    for names, number, phone in _LIKE.findall(heap):
        found |= {names[at : at + 12] for at in range(0, len(names), 3)} | {number, phone}
    return found


class Reads:
    """Every answer that was not asked to hold plain text."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self.api = api
        self.texts: list[str] = []

    async def __call__(self, method: str, address: str, headers: Headers, **more: object) -> httpx.Response:
        answer = await self.api.request(method, address, headers=headers, **more)  # type: ignore[arg-type]
        assert answer.status_code < 500, answer.status_code
        self.texts.append(f"{answer.text} {dict(answer.headers)}")
        return answer


async def test_nothing_of_a_person_is_left_in_the_open(  # noqa: PLR0917 (fixtures)
    api: httpx.AsyncClient,
    organizer: Headers,
    neighbour: Headers,
    actors: Actors,
    shell: Shell,
    owner_url: str,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    send = Reads(api)
    branch = await make.branch(api, organizer, parent_id=await make.committee(api, organizer))
    far = await make.branch(api, neighbour, division_code="330203", name="海曙区社会组织党支部")
    clerk = await actors("clerk", division="440000")
    half = CANARIES // 2
    for serial in range(half):
        plain, number, phone = canaries(serial)
        plan = make.plan(branch, name=plain, id_number=number, phone=phone)
        made = await send("POST", "/members", organizer, json=plan)
        assert made.status_code == 201, made.text
        if serial < 5:
            await _go_wrong(send, organizer, neighbour, far, plan, made.json())
    heading = "姓名,身份证号,手机,党员状态,入党时间,转正日期,所在党支部"
    lines = [
        ",".join((*canaries(serial), "正式党员", "1999" if serial % 3 else "去年", "2000-07-01", branch))
        for serial in range(half, CANARIES)
    ]
    content = "\n".join((heading, *lines)).encode()
    stored = await send(
        "POST", "/files?name=roster.csv", {**clerk, "Content-Type": "text/csv"}, content=content
    )
    order = {"kind": "members", "file_id": stored.json()["id"], "division_code": "440000"}
    begun = await send("POST", "/roster-imports", clerk, json=order)
    while await worker._operations(shell, lambda: False):
        pass
    await send("GET", f"/roster-imports/{begun.json()['id']}", clerk)
    await send("GET", f"/roster-imports/{begun.json()['id']}/rows", clerk)
    await send("GET", f"/operations/{begun.json()['operation_id']}", clerk)
    for address in ("/members", "/transfers", "/worklist", "/person-verifications", "/events"):
        await send("GET", address, organizer)

    sent = {word.encode() for serial in range(CANARIES) for word in canaries(serial)}
    assert singing(b"\n".join(sent)) >= sent
    said = "\n".join(send.texts) + "".join(capfd.readouterr())
    assert singing(said.encode()) & sent == set()
    assert singing(await _dumped(owner_url, tmp_path)) & sent == set()
    for piece in await _raw(shell, owner_url):
        assert singing(piece) & sent == set()


async def _go_wrong(  # noqa: PLR0917 (two places)
    send: Reads,
    organizer: Headers,
    neighbour: Headers,
    far: str,
    plan: dict[str, object],
    made: dict[str, str],
) -> None:
    """The ways in which a mistake could tell what was sent."""
    wrong = str(plan["id_number"])[:17] + "X"
    for changes in (
        {"id_number": wrong},
        {"phone": f"{plan['phone']}9"},
        {"surname": plan["name"]},
        {"status": plan["name"]},
        {"party_organization_id": plan["id_number"]},
        {},
    ):
        await send("POST", "/members", organizer, json={**plan, **changes})
    await send("POST", "/members", neighbour, json={**plan, "party_organization_id": far})
    await send("POST", "/members/find", organizer, json={"name": plan["name"], "phone": plan["phone"]})
    tagged = {**organizer, "If-Match": made["etag"]}
    await send("PATCH", f"/members/{made['id']}", tagged, json={"name": plan["name"], "phone": wrong})
    asking = {"kind": "access", "identity_proof": "当面核对", "details": f"本人{plan['name']}"}
    await send("POST", f"/members/{made['id']}/requests", organizer, json=asking)
    transfer = {"to_party_organization_id": far, "reason": "工作调动"}
    await send("POST", f"/members/{made['id']}/transfers", tagged, json=transfer)
    shown = {"fields": ["name", "id_number", "phone"], "purpose": "census", "reason": "核对名册"}
    answer = await send.api.post(f"/members/{made['id']}/reveal", json=shown, headers=organizer)
    assert answer.json()["name"] == plan["name"]


async def _dumped(owner_url: str, directory: Path) -> bytes:
    """Every row of the nation, as a plain dump."""
    target = directory / "dump.sql"
    await programs.run("pg_dump", owner_url, "--enable-row-security", "--inserts", f"--file={target}")
    data = target.read_bytes()
    assert b"INSERT INTO public.persons" in data
    return data


async def _raw(shell: Shell, owner_url: str) -> list[bytes]:
    """The files of this database and the write-ahead log, where the server's directory can be read."""
    async with begin(shell, SYSTEM) as work:
        await work.admit(Scope(national=True))
        oid = await work.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    url = make_url(owner_url)
    directory = Path(str(url.query.get("host") or url.host))
    if not (directory / "base" / str(oid)).is_dir():
        pytest.skip("the server's files cannot be read from here")
    files = [*(directory / "base" / str(oid)).iterdir(), *(directory / "pg_wal").iterdir()]
    return [path.read_bytes() for path in files if path.is_file()]
