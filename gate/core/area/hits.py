"""Layer L3: matches of Semgrep area rules that meet changed lines."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from gate.core.area.model import Touch
from gate.core.area.shown import shown_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gate.core.change import FileChange
    from gate.core.scan import AreaHit


class Hits:
    """Matches in the head, which count on added lines, and in the base, which count on removed ones."""

    def __init__(
        self, files: Iterable[FileChange], head_hits: Iterable[AreaHit], base_hits: Iterable[AreaHit]
    ) -> None:
        self._found: dict[tuple[str, str], list[AreaHit]] = {}
        for side, hits in (("new", head_hits), ("old", base_hits)):
            for hit in hits:
                self._found.setdefault((hit.path, side), []).append(hit)
        self._rows: dict[str, list[FileChange]] = {}  # a path has a row for each merge base
        for file in files:
            self._rows.setdefault(file.path, []).append(file)

    def of(self, file: FileChange) -> Iterator[Touch]:
        """Yield the touches of layer L3 of one file, at the first changed line of each match, with that line."""
        for side in ("new", "old"):
            found = self._found.get((file.path, side))
            if not found:
                continue
            lines: dict[int, str] = {}
            for row in self._rows.get(file.path, ()):
                for hunk in row.hunks:
                    start, texts = (hunk.new_start, hunk.new) if side == "new" else (hunk.old_start, hunk.old)
                    lines.update(enumerate(texts, start))
            numbers = sorted(lines)
            for hit in found:
                at = bisect_left(numbers, hit.range.start_line)
                if at == len(numbers) or numbers[at] > hit.range.last_line:
                    continue
                yield Touch(
                    area=hit.area,
                    layer="L3",
                    rule=hit.rule_id,
                    path=hit.path,
                    line=numbers[at],
                    side=side,
                    text=shown_line(hit.path, lines[numbers[at]]),
                )
