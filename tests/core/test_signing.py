"""Signatures: the specification's library as peer, published vectors, and a hostile sender."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from app.core import signing
from app.core.signing import Scheme, SignatureRefused

# The test vector in the Standard Webhooks repository (libraries/python/tests, spec: "Verifying signatures").
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
TIMESTAMP = 1614265330
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(TIMESTAMP, UTC)
OTHER = "whsec_" + base64.b64encode(bytes(range(32))).decode()

Pairs = list[tuple[str, str]]


def pairs(message_id: str = MESSAGE_ID, timestamp: str = str(TIMESTAMP), signature: str = SIGNATURE) -> Pairs:
    return [("webhook-id", message_id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)]


def refused(
    headers: Pairs, body: bytes = BODY, now: datetime = NOW, secrets: tuple[str, ...] = (SECRET,)
) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        signing.verify(secrets, headers, body, now)
    return refusal.value.code


def test_the_published_vector_is_made_and_believed() -> None:
    headers = signing.sign([SECRET], MESSAGE_ID, NOW, BODY)
    assert headers["webhook-signature"] == SIGNATURE
    assert signing.verify([SECRET], pairs(), BODY, NOW) == MESSAGE_ID


def test_sm3_itself_is_the_standards_own_vector() -> None:
    """GB/T 32905-2016, appendix A.1: SM3 of "abc" — through HMAC's definition (RFC 2104)."""
    assert hashlib.new("sm3", b"abc").hexdigest() == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    key = signing.key_of(SECRET)
    signed = f"{MESSAGE_ID}.{TIMESTAMP}.".encode() + BODY
    expected = base64.b64encode(hmac.new(key, signed, "sm3").digest()).decode()
    assert signing.signature(SECRET, MESSAGE_ID, TIMESTAMP, BODY, Scheme.SM3) == f"v1sm3,{expected}"


@given(
    message_id=st.text("abcXYZ019_-", min_size=1, max_size=40),
    body=st.text(max_size=200),
    size=st.integers(24, 64),
)
def test_the_reference_library_believes_us_and_we_believe_it(message_id: str, body: str, size: int) -> None:
    secret, now = signing.new_secret(size), datetime.now(UTC)
    ours = signing.sign([secret], message_id, now, body.encode())
    Webhook(secret).verify(body, ours, json_parse=False)
    theirs = Webhook(secret).sign(message_id, now, body)
    headers = [*[*ours.items()][:2], ("webhook-signature", theirs)]
    assert signing.verify([secret], headers, body.encode(), now) == message_id


@pytest.mark.parametrize("scheme", list(Scheme))
def test_any_valid_secret_of_a_rotation_will_do(scheme: Scheme) -> None:
    for used in ([SECRET], [OTHER], [SECRET, OTHER]):
        headers = signing.sign(used, MESSAGE_ID, NOW, BODY, scheme)
        assert signing.verify([OTHER, SECRET], headers.items(), BODY, NOW) == MESSAGE_ID


def test_a_scheme_that_the_source_may_not_use_is_no_match() -> None:
    headers = signing.sign([SECRET], MESSAGE_ID, NOW, BODY, Scheme.SM3)
    with pytest.raises(SignatureRefused) as refusal:
        signing.verify([SECRET], headers.items(), BODY, NOW, schemes=frozenset({Scheme.SHA256}))
    assert refusal.value.code == "no_match"


def test_signatures_of_schemes_to_come_are_passed_over() -> None:
    assert signing.verify([SECRET], pairs(signature=f"v1a,Zm9v {SIGNATURE}"), BODY, NOW) == MESSAGE_ID
    assert refused(pairs(signature="v1a,Zm9v")) == "no_match"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    assert signing.verify([SECRET], pairs(), BODY, NOW + timedelta(seconds=seconds)) == MESSAGE_ID


def test_beyond_them_a_message_is_too_old_or_too_new() -> None:
    assert refused(pairs(), now=NOW + timedelta(seconds=301)) == "too_old"
    assert refused(pairs(), now=NOW - timedelta(seconds=301)) == "too_new"


def test_another_body_id_time_or_secret_is_no_match() -> None:
    assert refused(pairs(), body=BODY + b" ") == "no_match"
    assert refused(pairs(message_id="msg_other")) == "no_match"
    assert refused(pairs(timestamp=str(TIMESTAMP + 1))) == "no_match"
    assert refused(pairs(), secrets=(OTHER,)) == "no_match"
    assert refused(pairs(), secrets=()) == "no_match"


@pytest.mark.parametrize(
    "signature", [SIGNATURE[:-1], SIGNATURE[:-8], "v1,", SIGNATURE.replace("v1", "v2"), SIGNATURE.lower()]
)
def test_a_truncated_or_changed_signature_is_no_match(signature: str) -> None:
    assert refused(pairs(signature=signature)) == "no_match"


@pytest.mark.parametrize("absent", range(3))
def test_every_header_is_needed(absent: int) -> None:
    headers = pairs()
    name, _ = headers.pop(absent)
    assert refused(headers) == "missing_header"
    assert refused([*headers, (name, "")]) == "missing_header"


@pytest.mark.parametrize("twice", range(3))
def test_a_header_that_comes_twice_is_malformed(twice: int) -> None:
    assert refused([*pairs(), pairs()[twice]]) == "malformed"
    assert refused([*pairs(), (pairs()[twice][0].upper(), "x")]) == "malformed"


@pytest.mark.parametrize(
    "headers",
    [
        pairs(signature="nonsense"),
        pairs(signature=f"{SIGNATURE}  {SIGNATURE}"),
        pairs(signature=",x"),
        pairs(signature="v1,\u00e9"),
        pairs(signature=" ".join([SIGNATURE] * 17)),
        pairs(signature="v1," + "A" * 5000),
        pairs(timestamp="1e9"),
        pairs(timestamp="-5"),
        pairs(timestamp=f"0{TIMESTAMP}"),
        pairs(timestamp=f" {TIMESTAMP}"),
        pairs(timestamp="９９９"),
        pairs(timestamp="9" * 5000),
        pairs(message_id="with space"),
        pairs(message_id="x" * 257),
        pairs(message_id="编号"),
    ],
)
def test_a_malformed_header_is_refused_as_such(headers: Pairs) -> None:
    assert refused(headers) == "malformed"


def test_a_full_stop_in_the_id_cannot_move_the_border_of_what_is_signed() -> None:
    """`a` at 1614265330 with body `99.{}` and `a.1614265330` at 99 with body `{}` sign the same bytes."""
    assert refused(pairs(message_id=f"{MESSAGE_ID}.{TIMESTAMP}")) == "malformed"
    with pytest.raises(ValueError, match="full stop"):
        signing.sign([SECRET], "a.b", NOW, BODY)


@given(
    headers=st.lists(st.tuples(st.sampled_from([*signing.HEADERS, "host"]), st.text(max_size=60)), max_size=6)
)
def test_no_header_makes_anything_but_a_typed_refusal(headers: Pairs) -> None:
    assert refused(headers) in {"missing_header", "malformed", "too_old", "too_new", "no_match"}


@pytest.mark.parametrize("size", [23, 65])
def test_secrets_have_24_to_64_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        signing.key_of("whsec_" + base64.b64encode(bytes(size)).decode())
    with pytest.raises(ValueError, match="base64"):
        signing.key_of("whsec_not base64")
    assert len(signing.key_of(signing.new_secret())) == 32
