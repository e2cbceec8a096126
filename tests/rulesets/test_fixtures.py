"""Every rule finds what its fixtures mark, nothing else, and the same in both engines."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from rulekit import SEMGREP_RULES, Fixture, Place, Run, load_rules

ENGINES = ("experimental", "classic")
LEAST = 3
"""Positive and negative shapes a rule has to show."""


def _table(places: set[Place] | frozenset[Place]) -> str:
    return "\n".join(f"{name}:{line}: {rule}" for rule, name, line in sorted(places))


def test_engines_agree(runs: dict[str, Run]) -> None:
    """Rule, file and line are the same, whichever engine ran."""
    only = {
        engine: runs[engine].places - runs[other].places
        for engine, other in zip(ENGINES, reversed(ENGINES), strict=True)
    }
    assert not any(only.values()), "\n".join(f"only {e}:\n{_table(p)}" for e, p in only.items())


@pytest.mark.parametrize("engine", ENGINES)
def test_run_is_complete(runs: dict[str, Run], engine: str) -> None:
    """No rule is broken, and every fixture parses as a whole."""
    run = runs[engine]
    assert not run.errors, "\n".join(run.errors)
    assert not run.unscanned
    assert run.exit_code == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_marked_lines_are_reported(runs: dict[str, Run], fixtures: list[Fixture], engine: str) -> None:
    """Each ``ruleid`` line carries the finding."""
    wanted = {place for fixture in fixtures for place in fixture.places("ruleid")}
    assert not wanted - runs[engine].places, "missed:\n" + _table(wanted - runs[engine].places)


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_else_is_reported(runs: dict[str, Run], fixtures: list[Fixture], engine: str) -> None:
    """No finding without a mark, also not from a rule of another class.

    Area rules say where sensitive code is. They are judged on their own fixtures only: the code
    that a finding rule marks is often sensitive too.
    """
    marked = {place for f in fixtures for place in f.places("ruleid", "todook")}
    areas = {rule["id"] for _, rule in load_rules() if "area" in rule["metadata"]["gate"]}
    extra = {
        (rule, name, line)
        for rule, name, line in runs[engine].places - marked
        if rule not in areas or name.startswith("areas/")
    }
    assert not extra, "extra:\n" + _table(extra)


def test_todo_marks_are_still_needed(runs: dict[str, Run], fixtures: list[Fixture]) -> None:
    """A known limit that went away becomes a plain mark."""
    places = runs["experimental"].places
    missed = {place for f in fixtures for place in f.places("todoruleid")}
    noisy = {place for f in fixtures for place in f.places("todook")}
    assert not missed & places, "found by now:\n" + _table(missed & places)
    assert not noisy - places, "clean by now:\n" + _table(noisy - places)


def test_every_rule_has_its_shapes(fixtures: list[Fixture]) -> None:
    """Three marked and three clean shapes for each rule."""
    bad = Counter(rule for f in fixtures for rule, _, _ in f.places("ruleid"))
    good = Counter(rule for f in fixtures for rule, _, _ in f.places("ok"))
    ids = [rule["id"] for _, rule in load_rules()]
    few = [f"{i}: {bad[i]} ruleid, {good[i]} ok" for i in ids if min(bad[i], good[i]) < LEAST]
    assert not few, "\n".join(few)


def test_annotations_name_existing_rules(fixtures: list[Fixture]) -> None:
    """No mark speaks about a rule that is gone, and no line is both bad and good."""
    ids = {rule["id"] for _, rule in load_rules()}
    named = {rule for f in fixtures for _, rule, _ in f.annotations}
    assert not named - ids
    both = {place for f in fixtures for place in f.places("ruleid") & f.places("ok")}
    assert not both, _table(both)


def test_fixtures_hold_no_literal_token(fixtures: list[Fixture]) -> None:
    """Token shapes are filled in at test time: a push protection must not stop the repository."""
    shape = re.compile(
        r"\b(ghp_[A-Za-z0-9]{36}|AKIA(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}|sk_live_[A-Za-z0-9]{20})"
    )
    for fixture in fixtures:
        text = (SEMGREP_RULES / fixture.name).read_text(encoding="utf-8")
        assert not shape.search(text), fixture.name
