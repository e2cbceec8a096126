"""Manifests and locks in JSON: npm, Composer, Pipenv, NuGet, Deno, Bun, Swift, Nix."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from gate.core.area.packages.model import Parsed, UnreadableError
from gate.core.area.packages.origin import is_short_repository, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Scripts that a package manager runs by itself.
LIFECYCLE = frozenset(
    [
        "preinstall",
        "install",
        "postinstall",
        "prepare",
        "preprepare",
        "postprepare",
        "prepublish",
        "prepublishOnly",
        "prepack",
        "postpack",
        "preuninstall",
        "uninstall",
        "postuninstall",
        "dependencies",
        "pnpm:devPreinstall",
    ]
)
_COMPOSER_EVENTS = re.compile(r"(?:pre|post)-[a-z-]+")


def _load(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if not isinstance(data, dict):
        raise UnreadableError("not an object")
    return data


def _table(value: Any, *path: str) -> dict[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))


def _hashes(*values: Any) -> frozenset[str]:
    """Integrity strings such as `sha512-… sha1-…`, each with its algorithm."""
    words = (word for value in values if isinstance(value, str) for word in value.split())
    return frozenset(
        word.replace("-", ":", 1) if re.match(r"(?:sha|md)\d+-", word) else word for word in words
    )


def package_json(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    kinds = (
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
        "resolutions",
        "overrides",
    )
    tables = [_table(data, kind) for kind in kinds] + [_table(data, "pnpm", "overrides")]
    for table in tables:
        for name, wish in table.items():
            if isinstance(wish, str):
                named = wish.removeprefix("npm:")
                alias = named != wish
                source = (
                    f"alias:{named.rpartition('@')[0]}"
                    if alias
                    else origin(wish) or (wish if is_short_repository(wish) else "")
                )
                parsed.add(
                    name, "" if source and not alias else named.rpartition("@")[2] if alias else wish, source
                )
    for name, command in _table(data, "scripts").items():
        if name in LIFECYCLE and isinstance(command, str):
            parsed.scripts[name] = command
    if isinstance(manager := data.get("packageManager"), str):
        parsed.sources.add(f"packageManager {manager.partition('@')[0]}")
    for key in ("trustedDependencies", "gypfile"):
        if key in data:
            parsed.sources.add(f"{key} {json.dumps(data[key], sort_keys=True)}")
    built = _table(data, "pnpm").get("onlyBuiltDependencies")
    if built is not None:
        parsed.sources.add(f"pnpm.onlyBuiltDependencies {json.dumps(built)}")
    return parsed


def package_lock(text: str) -> Parsed:
    """package-lock.json and npm-shrinkwrap.json of all versions."""
    data, parsed = _load(text), Parsed()
    for place, row in _table(data, "packages").items():
        if not isinstance(row, dict) or not place or row.get("link") is True:
            continue
        name = row.get("name") or place.rpartition("node_modules/")[2]
        if "node_modules/" in place:
            parsed.add(
                name, row.get("version", ""), origin(row.get("resolved")), _hashes(row.get("integrity"))
            )
        if row.get("hasInstallScript") is True:
            parsed.scripts[f"{name} has an install script"] = "yes"
    waiting = [] if "packages" in data else [_table(data, "dependencies")]
    while waiting:
        for name, row in waiting.pop().items():
            if isinstance(row, dict):
                where = row.get("resolved") or (
                    row.get("version") if "://" in str(row.get("version")) else ""
                )
                parsed.add(name, row.get("version", ""), origin(where), _hashes(row.get("integrity")))
                waiting.append(_table(row, "dependencies"))
    return parsed


def bun_lock(text: str) -> Parsed:
    data = _load(re.sub(r",(\s*[}\]])", r"\1", text))
    parsed = Parsed()
    for row in _table(data, "packages").values():
        if isinstance(row, list) and row and isinstance(row[0], str):
            name, _, version = row[0].rpartition("@")
            texts = [part for part in row[1:] if isinstance(part, str)]
            registry = next((part for part in texts if "://" in part), "")
            parsed.add(
                name,
                version,
                origin(registry) or origin(version),
                _hashes(*(t for t in texts if t.startswith("sha"))),
            )
    return parsed


def deno_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for kind in ("npm", "jsr"):
        for key, row in (_table(data, kind) or _table(data, "packages", kind)).items():
            name, _, version = key.rpartition("@")
            parsed.add(name, version, kind, _hashes(_table(row).get("integrity")))
    for url, value in _table(data, "remote").items():
        parsed.add(url, "", origin(url), frozenset([f"sha256:{value}"]))
    return parsed


def composer_json(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for kind in ("require", "require-dev", "replace"):
        for name, wish in _table(data, kind).items():
            parsed.add(name, wish)
    repositories = data.get("repositories", [])
    for row in (
        repositories.values()
        if isinstance(repositories, dict)
        else repositories
        if isinstance(repositories, list)
        else ()
    ):
        parsed.sources.add(json.dumps(row, sort_keys=True))
    for name, command in _table(data, "scripts").items():
        if _COMPOSER_EVENTS.fullmatch(name):
            parsed.scripts[name] = json.dumps(command)
    plugins = _table(data, "config").get("allow-plugins")
    if plugins is not None:
        parsed.scripts["allow-plugins"] = json.dumps(plugins, sort_keys=True)
    return parsed


def composer_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for row in (*_rows(data.get("packages")), *_rows(data.get("packages-dev"))):
        dist = _table(row, "dist")
        where = origin(_table(row, "source").get("url")) or origin(dist.get("url"))
        checksum = dist.get("shasum")
        reference = dist.get("reference") or _table(row, "source").get("reference")
        hashes = {f"sha1:{checksum}"} if checksum else set()
        if isinstance(reference, str) and not str(row.get("version", "")).startswith("dev-"):
            hashes.add(f"reference:{reference}")
        parsed.add(row.get("name"), row.get("version", ""), where, frozenset(hashes))
    return parsed


def pipfile_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    parsed.sources |= {
        url for row in _rows(_table(data, "_meta").get("sources")) if isinstance(url := row.get("url"), str)
    }
    for kind in data:
        if kind == "_meta":
            continue
        for name, row in _table(data, kind).items():
            told = _table(row)
            listed = told.get("hashes")
            hashes = (
                frozenset(h for h in listed if isinstance(h, str))
                if isinstance(listed, list)
                else frozenset()
            )
            parsed.add(
                name, told.get("version", ""), origin(told.get("git")) or origin(told.get("file")), hashes
            )
    return parsed


def nuget_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for framework in _table(data, "dependencies").values():
        for name, row in _table(framework).items():
            value = _table(row).get("contentHash")
            parsed.add(
                name,
                _table(row).get("resolved", ""),
                "",
                frozenset([f"sha512:{value}"]) if value else frozenset(),
            )
    return parsed


def swift_resolved(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for row in (*_rows(data.get("pins")), *_rows(_table(data, "object").get("pins"))):
        state = _table(row, "state")
        revision = state.get("revision")
        hashes = frozenset([f"revision:{revision}"]) if state.get("version") else frozenset()
        parsed.add(
            row.get("identity") or row.get("package"),
            state.get("version") or str(revision),
            origin(row.get("location") or row.get("repositoryURL")),
            hashes,
        )
    return parsed


def flake_lock(text: str) -> Parsed:
    data, parsed = _load(text), Parsed()
    for name, node in _table(data, "nodes").items():
        locked = _table(node, "locked")
        if locked:
            where = ":".join(str(locked.get(key, "")) for key in ("type", "owner", "repo", "url"))
            parsed.add(
                name, str(locked.get("rev", "")), where, frozenset([f"nar:{locked.get('narHash', '')}"])
            )
    return parsed
