"""Rules of a run: shipped ones read without a YAML parser, those of a policy checked."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from gate import rulesets
from gate.errors import ConfigError, ConfigErrors
from gate.scanners import load_rules
from tests.scanners.kit import RULES

if TYPE_CHECKING:
    from pathlib import Path

GOOD = b"rules:\n- {id: mine, languages: [go], severity: LOW, message: m, pattern: f()}\n"


def test_the_quick_reading_of_shipped_rules_is_the_same_as_a_parser_s() -> None:
    rules = load_rules()
    assert rules.files
    for file in rules.files:
        assert file.path is not None
        assert not file.name.endswith(".test.yaml")
        parsed = yaml.safe_load(file.data)["rules"]
        assert file.ids == tuple(rule["id"] for rule in parsed), file.name
        assert file.languages == frozenset().union(*(rule["languages"] for rule in parsed)), file.name
    assert rules.ids == tuple(sorted(rules.shipped_ids))


def test_rules_of_a_policy_are_added() -> None:
    rules = load_rules({"rules/mine.yaml": GOOD})
    assert "mine" in rules.ids
    assert "mine" not in rules.shipped_ids
    assert "go" in rules.languages
    assert load_rules({"rules/mine.yaml": GOOD}, builtin=False).ids == ("mine",)


def test_the_digest_depends_on_names_and_contents() -> None:
    first = load_rules({"a.yaml": GOOD}, builtin=False).digest
    assert first.startswith("sha256:")
    assert first == load_rules({"a.yaml": GOOD}, builtin=False).digest
    assert first != load_rules({"b.yaml": GOOD}, builtin=False).digest
    assert first != load_rules({"a.yaml": GOOD + b"\n"}, builtin=False).digest
    two = {"a.yaml": GOOD, "b.yaml": RULES}
    assert load_rules(two).digest == load_rules(dict(reversed(two.items()))).digest


@pytest.mark.parametrize(
    "name", ["families.yml", "checks/controls.yml", "areas/data.yml", "controls/soc2.yml"]
)
def test_data_beside_the_rules_that_decides_is_in_the_digest(name: str, tmp_path: Path) -> None:
    """Two reports with one digest must have been judged alike."""
    top = tmp_path / "rulesets"
    shutil.copytree(rulesets.directory(), top)
    before = rulesets.decisive(top)
    assert before == rulesets.decisive(rulesets.directory())
    with (top / name).open("a") as file:
        file.write("# changed\n")
    changed = rulesets.decisive(top)
    (top / name).rename((top / name).with_name("renamed.yml"))
    assert len({before, changed, rulesets.decisive(top)}) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"rules:\n- id: a\n  languages: [go\n", r"^r\.yaml:4:1: "),
        (b"\xff\xfe\x00", r"^r\.yaml: "),
        (b"rules:\n- {id: &x a, languages: [go], message: *x}\n", r"^r\.yaml:2:8: .*anchors"),
        (b"rules: []\n", r"^r\.yaml: .*no list `rules`"),
        (b"- id: a\n", r"^r\.yaml: .*no list `rules`"),
        (b"rules:\n- {languages: [go]}\n", r"^r\.yaml: rule 1 has no id"),
        (b"rules:\n- text\n", r"^r\.yaml: rule 1 has no id"),
        (b"rules:\n- {id: a}\n", r"^r\.yaml: rule 'a' has no list of languages"),
        (b"rules:\n- {id: a, languages: go}\n", r"^r\.yaml: rule 'a' has no list of languages"),
        (b"rules:\n- {id: a, languages: [go], mode: join}\n", r"^r\.yaml: rule 'a' needs a mode"),
        (
            b"rules:\n- {id: a, languages: [go], options: {interfile: true}}\n",
            r"^r\.yaml: rule 'a' needs a mode",
        ),
        (GOOD + GOOD.removeprefix(b"rules:\n"), r"^r\.yaml: rule id 'mine' is already used in r\.yaml"),
    ],
)
def test_a_wrong_rule_file_is_an_error_with_its_place(text: bytes, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_rules({"r.yaml": text})
    assert isinstance(caught.value, ConfigErrors)
    assert caught.value.hint


def test_an_id_of_a_shipped_rule_cannot_be_used_again() -> None:
    taken = load_rules().ids[0].encode()
    with pytest.raises(ConfigError, match="is already used in builtin/"):
        load_rules({"r.yaml": GOOD.replace(b"mine", taken)})


def test_all_wrong_files_are_reported_at_once() -> None:
    with pytest.raises(ConfigErrors) as caught:
        load_rules({"a.yaml": b"x", "b.yaml": b"y", "c.yaml": GOOD})
    assert [error.message[:6] for error in caught.value.errors] == ["a.yaml", "b.yaml"]


def test_a_part_of_the_rules_can_be_taken() -> None:
    rules = load_rules({"mine.yaml": GOOD})
    assert rules.only("mine").ids == ("mine",)
    assert rules.only("mine").shipped_ids == frozenset()
    assert set(rules.only("builtin/").ids) == set(rules.ids) - {"mine"}
