"""The gate says what Semgrep's classic engine and Bandit's command line say, finding by finding.

Always: over the fixtures of all shipped rules, some of the gate's own files and an installed package. On demand,
for the classic engine is slow: over the folders that GATE_PARITY_TREES names (separated by colons), and then
over all of this repository and more packages. `benchmarks/parity.py` prints the same comparison as a table.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks import parity
from gate.scanners import load_rules
from tests.rulesets import rulekit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.parity import Row, Said

#: Bandit gives the line of the keyword and the column of the call, which that line may not have.
COLUMNS = """\
a_name_that_is_longer_than_the_next_line = login(
    password="secret",
    user="x",
)
"""
OWN = Path(__file__).resolve().parents[2]
TREES = [Path(tree) for tree in os.environ.get("GATE_PARITY_TREES", "").split(":") if tree]

pytestmark = pytest.mark.xdist_group("parity")


@dataclass(frozen=True)
class Both:
    """A tree, and what every way of scanning said about it."""

    classic: Said
    command_line: Said
    gate: dict[str, Said]


@pytest.fixture(scope="module")
def always() -> Iterator[Both]:
    """The tree that is always there."""
    with _scanned(*_sources("yaml"), OWN / "gate" / "scanners") as both:
        yield both


def _sources(*packages: str) -> Iterator[Path]:
    for name in packages:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        yield Path(spec.origin).parent


def _only_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not Path(folder, name).is_dir()}


@contextlib.contextmanager
def _scanned(*trees: Path, whole: bool = False) -> Iterator[Both]:
    """Scan the fixtures, and the Python files (or all) of these folders."""
    # Not pytest's own folder: rules may exclude paths with "test" in them.
    folder = Path(tempfile.mkdtemp(prefix="parity-"))
    try:
        source, root, home = folder / "source", folder / "tree", folder / "home"
        home.mkdir()
        for fixture in rulekit.load_fixtures():
            place = source / fixture.target
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(fixture.text, encoding="utf-8")
        (source / "columns.py").write_text(COLUMNS, encoding="utf-8")
        for number, tree in enumerate(trees):
            only = None if whole else _only_python
            shutil.copytree(tree, source / str(number) / tree.name, ignore=only, symlinks=True)
        parity.copy_tree(source, root)
        gate = parity.run_gate(root)
        refused = parity.refused(gate["bandit"])
        python = [path for path in parity.targets_of_bandit(root) if path not in refused]
        yield Both(
            classic=parity.run_semgrep(root, home, experimental=False),
            command_line=parity.run_bandit(root, home, python),
            gate=gate,
        )
    finally:
        shutil.rmtree(folder)


def _table(differences: list[tuple[str, Row]]) -> str:
    return "\n".join(f"{sign} {row}" for sign, row in differences)


def test_the_comparison_looks_at_every_rule_and_at_many_findings(always: Both) -> None:
    """Else two empty lists would agree, too."""
    silent = set(load_rules().ids) - {row.rule for row in always.classic.rows}
    assert not {rule for rule in silent if not rule.startswith("parse-")}, (
        "only those that make files be parsed"
    )
    assert sum(always.command_line.rows.values()) >= 150
    assert len({row.path for row in always.command_line.rows}) >= 15
    assert always.gate["semgrep"].how == "experimental, completed"


def test_the_fast_engine_finds_what_the_classic_one_finds_with_all_shipped_rules(always: Both) -> None:
    assert not _table(parity.differences(always.classic, always.gate["semgrep"]))
    assert always.classic.unread == always.gate["semgrep"].unread == []


def test_the_gate_reports_what_the_command_line_of_bandit_finds(always: Both) -> None:
    assert not _table(parity.differences(always.command_line, always.gate["bandit"]))
    assert {path for path, _ in always.command_line.unread} == {p for p, _ in always.gate["bandit"].unread}


def test_a_lost_doubled_or_changed_finding_is_a_difference(always: Both) -> None:
    """The comparison itself: one finding more, one less, one column off."""
    whole = always.classic
    one = next(iter(whole.rows))
    shifted = one._replace(start=(one.start[0], one.start[1] + 1))
    for change in ({one: whole.rows[one] + 1}, {one: whole.rows[one] - 1}, {one: 0, shifted: 1}):
        other = replace(whole, rows=type(whole.rows)({**whole.rows, **change}))
        assert parity.differences(whole, other)


@pytest.mark.slow
@pytest.mark.skipif(not TREES, reason="GATE_PARITY_TREES names no folders of real repositories to compare on")
@pytest.mark.parametrize("tree", [*TREES, OWN] if TREES else [OWN], ids=lambda tree: tree.name)
def test_the_gate_says_the_same_about_a_real_repository(tree: Path) -> None:
    """This repository is one, together with packages that are always installed beside it."""
    trees = (
        [tree]
        if tree != OWN
        else [
            *(OWN / part for part in ("gate", "tests", "benchmarks")),
            *_sources("bandit", "click", "jinja2", "git", "yaml"),
        ]
    )
    with _scanned(*trees, whole=tree != OWN) as said:
        assert not _table(parity.differences(said.classic, said.gate["semgrep"]))
        assert not _table(parity.differences(said.command_line, said.gate["bandit"]))
