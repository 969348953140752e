"""`jiceng demo`: plays a registry of one city against the running service, over HTTP alone."""

import asyncio
import json
import random
import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import httpx
import typer
from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from stdnum.cn import uscc

from app.cli import console
from app.core import signing
from app.core.work import SHANGHAI
from app.settings import Settings

CITY = "440100"
SOURCE = "guangzhou-civil-affairs"
AUTHORITY = "广州市民政局"
SENDERS = 8
TRIES = 8
CHUNK = 40
WAIT_SECONDS = 120
_CLASSES = {"association": "51", "service_institution": "52", "foundation": "53"}
_THEMES = (
    "青年志愿",
    "养老服务",
    "科技创新",
    "环境保护",
    "文化传承",
    "体育健身",
    "法律援助",
    "教育促进",
    "港澳青年",
    "乡村振兴",
)
_FORMS = {"association": "协会", "service_institution": "服务中心", "foundation": "基金会"}
_SURNAMES = "陈李黄张梁林吴刘何罗"


class DemoError(Exception):
    """The demonstration cannot go on; the message says what to do."""


@dataclass(slots=True)
class Player:
    """The registry that is played: its source, its secret, and what it has pushed so far."""

    client: httpx.AsyncClient
    tokens: dict[str, str]
    dice: random.Random
    secret: str = ""
    districts: list[tuple[str, str]] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def as_(self, who: str, **headers: str) -> dict[str, str]:
        """Headers of one of the demonstration's users."""
        return {"Authorization": f"Bearer {self.tokens[who]}", **headers}

    async def get(self, who: str, path: str, **query: Any) -> Any:
        return _read(await self.client.get(path, params=query, headers=self.as_(who)))

    async def post(self, who: str, path: str, body: Any) -> Any:
        key = {"Idempotency-Key": secrets.token_hex(12)}
        return _read(await self.client.post(path, json=body, headers=self.as_(who, **key)))

    async def push(self, message: dict[str, Any]) -> None:
        """Send one signed message until it is answered; a retry carries the same id."""
        body, message_id = json.dumps(message, ensure_ascii=False).encode(), f"msg_{secrets.token_hex(12)}"
        for attempt in range(TRIES):
            headers = signing.sign([self.secret], message_id, datetime.now(UTC), body)
            try:
                response = await self.client.post(
                    f"/webhooks/registries/{SOURCE}", content=body, headers={**headers, **_JSON}
                )
            except httpx.TransportError:
                await asyncio.sleep(0.2 * 2**attempt)
                continue
            self.answers[response.status_code] += 1
            if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR and response.status_code != _TOO_MANY:
                return
            await asyncio.sleep(float(response.headers.get("Retry-After", 0.2 * 2**attempt)))
        raise DemoError("The service did not take a message in eight tries.")


_JSON = {"Content-Type": "application/json"}
_TOO_MANY = httpx.codes.TOO_MANY_REQUESTS


def today_in_shanghai() -> date:
    return datetime.now(SHANGHAI).date()


def demo(
    registrations: Annotated[
        int, typer.Option(min=10, max=5000, help="How many organizations to register.")
    ] = 300,
    url: Annotated[str | None, typer.Option(help="The service; this machine's PORT if absent.")] = None,
) -> None:
    """Play a registry: push some hundreds of signed registrations, changes and deregistrations of Guangzhou,
    then show coverage by district, the blank spots, and why one body answers for one organization."""
    settings = Settings()
    tokens = settings.data_dir / "tokens.json"
    if not tokens.exists():
        console.fail(
            f"{tokens} is missing: the demonstration needs a database that `make run` made (DATA_DIR?)."
        )
    try:
        asyncio.run(
            _play(url or f"http://127.0.0.1:{settings.port}", json.loads(tokens.read_text()), registrations)
        )
    except (DemoError, httpx.HTTPError) as error:
        console.fail(str(error) or type(error).__name__)


async def _play(url: str, tokens: dict[str, str], registrations: int) -> None:
    async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=30, trust_env=False) as client:
        player = Player(client, tokens, random.Random())  # noqa: S311 (a demonstration)
        await _prepare(player)
        registered = [_registration(player) for _ in range(registrations)]
        later = _later(player, registered)
        await _send(player, "Registrations 登记", registered)
        await _send(player, "Changes, gradings, deregistrations 变更与注销", later)
        console.say(f"Answers: {dict(sorted(player.answers.items()))}")
        await _settled(player)
        await _establish(player)
        await _report(player)


async def _prepare(player: Player) -> None:
    children = await player.get("guangdong_organizer", f"/divisions/{CITY}/children", limit=200)
    player.districts = [(d["code"], d["name"]) for d in children["items"]]
    found = await player.get("guangdong_organizer", "/authorities", division=CITY, q=AUTHORITY, limit=1)
    if not found["items"]:
        raise DemoError(
            f"{AUTHORITY} is not recorded here: the demonstration needs the world that `make run` made."
        )
    sources = await player.get("security_admin", "/registry-sources", code=SOURCE, limit=1)
    source = (sources["items"] or [None])[0] or await player.post(
        "security_admin",
        "/registry-sources",
        {
            "code": SOURCE,
            "name": "广州市社会组织登记系统(演示)",
            "authority_id": found["items"][0]["id"],
            "divisions": [CITY],
        },
    )
    made = await player.post(
        "security_admin", f"/registry-sources/{source['id']}/secrets", {"overlap_hours": 1}
    )
    player.secret = made["secret"]


def _registration(player: Player) -> dict[str, Any]:
    dice = player.dice
    kind = dice.choices(list(_CLASSES), weights=[45, 50, 5])[0]
    division, district = dice.choice(player.districts)
    on = today_in_shanghai() - timedelta(days=dice.randint(0, 2500))
    dual = dice.random() < 0.3
    theme = dice.choice(_THEMES)
    data: dict[str, Any] = {
        "credit_code": credit_code(dice, _CLASSES[kind], division),
        "name": f"广州市{district}{theme}{_FORMS[kind]}{dice.randint(1, 9999)}号",
        "kind": kind,
        "registration_mode": "dual" if dual else "direct",
        "division_code": division,
        "domicile_division_code": division,
        "registration_authority": {"name": AUTHORITY, "division_code": CITY},
        "established_on": on.isoformat(),
        "staff_count": dice.randint(1, 60),
        "party_member_count": (members := dice.choice([0, 0, 1, 2, 3, 4, 6, 12])),
        "full_member_count": members,
        "full_time_full_member_count": members // 2,
        "legal_representative": dice.choice(_SURNAMES) + "某某",
    }
    if dual:
        data["supervisory_unit"] = {"name": "广州市教育局", "division_code": CITY}
    return _message("organization.registered", on, data)


def _later(player: Player, registered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What happens to them afterwards, in an order that no registry promises."""
    dice, today, messages = player.dice, today_in_shanghai(), []
    for message in dice.sample(registered, len(registered) // 3):
        about = {"organization": {"credit_code": message["data"]["credit_code"]}}
        what = dice.choice(("changed", "changed", "graded", "deregistered"))
        if what == "changed":
            data = {**about, "changes": {"staff_count": dice.randint(1, 80)}}
            messages.append(_message("organization.changed", today, data))
        elif what == "graded":
            graded = {**about, "grade": dice.choice(("3A", "4A", "5A")), "graded_on": today.isoformat()}
            messages.append(_message("evaluation.graded", today, graded))
        else:
            messages.append(_message("organization.deregistered", today, {**about, "reason": "自行解散"}))
    dice.shuffle(messages)
    return messages


def _message(kind: str, on: date, data: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"type": kind, "occurred_at": now, "effective_on": on.isoformat(), "data": data}


def credit_code(dice: random.Random, prefix: str, division: str) -> str:
    """An invented credit code with right check digits (GB 32100-2015, GB 11714-1997)."""
    base = "MJ" + "".join(dice.choice("0123456789ABCDEFGHJK") for _ in range(6))
    weights, alphabet = (3, 7, 9, 10, 5, 8, 4, 2), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = (11 - sum(w * alphabet.index(c) for w, c in zip(weights, base, strict=True)) % 11) % 11
    front = prefix + division + base + ("X" if check == 10 else str(check))
    return front + str(uscc.calc_check_digit(front))


async def _send(player: Player, title: str, messages: list[dict[str, Any]]) -> None:
    waiting = iter(messages)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console.err) as progress:
        task = progress.add_task(title, total=len(messages))

        async def sender() -> None:
            for message in waiting:
                await player.push(message)
                progress.advance(task)

        await asyncio.gather(*(sender() for _ in range(SENDERS)))


async def _settled(player: Player) -> None:
    """Wait until the worker has applied what was stored."""
    with Progress(
        TextColumn("Applied 入账"), BarColumn(), TextColumn("{task.description}"), console=console.err
    ) as bar:
        task = bar.add_task("", total=None)
        for _ in range(WAIT_SECONDS * 2):
            page = await player.get(
                "guangdong_organizer", "/registry-events", state="pending", limit=1, include_total=True
            )
            bar.update(task, description=f"{page['total']} waiting")
            if not page["total"]:
                return
            await asyncio.sleep(0.5)
    raise DemoError("The worker has not applied everything in two minutes; is it running?")


async def _establish(player: Player) -> None:
    """Let the districts found some branches: single ones where there are three members, joint ones beside."""
    for code, name in player.districts:
        spots = await player.get("guangdong_organizer", "/coverage/blank-spots", division=code, limit=12)
        some = [spot["id"] for spot in spots["items"]]
        for number, group in enumerate((some[:1], some[1:2], some[2:7])):
            if group:
                joint = len(group) > 1
                await player.post(
                    "guangdong_organizer",
                    "/party-organizations/establish",
                    {
                        "name": f"中共{name}社会组织{'联合' if joint else ''}支部委员会({number + 1})",
                        "kind": "branch",
                        "formation": "joint" if joint else "single",
                        "division_code": code,
                        "founded_on": today_in_shanghai().isoformat(),
                        "covers": [{"organization_id": one} for one in group],
                    },
                )


async def _report(player: Player) -> None:
    coverage = await player.get("guangdong_organizer", "/coverage", division=CITY, by="division")
    table = Table(title=f"广州市 {coverage['subject']['as_of']}", box=SIMPLE_HEAD, padding=0, show_edge=False)
    rates = coverage["total"]["rates"][:4]
    table.add_column("区\nDistrict", no_wrap=True)
    labels = (f"{rate['label']['zh']}\n{rate['label']['en']}" for rate in rates)
    for heading in ("组织\nAll", *labels, "空白点\nBlank"):
        table.add_column(heading, justify="right")
    for line in (*coverage["lines"], coverage["total"]):
        shares = [f"{r['numerator']}/{r['denominator']} {r['percent'] or '–'}" for r in line["rates"][:4]]
        counts = str(line["organizations"]), *shares, str(line["blank_spots"]["count"])
        table.add_row(line["group"]["name"]["zh"], *counts)
    console.out.print(table)
    console.say(coverage["total"]["rates"][0]["definition"]["zh"])
    spots = await player.get(
        "guangdong_organizer", "/coverage/blank-spots", division=CITY, limit=5, include_total=True
    )
    console.say(f"\n空白点 Blank spots: {spots['total']}, the first of them:")
    for spot in spots["items"]:
        lead = spot["responsible"]["name"] if spot["responsible"] else "—"
        console.say(f"  {spot['division']['name']}  {spot['name']}  责任: {lead}")
    if spots["items"]:
        await _explain(player, spots["items"][0])


async def _explain(player: Player, spot: dict[str, Any]) -> None:
    answer = await player.get("guangdong_organizer", f"/organizations/{spot['id']}/responsibility")
    console.say(f"\n{spot['name']}: 谁负责, 为什么 (who answers for it, and why)")
    for tried in answer["tried"]:
        console.say(f"  ✗ {tried['title']['zh']}: {tried['reason']['zh']}")
    console.say(f"  ✓ {answer['rule_title']['zh']} → {answer['lead']['name']} (自 {answer['since']})")
    console.say(f"    依据 source: {answer['source']}")
    for body in answer["guidance"]:
        console.say(f"    指导 guidance: {body['name']}")


def _read(response: httpx.Response) -> Any:
    if response.is_success:
        return response.json()
    problem = response.json() if "json" in response.headers.get("content-type", "") else {}
    words = "; ".join(str(part) for part in (problem.get("title"), problem.get("detail")) if part)
    faults = "; ".join(f"{e['pointer']}: {e['message']}" for e in problem.get("errors", []))
    asked = f"{response.request.method} {response.request.url.path}"
    raise DemoError(f"{asked}: {response.status_code} {words} {faults}".strip())
