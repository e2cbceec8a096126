"""The identities of a finding: digests over what survives line shifts, reformatting, moves and renames."""

from __future__ import annotations

from hashlib import sha256

from gate.core.finding import Fingerprints

_DIGITS = 32


def fingerprints(*, path: str, family: str, scope: str, code: str, ordinal: int) -> Fingerprints:
    """Return the three fingerprints, each the first 32 hexadecimal digits of a SHA-256.

    Line, message, title, severity, tool, rule and the number of witnesses are in none of them: another
    witness must not make a new finding.
    """
    movable = _joined(family, scope, code, str(ordinal))
    return Fingerprints(
        id_v1=_digest(_joined(path) + b"\0" + movable),
        moved_v1=_digest(movable),
        code_v1=_digest(_joined(family, code)),
    )


def digest(*fields: str) -> str:
    """Return the first half of the SHA-256 over the bytes of `fields` joined by NUL."""
    return _digest(_joined(*fields))


def _joined(*fields: str) -> bytes:
    return b"\0".join(map(raw_bytes, fields))


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:_DIGITS]


def raw_bytes(field: str) -> bytes:
    """The bytes that git or a file had; any other lone surrogate, as JSON can bring, as it stands."""
    try:
        return field.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return field.encode("utf-8", "surrogatepass")
