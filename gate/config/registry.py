"""The data that is shipped (agents, areas, families) as plain documents; the core says what they mean."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from gate import rulesets
from gate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Document = dict[str, Any]

_TRUE_FALSE = re.compile("^(?:true|True|TRUE|false|False|FALSE)$")


def load_agents() -> Mapping[str, Document]:
    """Return the agent documents by file name (`agents/claude-code.yml`), sorted."""
    return _folder("agents")


def load_bots() -> Document:
    """Return the list of automation that is no AI, which stands beside the agents."""
    return load_document("agents/_bots.yml")


def load_areas() -> Mapping[str, Document]:
    """Return the area documents by file name (`areas/auth.yml`), sorted."""
    return _folder("areas")


def load_controls() -> Mapping[str, Document]:
    """Return the documents that map a release report to frameworks by file name (`controls/ssdf.yml`), sorted."""
    return _folder("controls")


def load_families() -> Document:
    """Return the document of `families.yml`."""
    return load_document("families.yml")


def load_document(name: str) -> Document:
    """Return one shipped file by its path below the rulesets.

    Unquoted dates, yes and no are text. Raises ConfigError, naming file, line and column, for a file that
    cannot be read or is no mapping.
    """
    return _read(rulesets.directory() / name, name)


def _folder(folder: str) -> dict[str, Document]:
    # A name that starts with `_` is not one of the documents of its folder.
    paths = sorted((rulesets.directory() / folder).glob("[!_]*.yml"))
    if not paths:
        raise ConfigError(
            f"{rulesets.directory() / folder}: the shipped files are missing from this installation",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        )
    return {name: _read(path, name) for path in paths for name in [f"{folder}/{path.name}"]}


def _read(path: Path, name: str) -> Document:
    import yaml  # noqa: PLC0415 - start-up stays cheap

    try:
        document = yaml.load(path.read_bytes(), Loader=_loader())  # noqa: S506 - a safe loader, see below
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{name}{place}: not valid YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{name}:1:1: expected a mapping")
    return document


@functools.cache
def _loader() -> Any:
    """The safe loader of libyaml where it is there (ten times as fast), without its guesses at dates and
    flags: a date object is no JSON, and `no` is a word. Only for our own files: it takes duplicate keys.
    """
    import yaml  # noqa: PLC0415

    base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    guesses = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"}
    resolvers = {
        letter: [rule for rule in rules if rule[0] not in guesses]
        for letter, rules in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("_Loader", (base,), {"yaml_implicit_resolvers": resolvers})
    loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUE_FALSE, list("tTfF"))
    return loader
