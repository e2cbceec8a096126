"""Forge facts from a file (`--reviews FILE`, schema `gate-reviews/1`): for tests and for other forges.

The file is believed like the answer of a forge, so give only one that the change under review cannot
write. It is read strictly: a mistyped key or word must not lose an objection.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import msgspec

from gate.core.review import Account, Decision, ForgeFacts, Member
from gate.errors import ConfigError, UsageError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

SCHEMA = "gate-reviews/1"
MAX_BYTES = 5_000_000

Sha = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{40}|[0-9a-f]{64})$")]
Name = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]*:[^\\s:]+$", max_length=300)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Team = Annotated[str, msgspec.Meta(pattern="^(github|gitlab):[^\\s:]+$", max_length=300)]
Kind = Literal["user", "bot", "unknown"]
Permission = Literal["none", "read", "triage", "write", "maintain", "admin"]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A JSON object without room for mistakes."""


class _Account(_Strict):
    account: Name
    kind: Kind
    id: int | None = None


class _Member(_Account, kw_only=True):
    active: bool
    permission: Permission


class _CommitAccounts(_Strict):
    author: _Account | Name | None
    committer: _Account | Name | None


class _Decision(_Strict):
    id: Text
    account: Name
    kind: Kind
    state: Literal["approved", "changes_requested", "dismissed", "revoked", "commented"]
    at: Text
    commit: Sha | None
    active: bool
    permission: Permission
    source: Literal["review", "approval", "statement", "comment", "reaction", "label", "trailer"]
    id_number: int | None = None


class _Reviews(_Strict):
    schema: Literal["gate-reviews/1"]
    repo: Text
    target: Annotated[str, msgspec.Meta(pattern="^refs/.+$", max_length=1000)]
    head: Sha
    complete: bool
    opener: _Account | None
    decisions: list[_Decision]
    change: str = ""
    branch: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    body: Annotated[str, msgspec.Meta(max_length=1_000_000)] | None = None
    target_protected: bool | None = None
    missing: list[Text] = []
    requester: _Account | None = None
    pushers: list[_Account] | None = None
    earlier_heads: list[Sha] = []
    retargeted_at: Text | None = None
    commit_accounts: dict[Sha, _CommitAccounts] = {}
    members: list[_Member] = []
    teams: dict[Team, list[_Account] | None] = {}


def read_reviews(path: str | os.PathLike[str]) -> ForgeFacts:
    """Return the facts of a reviews file.

    Raises UsageError if the file cannot be opened or is larger than 5 MB, ConfigError if it is not exactly
    one `gate-reviews/1` object: cut or invalid JSON (with line and column), a duplicate or unknown key, a
    wrong type, word, commit id or time (with the place, such as `$.decisions[0].at`).
    """
    name = str(path)
    document = _parse(name, _read(name))
    try:
        reviews = msgspec.convert(document, _Reviews)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        _wrong(name, place.strip("`") or "$", message)
    for number, one in enumerate(reviews.decisions):
        if one.account.startswith("statement:"):
            # Accounts of that name are keys, and only a signature that was verified makes one.
            _wrong(
                name, f"$.decisions[{number}].account", "an account of a forge cannot be called statement:…"
            )
    decisions = tuple(
        Decision(
            id=one.id,
            account=Account(account=one.account, number=one.id_number, kind=one.kind),
            state=one.state,
            at=_time(name, f"$.decisions[{number}].at", one.at),
            commit=one.commit,
            active=one.active,
            permission=one.permission,
            source=one.source,
        )
        for number, one in enumerate(reviews.decisions)
    )
    retargeted = reviews.retargeted_at
    return ForgeFacts(
        repo=reviews.repo,
        change=reviews.change,
        branch=reviews.branch,
        body=reviews.body,
        target=reviews.target,
        target_protected=reviews.target_protected,
        head=reviews.head,
        complete=reviews.complete,
        missing=tuple(reviews.missing),
        opener=_account(reviews.opener),
        requester=_account(reviews.requester),
        pushers=None if reviews.pushers is None else tuple(_known(one) for one in reviews.pushers),
        earlier_heads=tuple(reviews.earlier_heads),
        retargeted_at=None if retargeted is None else _time(name, "$.retargeted_at", retargeted),
        commit_accounts={
            sha: (_account(one.author), _account(one.committer))
            for sha, one in reviews.commit_accounts.items()
        },
        decisions=decisions,
        members=tuple(
            Member(account=_known(one), active=one.active, permission=one.permission)
            for one in reviews.members
        ),
        teams={
            team: None if them is None else tuple(_known(one) for one in them)
            for team, them in reviews.teams.items()
        },
    )


def _account(one: _Account | str | None) -> Account | None:
    return None if one is None else _known(one)


def _known(one: _Account | str) -> Account:
    """A bare name is an account that the forge itself found for a commit."""
    if isinstance(one, str):
        return Account(account=one, kind="bot" if one.endswith("[bot]") else "user")
    return Account(account=one.account, number=one.id, kind=one.kind)


def _time(name: str, place: str, text: str) -> str:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        _wrong(name, place, f"{text!r} is no time with an offset, such as 2026-01-02T03:04:05Z")
    return parsed.astimezone(UTC).isoformat().replace("+00:00", "Z")


# -- reading -----------------------------------------------------------------------------------------


def _read(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"{name}: cannot be read: {reason}", hint="Give the path of a gate-reviews/1 file to --reviews."
        ) from error
    if len(content) > MAX_BYTES:
        raise UsageError(
            f"{name}: larger than {MAX_BYTES:,} bytes",
            hint="Leave decisions out that are comments, or those of other merge requests.",
        )
    return content


class _Repeats(dict[str, Any]):
    """A JSON object that names a key twice."""

    key: str = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeats = _Repeats(plain)
    repeats.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return repeats


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _parse(name: str, content: bytes) -> Any:
    try:
        document = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
        repeated = next(_repeated(document, "$"), None)
    except json.JSONDecodeError as error:
        raise ConfigError(
            f"{name}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}",
            hint="The file may be cut; write it again.",
        ) from error
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        _wrong(name, "$", f"not valid JSON: {reason}")
    if repeated is not None:
        _wrong(name, repeated[0], f"the key {repeated[1]!r} stands there twice")
    if isinstance(document, dict) and document.get("schema") != SCHEMA:
        _wrong(name, "$.schema", f"must be {SCHEMA!r}, is {document.get('schema')!r}")
    return document


def _repeated(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, _Repeats):
        yield place, value.key
    if isinstance(value, dict):
        for key, inner in value.items():
            step = f".{key}" if re.fullmatch(r"\w+", key) else f"[{key!r}]"
            yield from _repeated(inner, place + step)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _repeated(inner, f"{place}[{number}]")


def _wrong(name: str, place: str, message: str) -> NoReturn:
    raise ConfigError(
        f"{name}: {place}: {message}", hint=f"Correct the file; its format is {SCHEMA} in the documentation."
    )
