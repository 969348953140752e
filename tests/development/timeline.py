"""A case by the pack of 2014, step by step, with everything that each step asks for."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.development import rules
from app.development.rules import Facts, Pack
from app.development.schemas import DevelopmentContent

DATA = Path(__file__).parents[2] / "app" / "development" / "data"
NATIONAL = DATA / "rule_packs" / "development-national-2014.json"
REVISED = DATA / "drafts" / "development-national-2026.json"

DAYS = {
    "1": date(2022, 1, 31),
    "2": date(2022, 2, 28),
    "3": date(2022, 5, 10),
    "4": date(2022, 5, 20),
    "5": date(2022, 6, 1),
    "6": date(2023, 5, 10),
    "7": date(2023, 5, 12),
    "8": date(2023, 5, 20),
    "9": date(2023, 6, 1),
    "10": date(2023, 6, 1),
    "11": date(2023, 6, 4),
    "12": date(2023, 6, 10),
    "13": date(2023, 6, 20),
    "14": date(2023, 6, 22),
    "15": date(2023, 8, 31),
    "16": date(2023, 9, 5),
    "17": date(2023, 9, 20),
    "18": date(2023, 10, 8),
    "19": date(2023, 10, 8),
    "20": date(2023, 10, 8),
    "21": date(2024, 7, 31),
    "22": date(2024, 8, 15),
    "23": date(2024, 8, 31),
    "24": date(2024, 9, 20),
    "25": date(2024, 10, 1),
}
APPRAISED = (date(2022, 11, 1), date(2023, 4, 20), date(2024, 2, 20), date(2024, 7, 20))
BALLOT = rules.Ballot(date(2023, 8, 31), 10, 8, 8, 0, 0, 0, anonymous=True)


def content(path: Path = NATIONAL) -> dict[str, Any]:
    """The content of a pack that is shipped."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["content"]
    return found


@cache
def pack(path: Path = NATIONAL) -> Pack:
    """The pack as the engine reads it."""
    return DevelopmentContent.model_validate(content(path)).plain(None)


def complete(of: Pack | None = None) -> Facts:
    """Everything on record but no step taken."""
    of = of or pack()
    full = {"full": True, "restricted": False}
    return Facts(
        today=date(2026, 11, 22),
        papers=dict.fromkeys(of.papers, rules.PaperState.RECEIVED),
        helpers=[
            rules.Helper(rules.HelperRole.CONTACT, **full),
            rules.Helper(rules.HelperRole.INTRODUCER, **full),
            rules.Helper(rules.HelperRole.INTRODUCER, **full),
        ],
        appraisals=APPRAISED,
        trainings=[rules.Training(date(2023, 6, 2), 3, 0)],
        ballots={"15": BALLOT, "23": replace(BALLOT, on=date(2024, 8, 31))},
        review=rules.PoliticalReview(date(2023, 5, 25), rules.ReviewConclusion.PASSED),
        form_number="4401150000123",
        approver=rules.Approver(above=True),
        places=rules.Places(3, enforced=True),
    )


def before(code: str, of: Pack | None = None) -> Facts:
    """The same with every step before one taken on its day."""
    of = of or pack()
    behind = {n.code for n in of.nodes if code in of.reopened_from(n.code)} - {code}
    return replace(complete(of), done={n.code: DAYS[n.code] for n in of.nodes if n.code in behind})


def codes(found: tuple[rules.Reason, ...]) -> set[str]:
    """The codes of what blocks."""
    return {each.code for each in rules.blocking(found)}
