"""Field encryption fails closed; masks never say more than they may."""

import itertools
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from app.core.crypto import (
    Crypto,
    CryptoError,
    KeyRing,
    KeyRingError,
    Suite,
    mask_id_number,
    mask_name,
    mask_phone,
)

RING = KeyRing.new()
CRYPTO = Crypto(RING)
ROW = UUID("01930000-0000-7000-8000-000000000001")
PLACE = {"table": "setup_contacts", "column": "phone_cipher"}
suites = st.sampled_from(Suite)


def test_sm4_gcm_gives_the_vector_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1."""
    encryptor = Cipher(
        algorithms.SM4(bytes.fromhex("0123456789abcdeffedcba9876543210")),
        modes.GCM(bytes.fromhex("00001234567800000000abcd")),
    ).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    plain = b"".join(bytes([byte] * 8) for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    cipher = encryptor.update(plain) + encryptor.finalize()
    assert cipher.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@given(value=st.text(), suite=suites)
def test_what_is_encrypted_comes_back(value: str, suite: Suite) -> None:
    crypto = Crypto(RING, suite)
    assert CRYPTO.decrypt(crypto.encrypt(value, **PLACE, row=ROW), **PLACE, row=ROW) == value


@given(value=st.binary(max_size=64), suite=suites, moved=st.sampled_from(["table", "column", "row"]))
def test_a_ciphertext_moved_to_another_place_is_refused(value: bytes, suite: Suite, moved: str) -> None:
    cipher = Crypto(RING, suite).encrypt(value, **PLACE, row=ROW)
    place = {**PLACE, "row": ROW, moved: uuid4() if moved == "row" else "elsewhere"}
    with pytest.raises(CryptoError):
        CRYPTO.decrypt_bytes(cipher, **place)  # type: ignore[arg-type]


@given(value=st.binary(max_size=32), suite=suites, data=st.data())
def test_every_bit_counts(value: bytes, suite: Suite, data: st.DataObject) -> None:
    cipher = bytearray(Crypto(RING, suite).encrypt(value, **PLACE, row=ROW))
    at = data.draw(st.integers(0, len(cipher) * 8 - 1))
    cipher[at // 8] ^= 1 << (at % 8)
    with pytest.raises(CryptoError):
        CRYPTO.decrypt_bytes(bytes(cipher), **PLACE, row=ROW)


@given(st.binary(max_size=80))
def test_any_other_bytes_are_refused(cipher: bytes) -> None:
    with pytest.raises(CryptoError):
        CRYPTO.decrypt_bytes(cipher, **PLACE, row=ROW)


def test_the_same_value_never_encrypts_to_the_same_bytes_twice() -> None:
    assert len({CRYPTO.encrypt("13800138000", **PLACE, row=ROW) for _ in range(100)}) == 100


def test_after_a_rotation_the_old_key_reads_and_the_new_one_writes() -> None:
    old = CRYPTO.encrypt("13800138000", **PLACE, row=ROW)
    rotated = Crypto(RING.rotated())
    new = rotated.encrypt("13800138000", **PLACE, row=ROW)
    assert rotated.decrypt(old, **PLACE, row=ROW) == rotated.decrypt(new, **PLACE, row=ROW) == "13800138000"
    assert not rotated.is_current(old)
    assert rotated.is_current(new)
    assert rotated.blind("phone", "13800138000") == CRYPTO.blind("phone", "13800138000")
    with pytest.raises(CryptoError, match="no key 2"):
        CRYPTO.decrypt(new, **PLACE, row=ROW)


@given(st.text(max_size=20), st.text(max_size=20))
def test_blind_indexes_are_equal_iff_the_values_are(one: str, other: str) -> None:
    assert (CRYPTO.blind("phone", one) == CRYPTO.blind("phone", other)) is (one == other)
    assert CRYPTO.blind("phone", one) != CRYPTO.blind("id_number", one)
    assert CRYPTO.blind("phone", one) != Crypto(KeyRing.new()).blind("phone", one)


def test_one_index_is_shared_by_the_states_of_a_rotation_that_processes_may_be_in_at_once() -> None:
    """Whatever two neighbouring states write, one unique constraint sees it, and each finds it."""
    coming = RING.index_coming()
    changed = coming.index_changed()
    states = [RING, coming, changed, changed.index_settled()]
    again = states[-1].index_coming()
    states += [again, again.index_changed(), again.index_changed().index_settled()]
    written = [Crypto(KeyRing.parse(ring.dump())).index("id_number", "11010519491231002X") for ring in states]
    for one, other in itertools.pairwise(written):
        assert one.stored == other.stored or (one.beside is not None and one.beside == other.beside)
        assert one.stored in other.sought
        assert other.stored in one.sought
    assert written[0].stored == CRYPTO.blind("id_number", "11010519491231002X")
    assert len({index.stored for index in written}) == 3
    assert [index.beside is None for index in written] == [True, False, False] * 2 + [True]
    assert states[-1].indexes.keys.keys() == {3}
    assert states[-1].fingerprints()["index-active"] != RING.fingerprints()["index-active"]
    with pytest.raises(KeyRingError):
        RING.index_changed()


def test_the_ring_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"
    ring = KeyRing.load(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyRing.load(path) == ring == KeyRing.parse(ring.dump())
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_ring_that_others_can_read_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    KeyRing.load(path)
    path.chmod(mode)
    with pytest.raises(KeyRingError, match=f"chmod 600 {path}"):
        KeyRing.load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"active": 1, "keys": {}, "blind_root": ""}', "null"])
def test_a_broken_ring_is_refused_without_its_content(text: str) -> None:
    with pytest.raises(KeyRingError):
        KeyRing.parse(text)


def test_a_ring_does_not_print_its_keys() -> None:
    assert "object at" in repr(RING)


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        ("13812345678", "138****5678"),
        ("020-84981234", "020-****1234"),
        ("020-84981234-801", "020-****1234"),
        ("4001234567", "400****4567"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_phone_masks(value: str, mask: str) -> None:
    assert mask_phone(value) == mask


@given(st.text("0123456789X", min_size=0, max_size=18))
def test_an_id_mask_shows_the_last_four_at_most(value: str) -> None:
    mask = mask_id_number(value)
    assert sum(character != "*" for character in mask) <= 4
    assert mask_id_number("11010519491231002X") == "**************002X"


@pytest.mark.parametrize(
    ("value", "mask"), [("张三", "张*"), ("欧阳修", "欧**"), ("买买提·阿不都拉", "买**"), ("王", "王*")]
)
def test_name_masks(value: str, mask: str) -> None:
    assert mask_name(value) == mask
