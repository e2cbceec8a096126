"""The waiver file: findings that somebody accepted for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gate.config import yaml
from gate.config.kinds import INVALID, Number, Text, Word
from gate.config.problems import Problems
from gate.config.records import Key, ListOf, Record
from gate.config.values import DATE, Pattern
from gate.core.finding import Severity
from gate.core.suppression import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.policy import Human

VERSION = 1
#: A reason shorter than this says nothing ("false positive").
REASON_CHARACTERS = 15

_LEVELS = {level.word: level.word for level in sorted(Severity, reverse=True)}

_WAIVER = Record(
    {
        "fingerprint": Key(
            Text(r"^id/v1:[0-9a-f]{32}$", "the id of a finding, as 'id/v1:' and 32 hexadecimal digits"),
            "Id of one finding.",
        ),
        "family": Key(Text(), "Family of weaknesses, together with `path`."),
        "rule": Key(Text(), "Rule id of a scanner, together with `path`."),
        "path": Key(Pattern(), "Pattern with at least one literal name in it."),
        "owner": Key(Text(), "A human of the policy who answers for it.", required=True),
        "reason": Key(Text(prose=True, least=REASON_CHARACTERS), "Why it is accepted.", required=True),
        "ticket": Key(Text(), "Where it is followed up."),
        "created": Key(DATE, "First day.", required=True),
        "expires": Key(DATE, "Last day (UTC).", required=True),
        "max_severity": Key(Word(_LEVELS), "Highest severity that it covers.", "high"),
    }
)

_FILE = Record(
    {
        "version": Key(
            Number(VERSION, VERSION), "Version of this format.", required=True, example=f"version: {VERSION}"
        ),
        "waivers": Key(ListOf(_WAIVER), "The waivers.", required=True, example="waivers: []"),
    }
)


def load_waivers(
    text: bytes | None, *, name: str = ".gate/waivers.yml", humans: Iterable[Human] = ()
) -> tuple[Waiver, ...]:
    """Return the entries of a waiver file in file order; no file, no entries.

    An owner who is written as an e-mail address or login of one of `humans` becomes that human's id; any
    other stays as written. Whether an entry is in force (expired, too long, owner unknown, severity) is for
    the core to judge and report. Raises ConfigErrors with every problem of a file that is wrong in itself:
    unknown keys, missing or broken values, dates in the wrong order, a path that could mean every file.
    """
    if text is None:
        return ()
    problems = Problems(name)
    root = yaml.parse(text, problems)
    values: Any = _FILE.check(root, "", problems)
    nodes = yaml.items(yaml.child(root, "waivers"))
    for at, node in enumerate(nodes):
        _check_entry(node, f"waivers[{at}]", problems)
    problems.raise_if_any()
    owners = _owners(humans)
    return tuple(
        _waiver(entry, f"{name}:{node.line}", owners)
        for entry, node in zip(values["waivers"], nodes, strict=True)
    )


def _check_entry(node: yaml.Node, where: str, problems: Problems) -> None:
    """What holds between the keys of one entry."""
    given = {key.text for key, _ in yaml.entries(node)}
    by = sorted(given & {"fingerprint", "family", "rule"})
    if not isinstance(node, yaml.Mapping):
        return
    if len(by) != 1:
        got = f"not {' and '.join(by)}" if by else "found none"
        problems.add(node, f"{where}: give exactly one of fingerprint, family, rule; {got}")
    elif by == ["fingerprint"] and "path" in given:
        problems.add(node, f"{where}: a fingerprint names one finding already; remove path")
    elif by != ["fingerprint"] and "path" not in given:
        problems.add(node, f"{where}: the key 'path' is missing; a {by[0]} is waived in named places only")
    path = yaml.child(node, "path")
    if isinstance(path, yaml.Scalar) and path.text.strip() and not _has_literal_name(path.text):
        problems.add(
            path, f"{where}.path: {path.text!r} names no file or folder; write at least one name in full"
        )
    expires = yaml.child(node, "expires")
    first, last = (_date(yaml.child(node, key)) for key in ("created", "expires"))
    if expires is not None and first and last and last < first:
        problems.add(expires, f"{where}.expires: {last} is before {first}, the day it was created")


def _date(node: yaml.Node | None) -> str:
    """A valid date as text, which sorts as dates do; empty for anything else, whose problem is noted already."""
    checked = DATE.check(node, "", Problems("")) if node is not None else INVALID
    return checked if isinstance(checked, str) else ""


def _has_literal_name(pattern: str) -> bool:
    names = pattern.removeprefix("\\").split("/")
    return any(name not in {"", ".", ".."} and not set(name) & set("*?[") for name in names)


def _owners(humans: Iterable[Human]) -> dict[str, str]:
    """Other names of humans → id; a name that two humans share (on two forges) means nobody."""
    owners: dict[str, str | None] = {}
    for human in humans:
        for other in {text.casefold() for text in (*human.github, *human.gitlab, *human.emails)}:
            owners[other] = human.id if owners.setdefault(other, human.id) == human.id else None
    ids = {human.id: human.id for human in humans}
    return {name: owner for name, owner in owners.items() if owner is not None} | ids


def _waiver(entry: dict[str, Any], where: str, owners: dict[str, str]) -> Waiver:
    path = entry.pop("path", None)
    owner = entry.pop("owner")
    return Waiver(
        **entry,
        owner=owners.get(owner, owners.get(owner.casefold(), owner)),
        path=path.text if path else None,
        path_regex=path.regex if path else None,
        where=where,
    )
