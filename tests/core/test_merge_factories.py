"""Small factories for the tests of findings: a stand-in scanner, changes from two texts, one value a fact."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from gate.core.baseline import Comparison, compare
from gate.core.change import ABSENT, REGULAR, ChangeSet, FileChange, Hunk, Rename
from gate.core.family import build_families
from gate.core.finding import Range, Severity, Sighting
from gate.core.merge import merge
from gate.core.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.core.finding import Finding

TABLE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "rulesets" / "families.yml").read_text(encoding="utf-8")
)
FAMILIES = build_families(TABLE)


def place(start_line: int, start_column: int = 0, end_line: int = 0, end_column: int = 0) -> Range:
    return Range(start_line=start_line, start_column=start_column, end_line=end_line, end_column=end_column)


def sighting(
    where: Range, *, tool: str = "semgrep", rule: str = "shell", path: str = "a.py", **fields: Any
) -> Sighting:
    fields = {"severity": Severity.HIGH, "cwe": (78,)} | fields
    return Sighting(tool=tool, rule_id=rule, path=path, range=where, **fields)


def source(text: str, path: str = "a.py") -> Source:
    return Source(path, text.encode("utf-8", "surrogateescape"))


def merged(text: str, *sightings: Sighting, path: str = "a.py") -> tuple[Finding, ...]:
    return merge(sightings, {path: source(text, path)}, FAMILIES)


def scan(path: str, text: str, sink: str) -> list[Sighting]:
    """What a scanner would say that knows one dangerous function: each call of it, outside comments."""
    found, src = [], source(text, path)
    for match in re.finditer(rf"(?<![\w.]){re.escape(sink)}\(", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if "#" in line or "//" in line:
            continue
        end, depth = match.end(), 1
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        found.append(sighting(src.range_of(match.start(), end), path=path))
    return found


def findings(tree: Mapping[str, str], sink: str) -> tuple[Finding, ...]:
    sightings = [s for path, text in tree.items() for s in scan(path, text, sink)]
    return merge(sightings, {path: source(text, path) for path, text in tree.items()}, FAMILIES)


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """The lines that differ, as git counts them."""
    a, b = old.split("\n"), new.split("\n")
    codes = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return tuple(
        Hunk(
            old_start=i1 + (i2 > i1),
            old=tuple(a[i1:i2]),
            new_start=j1 + (j2 > j1),
            new=tuple(b[j1:j2]),
        )
        for tag, i1, i2, j1, j2 in codes
        if tag != "equal"
    )


def change(
    base: Mapping[str, str], head: Mapping[str, str], renames: Mapping[str, str] | None = None
) -> ChangeSet:
    """The change from one tree to the other; `renames` from old to new path."""
    rows = []
    for path in sorted(base.keys() | head.keys()):
        old, new = base.get(path), head.get(path)
        if old == new:
            continue
        rows.append(
            FileChange(
                path=path,
                old_mode=REGULAR if old is not None else ABSENT,
                old_blob="1",
                new_mode=REGULAR if new is not None else ABSENT,
                new_blob="2",
                hunks=hunks(old or "", new or ""),
            )
        )
    return ChangeSet(
        repo=".",
        target="main",
        base="b",
        merge_base="b",
        merge_bases=("b",),
        head="h",
        files=tuple(rows),
        renames=tuple(
            Rename(old_path=old, new_path=new, hunks=hunks(base[old], head[new]))
            for old, new in (renames or {}).items()
        ),
    )


def compared(
    base: Mapping[str, str],
    head: Mapping[str, str],
    sink: str,
    *,
    renames: Mapping[str, str] | None = None,
    unscanned_base: Iterable[str] = (),
    unscanned_head: Iterable[str] = (),
) -> Comparison:
    """Two trees, scanned, merged and compared; nothing is found in what was not scanned."""
    no_base, no_head = set(unscanned_base), set(unscanned_head)
    return compare(
        findings({p: t for p, t in head.items() if p not in no_head}, sink),
        findings({p: t for p, t in base.items() if p not in no_base}, sink),
        change=change(base, head, renames),
        scanned_base=lambda path: path in base and path not in no_base,
        scanned_head=lambda path: path in head and path not in no_head,
        head_sources={p: source(t, p) for p, t in head.items()},
        base_sources={p: source(t, p) for p, t in base.items()},
    )
