"""The history of one organization as two registries tell it: fifty messages, invented, always the same."""

import random
from typing import Any

from tests.make import intake as make
from tests.make.organizations import NAME, NANSHA

DISTRICT, CITY = "district", "city"
Told = tuple[str, dict[str, Any]]
"""A message with the source that tells it."""


def history(serial: int = 1) -> list[Told]:
    """Fifty messages: the district numbers its own, the city has only its clock; they agree and disagree."""
    told: list[Told] = []

    def tell(source: str, what: dict[str, Any]) -> None:
        minute = len(told)
        what["occurred_at"] = f"2026-03-02T{8 + minute // 60:02}:{minute % 60:02}:00Z"
        if source == DISTRICT:
            what["sequence"] = sum(1 for other, _ in told if other == DISTRICT) + 1
        told.append((source, what))

    def about(source: str, what: str, on: str, **data: Any) -> None:
        tell(source, make.about(what, serial, on, **data))

    def changed(source: str, on: str, **changes: Any) -> None:
        tell(source, make.changed(changes, serial, on))

    tell(DISTRICT, make.registered(serial, staff_count=3, contact_name="李示例", contact_phone="13800138000"))
    tell(CITY, make.registered(serial, staff_count=4, industry="education", effective_on="2016-05-06"))
    numbers = random.Random(7)  # noqa: S311
    for year in range(2017, 2025):
        changed(DISTRICT, f"{year}-02-01", staff_count=numbers.randint(3, 40), full_member_count=year - 2014)
        changed(CITY, f"{year}-02-01", staff_count=numbers.randint(3, 40))
        about(DISTRICT, "annual_report.filed", f"{year}-05-01", year=year - 1, result="passed")
    changed(CITY, "2018-08-01", name=f"{NAME}联合会", domicile_address="示例路1号")
    changed(DISTRICT, "2018-08-01", name=f"{NAME}总会")
    changed(DISTRICT, "2019-01-01", domicile_address=None, contact_phone="13900139000")
    changed(DISTRICT, "2019-01-01", domicile_address="示例路2号")
    changed(CITY, "2020-03-01", decoupled=True, is_trade_association=True)
    changed(DISTRICT, "2020-03-01", decoupled=False, division_code=NANSHA)
    about(
        DISTRICT,
        "organization.corrected",
        "2018-08-01",
        changes={"name": f"{NAME}(更名)"},
        reason="名称录入有误",
    )
    for day, chair in (("2016-05-04", "陈示例"), ("2019-05-04", "王示例"), ("2022-05-04", "李示例")):
        officers = [
            {"name": chair, "post": "会长", "is_principal": True, "phone": "13700137000"},
            {"name": "赵示例", "post": "监事", "is_principal": False},
        ]
        about(DISTRICT, "officers.elected", day, officers=officers)
    about(
        CITY,
        "officers.elected",
        "2019-05-04",
        officers=[{"name": "周示例", "post": "会长", "is_principal": True}],
    )
    for day, wording in (("2018-06-01", "2018"), ("2019-09-01", "2019")):
        clause = {"clause": "party_building", "wording": wording}
        about(DISTRICT, "charter.approved", day, approved_on=day, clauses=[clause])
    for day, grade in (("2018-11-01", "3A"), ("2023-11-01", "4A")):
        about(CITY, "evaluation.graded", day, grade=grade, graded_on=day, score="912.00")
    about(CITY, "award.granted", "2021-07-01", name="先进社会组织", awarded_on="2021-07-01")
    listed = {"list": "abnormal", "listed_on": "2021-09-01", "reason": "未按规定报送年度报告"}
    about(DISTRICT, "credit_listing.changed", "2021-09-01", **listed)
    about(DISTRICT, "credit_listing.changed", "2021-12-01", **listed, removed_on="2021-12-01")
    about(DISTRICT, "penalty.imposed", "2021-10-01", penalty="fine", decided_on="2021-10-01", amount="500.00")
    about(CITY, "organization.deregistered", "2022-01-01", reason="误报注销")
    about(DISTRICT, "organization.restored", "2022-01-05", reason="误报注销, 予以恢复")
    about(DISTRICT, "organization.revoked", "2024-06-01", kind="license_revoked", reason="违法")
    about(DISTRICT, "organization.restored", "2024-07-01", reason="行政复议撤销原处罚决定")
    about(DISTRICT, "organization.deregistered", "2025-01-01", reason="自行解散")
    return told


def in_some_order(told: list[Told], seed: int) -> list[Told]:
    """The same messages in a random order, some of them twice."""
    chance = random.Random(seed)  # noqa: S311
    again = [one for one in told if chance.random() < 0.2]
    order = [*told, *again]
    chance.shuffle(order)
    return order
