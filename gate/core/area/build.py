"""Areas from the shipped files and from what a team adds to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gate.core.area.build_words import code_words, partnered
from gate.core.area.model import Area, CodeWords, PathRule
from gate.core.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gate.core.glob import Glob
    from gate.core.policy import AreaPolicy

_STRINGS = ("paths", "path_words", "wide_path_words", "packages")
_KEYS = {
    "id": str,
    "title": str,
    "structural": bool,
    "reviewers_of": str,
    "rules": dict,
    "weak_path_words": dict,
    "words": dict,
} | dict.fromkeys(_STRINGS, list)


def build_areas(
    documents: Iterable[Mapping[str, Any]],
    compile_glob: Callable[[str], Glob],
    overlay: Mapping[str, AreaPolicy],
) -> tuple[Area, ...]:
    """Return all areas, sorted by id: the shipped `documents` and on top what the policy adds.

    The overlay only adds: globs and words to a shipped area, or an area of its own. Every glob is compiled
    as written and folded. Raises ValueError for a document with an unknown key, a wrong type, a missing or
    repeated id, or a `reviewers_of` that names no area.
    """

    def both(globs: Iterable[Glob]) -> tuple[Glob, ...]:
        return tuple(dict.fromkeys(g for glob in globs for g in (glob, compile_glob(fold(glob.text)))))

    areas: dict[str, Area] = {}
    for document in documents:
        area = _area(document, lambda texts: both(map(compile_glob, texts)))
        if area.id in areas:
            raise ValueError(f"area {area.id}: defined twice")
        areas[area.id] = area
    for name, added in overlay.items():
        shipped = areas.get(name)
        areas[name] = Area(
            id=name,
            title=added.title or (shipped.title if shipped else name),
            structural=shipped.structural if shipped else False,
            rules=shipped.rules if shipped else (),
            paths=shipped.paths if shipped else (),
            site_paths=both(added.paths),
            path_words=(shipped.path_words if shipped else ()) + added.words,
            weak_path_words=shipped.weak_path_words if shipped else (),
            wide_path_words=shipped.wide_path_words if shipped else (),
            words=_with_words(shipped.words if shipped else CodeWords(), added.words),
            packages=(shipped.packages if shipped else ()) + added.packages,
            reviewers_of=shipped.reviewers_of if shipped else None,
        )
    for area in areas.values():
        if area.reviewers_of is not None and area.reviewers_of not in areas:
            raise ValueError(f"area {area.id}: reviewers_of names the unknown area {area.reviewers_of}")
    return tuple(areas[name] for name in sorted(areas))


def _area(document: Mapping[str, Any], globs: Callable[[Iterable[str]], tuple[Glob, ...]]) -> Area:
    name = document.get("id")
    if not isinstance(name, str) or not name:
        raise ValueError("an area file has no id")
    for key, value in document.items():
        if key not in _KEYS:
            raise ValueError(f"area {name}: unknown key {key!r}")
        if not isinstance(value, _KEYS[key]):
            raise ValueError(  # noqa: TRY004 - all that can be wrong with an area file is one kind of error
                f"area {name}: {key} must be a {_KEYS[key].__name__}"
            )
    rules = document.get("rules", {})
    for key, texts in (*((k, document.get(k, [])) for k in _STRINGS), *rules.items()):
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"area {name}: {key} must be a list of strings")
    return Area(
        id=name,
        title=document.get("title", name),
        structural=document.get("structural", False),
        rules=tuple(PathRule(id=rule, globs=globs(texts)) for rule, texts in rules.items()),
        paths=globs(document.get("paths", ())),
        path_words=tuple(document.get("path_words", ())),
        weak_path_words=partnered(name, "weak_path_words", document.get("weak_path_words", {})),
        wide_path_words=tuple(document.get("wide_path_words", ())),
        words=code_words(name, document.get("words", {})),
        packages=tuple(document.get("packages", ())),
        reviewers_of=document.get("reviewers_of"),
    )


def _with_words(words: CodeWords, added: tuple[str, ...]) -> CodeWords:
    return replace(words, strong=words.strong + added) if added else words
