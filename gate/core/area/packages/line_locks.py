"""Locks that are read line by line: yarn, pnpm, Go, Ruby, Gradle, Elixir, Dart, CocoaPods."""

from __future__ import annotations

import re

from gate.core.area.packages.model import Parsed, UnreadableError
from gate.core.area.packages.origin import origin


def _text_of(value: str) -> str:
    return value.strip().strip("\"'")


def yarn_lock(text: str) -> Parsed:
    """yarn.lock, both the classic form and that of Berry, which is YAML."""
    parsed = Parsed()
    name = version = where = integrity = ""

    def close() -> None:
        if name and version:
            parsed.add(
                name,
                version,
                where,
                frozenset([integrity.replace("-", ":", 1)]) if integrity else frozenset(),
            )

    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            close()
            version = where = integrity = ""
            first = _text_of(line.rstrip(":").split(",")[0])
            if not line.rstrip().endswith(":"):
                raise UnreadableError(f"not an entry of a yarn lock: {line[:60]!r}")
            name = first[: first.index("@", 1)] if "@" in first[1:] else ""
            continue
        found = re.match(r"  (version|resolved|integrity|resolution|checksum)\b:?\s+(.*)", line)
        if not found:
            continue
        value = _text_of(found[2])
        if found[1] == "version":
            version = value
        elif found[1] == "resolved":
            where = origin(value)
        elif found[1] == "resolution":
            protocol = value[value.index("@", 1) + 1 :] if "@" in value[1:] else ""
            where = "" if protocol.startswith("npm:") else origin(protocol) or protocol.split("#")[0]
        else:
            integrity = value
    close()
    return parsed


def _pnpm_key(key: str) -> tuple[str, str]:
    """Name and version of `/@scope/name/1.0.0_peers`, `name@1.0.0(peers)`, `name@https://…`."""
    key = key.removeprefix("/").partition("(")[0]
    name, at, version = key[:1] + key[1:].partition("@")[0], "@" in key[1:], key[1:].partition("@")[2]
    if not at:
        name, _, version = key.rpartition("/")
    return name, version.partition("_")[0] if "://" not in version else version


def pnpm_lock(text: str) -> Parsed:
    parsed = Parsed()
    section = name = version = ""
    seen = False
    for line in text.splitlines():
        if found := re.match(r"([\w-]+):", line):
            section, name = found[1], ""
            seen = seen or section == "lockfileVersion"
        elif section in ("packages", "overrides", "patchedDependencies", "onlyBuiltDependencies"):
            if section != "packages":
                parsed.sources.add(f"{section} {line.strip()}")
            elif re.match(r"  \S", line):
                name, version = _pnpm_key(line.strip().rstrip(":").strip("'\""))
            elif name and (found := re.match(r"    resolution:\s*\{(.*)\}", line)):
                integrity = re.search(r"integrity:\s*(sha\d+)-([^,}\s]+)", found[1])
                where = re.search(r"(?:tarball|repo|directory):\s*([^,}\s]+)", found[1])
                hashes = frozenset([f"{integrity[1]}:{integrity[2]}"]) if integrity else frozenset()
                parsed.add(name, version, (origin(where[1]) or where[1]) if where else "", hashes)
            elif name and re.match(r"    requiresBuild:\s*true", line):
                parsed.scripts[f"{name} has an install script"] = "yes"
    if text.strip() and not seen:
        raise UnreadableError("no lockfileVersion")
    return parsed


def go_sum(text: str) -> Parsed:
    parsed = Parsed()
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if len(words) != 3 or ":" not in words[2]:
            raise UnreadableError(f"not a line of go.sum: {line[:60]!r}")
        parsed.add(words[0], words[1], "", frozenset([words[2]]))
    return parsed


def gemfile_lock(text: str) -> Parsed:
    parsed = Parsed()
    section = remote = ""
    if text.strip() and not re.search(r"^(?:GEM|GIT|PATH|PLUGIN SOURCE|DEPENDENCIES)$", text, re.MULTILINE):
        raise UnreadableError("no section of a Gemfile.lock")
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z][A-Z ]+", line):
            section, remote = line, ""
        elif found := re.match(r"  remote: (\S+)", line):
            remote = origin(found[1]) or found[1]
            if section == "GEM":
                parsed.sources.add(remote)
        elif section == "CHECKSUMS" and (found := re.match(r"  (\S+) \(([^)]+)\)(?: (\S+))?", line)):
            parsed.add(
                found[1], found[2], "", frozenset([found[3].replace("=", ":")]) if found[3] else frozenset()
            )
        elif section in ("GEM", "GIT", "PATH") and (found := re.match(r"    (\S+) \(([^)]+)\)$", line)):
            parsed.add(found[1], found[2], "" if section == "GEM" else remote)
    return parsed


def gradle_lock(text: str) -> Parsed:
    parsed = Parsed()
    for line in text.splitlines():
        if found := re.match(r"([\w.-]+:[\w.-]+):([^=]+)=", line):
            parsed.add(found[1], found[2])
    return parsed


def mix_lock(text: str) -> Parsed:
    parsed = Parsed()
    for line in text.splitlines():
        found = re.match(r"\s*\"([\w-]+)\":\s*\{:(hex|git|path),\s*(.*)\}", line)
        if not found:
            continue
        words = re.findall(r"\"([^\"]*)\"|:(\w+)", found[3])
        texts = [one or other for one, other in words]
        if found[2] == "hex" and len(texts) >= 3:
            parsed.add(found[1], texts[1], "", frozenset([f"hex:{texts[2]}"]))
        elif texts:
            parsed.add(found[1], texts[1] if len(texts) > 1 else "", origin(texts[0]) or texts[0])
    return parsed


def pubspec_lock(text: str) -> Parsed:
    parsed = Parsed()
    name, told = "", dict[str, str]()

    def close() -> None:
        if name:
            hashes = frozenset([f"sha256:{told['sha256']}"]) if told.get("sha256") else frozenset()
            parsed.add(name, told.get("version", ""), origin(told.get("url")) or told.get("path", ""), hashes)

    for line in text.splitlines():
        if found := re.match(r"  ([\w-]+):\s*$", line):
            close()
            name, told = found[1], {}
        elif found := re.match(r"\s{4,}(\w[\w-]*):\s*(.+)", line):
            told[found[1]] = _text_of(found[2])
    close()
    return parsed


def podfile_lock(text: str) -> Parsed:
    parsed = Parsed()
    section = ""
    for line in text.splitlines():
        if found := re.match(r"([A-Z][A-Z ]+):", line):
            section = found[1]
        elif section == "PODS" and (found := re.match(r"  - \"?([\w+./-]+) \(([^)]+)\)", line)):
            parsed.add(found[1], found[2])
        elif section == "SPEC CHECKSUMS" and (found := re.match(r"  \"?([\w+./-]+)\"?: (\w+)", line)):
            parsed.add(found[1], "", "", frozenset([f"sha1:{found[2]}"]))
        elif section in ("EXTERNAL SOURCES", "SPEC REPOS", "CHECKOUT OPTIONS"):
            parsed.sources.add(line.strip())
    return parsed
