"""Many signatures at once: good ones of plain Ed25519 keys are recognised without starting a program for each.

It only ever says that a key made a signature. Whether the key counts (its time, revocation, namespace) ssh-keygen
has said before, and whatever is not recognised here is for ssh-keygen to judge and to explain.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gate.signing.bundle import Bundle
    from gate.signing.signers import Signer

_KIND = b"ssh-ed25519"
_ARMOUR = (b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----")
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class _Parts(NamedTuple):
    """The fields of an SSH signature."""

    key: bytes
    namespace: bytes
    reserved: bytes
    hash: bytes
    signature: bytes


def holds(bundle: Bundle, signer: Signer) -> bool:
    """Whether the key of `signer` signed the payload in its namespace. False means: not known here."""
    parts = _parts(bundle.signature)
    if (
        parts is None
        or signer.kind.encode() != _KIND
        or parts.key != signer.blob
        or parts.namespace != signer.namespace.encode()
        or parts.reserved
        or parts.hash not in _HASHES
    ):
        return False
    key = _fields(signer.blob, 2)
    signature = _fields(parts.signature, 2)
    if key is None or signature is None or key[0] != _KIND or signature[0] != _KIND:
        return False
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 20 ms, and only for many
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    digest = _HASHES[parts.hash](bundle.payload).digest()
    signed = b"SSHSIG" + b"".join(map(_string, (parts.namespace, b"", parts.hash, digest)))
    try:
        Ed25519PublicKey.from_public_bytes(key[1]).verify(signature[1], signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _parts(armoured: bytes) -> _Parts | None:
    lines = armoured.removesuffix(b"\n").split(b"\n")
    if (lines[0], lines[-1]) != _ARMOUR:
        return None
    try:
        raw = base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        return None
    found = _fields(raw[10:], 5) if raw[:10] == b"SSHSIG\0\0\0\1" else None
    return None if found is None else _Parts(*found)


def _fields(raw: bytes, count: int) -> list[bytes] | None:
    """Exactly `count` strings with their lengths before them, and nothing else."""
    found, at = [], 0
    for _ in range(count):
        size = int.from_bytes(raw[at : at + 4])
        found.append(raw[at + 4 : at + 4 + size])
        if len(raw) < at + 4 or len(found[-1]) != size:
            return None
        at += 4 + size
    return found if at == len(raw) else None


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4) + value
