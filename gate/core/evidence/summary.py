"""The verification summary of a release, as plain data: what is signed, byte for byte, and how it is read back.

It is a SLSA verification summary (`https://slsa.dev/verification_summary/v1`) about a tag's commit, so other tools
can read it. What SLSA has no field for stands under a key of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gate.core.evidence.canonical import canonical_json
from gate.core.evidence.record import (
    DIGEST,
    OBJECT_ID,
    STATEMENT_TYPE,
    TIME,
    VERDICTS,
    repository_of,
    repository_uri,
)
from gate.core.evidence.shape import Count, Counts, Fields, Many, Maybe, Shape, Text, Word, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1"
#: What else a release says; SLSA lets a verifier add keys that are URIs.
OWN = "urn:ai-merge-gate:release:v1"
VERIFIER = "urn:ai-merge-gate"
PASSED, FAILED = "PASSED", "FAILED"
#: The level that a release reaches in which everything sensitive is answered for; not one of SLSA's own.
LEVEL = "AI_MERGE_GATE_RELEASE"
RECORD, STATEMENT = "urn:ai-merge-gate:verdict:v1", "urn:ai-merge-gate:human-signoff:v1"
STEPS = ("plain", "cancelled", "covered", "overridden", "uncovered")
#: A larger summary is refused unread: 100,000 records and statements.
MAX_BYTES = 24 * 1024 * 1024
_TAG = "refs/tags/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A record or signed statement that the verdict rests on. `kind` is RECORD or STATEMENT."""

    kind: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """What let something pass for a time: a waiver or an override; `until` as they say it themselves."""

    kind: str
    by: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The verdict on a release. Ids are full, digests `sha256:…`, times `YYYY-MM-DDThh:mm:ssZ`.

    `tag` is without refs/tags/, `tag_object` the id of an annotated tag. `previous` is what the release is compared
    with, and `previous_commit` the one whose policy judged. `steps` counts the steps of the released line by what
    became of them. `ends` are the digests that end the chain of records at this time, and `number` the highest
    number among them: whoever has this summary notices a store whose newest records were cut off.
    """

    repo: str
    tag: str
    commit: str
    tree: str
    tag_object: str | None
    previous: str
    previous_commit: str
    verdict: str
    exit_code: int
    verified_at: str
    policy_source: str
    policy_digest: str
    rulesets_digest: str
    gate_version: str
    change_digest: str
    report_digest: str
    steps: Mapping[str, int]
    exceptions: tuple[Excused, ...]
    inputs: tuple[Input, ...]
    ends: tuple[str, ...] = ()
    number: int = 0

    @property
    def has_passed(self) -> bool:
        return self.verdict == "passed"


_ID, _SHA, _NAME, _PROSE = Text(64, OBJECT_ID), Text(64, r"[0-9a-f]{64}"), Text(300), Text(8000)
_DIGEST = Text(71, DIGEST)


def _plain(**keys: Shape) -> Fields:
    return Fields(dict, {key: (key, shape) for key, shape in keys.items()})


_OWN = Fields(
    dict,
    {
        "previous": ("previous", Text(2000)),
        "previousCommit": ("previous_commit", _ID),
        "verdict": ("verdict", Word(VERDICTS)),
        "exitCode": ("exit_code", Count(most=4)),
        "rulesetsDigest": ("rulesets_digest", _DIGEST),
        "changeDigest": ("change_digest", _DIGEST),
        "reportDigest": ("report_digest", _DIGEST),
        "steps": ("steps", Counts(STEPS)),
        "exceptions": (
            "exceptions",
            Many(
                Fields(
                    Excused,
                    {
                        "kind": ("kind", Word(("waiver", "override"))),
                        "by": ("by", _NAME),
                        "until": ("until", Text(40)),
                        "reason": ("reason", _PROSE),
                    },
                )
            ),
        ),
        "ends": ("ends", Many(_DIGEST, 1000, once=True)),
        "number": ("number", Count()),
    },
)
_INPUT = _plain(uri=Word((RECORD, STATEMENT)), digest=_plain(sha256=_SHA))
_PREDICATE = _plain(
    verifier=_plain(id=Word((VERIFIER,)), version=Fields(dict, {"ai-merge-gate": ("gate", _NAME)})),
    timeVerified=Text(20, TIME),
    resourceUri=Text(4000),
    policy=_plain(uri=Text(2000), digest=_plain(sha256=_SHA)),
    inputAttestations=Many(_INPUT, 100_000),
    verificationResult=Word((PASSED, FAILED)),
    verifiedLevels=Many(Word((LEVEL, FAILED)), 1),
    **{OWN: _OWN},
)
_SUBJECT = _plain(name=Text(4000), digest=_plain(gitCommit=_ID, gitTree=_ID, gitTag=Maybe(_ID)))
_DOCUMENT = _plain(
    _type=Word((STATEMENT_TYPE,)),
    predicateType=Word((PREDICATE_TYPE,)),
    subject=Many(_SUBJECT, 1),
    predicate=_PREDICATE,
)


def write_summary(summary: Summary) -> bytes:
    """Return the bytes that are signed. Raises ValueError if a field does not have its form."""
    raw = _encode(summary)
    parse_summary(raw)
    return raw


def _encode(summary: Summary) -> bytes:
    name = f"{repository_uri(summary.repo)}@{_TAG}{summary.tag}"
    digest = {"gitCommit": summary.commit, "gitTree": summary.tree}
    if summary.tag_object:
        digest["gitTag"] = summary.tag_object
    result = PASSED if summary.has_passed else FAILED
    inputs = sorted({(one.kind, one.digest) for one in summary.inputs})
    document = {
        "_type": STATEMENT_TYPE,
        "predicateType": PREDICATE_TYPE,
        "subject": [{"name": name, "digest": digest}],
        "predicate": {
            "verifier": {"id": VERIFIER, "version": {"ai-merge-gate": summary.gate_version}},
            "timeVerified": summary.verified_at,
            "resourceUri": name,
            "policy": {"uri": summary.policy_source, "digest": {"sha256": _hex(summary.policy_digest)}},
            "inputAttestations": [{"uri": kind, "digest": {"sha256": _hex(d)}} for kind, d in inputs],
            "verificationResult": result,
            "verifiedLevels": [LEVEL if summary.has_passed else FAILED],
            OWN: _OWN.write(summary),
        },
    }
    return canonical_json(document) + b"\n"


def parse_summary(raw: bytes) -> Summary:
    """Return the summary that bytes hold. Raises ValueError, with the place for people, for anything else."""
    document = read_json(raw, most=MAX_BYTES)
    if isinstance(document, dict) and document.get("predicateType", PREDICATE_TYPE) != PREDICATE_TYPE:
        raise ValueError("it is no verification summary (predicateType is another)")
    told: dict[str, Any] = _DOCUMENT.read(_with_tag(document), "the summary")
    if len(told["subject"]) != 1:
        raise ValueError("the summary.subject has not exactly one entry")
    (subject,), predicate = told["subject"], told["predicate"]
    repo, at, ref = subject["name"].rpartition(f"@{_TAG}")
    if not at or not ref:
        raise ValueError(f"the summary.subject[0].name does not name a tag ({_TAG}…)")
    summary = Summary(
        repo=repository_of(repo),
        tag=ref,
        commit=subject["digest"]["gitCommit"],
        tree=subject["digest"]["gitTree"],
        tag_object=subject["digest"]["gitTag"],
        verified_at=predicate["timeVerified"],
        policy_source=predicate["policy"]["uri"],
        policy_digest="sha256:" + predicate["policy"]["digest"]["sha256"],
        gate_version=predicate["verifier"]["version"]["gate"],
        inputs=tuple(
            Input(kind=one["uri"], digest="sha256:" + one["digest"]["sha256"])
            for one in predicate["inputAttestations"]
        ),
        **predicate[OWN],
    )
    if _encode(summary) != raw:
        raise ValueError("it is not in the canonical form, or its parts contradict each other")
    return summary


def _with_tag(document: Any) -> Any:
    """A lightweight tag has no object of its own, and its subject no `gitTag`."""
    try:
        digest = document["subject"][0]["digest"]
        if "gitTag" in digest:
            return document
        subject = [document["subject"][0] | {"digest": digest | {"gitTag": None}}, *document["subject"][1:]]
        return document | {"subject": subject}
    except (TypeError, KeyError, IndexError):
        return document  # its reader says what is wrong


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")
