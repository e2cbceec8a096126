"""Layer L3: matches of Semgrep area rules that meet changed lines."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from gate.core.area.kinds import is_test
from gate.core.area.model import TEXT_CHARACTERS, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.change import FileChange
    from gate.core.scan import AreaHit


def hits(
    files: Iterable[FileChange],
    head_hits: Iterable[AreaHit],
    base_hits: Iterable[AreaHit],
    *,
    wide: bool,
) -> Iterator[Touch]:
    """Yield the touches of layer L3, at the first changed line of each match, with that line as text.

    Matches in the head count on added lines, matches in the base on removed ones. Tests count only
    with `wide`.
    """
    sides = (
        ("new", head_hits, lambda h: (h.new_start, h.new)),
        ("old", base_hits, lambda h: (h.old_start, h.old)),
    )
    known = list(files)
    for side, found, lines_of in sides:
        changed: dict[str, dict[int, str]] = {}
        for file in known:
            lines = changed.setdefault(file.path, {})
            for start, texts in map(lines_of, file.hunks):
                lines.update(enumerate(texts, start))
        ordered = {path: sorted(lines) for path, lines in changed.items()}
        for hit in found:
            numbers = ordered.get(hit.path, [])
            at = bisect_left(numbers, hit.range.start_line)
            if at == len(numbers) or numbers[at] > hit.range.last_line or (is_test(hit.path) and not wide):
                continue
            text = changed[hit.path][numbers[at]].strip()[:TEXT_CHARACTERS]
            yield Touch(
                area=hit.area,
                layer="L3",
                rule=hit.rule_id,
                path=hit.path,
                line=numbers[at],
                side=side,
                text=text,
            )
