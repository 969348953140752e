"""A registry of Nansha with its first secret, and the people who look after what it pushes."""

from dataclasses import dataclass

import httpx
import pytest

from app import worker
from app.core.work import Shell
from tests.conftest import Actors
from tests.make import intake as make
from tests.make.intake import Headers, Registry


@dataclass(frozen=True, slots=True)
class Office:
    """Who is there: the source, an organizer above it, one of another province, and the service."""

    api: httpx.AsyncClient
    shell: Shell
    source: Registry
    organizer: Headers
    elsewhere: Headers

    async def push(self, *messages: dict[str, object]) -> list[str]:
        """Push messages that are taken; the ids of their events."""
        return [await make.taken(self.api, self.source, one) for one in messages]

    async def drain(self) -> worker.Counts:
        """Let the worker do all that is due."""
        return await worker.drain(self.shell)

    async def state(self, event_id: str) -> str:
        """Where a message lies."""
        return str((await make.event(self.api, self.organizer, event_id))["state"])

    async def problem(self, event_id: str) -> dict[str, object]:
        """Why a message lies in quarantine."""
        event = await make.event(self.api, self.organizer, event_id)
        assert event["state"] == "quarantined", event
        return dict(event["problem"])

    async def organizations(self) -> list[dict[str, object]]:
        """What the ledger holds."""
        got = await self.api.get("/organizations", headers=self.organizer)
        assert got.status_code == 200, got.text
        return list(got.json()["items"])

    async def stored(self) -> int:
        """How many messages the inbox holds."""
        got = await self.api.get("/registry-events?include_total=true", headers=self.organizer)
        return int(got.json()["total"])


@pytest.fixture
async def office(api: httpx.AsyncClient, shell: Shell, actors: Actors) -> Office:
    """Everything a test of the inbox needs."""
    return Office(
        api=api,
        shell=shell,
        source=await make.registry(shell),
        organizer=await actors("organizer", division="440000"),
        elsewhere=await actors("organizer", division="330000"),
    )
