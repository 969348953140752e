"""Yangquan 2021 (2-10): “通报2次、督办函12份、约谈42家”, through the API only."""

import httpx

from tests.make import notices as make
from tests.notices.conftest import Office, Organizations


async def test_two_circulars_twelve_letters_forty_two_talks(
    api: httpx.AsyncClient, office: Office, several: Organizations
) -> None:
    organizations = await several(14)
    targets = [{"organization_id": each} for each in organizations]
    made = []
    for quarter in ("一季度", "三季度"):
        body = make.plan(
            office.sign_id,
            *targets,
            kind="circular",
            title=f"关于{quarter}两个覆盖工作情况的通报",
            reply_required=False,
            answer_days=None,
        )
        made.append(await make.issued(api, office.clerk, office.organizer, body))
    for target in targets[:12]:
        body = make.plan(office.sign_id, target)
        made.append(await make.issued(api, office.clerk, office.organizer, body))
    for level in ("reminder", "criticism", "admonition"):
        body = make.plan(
            None,
            *targets,
            kind="admonition_talk",
            title="关于约谈的通知",
            talk_level=level,
            party_organization_id=office.body_id,
        )
        made.append(await make.issued(api, office.clerk, office.organizer, body))
    year = int(made[0]["issued_on"][:4])
    numbers = [row["number"] for row in made]
    assert numbers == [f"穗社党〔{year}〕{serial}号" for serial in range(1, 15)] + [None] * 3
    found = await api.get("/notices/figures", params={"year": year}, headers=office.clerk)
    totals = {line["kind"]: (line["notices"], line["addressed"]) for line in found.json()["totals"]}
    assert totals == {"circular": (2, 28), "supervision_letter": (12, 12), "admonition_talk": (3, 42)}
    (talks,) = [line for line in found.json()["issuers"] if line["kind"] == "admonition_talk"]
    assert (talks["issuer_name"], talks["party_organization"]["id"]) == (
        "中共广州市社会组织委员会",
        office.body_id,
    )
    none = await api.get("/notices/figures", params={"year": year - 1}, headers=office.clerk)
    assert none.json()["totals"] == []
    other = await api.get(
        "/notices/figures", params={"year": year, "division": "330000"}, headers=office.clerk
    )
    assert other.json()["totals"] == []
