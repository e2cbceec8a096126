"""A signed statement as plain data: what is signed, byte for byte, and how it is read back.

It is an in-toto Statement. The bytes are canonical, so a statement has exactly one form, and whatever is
not in that form was not written by this program.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from gate.core.review.decisions import moment

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:ai-merge-gate:human-signoff:v1"
APPROVE, REJECT, REVOKE, OVERRIDE = "approve", "reject", "revoke", "override"
DECISIONS = (APPROVE, REJECT, REVOKE, OVERRIDE)
#: A larger statement is refused unread.
MAX_BYTES = 64 * 1024
#: Most characters of the reason that a person gives.
MAX_TEXT = 2000

_OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_AREA = re.compile(r"[a-z][a-z0-9-]*")
_HOSTED, _LOCAL = "git+https://", "git+local:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person declares about one change. Times are `YYYY-MM-DDThh:mm:ssZ`, ids full, digests `sha256:…`.

    `repo` is `host/path`, or a plain name where no host is known. `change` is the number of a merge request
    as text. `areas` are sorted; an `approve` names at least one. `text` is what the person says.
    """

    decision: str
    reviewer: str
    repo: str
    commit: str
    tree: str
    target: str
    base: str
    change_digest: str
    policy_digest: str
    created_at: str
    areas: tuple[str, ...] = ()
    change: str | None = None
    report_digest: str | None = None
    expires_at: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement that was found somewhere. `source` names the place for people, `id` is the start of the
    SHA-256 of the signed bytes. `problem` says why it cannot be believed; empty if its signature holds.
    `statement` is None if not even its form could be read. `counted_only` marks one of another change that was
    read to count overrides.
    """

    source: str
    id: str
    statement: Statement | None = None
    problem: str = ""
    counted_only: bool = False


def statement_id(raw: bytes) -> str:
    """Return the short name of a statement: 12 hexadecimal digits of the SHA-256 of its bytes."""
    return hashlib.sha256(raw).hexdigest()[:12]


def payload(statement: Statement) -> bytes:
    """Return the bytes that are signed. Raises ValueError if a field does not have its form."""
    raw = _encode(statement)
    parse_payload(raw)
    return raw


def _encode(statement: Statement) -> bytes:
    predicate = {
        "decision": statement.decision,
        "reviewer": statement.reviewer,
        "areas": list(statement.areas),
        "target": statement.target,
        "base": statement.base,
        "changeDigest": statement.change_digest,
        "policyDigest": statement.policy_digest,
        "createdAt": statement.created_at,
        "change": statement.change,
        "reportDigest": statement.report_digest,
        "expiresAt": statement.expires_at,
        "statement": statement.text,
    }
    document = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {
                "name": (_HOSTED if "/" in statement.repo else _LOCAL) + statement.repo,
                "digest": {"gitCommit": statement.commit, "gitTree": statement.tree},
            }
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {key: value for key, value in predicate.items() if value is not None},
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8") + b"\n"  # a lone surrogate is a UnicodeEncodeError, which is a ValueError


def parse_payload(raw: bytes) -> Statement:
    """Return the statement that bytes hold. Raises ValueError, with the reason for people, for anything else.

    Refused are unknown, missing and repeated keys, wrong types, more than 64 KiB, and any other spelling of
    the same content: what is signed has one form only.
    """
    if len(raw) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1024} KiB")
    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        told = str(error) if isinstance(error, _RefusedError) else "it is not JSON"
        raise ValueError(told) from error
    statement = _statement(document)
    if _encode(statement) != raw:
        raise ValueError("it is not in the canonical form: sorted keys, no blanks, one line feed at the end")
    return statement


class _RefusedError(ValueError):
    """A reason of ours, not of the JSON parser."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise _RefusedError("it has a key twice")
    return plain


def _constant(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is not JSON")


def _statement(document: Any) -> Statement:
    top = _keys(document, "it", {"_type", "subject", "predicateType", "predicate"})
    if top["_type"] != STATEMENT_TYPE or top["predicateType"] != PREDICATE_TYPE:
        raise ValueError("it is not a human sign-off (_type or predicateType is another)")
    subjects = top["subject"]
    if not isinstance(subjects, list) or len(subjects) != 1:
        raise ValueError("it must have exactly one subject")
    subject = _keys(subjects[0], "the subject", {"name", "digest"})
    digest = _keys(subject["digest"], "the subject's digest", {"gitCommit", "gitTree"})
    needed = {"decision", "reviewer", "areas", "target", "base", "changeDigest", "policyDigest", "createdAt"}
    optional = {"change", "reportDigest", "expiresAt", "statement"}
    told = _keys(top["predicate"], "the predicate", needed, optional)
    statement = Statement(
        decision=_text(told, "decision"),
        reviewer=_text(told, "reviewer", _PERSON),
        repo=_repository(_text(subject, "name")),
        commit=_text(digest, "gitCommit", _OBJECT_ID),
        tree=_text(digest, "gitTree", _OBJECT_ID),
        target=_text(told, "target"),
        base=_text(told, "base", _OBJECT_ID),
        change_digest=_text(told, "changeDigest", _DIGEST),
        policy_digest=_text(told, "policyDigest", _DIGEST),
        created_at=_time(told, "createdAt"),
        areas=_areas(told["areas"]),
        change=_text(told, "change") if "change" in told else None,
        report_digest=_text(told, "reportDigest", _DIGEST) if "reportDigest" in told else None,
        expires_at=_time(told, "expiresAt") if "expiresAt" in told else None,
        text=_text(told, "statement") if "statement" in told else None,
    )
    if statement.decision not in DECISIONS:
        raise ValueError(f"its decision is none of {', '.join(DECISIONS)}")
    if statement.decision == APPROVE and not statement.areas:
        raise ValueError("it approves no area")
    return statement


def _keys(value: Any, what: str, needed: set[str], optional: set[str] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")  # noqa: TRY004 - one kind of error for a wrong statement
    if missing := needed - value.keys():
        raise ValueError(f"{what} lacks {', '.join(sorted(missing))}")
    if unknown := value.keys() - needed - optional:
        raise ValueError(f"{what} has the unknown key {min(unknown)[:60]!r}")
    return value


def _text(record: dict[str, Any], key: str, form: re.Pattern[str] | None = None) -> str:
    value = record[key]
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
        raise ValueError(f"{key} is not a text of 1 to {MAX_TEXT:,} characters")
    if form is not None and not form.fullmatch(value):
        raise ValueError(f"{key} does not have its form")
    return value


def _time(record: dict[str, Any], key: str) -> str:
    value = _text(record, key, _TIME)
    if moment(value) is None:
        raise ValueError(f"{key} is not a time")
    return value


def _areas(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(a, str) and _AREA.fullmatch(a) for a in value):
        raise ValueError("areas is not a list of areas")
    if value != sorted(set(value)):
        raise ValueError("areas are not sorted, or one stands there twice")
    return tuple(value)


def _repository(name: str) -> str:
    for prefix in (_HOSTED, _LOCAL):
        if name.startswith(prefix) and len(name) > len(prefix):
            return name.removeprefix(prefix)
    raise ValueError(f"the subject's name does not start with {_HOSTED} or {_LOCAL}")
