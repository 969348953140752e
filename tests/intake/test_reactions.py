"""What follows an event: bodies that come and go move responsibility; long work goes on where it stopped."""

from sqlalchemy import text

from app import reactions
from app.core.access import SYSTEM
from app.core.events import EVENTS
from app.core.work import begin
from app.operations import commands as operations
from tests.intake.conftest import Office
from tests.make import intake as make
from tests.make.organizations import rows
from tests.make.responsibility import City

COMMITTEE = "广州市南沙区社会组织党委"


def test_every_reaction_is_to_an_event_that_exists() -> None:
    assert set(reactions.REACTIONS) <= set(EVENTS)


async def test_a_body_that_is_set_up_later_answers_for_what_was_registered_before(office: Office) -> None:
    await office.push(make.registered())
    await office.drain()
    (organization,) = await office.organizations()
    city = City(office.api, office.organizer)
    before = await city.answer(str(organization["id"]))
    assert before["lead"] is None
    await city.body(COMMITTEE, "440115")
    await city.function(COMMITTEE, "comprehensive_committee", "440115")
    done = await office.drain()
    assert done["chunk"] >= 1
    assert done["operation_failed"] == 0
    after = await city.answer(str(organization["id"]))
    assert after["lead"]["name"] == COMMITTEE
    left = await rows(office.shell, "SELECT kind, state FROM operations WHERE state <> 'succeeded'")
    assert left == []


async def test_long_work_whose_worker_died_is_taken_up_by_another(office: Office) -> None:
    await office.push(make.registered())
    await office.drain()
    async with begin(office.shell, SYSTEM) as work:
        parameters = {"division": "440115", "dry_run": False}
        started = await operations.start(work, "responsibility_run", parameters, division_code="440115")
    async with begin(office.shell, SYSTEM) as work:
        taken = await operations.take(work, reactions.OPERATIONS)
        assert taken is not None
        assert taken.id == started.id
    await office.drain()
    (left,) = await rows(
        office.shell, "SELECT state, total, done FROM operations WHERE id = :id", id=started.id
    )
    assert left == {"state": "succeeded", "total": 1, "done": 1}


async def test_long_work_that_cannot_be_done_fails_with_its_reason(office: Office) -> None:
    async with begin(office.shell, SYSTEM) as work:
        broken = await operations.start(work, "responsibility_run", {"division": "440115"})
    done = await office.drain()
    assert done["operation_failed"] == 1
    (left,) = await rows(office.shell, "SELECT state, failure FROM operations WHERE id = :id", id=broken.id)
    assert left["state"] == "failed"
    assert left["failure"].startswith("KeyError at ")
    async with begin(office.shell, SYSTEM) as work:
        ended = await work.scalar(text("SELECT finished_at FROM operations"))
    assert ended is not None
