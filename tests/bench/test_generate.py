"""The generated ledger is what the service itself would have written."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from app.cli import startup
from app.cli.verification import CHECKS
from app.core import checks
from app.core.access import SYSTEM
from app.core.work import begin
from app.organizations import queries, rules
from app.settings import Settings
from bench import generate
from bench.place import Place
from tests.conftest import Database


async def test_verify_finds_nothing_in_a_generated_ledger(database: Database, tmp_path: Path) -> None:
    settings = Settings(
        database_url=SecretStr(database.app_url),
        database_owner_url=SecretStr(database.owner_url),
        data_dir=tmp_path,
    )
    place = Place(database.owner_url, database.app_url, database.owner_url)
    await generate.fill(place, settings, 500, within="440000")
    async with startup.shell_of(settings) as shell, begin(shell, SYSTEM) as work:
        await work.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await work.execute(text("SET LOCAL statement_timeout = 0"))
        checked = {name: check for name, check in CHECKS.items() if name != "audit"}  # the worker seals
        assert {name: await check(work) for name, check in checked.items()} == {name: [] for name in checked}
        codes = (await work.scalars(text("SELECT credit_code FROM organizations"))).all()
        assert len(codes) == 500
        assert all(checks.credit_code(code) == code for code in codes if code is not None)
        assert await work.scalar(text("SELECT count(*) FROM duties"))
        ids = (await work.scalars(text("SELECT id FROM organizations ORDER BY id LIMIT 40"))).all()
        for organization_id in ids:
            said = text("SELECT digest FROM organization_facts WHERE organization_id = :id")
            kept = {row[0] for row in await work.execute(said, {"id": organization_id})}
            assert {rules.digest(fact) for fact in await queries.statements(work, organization_id)} == kept
