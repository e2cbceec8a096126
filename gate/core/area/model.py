"""Sensitive areas and what a change touches of them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.core.glob import Glob

#: Structural areas that rules written as code speak of; they exist whatever the area files say.
GATE = "gate"
SUPPLY = "supply"
OPAQUE = "opaque"

#: Longest piece of hostile text that evidence carries.
TEXT_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PathRule:
    """A structural rule that is nothing but a list of paths, such as `L0.ci`."""

    id: str
    globs: tuple[Glob, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A verb and a noun that count together, at most `near` pieces of names apart.

    `changed`: only where lines gain or lose the pair, not where they all have it. `ids`: a noun counts also
    where only its id is named.
    """

    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    near: int = 5
    changed: bool = False
    ids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWords:
    """What an area is called in code (layer L2). `*` at the end of a word means any ending.

    `strong` words count alone, `weak` ones with one of their partners. `literals` are strings that are read
    as words where other strings are not, `compared` names that count beside an operator that compares, in languages
    that no area rule reads, `ignore` phrases whose words belong to another domain.
    """

    strong: tuple[str, ...] = ()
    weak: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pairs: tuple[Pair, ...] = ()
    literals: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area as data. `paths` match folded paths; `path_words` are matched against the words of a folded
    path (`*` at the end = any ending), `wide_path_words` only when the policy asks for wide areas, and
    `weak_path_words` only beside one of their partners in the path or in the changed code. `words` are those
    of changed code, `packages` those of manifests, locks and imports. Structural areas have `structural`
    true and cannot be reduced.

    `rules` are path lists of layer L0. `site_paths` are the globs of a team: they count for every kind of
    file, where `paths` count only for files that can hold behaviour. Each glob stands there twice if
    folding changes it.
    """

    id: str
    title: str
    structural: bool = False
    rules: tuple[PathRule, ...] = ()
    paths: tuple[Glob, ...] = ()
    site_paths: tuple[Glob, ...] = ()
    path_words: tuple[str, ...] = ()
    weak_path_words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    wide_path_words: tuple[str, ...] = ()
    words: CodeWords = CodeWords()
    packages: tuple[str, ...] = ()
    reviewers_of: str | None = None  # area whose reviewers serve if this one has none of its own


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Touch:
    """One piece of evidence that a change touches an area. `side` is `old` or `new`; `line` is 1-based,
    0 where no line is meant. `text` is hostile and at most 200 characters.
    """

    area: str
    layer: str
    rule: str
    path: str
    line: int
    side: str
    text: str = ""
