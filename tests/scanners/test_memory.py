"""What is remembered of a file, when it is believed again, and that nobody can tell the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gate.core.policy import ScannersPolicy, ToolPolicy
from gate.core.scan import ScanStatus
from gate.pipeline.places import locate
from gate.scanners import (
    TargetTree,
    bandit,
    installed,
    load_rules,
    memory,
    remember,
    scan,
    scan_both,
    semgrep,
)
from gate.scanners.cache import Cache
from gate.scanners.interface import Slots
from tests.scanners.conftest import AWKWARD
from tests.scanners.kit import CALL, POLICY, RULES, SEMGREP, rules_of, script, target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gate.core.scan import ScanReport
    from gate.scanners import Rules

    Files = Mapping[str, bytes | tuple[str, bytes]]

UNIVERSAL = b"rules:\n- {id: r, languages: [regex], severity: LOW, message: m, pattern-regex: token}\n"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with Cache.open(tmp_path / "cache") as store:
        yield store


def run(
    cache: Cache | None, files: Files, rules: Rules | None = None, policy: ScannersPolicy = POLICY
) -> tuple[ScanReport, ...]:
    rules = rules or rules_of(RULES)
    known = remember(cache, policy, rules, only=None)
    with TargetTree.write((target(*item) for item in files.items()), memory=known) as tree:
        reports = scan(tree, policy, rules, only=None, jobs=2, memory=known)
    return tuple(replace(report, seconds=0) for report in reports)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which programs are started, in order; they run all the same."""
    names: list[str] = []
    original = Slots.run

    def watched(self: Slots, argv: list[str], **options: object) -> object:
        names.append("bandit" if any("bandit_worker" in word for word in argv) else "semgrep")
        return original(self, argv, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Slots, "run", watched)
    return names


def test_a_second_run_starts_nothing_and_says_the_same(cache: Cache, started: list[str]) -> None:
    files = {
        path: data
        for path, data in AWKWARD.items()
        if path not in {"broken.py", "newer.py", "returns.py", "deep.py"}
    }
    fresh = run(None, files)
    cold = run(cache, files)
    started.clear()
    assert run(cache, files) == cold == fresh
    assert started == []
    assert any(s.suppressed_inline for report in cold for s in report.sightings)
    assert cold[0].area_hits


def test_places_in_the_text_are_remembered_with_the_sightings(cache: Cache, started: list[str]) -> None:
    """A file that is known needs not even be parsed again to say which finding it is."""
    rules = rules_of(RULES)
    code = b"import os\nclass K:\n    def f(self):\n        os.system(x)  # secret: ghp_0123456789abcdef\npassword = 'hunter2'\n"
    files = {"a.py": code, "caf\udce9.py": code, "bom.py": b"\xef\xbb\xbf" + code}
    seen = []
    for _ in range(2):
        known = remember(cache, POLICY, rules, only=None)
        with TargetTree.write((target(*item) for item in files.items()), memory=known) as tree:
            reports = scan(tree, POLICY, rules, only=None, jobs=2, memory=known, locate=locate)
        seen.append([(s, s.place) for report in reports for s in report.sightings])
    assert len(started) == 2
    assert seen[0] == seen[1]
    scopes = {s.path: place.statement.scope for s, place in seen[0] if place and s.rule_id == "shell"}
    assert scopes == {"a.py": "K.f", "caf\udce9.py": "K.f"}, (
        "with a byte order mark the tree is not what git has"
    )


def test_one_new_file_is_read_alone(cache: Cache, started: list[str]) -> None:
    files = {f"{n}.py": CALL for n in range(5)}
    run(cache, files)
    started.clear()
    reports = run(cache, {**files, "new.js": b"eval(x)\n"})
    assert started == ["semgrep"]
    assert reports == run(None, {**files, "new.js": b"eval(x)\n"})


def test_what_one_tool_knows_the_other_still_reads(cache: Cache, started: list[str]) -> None:
    run(cache, {"a.py": CALL, "b.py": CALL}, policy=ScannersPolicy(bandit=ToolPolicy(enabled=False)))
    started.clear()
    assert run(cache, {"a.py": CALL, "c.py": CALL}) == run(None, {"a.py": CALL, "c.py": CALL})
    assert started[:2].count("semgrep") == started[:2].count("bandit") == 1


def test_files_that_are_no_targets_but_are_read_are_remembered_too(cache: Cache, started: list[str]) -> None:
    files = {"a.txt": b"a token\n", "b.md": b"nothing\n"}
    first = run(cache, files, rules_of(UNIVERSAL))
    started.clear()
    assert run(cache, files, rules_of(UNIVERSAL)) == first
    assert started == []
    assert len(first[0].sightings) == 1


def test_both_sides_of_a_change_use_one_memory(cache: Cache, started: list[str]) -> None:
    """A file that is equal on both sides is read twice in the first run: under its name it is one entry."""
    rules = rules_of(RULES)
    for expected in (2, 0):
        started.clear()
        known = remember(cache, POLICY, rules, only=None)
        with (
            TargetTree.write([target("a.py", CALL)], memory=known) as head,
            TargetTree.write([target("a.py", CALL + b"\n")], memory=known) as base,
        ):
            runs = scan_both(head, base, POLICY, rules, only=None, jobs=2, memory=known)
        assert len(started) == expected
        assert all(len(r.head.sightings) == len(r.base.sightings) > 0 for r in runs if r.base)


CHANGES: dict[str, tuple[Files, bytes]] = {
    "content": ({"bin/tool": ("100755", b"#!/usr/bin/env python3\nimport os\nos.system(y)\n#\n")}, RULES),
    "path": ({"bin/other": ("100755", b"#!/usr/bin/env python3\nimport os\nos.system(y)\n")}, RULES),
    "rules": ({"bin/tool": ("100755", b"#!/usr/bin/env python3\nimport os\nos.system(y)\n")}, RULES + b"\n"),
}
TOOL_FILE: Files = {"bin/tool": ("100755", b"#!/usr/bin/env python3\nimport os\nos.system(y)\n")}


@pytest.mark.parametrize("change", CHANGES)
def test_another_content_path_or_ruleset_is_read_anew(change: str, cache: Cache, started: list[str]) -> None:
    run(cache, TOOL_FILE)
    started.clear()
    files, rules = CHANGES[change]
    run(cache, files, rules_of(rules))
    assert "semgrep" in started
    assert ("bandit" in started) == (change != "rules"), "Bandit has no rules of ours"


def test_the_mode_of_a_script_decides_whether_it_is_python(cache: Cache) -> None:
    run(cache, TOOL_FILE)
    plain = {"bin/tool": ("100644", TOOL_FILE["bin/tool"][1])}
    assert run(cache, plain) == run(None, plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        (semgrep, "RULE_SECONDS", 29),
        (semgrep, "_OPTIONS", (*semgrep._OPTIONS, "--verbose")),
        (installed, "version", lambda package: f"{package}-0"),
        (memory, "code_digest", lambda: "another gate"),
    ],
)
def test_another_option_version_or_gate_is_read_anew(
    place: object, name: str, value: object, cache: Cache, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(cache, TOOL_FILE)
    started.clear()
    monkeypatch.setattr(place, name, value)
    run(cache, TOOL_FILE)
    assert "semgrep" in started


def test_rules_that_look_at_the_path_get_the_path_they_would_get_without_a_cache(cache: Cache) -> None:
    """A rule's `paths:` is why the path is part of the key."""
    rules = rules_of(
        b"rules:\n- id: r\n  languages: [python]\n  severity: LOW\n  message: m\n  pattern: os.system($X)\n"
        b"  paths: {include: ['src/**']}\n"
    )
    for path, expected in (("src/a.py", 1), ("lib/a.py", 0)) * 2:
        assert len(run(cache, {path: CALL}, rules)[0].sightings) == expected


def test_what_a_file_says_does_not_depend_on_its_neighbours() -> None:
    """The ground on which one file's result may be remembered: packages, imports, settings beside it change nothing."""
    code = b"from app.shell import run\nimport os\n\ndef view(request):\n    run(request.args['x'])\n    os.system(request.args['x'])\n"
    neighbours = {
        "app/__init__.py": b"",
        "app/shell.py": b"import os\ndef run(x):\n    os.system(x)\n",
        "app/os.py": b"def system(x):\n    pass\n",
        "pyproject.toml": b"[tool.bandit]\nskips = ['B605']\n",
        "setup.cfg": b"[bandit]\nskips = B605\n",
    }
    rules = load_rules()
    alone = run(None, {"app/view.py": code}, rules)
    among = run(None, {**neighbours, "app/view.py": code}, rules)
    for one, many in zip(alone, among, strict=True):
        assert one.sightings
        assert one.sightings == tuple(s for s in many.sightings if s.path == "app/view.py")
        assert one.area_hits == tuple(h for h in many.area_hits if h.path == "app/view.py")


def test_a_file_that_was_not_read_whole_is_read_again(cache: Cache, started: list[str]) -> None:
    files = {"broken.py": b"<<<<<<< ours\nos.system(x)\n", "a.py": CALL}
    first = run(cache, files)
    assert {report.status for report in first} == {ScanStatus.PARTIAL}
    started.clear()
    assert run(cache, files) == first
    assert sorted(started) == ["bandit", "semgrep"]


def test_nothing_of_a_failed_run_is_remembered(
    cache: Cache, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setattr(semgrep, "_OPTIONS", (*semgrep._OPTIONS, "--no-such-option"))
        context.setattr(bandit, "CHUNK_BYTES", 1)
        failed = run(cache, {"a.py": CALL})
        assert failed[0].status is ScanStatus.FAILED
    started.clear()
    assert run(cache, {"a.py": CALL})[0].status is ScanStatus.COMPLETED
    assert started == ["semgrep"]


def test_a_tool_that_fails_over_known_files_is_a_failed_run_and_nothing_worse(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known files are on no disk, and a failed Bandit names them all as unread."""
    rules = load_rules()
    run(cache, {"a.py": CALL}, rules)
    monkeypatch.setattr(bandit.Bandit.__init__, "__defaults__", (("/nowhere",),))
    reports = run(cache, {"a.py": CALL, "b.py": CALL}, rules)
    assert [report.status for report in reports] == [ScanStatus.COMPLETED, ScanStatus.FAILED]
    assert {s.path for s in reports[0].sightings} == {"a.py", "b.py"}


def test_what_the_other_engine_says_is_not_remembered(
    cache: Cache, started: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies = f'#!/bin/sh\ncase " $* " in *" --experimental "*) exit 2;; esac\nexec "{SEMGREP}" "$@"\n'
    fake = script(tmp_path, dies, "semgrep")
    with monkeypatch.context() as context:
        context.setattr(semgrep, "_beside", lambda _name: fake)
        assert run(cache, {"a.py": CALL})[0].engine == "classic"
    started.clear()
    assert run(cache, {"a.py": CALL})[0].engine == "experimental"
    assert "semgrep" in started


def test_of_a_program_from_path_nothing_is_remembered(cache: Cache, tmp_path: Path) -> None:
    """Its version is not known before it runs."""
    assert semgrep.Semgrep(tmp_path / "semgrep").identity(rules_of(RULES)) == ""
    assert semgrep.Semgrep().identity(rules_of(RULES)).startswith("semgrep 1.")
    assert bandit.Bandit().identity(rules_of(RULES)).startswith("bandit 1.")


def test_area_rules_alone_have_a_ruleset_of_their_own() -> None:
    """`gate areas` must not leave behind that a file is clean."""
    rules = load_rules()
    assert rules.only("builtin/areas/").digest != rules.digest


def test_an_entry_that_is_no_result_is_read_anew(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(cache, {"a.py": CALL})
    for body in (b"", b"[]", b"[[7], []]", b"[[], [[1]]]", b'{"a": 1}', b"[" * 100_000):
        monkeypatch.setattr(Cache, "get", lambda _self, _key, body=body: body)
        assert run(cache, {"a.py": CALL}) == first
