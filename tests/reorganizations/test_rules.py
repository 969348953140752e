"""What may become of what, without a database."""

import pytest

from app.party_organizations.rules import BodyKind
from app.reorganizations import rules


@pytest.mark.parametrize("before", list(BodyKind))
def test_only_upwards(before: BodyKind) -> None:
    line = [BodyKind.BRANCH, BodyKind.GENERAL_BRANCH, BodyKind.COMMITTEE]
    higher = set(line[line.index(before) + 1 :]) if before in line else set()
    assert {kind for kind in BodyKind if not rules.wrong_with_upgrade(before, kind)} == higher


def test_one_place_only() -> None:
    found = rules.named_twice("/parts/{}/member_ids", [["a", "b"], ["c", "b"], ["a"]])
    assert [wrong.pointer for wrong in found] == ["/parts/1/member_ids/1", "/parts/2/member_ids/0"]
