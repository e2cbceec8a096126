"""The file of a record: its bytes, and as a rule an SSH signature over exactly these bytes.

It has the form of signed statements (`*.signoff.json`), so `ssh-keygen -Y verify` can check it by itself. A
record without a signature has an empty list of them: it informs and proves nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from gate.core.evidence.canonical import canonical_json
from gate.core.evidence.chain import Ends
from gate.core.evidence.record import MAX_BYTES as MAX_PAYLOAD
from gate.core.evidence.record import parse_record, record_digest
from gate.core.evidence.shape import Fields, Many, Text, Word, read_json

PAYLOAD_TYPE = "application/vnd.in-toto+json"
#: More than any record of 1 MiB with its signature.
MAX_BYTES = 2 * MAX_PAYLOAD
_ARMOUR = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+\n-----END SSH SIGNATURE-----\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The bytes of a record and their armoured SSH signature, empty if nobody signed. `keyid` is the fingerprint
    of the key that is said to have signed, for readers only.
    """

    payload: bytes
    signature: bytes = b""
    keyid: str = ""

    @property
    def digest(self) -> str:
        """The name of the record."""
        return record_digest(self.payload)


_SIGNATURE = Fields(dict, {"keyid": ("keyid", Text(200, empty=True)), "sig": ("sig", Text(100_000))})
_SHAPE = Fields(
    dict,
    {
        "payloadType": ("kind", Word((PAYLOAD_TYPE,))),
        "payload": ("payload", Text(MAX_BYTES)),
        "signatures": ("signatures", Many(_SIGNATURE, 1)),
    },
)


def envelope_dict(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as plain values."""
    signature = {"keyid": envelope.keyid, "sig": base64.b64encode(envelope.signature).decode("ascii")}
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(envelope.payload).decode("ascii"),
        "signatures": [signature] if envelope.signature else [],
    }


def write_envelope(envelope: Envelope) -> bytes:
    """Return the content of a record's file: one line."""
    return canonical_json(envelope_dict(envelope)) + b"\n"


def read_envelope(raw: bytes) -> Envelope:
    """Return the envelope that bytes hold. Raises ValueError, with the reason for people, for anything else."""
    return envelope_of(read_json(raw, most=MAX_BYTES))


def envelope_of(value: Any, place: str = "the file") -> Envelope:
    """Return the envelope that plain values are. Raises ValueError, with the reason for people, for anything else."""
    told = _SHAPE.read(value, place)
    payload = _bytes(told["payload"])
    if payload is None:
        raise ValueError(f"{place}.payload is not base64")
    if not told["signatures"]:
        return Envelope(payload=payload)
    (one,) = told["signatures"]
    signature = _bytes(one["sig"])
    if signature is None or not _ARMOUR.fullmatch(signature):
        raise ValueError(f"{place}.signatures[0].sig is not an SSH signature in base64")
    return Envelope(payload=payload, signature=signature, keyid=one["keyid"])


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def end_of(raw: bytes) -> Ends:
    """Return the end of a chain that has this envelope last. Raises ValueError if it cannot be read."""
    envelope = read_envelope(raw)
    return Ends(digests=(envelope.digest,), number=parse_record(envelope.payload).number)
