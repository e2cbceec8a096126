"""Under which name a file of a change may stand in the target tree."""

from __future__ import annotations

import hashlib
import re

#: Files that steer a scanner or git. They are never written.
NEVER_WRITTEN = frozenset({".semgrepignore", ".gitignore", ".gitattributes", ".gitmodules", ".bandit"})

#: Bytes of one name and of a whole path that every file system and tool takes, with room for the root.
MAX_NAME_BYTES = 200
MAX_PATH_BYTES = 2_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ODD = re.compile(r"[^A-Za-z0-9_.]+")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,12}$")


def is_never_written(path: str) -> bool:
    """Whether the file's own name, in any case, is one that scanners or git take orders from."""
    return path.rpartition("/")[2].casefold() in NEVER_WRITTEN


def written_name(path: str, *, extension: str = "", attempt: int = 0) -> str:
    """Return the name for `path`, with `/` between its parts: the path itself wherever it is harmless.

    A part that a scanner may misread (not UTF-8, control characters, a leading dash, `..`, a reserved
    or over-long name) is replaced by an alias with a digest of the whole path; the other parts stay, so
    that path filters of rules still hold. `extension` is added to the last part. Each `attempt` gives
    another name after a collision: the second an alias in the same folder, the next ones at the top.
    """
    parts = path.split("/")
    digest = hashlib.sha256(f"{attempt}\0{path}".encode("utf-8", "surrogateescape")).hexdigest()[:12]
    names = [part if _is_plain(part) else _alias(part, digest) for part in parts]
    if extension or attempt:
        names[-1] = _alias(parts[-1], digest, extension)
    name = "/".join(names)
    return name if attempt < 2 and len(name.encode()) <= MAX_PATH_BYTES else names[-1]


def collision_key(name: str) -> str:
    """Return what is equal for two names that a case-blind file system takes for one."""
    import unicodedata  # noqa: PLC0415 -- 1 MB of tables, needed only when names are not ASCII

    return (name if name.isascii() else unicodedata.normalize("NFC", name)).casefold()


def _is_plain(part: str) -> bool:
    return (
        part not in {"", ".", ".."}
        and not part.startswith("-")
        and not _CONTROL.search(part)
        and part.casefold() not in NEVER_WRITTEN
        and part.casefold() != ".git"
        and len(part.encode()) <= MAX_NAME_BYTES
    )


def _alias(part: str, digest: str, extension: str = "") -> str:
    found = _EXTENSION.search(part)
    own = found[0] if found else ""
    stem = _ODD.sub("_", part.removesuffix(own)).strip(".")[:40]
    return f"{stem}~{digest}{extension or own}"
