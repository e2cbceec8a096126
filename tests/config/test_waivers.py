"""A waiver file is right or an error; whether an entry is in force is not decided here."""

from __future__ import annotations

import pytest

from gate.config.waivers import load_waivers
from gate.core.glob import Glob
from gate.core.policy import Human
from gate.core.suppression import Waiver
from tests.config.reading import waiver_errors

ID = "id/v1:0123456789abcdef0123456789abcdef"
REST = "owner: alice, reason: nobody can reach this code, created: 2026-01-01, expires: 2026-02-01"


def test_no_file_is_no_waiver():
    assert load_waivers(None) == ()
    assert load_waivers(b"version: 1\nwaivers: []\n") == ()


def test_entries_keep_order_place_and_everything_that_the_core_judges():
    text = f"""\
version: 1
waivers:
- fingerprint: {ID}
  owner: alice
  reason: |
    the table name comes
    from a constant map
  ticket: SEC-12
  created: 2026-01-01
  expires: 2036-01-01
  max_severity: critical
- {{family: weak-hash, path: tools/cache/**, {REST}}}
- {{rule: B303, path: "**/legacy.py", {REST}}}
"""
    first, second, third = load_waivers(text.encode(), name="w")
    assert first == Waiver(
        fingerprint=ID,
        owner="alice",
        reason="the table name comes from a constant map",
        ticket="SEC-12",
        created="2026-01-01",
        expires="2036-01-01",
        max_severity="critical",
        where="w:3",
    )
    assert (second.family, second.rule, second.path, second.max_severity, second.where) == (
        "weak-hash", None, "tools/cache/**", "high", "w:12",
    )  # fmt: skip
    assert Glob(text=second.path, regex=second.path_regex).matches("tools/cache/a/b.py")
    assert (third.rule, third.path, third.where) == ("B303", "**/legacy.py", "w:13")


@pytest.mark.parametrize(
    ("owner", "known"),
    [
        ("alice", "alice"),
        ("A@x.org", "alice"),
        ("ali", "alice"),
        ("Ali", "alice"),
        ("both", "both"),
        ("zoe", "zoe"),
    ],
)
def test_an_owner_is_the_human_whom_the_text_names(owner, known):
    humans = (
        Human(id="alice", github=("Ali", "both"), emails=("a@X.org",)),
        Human(id="bob", gitlab=("both",), github=("alice",)),
    )
    text = f"{{version: 1, waivers: [{{fingerprint: '{ID}', {REST.replace('alice', owner)}}}]}}"
    assert load_waivers(text.encode(), humans=humans)[0].owner == known


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            f"{{fingerprint: '{ID}', {REST}, note: x}}",
            (
                "3:151: unknown key 'note' in waivers[0]; known here: fingerprint, family, rule, path, owner, reason, ticket, "
                "created, expires, max_severity"
            ),
        ),
        (f"{{{REST}}}", "3:3: waivers[0]: give exactly one of fingerprint, family, rule; found none"),
        (
            f"{{family: a, rule: b, path: c, {REST}}}",
            "3:3: waivers[0]: give exactly one of fingerprint, family, rule; not family and rule",
        ),
        (
            f"{{rule: b, {REST}}}",
            "3:3: waivers[0]: the key 'path' is missing; a rule is waived in named places only",
        ),
        (
            f"{{fingerprint: '{ID}', path: a, {REST}}}",
            "3:3: waivers[0]: a fingerprint names one finding already; remove path",
        ),
        (
            f"{{fingerprint: {ID[:-1]}, {REST}}}",
            (
                f"3:17: waivers[0].fingerprint: '{ID[:-1]}' is not the id of a finding, "
                "as 'id/v1:' and 32 hexadecimal digits"
            ),
        ),
        *(
            (
                f"{{rule: b, path: '{path}', {REST}}}",
                f"3:19: waivers[0].path: '{path}' names no file or folder; write at least one name in full",
            )
            for path in ("**", "*", "**/*", "*.py", "**/*.py", "src?/**", "[s]rc/*", "/*")
        ),
        (
            f"{{rule: b, path: '!a', {REST}}}",
            "3:19: waivers[0].path: the pattern '!a' is negated; patterns here only add ('\\!' is a plain '!')",
        ),
        (f"{{rule: b, path: '', {REST}}}", "3:19: waivers[0].path: the pattern is empty"),
        ("alice", "3:3: waivers[0]: expected a mapping, found the text 'alice'"),
    ],
)
def test_an_entry_that_says_no_one_thing_is_an_error(entry, message):
    assert waiver_errors(f"version: 1\nwaivers:\n- {entry}\n") == [message]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("nobody can reach this code", "false positive"),
            "reason: 'false positive' is too short; write at least 15 characters",
        ),
        (("2026-01-01", "2026-13-01"), "created: '2026-13-01' is not a date; write it as YYYY-MM-DD"),
        (("2026-02-01", "soon"), "expires: 'soon' is not a date; write it as YYYY-MM-DD"),
        (("2026-02-01", "2025-12-31"), "expires: 2025-12-31 is before 2026-01-01, the day it was created"),
        (
            ("2026-02-01", "20260201"),
            "expires: expected a date in quotes or plain, as YYYY-MM-DD, found the number 20260201; put it in quotes",
        ),
        (("2026-01-01", ""), "created: expected a date in quotes or plain, as YYYY-MM-DD, found nothing"),
        (("owner: alice", "owner: ''"), "owner: the text is empty"),
    ],
)
def test_a_broken_value_is_an_error(change, message):
    text = f"version: 1\nwaivers:\n- {{fingerprint: '{ID}', {REST.replace(*change)}}}\n"
    (found,) = waiver_errors(text)
    assert found.split(" ", 1)[1] == f"waivers[0].{message}"


def test_all_errors_of_a_file_are_told_at_once():
    assert waiver_errors("wavers: []\nwaivers:\n- {}\n- {max_severity: hgh}\n") == [
        "1:1: the key 'version' is missing; write 'version: 1'",
        "1:1: unknown key 'wavers'; did you mean 'waivers'?",
        "3:3: waivers[0]: give exactly one of fingerprint, family, rule; found none",
        "3:3: waivers[0]: the key 'created' is missing",
        "3:3: waivers[0]: the key 'expires' is missing",
        "3:3: waivers[0]: the key 'owner' is missing",
        "3:3: waivers[0]: the key 'reason' is missing",
        "4:3: waivers[1]: give exactly one of fingerprint, family, rule; found none",
        "4:3: waivers[1]: the key 'created' is missing",
        "4:3: waivers[1]: the key 'expires' is missing",
        "4:3: waivers[1]: the key 'owner' is missing",
        "4:3: waivers[1]: the key 'reason' is missing",
        "4:18: waivers[1].max_severity: 'hgh' is not one of critical, high, medium, low, info; did you mean 'high'?",
    ]


def test_a_file_with_nothing_but_a_version_is_an_error():
    assert waiver_errors("version: 1\n") == ["1:1: the key 'waivers' is missing; write 'waivers: []'"]
    assert waiver_errors("") == ["1:1: the file is empty; write at least 'version: 1'"]
