"""What is in an identity and what is not."""

from __future__ import annotations

from hashlib import sha256

import pytest

from gate.core.fingerprint import digest, fingerprints, raw_bytes

FIELDS = {"path": "a/b.py", "family": "xss", "scope": "K.b", "code": "f ( x )", "ordinal": 0}


def test_fields_are_joined_by_nul_and_halved():
    found = fingerprints(**FIELDS)
    assert found.id_v1 == sha256(b"a/b.py\0xss\0K.b\0f ( x )\x000").hexdigest()[:32]
    assert found.moved_v1 == sha256(b"xss\0K.b\0f ( x )\x000").hexdigest()[:32]
    assert found.code_v1 == sha256(b"xss\0f ( x )").hexdigest()[:32]


@pytest.mark.parametrize(
    ("field", "value", "changed"),
    [
        ("path", "c.py", {"id_v1"}),
        ("scope", "", {"id_v1", "moved_v1"}),
        ("ordinal", 1, {"id_v1", "moved_v1"}),
        ("family", "ssrf", {"id_v1", "moved_v1", "code_v1"}),
        ("code", "g ( x )", {"id_v1", "moved_v1", "code_v1"}),
    ],
)
def test_which_field_changes_which_identity(field, value, changed):
    one, other = fingerprints(**FIELDS), fingerprints(**(FIELDS | {field: value}))
    assert {n for n in ("id_v1", "moved_v1", "code_v1") if getattr(one, n) != getattr(other, n)} == changed


def test_paths_count_as_git_has_them():
    assert digest("\udcff") == sha256(b"\xff").hexdigest()[:32]
    assert raw_bytes("\ud800") == b"\xed\xa0\x80"
