"""Rule files keep their form, checked without the scanner and without the network.

Semgrep does not say so itself: the experimental engine only warns about unknown keys and drops one
of two rules with the same id, the classic one loses rules with a merge key.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from rulekit import FAMILIES, SEMGREP_RULES, load_rules, rule_files

if TYPE_CHECKING:
    from pathlib import Path

RULE_KEYS = {
    *("id", "languages", "severity", "message", "metadata", "options", "paths", "mode"),
    *("pattern", "patterns", "pattern-either", "pattern-regex"),
    *("pattern-sources", "pattern-sinks", "pattern-sanitizers", "pattern-propagators"),
}
TAINT_KEYS = {key for key in RULE_KEYS if key.startswith("pattern-s") or "propagators" in key}
OPERATORS = {
    *("pattern", "patterns", "pattern-either", "pattern-inside", "pattern-not"),
    *("pattern-not-inside", "pattern-regex", "pattern-not-regex"),
    *("focus-metavariable", "metavariable-regex", "metavariable-pattern"),
    *("metavariable-comparison", "metavariable-analysis", "metavariable-type"),
}
TAINT_EXTRA = {"by-side-effect", "exact", "label", "requires", "not_conflicting", "control"}
OPTIONS = {
    *("taint_assume_safe_booleans", "taint_assume_safe_indexes", "taint_assume_safe_numbers"),
    *("symbolic_propagation", "constant_propagation", "generic_ellipsis_max_span"),
}
METADATA_KEYS = {"cwe", "gate", "confidence", "likelihood", "references"}
LANGUAGES = {
    *("python", "javascript", "typescript", "go", "java", "yaml", "dockerfile", "terraform"),
    *("html", "generic", "regex"),
}
PREFIXES = {
    "python": "py-",
    "javascript": "js-",
    "go": "go-",
    "java": "java-",
    "config": "cfg-",
    "html": "tpl-",
}
SEVERITIES = {"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"}
AREAS = {"auth", "authz", "crypto", "data"}
CWE_FORM = re.compile(r"CWE-[1-9]\d*: \S.*\S")
FILES = rule_files()
RULES = load_rules()


def _file_id(path: Path) -> str:
    return path.relative_to(SEMGREP_RULES).as_posix()


every_file = pytest.mark.parametrize("path", FILES, ids=map(_file_id, FILES))
every_rule = pytest.mark.parametrize(("path", "rule"), RULES, ids=[r["id"] for _, r in RULES])


def _families() -> set[str]:
    return set(yaml.safe_load(FAMILIES.read_text(encoding="utf-8"))["families"])


def _operators(node: Any, taint: bool) -> list[str]:
    """Keys that are no operator, anywhere in a formula."""
    wrong: list[str] = []
    if isinstance(node, list):
        for item in node:
            wrong.extend(_operators(item, taint))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("metavariable-pattern", "metavariable-regex", "metavariable-comparison"):
                known = OPERATORS | {"metavariable", "regex", "comparison", "language"}
                wrong.extend(k for k in value if k not in known)
                if key == "metavariable-pattern":
                    inner = {k: v for k, v in value.items() if k not in ("metavariable", "language")}
                    wrong.extend(_operators(inner, taint=False))
            elif key in ("patterns", "pattern-either"):
                wrong.extend(_operators(value, taint))
            elif key not in OPERATORS and not (taint and key in TAINT_EXTRA):
                wrong.append(key)
    return wrong


@every_file
def test_no_anchor_alias_or_merge_key(path: Path) -> None:
    """The experimental engine refuses anchors, the classic one lost a rule with a merge key."""
    text = path.read_text(encoding="utf-8")
    for token in yaml.scan(text):
        assert not isinstance(token, (yaml.AnchorToken, yaml.AliasToken)), token.start_mark
    assert not re.search(r"^\s*<<\s*:", text, re.MULTILINE)


@every_file
def test_no_key_twice(path: Path) -> None:
    """A YAML reader keeps the last of two equal keys and says nothing."""

    def walk(node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _ in node.value]
            assert len(keys) == len(set(keys)), f"{node.start_mark}: {keys}"
            for _, value in node.value:
                walk(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                walk(value)

    root = yaml.compose(path.read_text(encoding="utf-8"))
    assert root is not None
    walk(root)


@every_file
def test_only_rules_and_at_least_one(path: Path) -> None:
    """An empty list of rules would scan nothing and end well."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(content) == {"rules"}
    assert content["rules"]


def test_ids_are_unique() -> None:
    """Of two rules with one id the experimental engine drops one without a word."""
    twice = [i for i, n in Counter(rule["id"] for _, rule in RULES).items() if n > 1]
    assert not twice


@every_rule
def test_known_keys(path: Path, rule: dict[str, Any]) -> None:
    """Nothing unknown at any depth, and taint keys only in taint mode."""
    assert set(rule) <= RULE_KEYS
    assert set(rule["metadata"]) <= METADATA_KEYS
    assert set(rule.get("options", {})) <= OPTIONS
    assert set(rule.get("paths", {})) <= {"include", "exclude"}
    taint = rule.get("mode") == "taint"
    assert rule.get("mode") in (None, "taint")
    assert bool(TAINT_KEYS & set(rule)) == taint
    if taint:
        assert {"pattern-sources", "pattern-sinks"} <= set(rule)
        for key in ("pattern-sources", "pattern-sinks", "pattern-sanitizers"):
            assert not _operators(rule.get(key, []), taint=True)
        for propagator in rule.get("pattern-propagators", []):
            assert {"pattern", "from", "to"} <= set(propagator)
    formula = {key: rule[key] for key in OPERATORS & set(rule)}
    assert taint != bool(formula)
    assert not _operators(formula, taint=False)


@every_rule
def test_id(path: Path, rule: dict[str, Any]) -> None:
    """Language, family and what: readable, and safe in every output."""
    folder = path.relative_to(SEMGREP_RULES).parts[0]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule["id"])
    if folder == "areas":
        area = rule["metadata"]["gate"]["area"]
        name, _, language = path.stem.partition("-")
        assert name == area
        assert rule["id"].startswith(f"{PREFIXES[language]}area-{area}-")
    else:
        family = rule["metadata"]["gate"]["family"]
        # the family's name opens the rest of the id, or its last word may be left out
        assert rule["id"].startswith(f"{PREFIXES[folder]}{family}-")


@every_rule
def test_languages_and_severity(path: Path, rule: dict[str, Any]) -> None:
    """Only languages that both engines run, only our five severities."""
    assert rule["languages"]
    assert set(rule["languages"]) <= LANGUAGES
    assert rule["severity"] in SEVERITIES
    assert (rule["severity"] == "INFO") == ("area" in rule["metadata"]["gate"])


@every_rule
def test_exactly_one_of_family_and_area(path: Path, rule: dict[str, Any]) -> None:
    """A finding rule names a family of the table, an area rule an area."""
    gate = rule["metadata"]["gate"]
    assert len(gate) == 1
    if "area" in gate:
        assert gate["area"] in AREAS
        assert path.is_relative_to(SEMGREP_RULES / "areas")
    else:
        assert gate["family"] in _families()
        assert not path.is_relative_to(SEMGREP_RULES / "areas")


@every_rule
def test_metadata(path: Path, rule: dict[str, Any]) -> None:
    """CWEs in their form, a confidence, a page to read on."""
    metadata = rule["metadata"]
    assert metadata["cwe"]
    for cwe in metadata["cwe"]:
        assert CWE_FORM.fullmatch(cwe)
    assert metadata["confidence"] in {"HIGH", "MEDIUM", "LOW"}
    assert metadata.get("likelihood", "LOW") in {"HIGH", "MEDIUM", "LOW"}
    assert metadata["references"]
    for reference in metadata["references"]:
        assert re.fullmatch(r"https://[^\s<>\"]+", reference)


@every_rule
def test_message(path: Path, rule: dict[str, Any]) -> None:
    """Two to four sentences of plain text; a secret must not come back in it."""
    message = rule["message"].strip()
    assert 60 <= len(message) <= 400, len(message)
    assert "\n" not in message
    if rule["metadata"]["gate"].get("family") == "hardcoded-secret":
        assert not re.search(r"\$[A-Z]", message)
    bound = set(re.findall(r"\$[A-Z][A-Z0-9_]*", message))
    assert not bound & set(re.findall(r"\$[A-Z][A-Z0-9_]*", str({**rule, "message": ""})))


@every_rule
def test_fixtures_beside_the_rule(path: Path, rule: dict[str, Any]) -> None:
    """Each rule is marked in a file of its own folder."""
    beside = [p for p in path.parent.iterdir() if p not in FILES]
    mark = re.compile(rf"\bruleid:[^\n]*\b{re.escape(rule['id'])}(?![\w-])")
    assert any(mark.search(p.read_text(encoding="utf-8")) for p in beside)


def test_enough_finding_rules() -> None:
    """The set does not shrink unnoticed."""
    findings = [rule for _, rule in RULES if "family" in rule["metadata"]["gate"]]
    assert len(findings) >= 90
