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
    return Fingerprints(
        id_v1=digest(path, family, scope, code, str(ordinal)),
        moved_v1=digest(family, scope, code, str(ordinal)),
        code_v1=digest(family, code),
    )


def digest(*fields: str) -> str:
    """Return the first half of the SHA-256 over the bytes of `fields` joined by NUL."""
    return sha256(b"\0".join(map(raw_bytes, fields))).hexdigest()[:_DIGITS]


def raw_bytes(field: str) -> bytes:
    """The bytes that git or a file had; any other lone surrogate, as JSON can bring, as it stands."""
    try:
        return field.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return field.encode("utf-8", "surrogatepass")
