"""Layer L1: what is sensitive by the words and folders of its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.area.fold import fold
from gate.core.area.kinds import may_behave
from gate.core.area.matching import Globs, Words
from gate.core.area.model import TEXT_CHARACTERS, Touch
from gate.core.change import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.area.model import Area
    from gate.core.change import FileChange


def paths(files: Iterable[FileChange], areas: Sequence[Area], *, wide: bool) -> Iterator[Touch]:
    """Yield the touches of layer L1, with the glob or word that matched as text.

    Globs of a team count for every file. Shipped globs and all words count for files that can hold
    behaviour; CI files are of area `gate` already, and their words say nothing more. `wide` reads all.
    """
    words = Words((area.id, area.path_words + (area.wide_path_words if wide else ())) for area in areas)
    shipped = [(area.id, Globs(area.paths)) for area in areas if area.paths]
    site = [(area.id, Globs(area.site_paths)) for area in areas if area.site_paths]
    ci = Globs(glob for area in areas for rule in area.rules if rule.id == "L0.ci" for glob in rule.globs)
    for file in files:
        folded = fold(file.path)
        found = [(area, "L1.site-path", globs.first(file.path, folded)) for area, globs in site]
        if wide or (may_behave(file.path, wide=False) and ci.first(file.path, folded) is None):
            found += [(area, "L1.path", globs.first(file.path, folded)) for area, globs in shipped]
            found += [(area, "L1.word", word) for area, word in words.of_path(file.path)]
        side = "old" if file.new_mode == ABSENT else "new"
        for area, rule, text in found:
            if text is not None:
                yield Touch(
                    area=area,
                    layer="L1",
                    rule=rule,
                    path=file.path,
                    line=0,
                    side=side,
                    text=text[:TEXT_CHARACTERS],
                )
