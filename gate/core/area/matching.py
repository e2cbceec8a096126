"""Matching of many paths against globs and words, each compiled and each folder name split once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.vocabulary import forms
from gate.core.fold import fold, phrases, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.glob import Glob


class Globs:
    """A list of globs, matched against a path as it is and folded."""

    def __init__(self, globs: Iterable[Glob]) -> None:
        self._patterns = [(g.text, re.compile(g.regex, re.DOTALL).search) for g in globs]

    def first(self, path: str, folded: str) -> str | None:
        """Return the text of the first glob that matches, or None."""
        for text, search in self._patterns:
            if search(path) or (folded != path and search(folded)):
                return text
        return None


class Words:
    """The path words of all areas: `area id → words`; `*` at an end of a word means any letters there."""

    def __init__(self, words: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._exact: dict[str, set[tuple[str, str]]] = {}
        self._endings: list[tuple[str, tuple[str, str]]] = []
        self._beginnings: list[tuple[str, tuple[str, str]]] = []
        self._seen: dict[str, frozenset[tuple[str, str]]] = {}
        for area, listed in words:
            for word in listed:
                bare = "".join(pieces(word))
                if not bare:
                    continue
                if word.startswith("*"):
                    self._beginnings.append((bare, (area, word)))
                    continue
                if word.endswith("*"):
                    self._endings.append((bare, (area, word)))
                    continue
                for form in forms(bare):
                    self._exact.setdefault(form, set()).add((area, word))

    def of_path(self, path: str) -> frozenset[tuple[str, str]]:
        """Return (area id, word) for every word that one component of `path` holds."""
        return frozenset().union(*(self._of_name(name) for name in path.split("/")))

    def _of_name(self, name: str) -> frozenset[tuple[str, str]]:
        if (known := self._seen.get(name)) is None:
            found: set[tuple[str, str]] = set()
            for phrase in phrases(name):
                found |= self._exact.get(phrase, set())
                found.update(hit for start, hit in self._endings if phrase.startswith(start))
                found.update(hit for end, hit in self._beginnings if phrase.endswith(end))
            known = self._seen[name] = frozenset(found)
        return known


def folded_paths(paths: Iterable[str]) -> frozenset[str]:
    """Return paths folded, without `./` before and `/` after them."""
    return frozenset(fold(path).removeprefix("./").strip("/") for path in paths) - {""}


def within(folded: str, roots: frozenset[str]) -> bool:
    """Whether a folded path is one of `roots` or lies below one."""
    if folded in roots:
        return True
    return any(folded[:at] in roots for at, letter in enumerate(folded) if letter == "/")
