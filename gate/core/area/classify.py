"""All layers over one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.core.area.changed import ChangedCode
from gate.core.area.code import CodeReader
from gate.core.area.code_words import code_words
from gate.core.area.fetching import fetches
from gate.core.area.hits import Hits
from gate.core.area.kinds import is_read
from gate.core.area.packages import is_run
from gate.core.area.paths import Paths
from gate.core.area.quiet import change_is_quiet, kind_is_quiet
from gate.core.area.settings import settings
from gate.core.area.structural import structural
from gate.core.area.supply import dependencies, is_manifest
from gate.core.area.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gate.core.area.model import Area, Touch
    from gate.core.change import ChangeSet, FileChange
    from gate.core.scan import AreaHit


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Context:
    """Evidence that asks for nobody, and why: `test`, `documentation`, `format`, `rename`, `translation`
    or `generated`.
    """

    touch: Touch
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a change touches: `touches` need a sign-off, `context` is for the reader. Both sorted."""

    touches: tuple[Touch, ...] = ()
    context: tuple[Context, ...] = ()


def classify(
    change: ChangeSet,
    areas: Sequence[Area],
    *,
    wide: bool,
    gate_paths: Collection[str] = (),
    head_hits: Iterable[AreaHit] = (),
    base_hits: Iterable[AreaHit] = (),
    manifests: Mapping[str, tuple[bytes | None, bytes | None]] | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> tuple[Touch, ...]:
    """Return every piece of evidence that `change` touches an area: sorted, each once. See `classify_all`."""
    return classify_all(
        change,
        areas,
        wide=wide,
        gate_paths=gate_paths,
        head_hits=head_hits,
        base_hits=base_hits,
        manifests=manifests,
        contents=contents,
    ).touches


def classify_all(
    change: ChangeSet,
    areas: Sequence[Area],
    *,
    wide: bool,
    gate_paths: Collection[str] = (),
    head_hits: Iterable[AreaHit] = (),
    base_hits: Iterable[AreaHit] = (),
    manifests: Mapping[str, tuple[bytes | None, bytes | None]] | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> Touched:
    """Return what `change` touches, and the evidence that needs no sign-off with the reason why.

    `wide` is the policy's `wide_areas`: nothing is context then. `gate_paths` are files and folders that
    the base policy or the base CI file names (rules, prompts, waivers, local includes). `manifests` gives
    both sides of changed manifests and locks; one that is missing there counts as touched (L0.scanner) or
    as opaque (L4). `contents` maps blob ids to the bytes of changed code; where one is missing, the changed
    lines are read alone. Rows against every merge base count. Swapping the sides names the same areas.
    """
    return Classifier(areas, wide=wide).touched(
        change,
        gate_paths=gate_paths,
        head_hits=head_hits,
        base_hits=base_hits,
        manifests=manifests,
        contents=contents,
    )


class Classifier:
    """What the words and paths of areas were made into; for many changes one after the other."""

    def __init__(self, areas: Sequence[Area], *, wide: bool) -> None:
        self._areas, self._wide = areas, wide
        self._vocabulary = Vocabulary(areas, wide=wide)
        self._reader = CodeReader(self._vocabulary.literals)
        self._paths = Paths(areas, wide=wide)

    def touched(
        self,
        change: ChangeSet,
        *,
        gate_paths: Collection[str] = (),
        head_hits: Iterable[AreaHit] = (),
        base_hits: Iterable[AreaHit] = (),
        manifests: Mapping[str, tuple[bytes | None, bytes | None]] | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Touched:
        """Return the same as `classify_all`."""
        areas, wide, vocabulary, paths = self._areas, self._wide, self._vocabulary, self._paths
        hits = Hits(change.all_files, head_hits, base_hits)
        known = manifests or {}
        touches = set(structural(change.all_files, areas, gate_paths=gate_paths, manifests=known, wide=wide))
        touches.update(dependencies(change.all_files, areas, known))
        context: set[Context] = set()
        for file in change.all_files:
            code = ChangedCode(file, contents or {}, self._reader, vocabulary)
            found = set(paths.site(file))
            touches |= found
            found = set(_of_file(file, code, paths, hits, vocabulary, wide=wide))
            if not found or wide:
                touches |= found
                continue
            reason = kind_is_quiet(file.path) or change_is_quiet(file, code, vocabulary)
            if reason:
                context.update(Context(touch=touch, reason=reason) for touch in _one_an_area(found))
            else:
                touches |= found
        return Touched(touches=tuple(sorted(touches)), context=tuple(sorted(context)))


def _of_file(
    file: FileChange, code: ChangedCode, paths: Paths, hits: Hits, vocabulary: Vocabulary, *, wide: bool
) -> Iterator[Touch]:
    yield from paths.of(file, code)
    if not is_manifest(file.path) or is_run(file.path):
        yield from fetches(file)
    if wide or not paths.is_ci(file):
        yield from settings(file)
    matched = list(hits.of(file))
    yield from matched
    if reads(file) and (wide or not paths.is_ci(file)):
        # A line that a rule speaks of needs no second piece of evidence for the same area.
        told = {(touch.area, touch.side, touch.line) for touch in matched}
        for touch in code_words(file.path, code, vocabulary):
            if (touch.area, touch.side, touch.line) not in told:
                yield touch


def reads(file: FileChange) -> bool:
    """Whether the lines of a file are read for words: code and configuration, but not what layer L4 reads."""
    return is_read(file.path, wide=True) and (not is_manifest(file.path) or is_run(file.path))


def _one_an_area(found: Iterable[Touch]) -> Iterator[Touch]:
    """The first piece of evidence of each area: what asks for nobody needs no more."""
    seen: set[str] = set()
    for touch in sorted(found):
        if touch.area not in seen:
            seen.add(touch.area)
            yield touch
