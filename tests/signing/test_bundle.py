"""Bundles of signed statements: one or several in a file, and what is no bundle."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.signing import Bundle, key_of, read_bundles, write_bundle

SIGNATURE = b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"
ONE = write_bundle(b"one\n", SIGNATURE, "SHA256:x")
TWO = write_bundle(b"two\n", SIGNATURE, "SHA256:x")


def test_what_is_written_is_read_back():
    assert read_bundles(ONE) == [Bundle(payload=b"one\n", signature=SIGNATURE)]


def test_a_note_can_hold_several():
    found = read_bundles(b"\n" + ONE + b"\n\n" + TWO)
    assert [one.payload for one in found] == [b"one\n", b"two\n"]


def test_what_follows_a_broken_one_is_not_read():
    found = read_bundles(ONE + b"{" + TWO)
    assert found[0].payload == b"one\n"
    assert found[1:] == ["it is not JSON, or it is cut"]


def document(**keys) -> bytes:
    return json.dumps({**json.loads(ONE), **keys}).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xff", "it is not UTF-8"),
        (ONE[:-5], "it is not JSON, or it is cut"),
        (b"[" * 5000, "it is not JSON, or it is cut"),
        (ONE.replace(b'"payload":', b'"payload": "", "payload":', 1), "it has a key twice"),
        (b"[]", "it does not have exactly the keys payloadType, payload and signatures"),
        (document(more=1), "it does not have exactly the keys payloadType, payload and signatures"),
        (document(payloadType="text/plain"), "its payloadType is not application/vnd.in-toto+json"),
        (document(signatures=[]), "it must have exactly one signature"),
        (document(signatures=json.loads(ONE)["signatures"] * 2), "it must have exactly one signature"),
        (document(signatures=[{"sig": ""}]), "its signature does not have exactly the keys keyid and sig"),
        (document(payload="%%"), "its payload or signature is not base64"),
        (document(payload=1), "its payload or signature is not base64"),
        (
            document(signatures=[{"keyid": "", "sig": b64encode(b"PGP").decode()}]),
            "its signature is not an SSH signature",
        ),
    ],
)
def test_what_is_no_bundle_says_why(data, told):
    assert read_bundles(data) == [told]


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(data):
    read_bundles(data)
    key_of(data)
    key_of(SIGNATURE.replace(b"AAAA", b64encode(b"SSHSIG\0\0\0\1" + data)))


def test_a_large_file_and_a_hostile_folder(shop):
    shop.start()
    shop.put(b" " * 200_001, "big")
    (shop.signoffs / "deep").mkdir()
    (shop.signoffs / "deep" / "b.signoff.json").write_bytes(shop.keys.bundle(shop.statement(), "sec1"))
    (shop.signoffs / "readme.txt").write_text("not a statement")
    signoff = shop.decide()
    assert signoff.accepted == ("sec1",)
    assert [(one.source, one.why) for one in signoff.statements] == [
        ("big.signoff.json", "it is larger than 200,000 bytes"),
        ("deep/b.signoff.json", ""),
    ]


def test_many_refused_statements_are_counted_and_not_listed(shop):
    shop.start()
    data = shop.keys.bundle(shop.statement(target="refs/heads/other"), "sec1")
    for number in range(13):
        shop.put(data.replace(b'"payload"', b" " * number + b'"payload"'), str(number))
    shop.put(b"{}", "x")
    for number in range(12):
        shop.put(b"{%d" % number, f"broken{number}")
    signoff = shop.decide()
    assert len(signoff.statements) == 14  # copies of one statement are one
    assert len(signoff.ignored) == 10
    assert (
        "Signed statements that do not count, beside those named: 4; `gate signoff list` shows each."
        in signoff.notes
    )


def test_a_note_that_is_too_large_or_no_statement(shop):
    shop.start()
    shop.note(b"x" * 200_001, "topic")
    signoff = shop.decide()
    assert any("more than the 200,000 that are read" in note for note in signoff.notes)
