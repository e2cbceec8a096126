"""The file of a signed statement: its bytes, and an SSH signature over exactly these bytes.

It looks like a DSSE envelope and is none: the signature is over the payload itself, so that plain
`ssh-keygen -Y verify` can check it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

PAYLOAD_TYPE = "application/vnd.in-toto+json"
#: More than any bundle of a statement of 64 KiB.
MAX_BYTES = 200_000
_ARMOUR = (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The bytes of a statement and their armoured SSH signature."""

    payload: bytes
    signature: bytes


def write_bundle(payload: bytes, signature: bytes, keyid: str) -> bytes:
    """Return the content of a `*.signoff.json` file. `keyid` is the fingerprint of the key, for readers."""
    document = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode("ascii"),
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode("ascii")}],
    }
    return json.dumps(document, indent=1).encode("ascii") + b"\n"


def read_bundles(data: bytes) -> list[Bundle | str]:
    """Return the bundles in a file or a note, one after the other; text for one that cannot be used.

    A note may hold several (`git notes append`). What follows a broken one is not read, and says so.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return ["it is not UTF-8"]
    decoder = json.JSONDecoder(object_pairs_hook=_object)
    found: list[Bundle | str] = []
    at = 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip())
        if at == len(text):
            return found or ["it is empty"]
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            told = str(error) if isinstance(error, _RepeatedError) else "it is not JSON, or it is cut"
            return [*found, told]
        found.append(_bundle(document))


class _RepeatedError(ValueError):
    """A key that stands there twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise _RepeatedError("it has a key twice")
    return plain


def _bundle(document: Any) -> Bundle | str:
    if not isinstance(document, dict) or document.keys() != {"payloadType", "payload", "signatures"}:
        return "it does not have exactly the keys payloadType, payload and signatures"
    if document["payloadType"] != PAYLOAD_TYPE:
        return f"its payloadType is not {PAYLOAD_TYPE}"
    signatures = document["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        return "it must have exactly one signature"
    one = signatures[0]
    if not isinstance(one, dict) or one.keys() != {"keyid", "sig"} or not isinstance(one["keyid"], str):
        return "its signature does not have exactly the keys keyid and sig"
    payload, signature = _bytes(document["payload"]), _bytes(one["sig"])
    if payload is None or signature is None:
        return "its payload or signature is not base64"
    begin, end = _ARMOUR
    if not signature.startswith(begin) or not signature.rstrip().endswith(end):
        return "its signature is not an SSH signature"
    return Bundle(payload=payload, signature=signature)


def _bytes(value: Any) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        return None
