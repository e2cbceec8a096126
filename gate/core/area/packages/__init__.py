"""Dependency manifests and locks of many ecosystems, read from their text into one form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.area.packages import json_files, line_files, line_locks, requirement, toml_files, xml_files
from gate.core.area.packages.model import Entry, Parsed, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Entry", "Parsed", "UnreadableError", "is_run", "reader_of"]

_BY_NAME: dict[str, Callable[[str], Parsed]] = {
    "pyproject.toml": toml_files.pyproject,
    "pipfile": toml_files.pipfile,
    **dict.fromkeys(["poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"], toml_files.python_lock),
    "cargo.toml": toml_files.cargo,
    "cargo.lock": toml_files.cargo_lock,
    "libs.versions.toml": toml_files.version_catalogue,
    **dict.fromkeys(["bunfig.toml", "uv.toml"], toml_files.settings),
    "setup.cfg": requirement.ini_requirements,
    "package.json": json_files.package_json,
    **dict.fromkeys(["package-lock.json", "npm-shrinkwrap.json"], json_files.package_lock),
    "bun.lock": json_files.bun_lock,
    "deno.lock": json_files.deno_lock,
    "composer.json": json_files.composer_json,
    "composer.lock": json_files.composer_lock,
    "pipfile.lock": json_files.pipfile_lock,
    "packages.lock.json": json_files.nuget_lock,
    "package.resolved": json_files.swift_resolved,
    "flake.lock": json_files.flake_lock,
    "yarn.lock": line_locks.yarn_lock,
    "pnpm-lock.yaml": line_locks.pnpm_lock,
    "go.mod": line_files.go_mod,
    **dict.fromkeys(["go.sum", "go.work.sum"], line_locks.go_sum),
    **dict.fromkeys(["gemfile", "gems.rb"], line_files.gemfile),
    **dict.fromkeys(["gemfile.lock", "gems.locked"], line_locks.gemfile_lock),
    **dict.fromkeys(
        ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"], line_files.gradle
    ),
    "gradle.lockfile": line_locks.gradle_lock,
    "mix.exs": line_files.mix,
    "mix.lock": line_locks.mix_lock,
    "pubspec.yaml": line_files.pubspec,
    "pubspec.lock": line_locks.pubspec_lock,
    "podfile": line_files.podfile,
    "podfile.lock": line_locks.podfile_lock,
    "package.swift": line_files.swift_manifest,
    **dict.fromkeys(["environment.yml", "environment.yaml"], line_files.conda),
    **dict.fromkeys(
        [
            ".npmrc",
            ".yarnrc",
            ".yarnrc.yml",
            ".pnpmfile.cjs",
            "pip.conf",
            ".pypirc",
            ".condarc",
            "gradle-wrapper.properties",
            "maven-wrapper.properties",
            ".gemrc",
        ],
        line_files.settings,
    ),
    **dict.fromkeys(["pom.xml"], xml_files.pom),
    **dict.fromkeys(
        ["directory.packages.props", "directory.build.props", "directory.build.targets", "packages.config"],
        xml_files.msbuild,
    ),
    **dict.fromkeys(["nuget.config", "extensions.xml"], xml_files.settings),
    **dict.fromkeys(
        [
            "setup.py",
            "build.rs",
            "binding.gyp",
            "extconf.rb",
            "sitecustomize.py",
            "usercustomize.py",
            "setup.sh",
            "install.sh",
            "bootstrap.sh",
            "preinstall.sh",
            "postinstall.sh",
            "preinstall.js",
            "postinstall.js",
            "install.ps1",
            "setup.ps1",
        ],
        line_files.install_script,
    ),
}
_BY_PATTERN: tuple[tuple[re.Pattern[str], Callable[[str], Parsed]], ...] = (
    (re.compile(r"(?:^|/)[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)$"), requirement.requirements),
    (re.compile(r"(?:^|/)(?:requirements|constraints)/[\w.-]+\.(?:txt|in)$"), requirement.requirements),
    (re.compile(r"\.(?:cs|fs|vb)proj$"), xml_files.msbuild),
    (re.compile(r"\.gemspec$"), line_files.gemfile),
    (re.compile(r"\.pth$"), line_files.install_script),
    (re.compile(r"(?:^|/)\.cargo/config(?:\.toml)?$"), toml_files.settings),
    (re.compile(r"(?:^|/)\.yarn/(?:releases|plugins)/"), line_files.install_script),
)


def is_run(path: str) -> bool:
    """Whether a file is itself run on installing or building."""
    return reader_of(path) is line_files.install_script


def reader_of(path: str) -> Callable[[str], Parsed] | None:
    """Return what reads a manifest, lock, settings file or install script of this name; None for other files.

    The reader takes the text and raises UnreadableError if it is not what the name says.
    """
    lowered = path.casefold()
    if (known := _BY_NAME.get(lowered.rpartition("/")[2])) is not None:
        return known
    return next((reader for pattern, reader in _BY_PATTERN if pattern.search(lowered)), None)
