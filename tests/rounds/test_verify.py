"""What was tampered with below the service is named: a mark, a result, a file of evidence, a standard."""

import asyncpg
import httpx

from app.core.access import SYSTEM
from app.core.work import Shell, begin
from app.rounds import commands
from tests.make import rounds as make

Headers = dict[str, str]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)

TAMPERED = {
    "its marks and figures do not lead to its derivation": (
        """UPDATE round_marks SET answer = jsonb_set(answer, '{deductions}', '{"missing": 3}')
        WHERE indicator = 'roster'"""
    ),
    "its hash is not that of what it says": "UPDATE round_results SET total = total - 1",
    "its rank is not that of its total": "UPDATE round_results SET rank = 2",
    "is not what its hash says": (
        "UPDATE scoring_standard_versions SET content = jsonb_set(content, '{name}', '\"另一标准\"')"
    ),
    "its bytes are not what was given": (
        "UPDATE file_chunks SET cipher = overlay(cipher placing '\\x00'::bytea from 40)"
    ),
    "what is stored of the file is not what was given": "UPDATE files SET sha256 = repeat('1', 64)",
    "its evidence is not what was frozen with it": "UPDATE round_evidence SET sha256 = repeat('0', 64)",
    "are not those that were decided and audited": ("UPDATE rounds SET results_hash = repeat('2', 64)"),
    "are not those that the seed gives": "UPDATE rounds SET seed = 'another'",
}


async def test_whatever_is_tampered_with_is_named(
    api: httpx.AsyncClient,
    shell: Shell,
    chair: Headers,
    clerk: Headers,
    approver: Headers,
) -> None:
    """One after another below the service, as the owner of the tables: each adds what it is named by."""
    (site,) = await make.sites(api, clerk, 1)
    held = await make.opened(api, shell, chair)
    upload = await api.post("/files", params={"name": "名册.png"}, content=PNG, headers=clerk)
    assert upload.status_code == 201, upload.text
    sheet = await make.submitted(api, clerk, held["id"], site, {"roster": [upload.json()["id"]]})
    removing = {**clerk, "If-Match": "*"}
    gone = await api.delete(f"/files/{upload.json()['id']}", headers=removing)
    assert gone.json()["code"] == "file_in_use"
    people = dict([await make.reviewer(shell) for _ in range(5)])
    address = f"/rounds/{held['id']}"
    await make.act(api, chair, f"{address}/draw", held["etag"], {"seed": "7"})
    seen = (await api.get(f"/round-applications/{sheet['id']}", headers=chair)).json()
    for seat in seen["reviews"]:
        by = people[seat["reviewer"]["id"]]
        shown = await api.get(f"/files/{upload.json()['id']}/content", headers=by)
        assert shown.content == PNG, "reviewers open the evidence"
        marks = {"marks": make.said(1)}
        await make.act(api, by, f"/round-reviews/{seat['id']}/submit", seat["etag"], marks)
    tag = (await api.get(address, headers=chair)).json()["etag"]
    closed = await make.act(api, chair, f"{address}/close-review", tag)
    await make.act(api, approver, f"{address}/decide", closed["etag"], {"document": "穗社工〔2026〕9号"})
    assert await _verified(shell) == []
    url = shell.settings.database_owner_url
    assert url is not None
    owner = await asyncpg.connect(url.get_secret_value().replace("+asyncpg", ""))
    await owner.execute("ALTER TABLE scoring_standard_versions DISABLE TRIGGER USER")
    for said, statement in TAMPERED.items():
        assert not any(said in each for each in await _verified(shell)), said
        await owner.execute(statement)
        assert any(said in each for each in await _verified(shell)), said
    await owner.close()


async def _verified(shell: Shell) -> list[str]:
    async with begin(shell, SYSTEM, snapshot=True) as work:
        return await commands.verify(work)
