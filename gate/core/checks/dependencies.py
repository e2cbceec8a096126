"""Imports and requirements that nothing declares, or that are nearly a well-known name."""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import TYPE_CHECKING

from gate.core.area.packages import reader_of
from gate.core.checks.declared import Declared, manifests_of, normal, requirements
from gate.core.checks.imports import GO, JAVASCRIPT, PYTHON, ecosystem, imports_of
from gate.core.checks.near import near_miss
from gate.core.finding import Range

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gate.core.checks.imports import Import
    from gate.core.checks.model import Checks, Side
    from gate.core.finding import Sighting

__all__ = ["manifests_of", "undeclared"]

#: Folders whose files show code rather than run it, or come from elsewhere with their own surroundings.
_NOT_RUN = re.compile(
    r"(?i)(?:^|/)(?:testdata|fixtures?|__fixtures__|__snapshots__|snapshots?|vendor|vendored|_vendor|third[_-]?party|node_modules|"
    r"examples?|samples?|templates?|scaffold\w*|cookiecutter[\w.-]*|skeletons?|typings|stubs|typeshed|dist|build|docs?|playground\w*)(?:/|$)"
)
#: Longer names are no names of packages, on any index.
MAX_NAME = 214
_INLINE = re.compile(r"(?m)^# /// script\n((?:#.*\n)*)# ///")
_REQUIREMENTS = {
    "pyproject.toml": PYTHON,
    "pipfile": PYTHON,
    "package.json": JAVASCRIPT,
    "go.mod": GO,
}


def undeclared(side: Side, checks: Checks, allowed: Collection[str] = ()) -> list[Sighting]:
    """Return what the changed files of one side import or require without a sign that it exists.

    `allowed` are names that a team vouches for. A file without any manifest in or above its folder is judged
    only by names that are nearly well-known ones.
    """

    @cache
    def judge(kind: str) -> _Judge:
        return _Judge(side, kind, checks, allowed)

    found: list[Sighting] = []
    for path, text in side.files.items():
        kind = ecosystem(path)
        if kind and not _NOT_RUN.search(path):
            found += judge(kind).imports(path, text)
        elif kind := _requiring(path):
            found += judge(kind).requirements(path, text)
    return found


def _requiring(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    if (known := _REQUIREMENTS.get(name)) is not None:
        return known
    return PYTHON if name.endswith((".txt", ".in")) and reader_of(path) is not None else ""


class _Judge:
    """Judges the files of one ecosystem."""

    def __init__(self, side: Side, kind: str, checks: Checks, allowed: Collection[str]) -> None:
        self._kind, self._checks = kind, checks
        self._declared = Declared(side, kind)
        self._allowed = tuple(
            normal(name.removesuffix("*"), kind) + "*" * name.endswith("*") for name in allowed
        )
        self._local = _local(side.paths, kind)
        self._known = frozenset(checks.packages["well_known"][kind])
        self._given = frozenset(checks.packages.get(f"{kind}_given", ()))
        self._answers: dict[str, bool] = {}

    def imports(self, path: str, text: str) -> Iterator[Sighting]:
        governed = self._declared.governs(path)
        inline = _inline(text) if self._kind == PYTHON else None
        for one in imports_of(path, text, self._is_known):
            name = self._package(one.name)
            if self._is_known(one.name):
                continue
            close = near_miss(normal(name, self._kind), self._known)
            if not self._vouches_for_itself(name, inline) and (governed or inline or close):
                yield self._sighting(path, one, name, close)

    def requirements(self, path: str, text: str) -> Iterator[Sighting]:
        asked = requirements(path, text) or {}
        locked = self._declared.lock_beside(path) if self._kind != GO else None
        for name, source in asked.items():
            plain = normal(name, self._kind)
            if source or self._is_allowed(name) or not re.search(r"\w", name):
                continue
            place = _find(text, name)
            close = near_miss(plain, self._known) if place else None
            if place and close and not (locked and close in locked):
                yield self._checks.rules["gate.dependency-near-miss"].at(
                    path, place, f"The requirement {name} is nearly {close}."
                )
            elif place and locked is not None and self._is_ours(plain, path) and plain not in locked:
                yield self._checks.rules["gate.dependency-unlocked"].at(
                    path, place, f"The lock file beside this manifest does not have {name}."
                )

    def _is_ours(self, name: str, path: str) -> bool:
        """Whether a lock must have it: build tools, interpreters and workspace members are not locked."""
        if self._kind == PYTHON and (not path.endswith(("pyproject.toml", "Pipfile"))):
            return False
        return name not in {
            "python",
            "poetry-core",
            "setuptools",
            "wheel",
            "hatchling",
            "flit-core",
            "pip",
        } and not (name in self._local or name.rpartition("/")[2] in self._local)

    def _sighting(self, path: str, one: Import, name: str, close: str | None) -> Sighting:
        if close:
            rule = self._checks.rules["gate.dependency-near-miss"]
            fact = f"The import {name} is nearly {close}, and no manifest names it."
        else:
            rule = self._checks.rules["gate.dependency-undeclared"]
            fact = f"No manifest or lock of this repository names a package for {name}, and no module here is called so."
        return rule.at(path, one.place, fact)

    def _is_known(self, imported: str) -> bool:
        """Whether there is nothing to say about an import: it needs no package, or has one."""
        if imported not in self._answers:
            name = self._package(imported)
            self._answers[imported] = not name or len(name) > MAX_NAME or self._is_present(name, imported)
        return self._answers[imported]

    def _package(self, imported: str) -> str:
        """The name that an installable package must have for an import; empty if it needs none."""
        if self._kind == PYTHON:
            return _python_package(imported)
        if self._kind == JAVASCRIPT:
            return _javascript_package(imported)
        return imported if "." in imported.partition("/")[0] else ""

    def _is_present(self, name: str, imported: str) -> bool:
        """Whether the import is satisfied by the language, its surroundings, this repository or a declaration."""
        if name in self._given or name in self._local or self._is_allowed(name):
            return True
        if self._kind == GO:
            return self._has_module(imported)
        if self._kind == PYTHON:
            return name in sys.stdlib_module_names or self._has_distribution(name)
        return self._has_npm(name, imported)

    def _is_allowed(self, name: str) -> bool:
        """Whether the team vouches for a name; `*` at the end of its word stands for any ending."""
        plain = normal(name, self._kind)
        return any(
            plain.startswith(w[:-1].rstrip("-")) if w.endswith("*") else plain == w for w in self._allowed
        )

    def _has_module(self, path: str) -> bool:
        parts = path.split("/")
        names = self._declared.names
        return any("/".join(parts[:n]) in names for n in range(1, len(parts) + 1))

    def _has_distribution(self, name: str) -> bool:
        plain = normal(name, PYTHON)
        wanted = {plain, f"python-{plain}", f"py{plain}", f"py-{plain}", f"{plain}-python", f"django-{plain}"}
        wanted |= {f"{plain}-py", f"python{plain}", f"{plain}3", f"{plain}2", f"types-{plain}"}
        wanted |= {normal(other, PYTHON) for other in self._checks.packages["imports"].get(name, ())}
        brought = self._checks.packages["brings"]
        wanted |= {bringer for bringer, brings in brought.items() if plain in brings}
        declared = self._declared
        return _answers(plain, wanted, declared.names) or _answers(plain, wanted, declared.locked)

    def _has_npm(self, name: str, whole: str) -> bool:
        types = f"@types/{name[1:].replace('/', '__') if name.startswith('@') else name}"
        aliases = {
            whole,
            name,
            whole.partition("/")[0],
            name.partition("/")[0] if name.startswith("@") else name,
        }
        names = self._declared.names
        return (
            bool(aliases & names)
            or types in names
            or name in self._declared.locked
            or types in self._declared.locked
        )

    @staticmethod
    def _vouches_for_itself(name: str, inline: frozenset[str] | None) -> bool:
        return inline is not None and normal(name, PYTHON) in inline


def _answers(plain: str, wanted: set[str], names: frozenset[str]) -> bool:
    if wanted & names:
        return True
    bare = plain.replace("-", "")
    return any(
        other.startswith(f"{plain}-") or other.endswith(f"-{plain}") or other.replace("-", "") == bare
        for other in names
    )


def _python_package(name: str) -> str:
    top = name.partition(".")[0]
    return "" if top.startswith("_") and top != "_pytest" else top


def _javascript_package(name: str) -> str:
    if not re.match(r"(?:@[\w.-]+/)?[a-z0-9][\w.-]*(?:/|$)", name) or ":" in name:
        return (
            ""  # relative, absolute, an alias (@/x, ~/x, #x, $x), a URL or a scheme such as node: or virtual:
        )
    parts = name.split("/")
    return "/".join(parts[:2]) if name.startswith("@") else parts[0]


def _local(paths: Collection[str], kind: str) -> frozenset[str]:
    """The names of all modules and folders of a tree: any of them may be on the path of imports."""
    if kind == GO:
        return frozenset(
            "/".join(p.partition("vendor/")[2].split("/")[:-1])
            for p in paths
            if "vendor/" in p and p.endswith(".go")
        )
    found: set[str] = set()
    for path in paths:
        parts = path.split("/")
        found.update(parts[:-1])
        found.add(parts[-1].partition(".")[0])
    return frozenset(found - {""})


def _inline(text: str) -> frozenset[str] | None:
    """The requirements that a script states in its own first comment; None if it states none."""
    block = _INLINE.search(text)
    if block is None:
        return None
    return frozenset(normal(word, PYTHON) for word in re.findall(r"[\"']([\w.-]+)", block[1]))


def _find(text: str, name: str) -> Range | None:
    """Where a manifest names a package."""
    found = re.search(rf"(?<![\w./@-]){re.escape(name)}(?![\w-])", text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    start = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    return Range(start_line=line, start_column=start, end_line=line, end_column=start + len(name))
