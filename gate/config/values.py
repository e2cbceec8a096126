"""The kinds of text that configuration files hold: people, places, patterns, dates."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.config import yaml
from gate.config.globs import PolicyGlob, compile_glob
from gate.config.kinds import INVALID, Text, found
from gate.config.problems import shown
from gate.core.evidence.place import parse_place
from gate.core.fold import fold, pieces
from gate.core.policy import CODEOWNERS
from gate.errors import ConfigError

if TYPE_CHECKING:
    from gate.config.kinds import Invalid, Schema
    from gate.config.problems import Problems

_KEY_TYPES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
)


def _login(value: str) -> str | None:
    if value.startswith("@"):
        return f"{shown(value)} starts with '@'; write {shown(value[1:])}"
    if value.endswith("[bot]"):
        return f"{shown(value)} is a bot; only humans can sign off"
    return None


def _date(value: str) -> str | None:
    try:
        if dt.date.fromisoformat(value).isoformat() == value:
            return None
    except ValueError:
        pass
    return f"{shown(value)} is not a date; write it as YYYY-MM-DD"


def _human_id(value: str) -> str | None:
    return f"{value!r} is a word with a meaning of its own in reviewer lists" if value == CODEOWNERS else None


def _repository_path(value: str) -> str | None:
    if value.startswith("/") or "\\" in value or ".." in value.split("/") or posixpath.normpath(value) == ".":
        return f"{shown(value)} is not a path inside the repository; write it from its root with '/'"
    return None


def _ruleset(value: str) -> str | None:
    if value.startswith(("p/", "r/", "s/")) or value in {"auto", "default"} or "://" in value:
        return f"{shown(value)} would be downloaded; put the rules into the repository and give their path"
    return _repository_path(value)


def _path_word(value: str) -> str | None:
    if "*" in value[:-1]:
        return f"{shown(value)}: '*' can only stand at the end"
    parts = pieces(value)
    if len("".join(parts)) < 2:
        return f"{shown(value)} would be found nearly everywhere; write at least two letters"
    if len(parts) > 3:
        return f"{shown(value)} has more than three parts; write a pattern under paths instead"
    return None


def _ssh_key(value: str) -> str | None:
    """Say what is wrong with a public key. It goes into a signers file, so it must be exactly one key."""
    if "PRIVATE KEY" in value:
        return "this is a private key; revoke it, it is public now. Give the line of the .pub file"
    kind, _, rest = value.partition(" ")
    if kind not in _KEY_TYPES:
        return f"{shown(value)} is not an SSH public key; it starts with one of {', '.join(_KEY_TYPES)}"
    try:
        blob = base64.b64decode(rest.partition(" ")[0], validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    name = kind.encode()
    if not blob.startswith(len(name).to_bytes(4, "big") + name) or len(blob) < len(name) + 24:
        return f"{shown(value)} is not a whole SSH public key; copy the line of the .pub file again"
    return None


def _store(value: str) -> str | None:
    try:
        parse_place(value)
    except ValueError as error:
        return f"{shown(value)} {error}"
    if "@" in value and re.match(r"postgres(?:ql)?://[^/@]*:[^/@]+@", value):
        return "the address holds a password; leave it out and give it to the job in PGPASSWORD"
    return None


LOGIN = Text(r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "a login", _login)
_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*"
TEAM = Text(rf"^{_NAME}/{_NAME}$", "a team, written as organisation/team", _login)
GROUP = Text(rf"^{_NAME}(/{_NAME})*$", "a group, written as group/subgroup", _login)
EMAIL = Text(r"^[^@\s<>,]+@[^@\s<>,]+$", "an e-mail address")
DATE = Text(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a date in quotes or plain, as YYYY-MM-DD", _date)
# It is a principal in a signers file of ssh-keygen, where blanks, commas, quotes and `*?!` have a meaning.
_ID = (r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$", "an id (letters, digits, '.', '_', '@', '+', '-')")
HUMAN_ID = Text(*_ID, _human_id)
REVIEWER = Text(*_ID)
AREA_ID = Text(r"^[a-z][a-z0-9-]*$", "the id of an area (lower-case letters, digits, '-')")
TOOL_NAME = Text(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "a name (letters, digits, '.', '_', '-')")
HOST = Text(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "a host name in lower case")
VARIABLE = Text(r"^[A-Za-z_][A-Za-z0-9_]*$", "the name of an environment variable")
SSH_KEY = Text(expected="an SSH public key", refuse=_ssh_key)
STORE = Text(expected="a store of records", refuse=_store)
REMOTE = Text(r"^[^\s-][^\s]*$", "the name or address of a remote")
PATH_WORD = Text(r"^[^\W_][\w-]*\*?$", "a word, with '*' at its end for any ending", _path_word)
PACKAGE = Text(r"^[^\s*]+\*?$", "the name of a package, with '*' at its end for any ending")
REPOSITORY_PATH = Text(expected="a path", refuse=_repository_path, change=posixpath.normpath)
RULESET = Text(expected="'builtin' or a path", refuse=_ruleset, change=posixpath.normpath)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A gitignore pattern. `everything` false refuses one that matches every path."""

    everything: bool = True

    def check(self, node: yaml.Node, path: str, problems: Problems) -> PolicyGlob | Invalid:
        text = node.value if isinstance(node, yaml.Scalar) else None
        if not isinstance(text, str):
            problems.add(node, f"{path}: expected a pattern, found {found(node)}")
            return INVALID
        try:
            glob = compile_glob(text)
            compile_glob(fold(text))  # areas match the folded form too
        except ConfigError as error:
            problems.add(node, f"{path}: {error.message}")
            return INVALID
        if not self.everything and all(map(glob.matches, ("a", "Z.z", ".b/c/d.e"))):
            problems.add(
                node, f"{path}: the pattern {text!r} matches every file, so nothing would be looked at"
            )
            return INVALID
        return PolicyGlob(text=text, regex=glob.regex, where=problems.where(node), key=path)

    def build(self, value: PolicyGlob) -> PolicyGlob:
        return value

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^[^!#]"}
