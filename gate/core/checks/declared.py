"""Which packages a repository declares and locks, in any of its manifests, and what else it can import."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from gate.core.area.packages import UnreadableError, reader_of
from gate.core.checks.imports import GO, JAVASCRIPT, PYTHON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gate.core.checks.model import Side

_ANY = re.compile(r"[A-Za-z0-9@][\w.@/-]*")
_QUOTED = re.compile(r"""["']([^"'\n]{1,200})["']""")
_TOML_NAME = re.compile(r'^name = "([^"\n]+)"', re.MULTILINE)
_MODULE = re.compile(r"^\s*(?:module|replace)\s+\"?([^\s\"]+)", re.MULTILINE)

#: Manifests that say that a folder has its packages declared, by ecosystem.
_ANCHORS = {
    PYTHON: re.compile(
        r"(?:^|/)(?:pyproject\.toml|setup\.py|setup\.cfg|Pipfile|environment\.ya?ml|[\w.-]*requirements[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in))$"
    ),
    JAVASCRIPT: re.compile(r"(?:^|/)package\.json$"),
    GO: re.compile(r"(?:^|/)go\.mod$"),
}
#: Files that name packages in some other way: every word of them counts as declared.
_LOOSE = {
    PYTHON: re.compile(
        r"(?:^|/)(?:setup\.py|setup\.cfg|tox\.ini|noxfile\.py|hatch\.toml|pixi\.toml|meta\.ya?ml|environment[\w.-]*\.ya?ml|[\w.-]*[dD]ockerfile[\w.-]*|Makefile|[\w.-]*(?:requirements|constraints|reqs|deps)[\w.-]*\.(?:txt|in|ini|pip)|\.pre-commit-config\.yaml|WORKSPACE|BUILD\.bazel|BUILD|pants\.toml|default\.nix|flake\.nix|shell\.nix)$"
        r"|(?:^|/)\.github/workflows/[^/]+\.ya?ml$|(?:^|/)requirements/[^/]+$|(?:^|/)\.gitlab-ci\.yml$"
    ),
    JAVASCRIPT: re.compile(
        r"(?:^|/)(?:tsconfig[\w.-]*\.json|jsconfig[\w.-]*\.json|deno\.jsonc?|import[_-]?map\.json|jsr\.json|pnpm-workspace\.yaml|\.babelrc|bower\.json|[\w.-]+\.config\.(?:js|ts|mjs|cjs|mts)|webpack[\w.-]*\.(?:js|ts)|rollup[\w.-]*\.(?:js|ts)|angular\.json|nx\.json|project\.json|BUILD\.bazel)$"
    ),
    GO: re.compile(r"(?!)"),
}
_MANIFESTS = {
    PYTHON: re.compile(r"(?:^|/)(?:pyproject\.toml|Pipfile)$"),
    JAVASCRIPT: re.compile(r"(?:^|/)package\.json$"),
    GO: re.compile(r"(?:^|/)go\.(?:mod|work)$"),
}
_LOCKS = {
    PYTHON: re.compile(r"(?:^|/)(?:poetry\.lock|uv\.lock|pdm\.lock|pylock\.toml|Pipfile\.lock)$"),
    JAVASCRIPT: re.compile(
        r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock)$"
    ),
    GO: re.compile(r"(?:^|/)go\.sum$"),
}
_FOREIGN = re.compile(r"(?:^|/)(?:node_modules|bower_components|\.yarn|testdata|fixtures|__fixtures__)/")
#: More manifests than these are not read; a tree like that declares what it needs in the first ones.
MOST = 4000


def manifests_of(side: Side, ecosystem: str) -> tuple[str, ...]:
    """Return the paths of all manifests and settings in which a side can name packages of an ecosystem."""
    manifest, loose = _MANIFESTS[ecosystem], _LOOSE[ecosystem]
    found = [p for p in side.paths if (manifest.search(p) or loose.search(p)) and not _FOREIGN.search(p)]
    return tuple(sorted(found, key=lambda p: (p.count("/"), p))[:MOST])


class Declared:
    """The names of one ecosystem on one side, in the form in which they are compared; read when first asked for."""

    def __init__(self, side: Side, ecosystem: str) -> None:
        self._side, self._ecosystem = side, ecosystem
        anchor = _ANCHORS[ecosystem]
        self._anchored = {
            p.rpartition("/")[0].removesuffix("requirements").rstrip("/")
            for p in side.paths
            if anchor.search(p) and not _FOREIGN.search(p)
        }

    def governs(self, path: str) -> bool:
        """Whether a manifest stands in the folder of a file or above it."""
        parts = path.split("/")[:-1]
        return any("/".join(parts[:n]) in self._anchored for n in range(len(parts) + 1))

    @cached_property
    def names(self) -> frozenset[str]:
        """What manifests and settings name; of settings every word, since it may be an alias."""
        texts = self._side.read(manifests_of(self._side, self._ecosystem))
        found: set[str] = set()
        for path, text in texts.items():
            found.update(self._of_manifest(path, text))
        return frozenset(normal(name, self._ecosystem) for name in found if name)

    @cached_property
    def locked(self) -> frozenset[str]:
        """What locks name, with what only other packages need."""
        pattern = _LOCKS[self._ecosystem]
        locks = [p for p in self._side.paths if pattern.search(p) and not _FOREIGN.search(p)]
        found: set[str] = set()
        for path, text in self._side.read(locks[:MOST]).items():
            found.update(_locked_names(path, text))
        return frozenset(normal(name, self._ecosystem) for name in found)

    def lock_beside(self, manifest: str) -> frozenset[str] | None:
        """The names of the lock in the folder of a manifest, None if there is none or it cannot be read."""
        folder = manifest.rpartition("/")[0]
        pattern = _LOCKS[self._ecosystem]
        locks = [p for p in self._side.paths if p.rpartition("/")[0] == folder and pattern.search(p)]
        found: set[str] = set()
        for path, text in self._side.read(locks).items():
            found.update(_locked_names(path, text))
        return frozenset(normal(name, self._ecosystem) for name in found) or None

    def _of_manifest(self, path: str, text: str) -> Iterable[str]:
        if self._ecosystem == GO:
            return (*_parsed(path, text), *_MODULE.findall(text))
        if _MANIFESTS[self._ecosystem].search(path):
            own = re.findall(r"""["']?name["']?\s*[:=]\s*["']([^"'\n]+)["']""", text)
            return (*_parsed(path, text), *own, *_QUOTED.findall(text))
        if self._ecosystem == JAVASCRIPT:
            return (*_QUOTED.findall(text), *_ANY.findall(text))
        if path.endswith(".py"):
            return _strings(text)
        return _ANY.findall(text)


def normal(name: str, ecosystem: str) -> str:
    """A name in the form in which two of its spellings are equal."""
    if ecosystem == PYTHON:
        return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()
    return name.removesuffix("/*").removesuffix("*").rstrip("/") if ecosystem == JAVASCRIPT else name


def requirements(path: str, text: str) -> Mapping[str, str] | None:
    """The packages of a manifest by name, each with where it comes from; None if it cannot be read."""
    reader = reader_of(path)
    try:
        parsed = reader(text) if reader is not None else None
    except UnreadableError:
        return None
    if parsed is None:
        return None
    return {
        name: next((e.source for e in entries if e.source), "") for name, entries in parsed.packages.items()
    }


def _parsed(path: str, text: str) -> Iterable[str]:
    return requirements(path, text) or ()


def _locked_names(path: str, text: str) -> Iterable[str]:
    # Locks in TOML are large, and their parser is slow; all of them write one name to a line.
    return (
        _TOML_NAME.findall(text)
        if path.endswith(("toml", ".lock")) and "[[pack" in text
        else _parsed(path, text)
    )


def _strings(text: str) -> Iterable[str]:
    """The beginnings of all texts in a script that installs."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _ANY.findall(text)
    texts = (n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return [word for value in texts if len(value) < 5_000 for word in _ANY.findall(value)]
