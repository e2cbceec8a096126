"""The evidence of a release in one file: its signed summary, and every record and statement that it rests on.

Whoever has the file and knows the key of the signer needs neither the repository nor the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gate.core.evidence.canonical import canonical_json
from gate.core.evidence.envelope import Envelope, envelope_dict, envelope_of
from gate.core.evidence.shape import read_json
from gate.core.evidence.summary import RECORD, STATEMENT, Input, Summary, write_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MEDIA_TYPE = "application/vnd.ai-merge-gate.release-evidence+json; version=1"
#: More than 10,000 records with everything around them.
MAX_BYTES = 256 * 1024 * 1024
_KEYS = {"mediaType", "summary", "records", "statements"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBundle:
    """What the file holds. Nothing is verified yet."""

    summary: Envelope
    records: tuple[Envelope, ...]
    statements: tuple[Envelope, ...]


def inputs_of(records: Iterable[Envelope], statements: Iterable[Envelope]) -> tuple[Input, ...]:
    """Return what a summary has to name for these records and statements."""
    return (
        *(Input(kind=RECORD, digest=one.digest) for one in records),
        *(Input(kind=STATEMENT, digest=one.digest) for one in statements),
    )


def build(
    summary: Summary,
    *,
    records: Iterable[Envelope],
    statements: Iterable[Envelope],
    sign: Callable[[bytes], tuple[bytes, str]],
) -> bytes:
    """Return the content of the file; equal parts give equal bytes, if signatures of the key do.

    `summary.inputs` is filled in from records and statements. `sign` returns the armoured signature over its
    argument in the namespace gate-evidence, and the fingerprint of the key. Raises ValueError if a field of the
    summary does not have its form.
    """
    recorded, signed = _unique(records), _unique(statements)
    payload = write_summary(replace(summary, inputs=inputs_of(recorded, signed)))
    signature, keyid = sign(payload)
    document = {
        "mediaType": MEDIA_TYPE,
        "summary": envelope_dict(Envelope(payload=payload, signature=signature, keyid=keyid)),
        "records": [envelope_dict(one) for one in recorded],
        "statements": [envelope_dict(one) for one in signed],
    }
    return canonical_json(document) + b"\n"


def _unique(envelopes: Iterable[Envelope]) -> list[Envelope]:
    return [one for _, one in sorted({one.digest: one for one in envelopes}.items())]


def is_bundle(raw: bytes) -> bool:
    """Whether bytes claim to be the evidence of a release."""
    return b'"mediaType"' in raw[-400:] or b'"mediaType"' in raw[:400]


def read_bundle(raw: bytes) -> ReleaseBundle:
    """Return what the file holds. Raises ValueError, with the reason for people, for anything else."""
    document: Any = read_json(raw, most=MAX_BYTES)
    if not isinstance(document, dict) or document.keys() != _KEYS:
        raise ValueError(f"it does not have exactly the keys {', '.join(sorted(_KEYS))}")
    if document["mediaType"] != MEDIA_TYPE:
        raise ValueError("it is of another kind or version (mediaType)")
    for key in ("records", "statements"):
        if not isinstance(document[key], list):
            raise ValueError(f"{key} is not a list")  # noqa: TRY004 - one kind of error for wrong data
    return ReleaseBundle(
        summary=envelope_of(document["summary"], "summary"),
        records=tuple(envelope_of(one, f"records[{n}]") for n, one in enumerate(document["records"])),
        statements=tuple(
            envelope_of(one, f"statements[{n}]") for n, one in enumerate(document["statements"])
        ),
    )
