"""Tests of protections that a change deletes or switches off while what they tested stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.checks.places import line_range, place_of_removed
from gate.core.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.checks.model import Checks, Moved, Pair
    from gate.core.finding import Sighting


def missing(pair: Pair, pairs: Sequence[Pair], moved: Moved, checks: Checks) -> Iterator[Sighting]:
    """Yield one finding for the tests of protections that a file lost, and one for each that is skipped now."""
    gone = _lost(pair, pairs, checks)
    if gone and not _subject_is_gone(pair, pairs):
        number, line = gone[0][1], gone[0][2]
        place = line_range(line, number)
        names = [name for name, _, _ in gone]
        yield checks.rules["gate.security-test-removed"].at(
            pair.path,
            place,
            f"This change deletes {counted(len(names), 'test')} of a protection: {listed(names, most=5)}.",
            known_place=place_of_removed(pair, place, " ".join(sorted(names))),
        )
    if pair.new is not None:
        yield from _skipped(pair, moved, checks)


def _definitions(lines: Sequence[str], checks: Checks) -> Iterator[tuple[str, int]]:
    pattern = checks.patterns["test_definition"]
    for number, line in enumerate(lines):
        if len(line) < 1_000 and (found := pattern.match(line)) is not None:
            name = found["py"] or found["js"] or found["go"] or found["java"] or found["kt"]
            yield name.strip(), number


def _lost(pair: Pair, pairs: Sequence[Pair], checks: Checks) -> list[tuple[str, int, str]]:
    """Names of tests of protections that were in the base and are nowhere in the change's head, with a place."""
    named = checks.patterns["test_name"]
    wanted = [
        (name, hunk)
        for hunk in pair.hunks
        for name, _ in _definitions(hunk.old, checks)
        if named.search(name)
    ]
    if not wanted:
        return []
    added = [n for p in pairs for h in p.hunks for n, _ in _definitions(h.new, checks)]
    comes = {_words(name) for name in added}
    # As many tests of protections as went came: rewritten, renamed or made one with parameters.
    replaced = sum(1 for name in added if named.search(name))
    if replaced >= len(wanted) or (
        replaced and any("parametrize" in line or ".each" in line for h in pair.hunks for line in h.new)
    ):
        return []
    kept = {name for name, _ in _definitions((pair.new or "").split("\n"), checks)}
    lines = (pair.new or "").split("\n")
    found = []
    for name, hunk in wanted:
        if name in kept or _words(name) in comes:
            continue
        number = max(min(hunk.new_start, len(lines)), 1)
        line = lines[number - 1] if pair.new is not None else hunk.old[0]
        found.append((name, number, line if line.strip() else "x"))
    return found


def _words(name: str) -> str:
    return re.sub(r"(?:^test|[^a-z0-9])", "", name.lower())


def _subject_is_gone(pair: Pair, pairs: Sequence[Pair]) -> bool:
    """Whether the change also takes away what these tests were about: a source file, or most of one."""
    if not pair.is_deleted and pair.new is not None:
        return any(_shrinks(p) for p in pairs if p.path != pair.path)
    return any(p.is_deleted or _shrinks(p) for p in pairs if p.path != pair.path and p.old is not None)


def _shrinks(pair: Pair) -> bool:
    """Whether a file that is no test loses a definition for good."""
    if re.search(r"(?i)(?:^|/)(?:tests?|specs?|__tests__)/|test", pair.path):
        return False
    if pair.is_deleted:
        return True
    pattern = re.compile(
        r"^\s*(?:export\s+)?(?:async\s+)?(?:def|class|function|func|fun|public|private|const|interface)\s+(?:\([^)]*\)\s*)?(\w+)"
    )
    old = {m[1] for h in pair.hunks for line in h.old if (m := pattern.match(line))}
    new = {m[1] for h in pair.hunks for line in h.new if (m := pattern.match(line))}
    return bool(old - new)


def _skipped(pair: Pair, moved: Moved, checks: Checks) -> Iterator[Sighting]:
    skip, named = checks.patterns["test_skip"], checks.patterns["test_name"]
    lines = (pair.new or "").split("\n")
    for hunk in pair.hunks:
        if any(skip.search(line) for line in hunk.old):
            continue
        for offset, line in enumerate(hunk.new):
            if skip.search(line) is None or moved.was_there(line):
                continue
            number = hunk.new_start + offset
            around = (
                lines[number - 1 : number + 6]
                if line.lstrip().startswith("@")
                else lines[max(number - 4, 0) : number]
            )
            names = [name for name, _ in _definitions(around, checks)] or re.findall(
                r"""\(\s*["'`]([^"'`]+)""", line
            )
            # A test that this very change adds was never on.
            known = pair.old or ""
            name = next((n for n in names if named.search(n) and n in known), None)
            if name is not None:
                yield checks.rules["gate.security-test-skipped"].at(
                    pair.path, line_range(line, number), f"The test {name} does not run any more."
                )
