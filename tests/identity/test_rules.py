"""Tokens, passwords, one-time codes: pure."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.core.access import ADMINISTRATORS, MACHINES, Role
from app.identity import rules
from app.identity.rules import PasswordFault, PeriodFault, Segregation, TokenKind

SECRET = b"12345678901234567890"
ROW = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1, its last six digits."""
    assert rules.totp(SECRET, seconds // 30) == code


def test_a_code_counts_in_its_step_and_its_neighbours_once() -> None:
    at = datetime(2026, 11, 22, 8, 0, 10, tzinfo=UTC)
    step = rules.totp_step(at)
    taken = {n: rules.accepted_step(SECRET, rules.totp(SECRET, step + n), at, None) for n in range(-3, 4)}
    assert taken == {-3: None, -2: None, -1: step - 1, 0: step, 1: step + 1, 2: None, 3: None}
    assert rules.accepted_step(SECRET, rules.totp(SECRET, step), at, step) is None
    assert rules.accepted_step(SECRET, rules.totp(SECRET, step - 1), at, step) is None
    assert rules.accepted_step(SECRET, rules.totp(SECRET, step + 1), at, step) == step + 1


def test_a_token_says_what_it_opens_and_keeps_only_its_digest() -> None:
    text, digest = rules.issue(TokenKind.API_KEY, ROW, bytes(32))
    assert text == f"jck_{ROW.hex}.{'A' * 43}"
    read = rules.read_token(text)
    assert read == rules.Token(TokenKind.API_KEY, ROW, digest)
    assert len(digest) == 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jcs_",
        "Bearer x",
        f"jcx_{ROW.hex}.{'A' * 43}",
        f"jcs_{ROW.hex}.{'A' * 42}",
        f"jcs_{ROW.hex}.{'A' * 43}\n",
        f"jcs_{ROW}.{'A' * 43}",
        f"jcs_{ROW.hex.upper()}.{'A' * 43}",
        f"jcs_{ROW.hex}.{'Ａ' * 43}",
        f"jcs_{'٠' * 32}.{'A' * 43}",
    ],
)
def test_what_is_no_token_is_not_looked_up(text: str) -> None:
    assert rules.read_token(text) is None


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("crimson-ladder-47-harbour", ()),
        ("春眠不觉晓处处闻啼鸟夜来风雨声", ()),
        ("ladder 47", (PasswordFault.TOO_SHORT,)),
        ("x7-" * 50, (PasswordFault.TOO_LONG, PasswordFault.TOO_COMMON)),
        ("harbour-li.ming-47", (PasswordFault.CONTAINS_NAME,)),
        ("harbour-LI.MING-47", (PasswordFault.CONTAINS_NAME,)),
        ("qwertyuiop12", (PasswordFault.TOO_COMMON,)),
        ("1q2w3e4r5t6y", (PasswordFault.TOO_COMMON,)),
        ("Password2026!", (PasswordFault.TOO_COMMON,)),
        ("aaaaaaaaaaaa", (PasswordFault.TOO_COMMON,)),
        ("Jiceng2026!!", (PasswordFault.TOO_COMMON,)),
        ("98765432109876", (PasswordFault.TOO_COMMON,)),
    ],
)
def test_every_fault_of_a_password_is_named(password: str, faults: tuple[PasswordFault, ...]) -> None:
    assert rules.password_faults(password, ("li.ming", "李明")) == faults


def test_each_administrator_stands_alone() -> None:
    groups = {role: rules.segregation(role) for role in Role}
    assert len({groups[role] for role in ADMINISTRATORS}) == 3
    assert {groups[role] for role in Role if role not in ADMINISTRATORS} == {Segregation.BUSINESS}


def test_machine_roles_are_for_machines() -> None:
    for role in Role:
        assert rules.kind_fits("machine", machine_role=role in MACHINES) == (role in MACHINES)
        assert rules.kind_fits("person", machine_role=role in MACHINES) == (role not in MACHINES)


@pytest.mark.parametrize(
    ("from_on", "until_on", "fault"),
    [
        (date(2026, 11, 22), None, None),
        (date(2026, 11, 22), date(2026, 11, 23), None),
        (date(2026, 11, 22), date(2026, 11, 22), PeriodFault.EMPTY),
        (date(2026, 11, 25), date(2026, 11, 24), PeriodFault.EMPTY),
        (date(2026, 11, 21), None, PeriodFault.PAST),
    ],
)
def test_the_days_of_a_grant(from_on: date, until_on: date | None, fault: PeriodFault | None) -> None:
    assert rules.grant_period_fault(from_on, until_on, date(2026, 11, 22)) == fault


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("li.ming", True),
        ("a1", False),
        ("-li", False),
        ("李明明", False),
        ("li ming", False),
        ("l" * 65, False),
    ],
)
def test_the_form_of_a_login_name(name: str, fits: bool) -> None:
    assert rules.login_name_fits(name) is fits
