"""Layer L1: what is sensitive by the words and folders of its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.core.area.kinds import Kind, is_test, kind_of, may_behave
from gate.core.area.matching import Globs, Words
from gate.core.area.model import TEXT_CHARACTERS, Touch
from gate.core.area.vocabulary import all_forms
from gate.core.change import ABSENT
from gate.core.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.area.changed import ChangedCode
    from gate.core.area.model import Area
    from gate.core.change import FileChange


class Paths:
    """The globs and path words of all areas.

    Globs of a team count for every file. Shipped globs and all words count for files that can hold
    behaviour, and tests and documentation, which the caller takes for context; CI files are of area `gate`
    already, and their words say nothing more. `wide` reads all.
    """

    def __init__(self, areas: Sequence[Area], *, wide: bool) -> None:
        self._wide = wide
        self._words = Words(
            (area.id, area.path_words + (area.wide_path_words if wide else ())) for area in areas
        )
        self._weak = Words((area.id, (word for word, _ in area.weak_path_words)) for area in areas)
        self._partners = {
            (area.id, word): all_forms(partners) for area in areas for word, partners in area.weak_path_words
        }
        self._shipped = [(area.id, Globs(area.paths)) for area in areas if area.paths]
        self._site = [(area.id, Globs(area.site_paths)) for area in areas if area.site_paths]
        self._ci = Globs(
            glob for area in areas for rule in area.rules if rule.id == "L0.ci" for glob in rule.globs
        )

    def is_ci(self, file: FileChange) -> bool:
        """Whether a file configures CI."""
        return self._ci.first(file.path, fold(file.path)) is not None

    def site(self, file: FileChange) -> Iterator[Touch]:
        """Yield a touch for each area whose globs of the team match."""
        folded = fold(file.path)
        for area, globs in self._site:
            if (text := globs.first(file.path, folded)) is not None:
                yield _touch(file, area, "L1.site-path", text)

    def of(self, file: FileChange, code: ChangedCode) -> Iterator[Touch]:
        """Yield the touches of layer L1, with the glob or word that matched as text."""
        folded = fold(file.path)
        if not self._wide:
            quiet = is_test(file.path) or kind_of(file.path) is Kind.PROSE
            if not (quiet or may_behave(file.path, wide=False)) or self.is_ci(file):
                return
        for area, globs in self._shipped:
            if (text := globs.first(file.path, folded)) is not None:
                yield _touch(file, area, "L1.path", text)
        for area, word in self._words.of_path(file.path):
            yield _touch(file, area, "L1.word", word.replace("*", ""))
        for area, word in self._weak.of_path(file.path):
            partners = self._partners[area, word]
            if self._wide or not code.known or not partners.isdisjoint(code.said):
                yield _touch(file, area, "L1.word", word.replace("*", ""))


def _touch(file: FileChange, area: str, rule: str, text: str) -> Touch:
    return Touch(
        area=area,
        layer="L1",
        rule=rule,
        path=file.path,
        line=0,
        side="old" if file.new_mode == ABSENT else "new",
        text=text[:TEXT_CHARACTERS],
    )
