"""Manifests and locks in TOML: Python, Rust, Gradle's catalogue, Bun's settings."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from gate.core.area.packages.model import Parsed, UnreadableError
from gate.core.area.packages.origin import origin
from gate.core.area.packages.requirement import add_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator


def _load(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _table(value: Any, *path: str) -> dict[str, Any]:
    """The table at a path, empty if there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (text for text in value if isinstance(text, str))


def _dependency(parsed: Parsed, name: str, wish: Any) -> None:
    """A dependency of Poetry, Pipenv, Cargo: a version, or a table with version, git, path, registry."""
    for one in wish if isinstance(wish, list) else [wish]:
        if isinstance(one, str):
            parsed.add(name, one)
        elif isinstance(one, dict):
            real = one.get("package")
            where = (
                one.get("git")
                or one.get("url")
                or one.get("registry")
                or one.get("index")
                or one.get("source")
            )
            path = one.get("path") or one.get("file")
            source = (
                origin(where) or (where if isinstance(where, str) else "") or (f"path:{path}" if path else "")
            )
            parsed.add(real if isinstance(real, str) else name, one.get("version", ""), source)


def pyproject(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    project, tool = _table(data, "project"), _table(data, "tool")
    groups = [project.get("dependencies"), _table(data, "build-system").get("requires")]
    groups += [
        *_table(project, "optional-dependencies").values(),
        *_table(data, "dependency-groups").values(),
    ]
    groups += [*_table(tool, "pdm", "dev-dependencies").values(), _table(tool, "uv").get("dev-dependencies")]
    for group in groups:
        for requirement in _strings(group):
            add_requirement(parsed, requirement)
    poetry = _table(tool, "poetry")
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for table in tables:
        for name, wish in table.items():
            _dependency(parsed, name, wish)
    for name, wish in _table(tool, "uv", "sources").items():
        _dependency(parsed, name, wish)
    indexes = [
        *_rows(poetry.get("source")),
        *_rows(_table(tool, "pdm").get("source")),
        *_rows(_table(tool, "uv").get("index")),
    ]
    parsed.sources |= {url for row in indexes if isinstance(url := row.get("url"), str)}
    backend = _table(data, "build-system")
    for key in ("build-backend", "backend-path"):
        if key in backend:
            parsed.scripts[key] = str(backend[key])
    for name in ("hatch", "poetry", "pdm"):
        build = _table(tool, name, "build")
        hooks = {
            key: build[key]
            for key in ("hooks", "script", "setup-script", "run-setup", "generate-setup-file")
            if key in build
        }
        if hooks:
            parsed.scripts[f"tool.{name}.build"] = repr(hooks)
    return parsed


def pipfile(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for key, table in data.items():
        if key in ("source", "requires", "pipenv", "scripts") or not isinstance(table, dict):
            continue
        for name, wish in table.items():
            _dependency(parsed, name, wish)
    parsed.sources |= {url for row in _rows(data.get("source")) if isinstance(url := row.get("url"), str)}
    return parsed


def python_lock(text: str) -> Parsed:
    """poetry.lock, uv.lock, pdm.lock, pylock.toml."""
    data, parsed = _load(text), Parsed()
    by_package = _table(data, "metadata", "files")
    for row in (*_rows(data.get("package")), *_rows(data.get("packages"))):
        name = row.get("name")
        files = [
            *_rows(row.get("files")),
            *_rows(row.get("wheels")),
            *_rows([row.get("sdist")]),
            *_rows([row.get("archive")]),
        ]
        if isinstance(name, str):
            files += list(_rows(by_package.get(name)))
        hashes = set()
        for file in files:
            told = file.get("hash") or file.get("hashes")
            if isinstance(told, str):
                hashes.add(told)
            elif isinstance(told, dict):
                hashes |= {f"{kind}:{value}" for kind, value in told.items()}
        source = row.get("source") or row.get("vcs") or row.get("index") or {}
        if isinstance(source, str):
            source = {"url": source}
        where = ""
        if isinstance(source, dict):
            keys = ("registry", "git", "url", "editable", "directory", "path", "virtual")
            where = next((origin(source[key]) or str(source[key]) for key in keys if key in source), "")
        parsed.add(name, row.get("version", ""), where, frozenset(hashes))
    return parsed


def cargo(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    scopes = [data, _table(data, "workspace"), *_table(data, "target").values()]
    for scope in scopes:
        for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
            for name, wish in _table(scope, kind).items():
                _dependency(parsed, name, wish)
    for registry, table in {**_table(data, "patch"), "replace": _table(data, "replace")}.items():
        for name, wish in _table(table).items():
            _dependency(parsed, f"{name} (patch of {registry})", wish)
    build = _table(data, "package").get("build")
    if build is not None:
        parsed.scripts["package.build"] = str(build)
    return parsed


def cargo_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for row in _rows(data.get("package")):
        checksum = row.get("checksum")
        hashes = frozenset([f"sha256:{checksum}"]) if isinstance(checksum, str) else frozenset()
        source = row.get("source", "")
        parsed.add(row.get("name"), row.get("version", ""), origin(source), hashes)
    return parsed


def settings(text: str) -> Parsed:
    """A file that is nothing but settings of a package manager: each value counts."""
    parsed = Parsed()
    waiting: list[tuple[str, Any]] = [("", _load(text))]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}".lstrip("."), inner) for key, inner in value.items()]
        else:
            parsed.sources.add(f"{name} = {value}")
    return parsed


def version_catalogue(text: str) -> Parsed:
    """gradle/libs.versions.toml."""
    data, parsed = _load(text), Parsed()
    versions = _table(data, "versions")
    for section in ("libraries", "plugins"):
        for wish in _table(data, section).values():
            if isinstance(wish, str):
                name, _, pinned = wish.rpartition(":")
                parsed.add(name or pinned, pinned)
            elif isinstance(wish, dict):
                version: Any = wish.get("version", "")
                if isinstance(version, dict):
                    version = versions.get(str(version.get("ref", "")), version.get("strictly", ""))
                group, artifact = wish.get("group"), wish.get("name")
                parsed.add(
                    wish.get("module") or wish.get("id") or f"{group}:{artifact}",
                    version if isinstance(version, str) else str(version),
                )
    return parsed
