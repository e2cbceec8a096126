"""Protections that stood at the base and are gone at the head, told by what a change takes away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.checks import guards, security_tests, switches
from gate.core.checks.model import Moved, squeezed
from gate.core.checks.places import line_range

if TYPE_CHECKING:
    from gate.core.checks.model import Checks, Pair
    from gate.core.finding import Sighting

#: Prose, translations, data and locks: nothing in them is a protection.
_PROSE = re.compile(
    r"(?i)\.(?:md|rst|txt|adoc|po|pot|svg|csv|tsv|lock|snap|ipynb|map|css|scss|less|patch|diff|log)$|(?:^|/)(?:locale|locales|i18n|docs?|changelogs?)/"
    r"|(?:-lock\.(?:json|yaml)|\.min\.js|go\.sum)$"
)
_MOST_LINES = 20_000


def weakened(pairs: tuple[Pair, ...], checks: Checks) -> list[Sighting]:
    """Return what a change weakens, by path and line of the head.

    Lines that only moved, files that were renamed or deleted with what they guarded, and checks that another
    one replaces are no findings. Changes of more lines than anybody wrote by hand are passed over file by file.
    """
    moved = Moved(pairs)
    found: list[Sighting] = []
    for pair in pairs:
        if _PROSE.search(pair.path) or sum(len(h.old) + len(h.new) for h in pair.hunks) > _MOST_LINES:
            continue
        is_test = checks.patterns["test_path"].search(pair.path) is not None
        if is_test:
            found += security_tests.missing(pair, pairs, moved, checks)
        elif not pair.is_deleted and pair.old is not None and pair.new is not None:
            found += guards.removed(pair, moved, checks)
            found += guards.protections(pair, pairs, checks)
            found += switches.turned(pair, moved, checks)
        if pair.new is not None and not is_test:
            found += _suppressions(pair, moved, checks)
    return found


def _suppressions(pair: Pair, moved: Moved, checks: Checks) -> list[Sighting]:
    """New comments that silence scanners which do not run here."""
    pattern = checks.patterns["suppression"]
    known = {squeezed(m[0]) for hunk in pair.hunks for line in hunk.old if (m := pattern.search(line))}
    found = []
    for hunk in pair.hunks:
        for offset, line in enumerate(hunk.new):
            mark = pattern.search(line)
            if mark is None or moved.was_there(line) or squeezed(mark[0]) in known:
                continue
            # A comment is what it must be; a text that speaks of such comments is none.
            if not re.search(r"(?:#|//|/\*|<!--|--|@Suppress\w*|%)", line[: mark.end()]):
                continue
            found.append(
                checks.rules["gate.suppression-of-others"].at(
                    pair.path,
                    line_range(line, hunk.new_start + offset, mark.start(), mark.end()),
                    f"This change adds the comment {mark[0].strip()[:80]}.",
                )
            )
    return found
