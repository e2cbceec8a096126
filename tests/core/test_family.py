"""The table of families and how a sighting gets its family."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest

from gate.core.family import FamiliesError, RuleKind, build_families
from gate.core.finding import Severity
from tests.core.test_merge_factories import FAMILIES, TABLE, place, sighting

_LIST_TESTS = """
from bandit.core.extension_loader import MANAGER as m
for i, p in m.plugins_by_id.items(): print(i, p.name)
for i, b in m.blacklist_by_id.items(): print(i, b["name"])
"""


def test_every_test_of_the_installed_bandit_has_a_row_with_its_name():
    listed = subprocess.run(
        [sys.executable, "-c", _LIST_TESTS], capture_output=True, text=True, check=True
    ).stdout
    installed = dict(line.split() for line in listed.splitlines())
    assert len(installed) >= 75
    rows = {rule: row.name for rule, row in FAMILIES.rows["bandit"].items() if row.name}
    assert rows == installed


def test_families_can_be_shown_to_people():
    for family in FAMILIES.families.values():
        assert family.title[0].isupper()
        assert len(family.title) <= 60
    without_cwe = {f.id for f in FAMILIES.families.values() if not f.cwes}
    assert without_cwe == {"workflow-injection", "infrastructure", "agent-config", "gate"}


def resolve(**fields):
    return FAMILIES.resolve(sighting(place(1), **fields))


def test_a_shipped_rule_decides_first():
    found = resolve(tool="bandit", rule="B602", family="sql-injection", cwe=(564, 89))
    assert (found.family, found.cwe) == ("sql-injection", (89, 564))


def test_the_row_of_the_tool_decides_before_its_cwe():
    found = resolve(tool="bandit", rule="B307", cwe=(78,))
    assert (found.family, found.cwe) == ("code-injection", (95,))


@pytest.mark.parametrize(
    ("cwe", "family", "ours"),
    [
        ((89,), "sql-injection", (89,)),
        ((20, 79), "xss", (79,)),
        ((78, 89), "command-injection", (78,)),
        ((88, 78), "command-injection", (78, 88)),
        ((20,), "other:trivy/r", (20,)),
        ((), "other:trivy/r", ()),
        ((99999, 502), "deserialization", (502,)),
    ],
)
def test_the_first_cwe_that_says_something_decides(cwe, family, ours):
    found = resolve(tool="trivy", rule="r", cwe=cwe)
    assert (found.family, found.cwe) == (family, ours)


@pytest.mark.parametrize(
    ("rule", "cwe", "family"),
    [
        ("insecure-hash-algorithm-md5", 327, "weak-hash"),
        ("python.use-of-SHA1", 327, "weak-hash"),
        ("UseOfMD5", 327, "weak-hash"),
        ("weak-sha-1-digest", 326, "weak-hash"),
        ("go.crypto.tls-minimum", 327, "weak-tls"),
        ("SSLv3Enabled", 326, "weak-tls"),
        ("insufficient-rsa-key-size", 326, "weak-key"),
        ("des-cipher", 327, "weak-cipher"),
        ("short", 326, "weak-key"),
        ("monkey-patch-hashmap", 327, "weak-cipher"),
    ],
)
def test_words_decide_where_one_cwe_means_many_things(rule, cwe, family):
    assert resolve(rule=rule, cwe=(cwe,)).family == family


@pytest.mark.parametrize(
    ("rule", "severity", "kind"),
    [
        ("B101", Severity.INFO, RuleKind.HYGIENE),
        ("B404", Severity.INFO, RuleKind.IMPORT),
        ("B603", Severity.LOW, RuleKind.AUDIT),
        ("B602", Severity.HIGH, RuleKind.WEAKNESS),
    ],
)
def test_kinds_limit_the_severity(rule, severity, kind):
    found = resolve(tool="bandit", rule=rule, severity=Severity.HIGH)
    assert (found.severity, found.kind) == (severity, kind)


def test_a_limit_never_raises():
    assert resolve(tool="bandit", rule="B603", severity=Severity.INFO).severity is Severity.INFO


def test_titles():
    assert FAMILIES.title("xss") == "Cross-site scripting"
    assert FAMILIES.title("other:trivy/DS002") == "DS002"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda t: t.update(version=2), "version"),
        (lambda t: t.update(extra=1), "unknown key 'extra'"),
        (lambda t: t["families"].update(xss={"title": ""}), "families.xss.title"),
        (lambda t: t["families"].update(xss={"title": "X", "cwes": [89]}), "89 already belongs"),
        (lambda t: t["families"].update({"other:x": {"title": "X"}}), "families.other:x"),
        (lambda t: t["tools"]["bandit"].update(B1={"family": "nope"}), "'nope' is no family"),
        (lambda t: t["tools"]["bandit"].update(B1={"family": "xss", "kind": "bad"}), "'bad' is none of"),
        (lambda t: t["tools"]["bandit"].update(B1={"family": "xss", "cwe": ["79"]}), "list of CWE numbers"),
        (lambda t: t.update(renamed={"xss": "ssrf"}), "renamed.xss"),
        (lambda t: t.update(tools=[1]), "expected a mapping"),
    ],
)
def test_a_wrong_table_names_the_place(edit, message):
    table = copy.deepcopy(TABLE)
    edit(table)
    with pytest.raises(FamiliesError, match=message.replace(".", r"\.")):
        build_families(table)


def test_a_renamed_family_is_known_under_its_new_name():
    table = copy.deepcopy(TABLE)
    table["renamed"] = {"scripting": "xss"}
    assert build_families(table).resolve(sighting(place(1), family="scripting", cwe=())).family == "xss"


def test_what_a_tool_rates_too_high_is_limited():
    assert resolve(tool="bandit", rule="B324", severity=Severity.HIGH).severity is Severity.MEDIUM
    assert resolve(tool="bandit", rule="B324", severity=Severity.LOW).severity is Severity.LOW


def test_what_shipped_rules_cover():
    assert FAMILIES.is_covered("Bandit", "B603")
    assert not FAMILIES.is_covered("bandit", "B302")
    assert not FAMILIES.is_covered("other", "B603")
