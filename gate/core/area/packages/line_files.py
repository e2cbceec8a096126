"""Manifests and settings that are read line by line: Go, Ruby, Gradle, Elixir, Dart, CocoaPods, Swift, Conda."""

from __future__ import annotations

import re

from gate.core.area.packages.model import Parsed
from gate.core.area.packages.origin import origin


def _text_of(value: str) -> str:
    return value.strip().strip("\"'")


def go_mod(text: str) -> Parsed:
    parsed = Parsed()
    block = ""
    for raw in text.splitlines():
        line = raw.split("//", 1)[0].strip()
        if found := re.fullmatch(r"(require|replace|exclude|tool|retract)\s*\(", line):
            block = found[1]
            continue
        if line == ")":
            block = ""
            continue
        kind, rest = (block, line) if block else (line.partition(" ")[0], line.partition(" ")[2].strip())
        words = rest.split()
        if kind == "require" and len(words) >= 2:
            parsed.add(words[0], words[1])
        elif kind == "replace" and "=>" in words:
            target = words[words.index("=>") + 1 :]
            parsed.add(words[0], " ".join(target[1:]), f"replaced by {target[0]}" if target else "")
    return parsed


def gemfile(text: str) -> Parsed:
    """Gemfile, and a gem's specification."""
    parsed = Parsed()
    for line in text.splitlines():
        bare = line.split("#", 1)[0].strip()
        found = re.match(
            r"(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+['\"]([^'\"]+)['\"](.*)", bare
        )
        if found:
            where = re.search(
                r"(?:git|github|gitlab|path|source):?\s*(?:=>\s*)?['\"]([^'\"]+)['\"]", found[2]
            )
            versions = re.findall(r"['\"]([~><=!]*\s*\d[^'\"]*)['\"]", found[2])
            parsed.add(found[1], ", ".join(versions), (origin(where[1]) or where[1]) if where else "")
        elif found := re.match(r"(?:source|git_source|path|git)\b[\s(]*(.*)", bare):
            parsed.sources.add(re.sub(r"\s+do\b.*", "", bare))
        elif "extensions" in bare and "=" in bare:
            parsed.scripts["extensions"] = bare
    return parsed


def gradle(text: str) -> Parsed:
    """build.gradle and build.gradle.kts: coordinates in strings, repositories, plugins."""
    parsed = Parsed()
    for line in text.splitlines():
        bare = line.split("//", 1)[0] if "://" not in line else line
        for name, version in re.findall(r"['\"]([\w.-]+:[\w.-]+)(?::([^'\":@]+))?[^'\"]*['\"]", bare):
            parsed.add(name, version)
        if found := re.search(r"\bid[\s(]+['\"]([\w.-]+)['\"]\)?(?:\s+version\s+['\"]([^'\"]+))?", bare):
            parsed.add(found[1], found[2] or "")
        if re.search(
            r"\b(?:maven(?:Central|Local)?|jcenter|google|gradlePluginPortal|ivy|flatDir)\b\s*[({]|\burl\b.*://",
            bare,
        ):
            parsed.sources.add(bare.strip())
    return parsed


def mix(text: str) -> Parsed:
    """mix.exs: `{:name, "~> 1.0"}`."""
    parsed = Parsed()
    for name, rest in re.findall(r"\{:(\w+),\s*([^}]{0,500})\}", text):
        version = re.match(r"\s*\"([^\"]*)\"", rest)
        where = re.search(r"(?:git|github|path):\s*\"([^\"]+)\"", rest)
        if version or where:
            parsed.add(name, version[1] if version else "", (origin(where[1]) or where[1]) if where else "")
    return parsed


def pubspec(text: str) -> Parsed:
    """pubspec.yaml: the names below the lists of dependencies."""
    parsed = Parsed()
    section = name = ""
    for raw in text.splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", raw)
        if found := re.match(r"(\w+):", line):
            section = found[1]
        elif section.endswith(("dependencies", "overrides")):
            if found := re.match(r"  ([\w-]+):\s*(.*)", line):
                name = found[1]
                parsed.add(name, _text_of(found[2]))
            elif name and (found := re.match(r"\s{4,}(git|url|path|hosted):\s*(\S+)", line)):
                parsed.add(name, "", origin(found[2]) or found[2])
    return parsed


def podfile(text: str) -> Parsed:
    parsed = Parsed()
    for line in text.splitlines():
        bare = line.split("#", 1)[0].strip()
        if found := re.match(r"pod\s+['\"]([^'\"]+)['\"](.*)", bare):
            where = re.search(r":(?:git|path|podspec)\s*=>\s*['\"]([^'\"]+)", found[2])
            version = re.search(r"['\"]([~><=\s]*\d[^'\"]*)['\"]", found[2])
            parsed.add(
                found[1], version[1] if version else "", (origin(where[1]) or where[1]) if where else ""
            )
        elif bare.startswith(("source ", "plugin ")):
            parsed.sources.add(bare)
    return parsed


def swift_manifest(text: str) -> Parsed:
    parsed = Parsed()
    for url, wish in re.findall(r"\.package\([^)]{0,300}?url:\s*\"([^\"]+)\"\s*,([^)]{0,300})\)", text):
        parsed.add(url.removesuffix(".git").rpartition("/")[2], " ".join(wish.split()), origin(url))
    return parsed


def conda(text: str) -> Parsed:
    parsed = Parsed()
    section = ""
    for raw in text.splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", raw)
        if found := re.match(r"(\w+):", line):
            section = found[1]
        elif section == "channels" and line.strip():
            parsed.sources.add(line.strip())
        elif section == "dependencies" and (
            found := re.match(r"\s+-\s+(?:[\w-]+::)?([\w.-]+)\s*(?!:)(.*)", line)
        ):
            parsed.add(found[1], found[2])
    return parsed


def settings(text: str) -> Parsed:
    """Settings of a package manager, one a line: each counts, comments do not."""
    parsed = Parsed()
    parsed.sources |= {
        line.strip() for line in text.splitlines() if line.strip() and line.strip()[0] not in "#;!"
    }
    return parsed


def install_script(text: str) -> Parsed:
    """A file that is run when the package is built or installed: all of it counts."""
    parsed = Parsed()
    parsed.scripts["this file"] = text
    return parsed
