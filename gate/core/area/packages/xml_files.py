"""Manifests in XML, read by patterns: no entity is ever resolved. Maven and .NET."""

from __future__ import annotations

import re

from gate.core.area.packages.model import Parsed, UnreadableError

_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->)?")
_PROPERTY = re.compile(r"<([\w.-]+)>([^<>]{1,200})</\1>")


def _blocks(text: str, tag: str) -> list[str]:
    """The insides of all elements of one name that do not hold another of that name."""
    found = []
    start = -1
    for mark in re.finditer(rf"<(/?){tag}(?:\s[^<>]*)?>", text):
        if not mark[1]:
            start = mark.end()
        elif start >= 0:
            found.append(text[start : mark.start()])
            start = -1
    return found


def _of(block: str, tag: str) -> str:
    found = re.search(rf"<{tag}>([^<]*)</{tag}>", block)
    return found[1].strip() if found else ""


def _checked(text: str) -> str:
    if text.strip() and not text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise UnreadableError("not XML")
    return _COMMENT.sub("", text)


def pom(text: str) -> Parsed:
    bare, parsed = _checked(text), Parsed()
    properties = {
        name: value for block in _blocks(bare, "properties") for name, value in _PROPERTY.findall(block)
    }
    for tag in ("dependency", "plugin", "parent", "extension"):
        for block in _blocks(bare, tag):
            group, artifact = _of(block, "groupId"), _of(block, "artifactId")
            version = re.sub(
                r"\$\{([\w.-]+)\}", lambda found: properties.get(found[1], found[0]), _of(block, "version")
            )
            if artifact:
                parsed.add(f"{group or 'org.apache.maven.plugins'}:{artifact}", version)
    for tag in ("repository", "pluginRepository", "snapshotRepository"):
        for block in _blocks(bare, tag):
            parsed.sources.add(f"{tag} {_of(block, 'url')}")
    for artifact in ("exec-maven-plugin", "maven-antrun-plugin"):
        for block in _blocks(bare, "plugin"):
            if _of(block, "artifactId") == artifact:
                parsed.scripts[artifact] = " ".join(block.split())
    return parsed


def msbuild(text: str) -> Parsed:
    """A project of .NET, Directory.Packages.props, packages.config."""
    bare, parsed = _checked(text), Parsed()
    for row in re.findall(
        r"<(?:PackageReference|PackageVersion|GlobalPackageReference|DotNetCliToolReference|package)\b([^<>]*)>",
        bare,
    ):
        name = re.search(r"\b(?:Include|Update|id)\s*=\s*\"([^\"]+)\"", row)
        version = re.search(r"\b(?:Version|VersionOverride|version)\s*=\s*\"([^\"]+)\"", row)
        if name:
            parsed.add(name[1], version[1] if version else "")
    for source in re.findall(r"<Restore(?:Additional)?(?:Project)?Sources>([^<]*)<", bare):
        parsed.sources.add(source.strip())
    for command in re.findall(r"<Exec\b[^>]*\bCommand\s*=\s*\"([^\"]*)\"", bare):
        parsed.scripts[f"Exec {command[:60]}"] = command
    for build in re.findall(r"<(?:PreBuildEvent|PostBuildEvent)>([^<]*)<", bare):
        parsed.scripts["build event"] = parsed.scripts.get("build event", "") + build
    return parsed


def settings(text: str) -> Parsed:
    """nuget.config, Maven's settings.xml and extensions.xml: every element counts."""
    bare, parsed = _checked(text), Parsed()
    parsed.sources |= {" ".join(tag.split()) for tag in re.findall(r"<[^/?!<>][^<>]*>\s*[^<\s]*", bare)}
    return parsed
