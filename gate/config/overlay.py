"""What a site adds to the shipped registry of agents: the file that `authorship.overlay` names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gate.config import yaml
from gate.config.kinds import INVALID, Number, Text, wrong
from gate.config.problems import Problems, shown, suggestion
from gate.config.records import Key, ListOf, Record
from gate.config.values import HOST
from gate.core.authorship import RegistryError, build_registry, fixture_problems
from gate.core.authorship.schema import read_agent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.config.kinds import Invalid, Schema
    from gate.core.authorship import Registry

VERSION = 1
_SUBJECT = re.compile(r"^(?:signature .+? of )?agent .+?(?:: (.*))?$", re.DOTALL)
_WORD = re.compile(r"\w[\w.-]*\w|\w")


class _Any:
    """A value that the core checks."""

    def check(self, node: yaml.Node, _path: str, _problems: Problems) -> Any:
        return yaml.plain(node)

    def build(self, value: Any) -> Any:
        return value

    def schema(self) -> Schema:
        return {}


class _Agent(_Any):
    """An agent with its signatures, as in one file of the shipped registry."""

    def check(self, node: yaml.Node, path: str, problems: Problems) -> dict[str, Any] | Invalid:
        if not isinstance(node, yaml.Mapping):
            return wrong(node, path, "an agent with id, name and signatures", problems)
        document: dict[str, Any] = yaml.plain(node)
        # One signature at a time, so that every problem is told and not only the first.
        rows = yaml.items(yaml.child(node, "signatures"))
        parts = [(row, document | {"signatures": [yaml.plain(row)]}) for row in rows] or [(node, document)]
        good = True
        for row, part in parts:
            try:
                read_agent(part)
            except RegistryError as error:
                good = False
                problems.add(_place(error, node, row), f"{path}: {error}" if path else str(error))
        return document if good else INVALID


_AGENT_KEYS = ("id", "name", "note", "note_tools", "signatures")
_FILE = Record(
    {
        "version": Key(Number(VERSION, VERSION), "Version of this format."),
        "agents": Key(ListOf(_Agent()), "Agents, each as in a file of the shipped registry."),
        **{name: Key(_Any(), "The one agent of a file without `agents`.") for name in _AGENT_KEYS},
        "disable": Key(ListOf(Text()), "Ids of signatures that shall not count."),
        "bots": Key(
            ListOf(Text(r"^[A-Za-z0-9][A-Za-z0-9_.-]*(\[bot\])?$", "the name of an account")),
            "Accounts of automation that is no AI.",
        ),
        "noreply_hosts": Key(
            ListOf(HOST), "Hosts of private addresses (`ID+login@users.noreply.HOST`) besides github.com."
        ),
    }
)


def registry_with_overlay(
    text: bytes,
    *,
    name: str,
    documents: Sequence[Mapping[str, Any]],
    bots: Mapping[str, Any],
    noreply_hosts: Sequence[str] = (),
) -> Registry:
    """Return the shipped registry with the overlay of a site laid over it.

    The file holds `agents`, or one agent with its keys at the top, and `disable`, `bots`, `noreply_hosts`. Each
    signature brings at least one text that carries it and one that must not, and both are tried.
    `name` is what messages call the file. Raises ConfigErrors with every problem as file:line:column.
    """
    problems = Problems(name)
    root = yaml.parse(text, problems)
    values: Any = _FILE.check(root, "", problems)
    alone = any(yaml.child(root, key) is not None for key in _AGENT_KEYS)
    if alone:
        only = _Agent().check(_without(root, _AGENT_KEYS), "", problems)
        if only is not INVALID:
            values["agents"] = (*values.get("agents", ()), only)
    problems.raise_if_any()
    overlay = {key: list(values.get(key, ())) for key in ("agents", "disable", "bots", "noreply_hosts")}
    places = _places(root)
    try:
        registry = build_registry(documents, bots=bots, noreply_hosts=noreply_hosts, overlay=overlay)
    except RegistryError as error:
        problems.fail(_named(str(error), places, root), _with_suggestion(str(error), documents))
    for problem in fixture_problems(registry, only=registry.added):
        problems.add(_named(problem, places, root), problem)
    problems.raise_if_any()
    return registry


def _without(root: yaml.Node, kept: Sequence[str]) -> yaml.Mapping:
    entries = tuple((key, value) for key, value in yaml.entries(root) if key.text in kept)
    return yaml.Mapping(root.line, root.column, entries)


def _place(error: RegistryError, agent: yaml.Node, row: yaml.Node) -> yaml.Node:
    """The value that an error of one agent or signature speaks of, as far as it can be followed."""
    node = row if error.where.startswith("signature ") else agent
    subject = _SUBJECT.match(error.where)
    for key in re.split(r"[:.]\s*", subject[1]) if subject and subject[1] else ():
        node = yaml.child(node, key) or node
    return node


def _places(root: yaml.Node) -> dict[str, yaml.Node]:
    """Where each id stands: those of signatures, and those to disable."""
    found: dict[str, yaml.Node] = {}
    for agent in (root, *yaml.items(yaml.child(root, "agents"))):
        for row in yaml.items(yaml.child(agent, "signatures")):
            if isinstance(identifier := yaml.child(row, "id"), yaml.Scalar):
                found[identifier.text] = identifier
    for item in yaml.items(yaml.child(root, "disable")):
        if isinstance(item, yaml.Scalar):
            found.setdefault(item.text, item)
    return found


def _named(message: str, places: Mapping[str, yaml.Node], root: yaml.Node) -> yaml.Node:
    """The place of the first id of this file that a message names."""
    return next((places[word] for word in _WORD.findall(message) if word in places), root)


def _with_suggestion(message: str, documents: Sequence[Mapping[str, Any]]) -> str:
    named = re.match(r"overlay: disable names (\S+), which", message)
    if not named:
        return message
    known = [row["id"] for document in documents for row in document["signatures"]]
    return f"disable: {shown(named[1])} is no signature" + (
        suggestion(named[1], known) or "; `gate rules --agents` lists them"
    )
