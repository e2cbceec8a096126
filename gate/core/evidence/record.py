"""The record that a verdict leaves behind, as plain data: what is signed, byte for byte, and how it is read back.

It is an in-toto Statement about one commit and tree. Its bytes are canonical, so a record has exactly one form,
and each names the digest of the record before it: what was removed or altered is missed by the next one.
"""

from __future__ import annotations

import hashlib
from typing import Any

from gate.core.evidence.canonical import canonical_json
from gate.core.evidence.model import (
    MOST_REFERENCES,
    AreaEvidence,
    Authors,
    Findings,
    Ignored,
    Origin,
    Record,
    Review,
    SignoffOutcome,
    Tool,
    UsedOverride,
    UsedStatement,
    UsedWaiver,
)
from gate.core.evidence.shape import Count, Counts, Fields, Flag, Many, Maybe, Text, Word, read_json

__all__ = [
    "MOST_REFERENCES",
    "AreaEvidence",
    "Authors",
    "Findings",
    "Ignored",
    "Origin",
    "Record",
    "Review",
    "SignoffOutcome",
    "Tool",
    "UsedOverride",
    "UsedStatement",
    "UsedWaiver",
    "parse_record",
    "record_digest",
    "repository_of",
    "repository_uri",
    "write_record",
]

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:ai-merge-gate:verdict:v1"
#: A larger record is refused unread.
MAX_BYTES = 1024 * 1024
VERDICTS = ("passed", "needs_signoff", "blocked", "incomplete")
AUTHOR_VERDICTS = ("declared_ai", "ai_assisted", "ai_linked", "bot", "attested_human", "undeclared")
SEVERITIES = ("critical", "high", "medium", "low", "info")
DECISIONS = ("block", "signoff", "note", "waived", "suppressed")
_HOSTED, _LOCAL = "git+https://", "git+local:"

OBJECT_ID = r"[0-9a-f]{40}|[0-9a-f]{64}"
DIGEST = r"sha256:[0-9a-f]{64}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


_ID, _DIGEST, _TIME, _SHORT, _PROSE = (
    Text(64, OBJECT_ID),
    Text(71, DIGEST),
    Text(20, TIME),
    Text(300),
    Text(8000),
)
_NAMES = Many(_SHORT, once=True)
_ORDERED_NAMES = Many(_SHORT)

_TOOL = Fields(
    Tool,
    {
        "name": ("name", _SHORT),
        "version": ("version", Text(300, empty=True)),
        "status": ("status", Word(("completed", "partial", "failed", "skipped"))),
    },
)
_FINDINGS = Fields(
    Findings,
    {
        "digest": ("digest", _DIGEST),
        "severities": ("severities", Counts(SEVERITIES)),
        "decisions": ("decisions", Counts(DECISIONS)),
    },
)
_AUTHORS = Fields(
    Authors,
    {
        "verdict": ("verdict", Word(AUTHOR_VERDICTS)),
        "agents": ("agents", _ORDERED_NAMES),
        "commits": ("commits", Count()),
        "aiCommits": ("ai_commits", Count()),
        "people": ("people", _NAMES),
        "morePeople": ("more_people", Count()),
        "unresolved": ("unresolved", _NAMES),
    },
)
_AREA = Fields(
    AreaEvidence,
    {
        "area": ("area", Text(100, r"[a-z][a-z0-9-]*")),
        "references": ("references", Many(Text(5000), MOST_REFERENCES)),
        "more": ("more", Count()),
    },
)
_REVIEW = Fields(
    Review,
    {
        "who": ("who", _SHORT),
        "kind": ("kind", Word(("review", "approval", "statement"))),
        "at": ("at", Text(40)),
        "commit": ("commit", Text(64, r"[0-9a-f]{4,64}")),
        "areas": ("areas", _NAMES),
    },
)
_IGNORED = Fields(Ignored, {"who": ("who", Text(1000)), "why": ("why", _PROSE)})
_STATEMENT = Fields(
    UsedStatement,
    {
        "id": ("id", _SHORT),
        "reviewer": ("reviewer", Text(300, empty=True)),
        "decision": ("decision", Text(300, empty=True)),
        "counts": ("counts", Flag()),
        "why": ("why", Text(8000, empty=True)),
    },
)
_OVERRIDE = Fields(
    UsedOverride,
    {"by": ("by", _SHORT), "reason": ("reason", _PROSE), "expiresAt": ("expires_at", _TIME)},
)
_SIGNOFF = Fields(
    SignoffOutcome,
    {
        "outcome": ("outcome", Word(VERDICTS)),
        "required": ("required", Flag()),
        "ai": ("ai", Flag()),
        "needed": ("needed", Count()),
        "accepted": ("accepted", _NAMES),
        "reviews": ("reviews", Many(_REVIEW)),
        "ignored": ("ignored", Many(_IGNORED)),
        "statements": ("statements", Many(_STATEMENT)),
        "override": ("override", Maybe(_OVERRIDE)),
    },
)
_WAIVER = Fields(
    UsedWaiver,
    {
        "owner": ("owner", _SHORT),
        "expires": ("expires", Text(10, r"\d{4}-\d\d-\d\d")),
        "reason": ("reason", _PROSE),
        "rules": ("rules", _ORDERED_NAMES),
        "findings": ("findings", _NAMES),
    },
)
_ORIGIN = Fields(Origin, {"job": ("job", Text(2000, empty=True)), "actor": ("actor", Text(300, empty=True))})
_PREDICATE = Fields(
    dict,
    {
        "change": ("change", Maybe(Text(40, r"[1-9]\d*"))),
        "target": ("target", Text(2000)),
        "base": ("base", _ID),
        "mergeBase": ("merge_base", _ID),
        "changeDigest": ("change_digest", _DIGEST),
        "policySource": ("policy_source", Text(2000)),
        "policyDigest": ("policy_digest", _DIGEST),
        "rulesetsDigest": ("rulesets_digest", _DIGEST),
        "registryDigest": ("registry_digest", _DIGEST),
        "preset": ("preset", _SHORT),
        "mode": ("mode", Word(("enforce", "observe"))),
        "gateVersion": ("gate_version", _SHORT),
        "tools": ("tools", Many(_TOOL)),
        "findings": ("findings", _FINDINGS),
        "authorship": ("authors", _AUTHORS),
        "areas": ("areas", Many(_AREA)),
        "signoff": ("signoff", _SIGNOFF),
        "waivers": ("waivers", Many(_WAIVER)),
        "verdict": ("verdict", Word(VERDICTS)),
        "exitCode": ("exit_code", Count(most=4)),
        "recordedAt": ("recorded_at", _TIME),
        "origin": ("origin", _ORIGIN),
        "reportDigest": ("report_digest", _DIGEST),
        "previous": ("previous", Many(_DIGEST, 1000, once=True)),
        "number": ("number", Count(1)),
    },
)
_DOCUMENT = Fields(
    dict,
    {
        "_type": ("type", Word((STATEMENT_TYPE,))),
        "predicateType": ("predicate_type", Word((PREDICATE_TYPE,))),
        "subject": (
            "subject",
            Many(
                Fields(
                    dict,
                    {
                        "name": ("name", Text(2000)),
                        "digest": (
                            "digest",
                            Fields(dict, {"gitCommit": ("commit", _ID), "gitTree": ("tree", _ID)}),
                        ),
                    },
                ),
                1,
            ),
        ),
        "predicate": ("predicate", _PREDICATE),
    },
)


def record_digest(raw: bytes) -> str:
    """Return the name of a record: `sha256:` and the hexadecimal SHA-256 of its bytes."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def write_record(record: Record) -> bytes:
    """Return the bytes that are signed. Raises ValueError if a field does not have its form."""
    raw = _encode(record)
    parse_record(raw)
    return raw


def _encode(record: Record) -> bytes:
    document = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {
                "name": repository_uri(record.repo),
                "digest": {"gitCommit": record.commit, "gitTree": record.tree},
            }
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": _PREDICATE.write(record),
    }
    return canonical_json(document) + b"\n"


def parse_record(raw: bytes) -> Record:
    """Return the record that bytes hold. Raises ValueError, with the place for people, for anything else.

    Refused are unknown, missing and repeated keys, wrong types, more than 1 MiB, and any other spelling of the
    same content: what is signed has one form only.
    """
    document = read_json(raw, most=MAX_BYTES)
    if isinstance(document, dict) and document.get("predicateType", PREDICATE_TYPE) != PREDICATE_TYPE:
        raise ValueError("it is not the record of a verdict (predicateType is another)")
    told: dict[str, Any] = _DOCUMENT.read(document, "the record")
    if len(told["subject"]) != 1:
        raise ValueError("the record.subject has not exactly one entry")
    subject = told["subject"][0]
    record = Record(repo=repository_of(subject["name"]), **subject["digest"], **told["predicate"])
    if not record.previous and record.number != 1:
        raise ValueError("the record.predicate.number is not 1, and there is no record before it")
    if _encode(record) != raw:
        raise ValueError("it is not in the canonical form: sorted keys, no blanks, one line feed at the end")
    return record


def repository_uri(repo: str) -> str:
    """Return the name of a repository in a subject."""
    return (_HOSTED if "/" in repo else _LOCAL) + repo


def repository_of(name: str) -> str:
    """Return the repository that a subject names. Raises ValueError if it names none."""
    for prefix in (_HOSTED, _LOCAL):
        if name.startswith(prefix) and len(name) > len(prefix):
            return name.removeprefix(prefix)
    raise ValueError(f"the subject's name does not start with {_HOSTED} or {_LOCAL}")
