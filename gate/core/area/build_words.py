"""The words of an area file, checked."""

from __future__ import annotations

from typing import Any

from gate.core.area.model import CodeWords, Pair

_LISTS = ("strong", "literals", "compared", "ignore")
_PAIR_KEYS = {
    "verbs": (list, dict),
    "nouns": (list, dict),
    "near": (int,),
    "changed": (bool,),
    "ids": (bool,),
}


def code_words(area: str, given: Any) -> CodeWords:
    """Return the `words` of an area file. Raises ValueError for an unknown key or a wrong type.

    Lists may be given as groups: a mapping of names, which are for people, to lists.
    """
    if not isinstance(given, dict):
        raise ValueError(f"area {area}: words must be a mapping")  # noqa: TRY004 - one kind of error for all
    unknown = sorted(set(given) - {*_LISTS, "weak", "pairs"})
    if unknown:
        raise ValueError(f"area {area}: unknown key words.{unknown[0]}")
    lists = {key: _strings(area, f"words.{key}", given.get(key, [])) for key in _LISTS}
    return CodeWords(
        **lists,
        weak=partnered(area, "words.weak", given.get("weak", {})),
        pairs=tuple(_pair(area, row) for row in _rows(area, given.get("pairs", []))),
    )


def partnered(area: str, key: str, given: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return `word → partners` of a mapping. Raises ValueError for a wrong type."""
    if not isinstance(given, dict) or not all(isinstance(word, str) for word in given):
        raise ValueError(f"area {area}: {key} must map words to lists of words")
    return tuple((word, _strings(area, f"{key}.{word}", partners)) for word, partners in given.items())


def _rows(area: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise ValueError(f"area {area}: words.pairs must be a list")  # noqa: TRY004
    return given


def _pair(area: str, row: Any) -> Pair:
    if not isinstance(row, dict) or not {"verbs", "nouns"} <= row.keys() <= _PAIR_KEYS.keys():
        raise ValueError(
            f"area {area}: each of words.pairs has verbs and nouns, and perhaps near, changed, ids"
        )
    for key, kind in _PAIR_KEYS.items():
        if key in row and type(row[key]) not in kind:
            raise ValueError(f"area {area}: words.pairs: {key} must be a {kind[0].__name__}")
    verbs, nouns = (_strings(area, f"words.pairs.{key}", row[key]) for key in ("verbs", "nouns"))
    return Pair(**{**row, "verbs": verbs, "nouns": nouns})


def _strings(area: str, key: str, given: Any) -> tuple[str, ...]:
    """The strings of a list, or of all lists of a mapping."""
    lists = list(given.values()) if isinstance(given, dict) else [given]
    found: list[str] = []
    for one in lists:
        if not isinstance(one, list) or not all(isinstance(text, str) and text.strip() for text in one):
            raise ValueError(f"area {area}: {key} must be a list of words")
        found += one
    return tuple(found)
