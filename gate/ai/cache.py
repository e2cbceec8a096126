"""Answers of models, kept so that a second run of the same change cannot roll the dice again.

Who can write the folder could make a pass look complete, so every entry carries a seal under a secret; without
a secret nothing is kept and nothing is believed. Every trouble is a miss.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.ai.folder import CREDENTIALS
from gate.ai.records import MAX_BYTES, from_json, to_json
from gate.core.evidence import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gate.ai.request import RawReply

_PURPOSE = b"ai-merge-gate answers 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCache:
    """`folder` is made on first use; `secret` is never empty."""

    folder: Path
    secret: bytes

    def read(self, key: str) -> tuple[RawReply, ...]:
        """Return what was answered to a call before, the oldest first; nothing if the seal is wrong."""
        path = self.folder / f"{key}.json"
        try:
            if path.is_symlink() or path.stat().st_size > MAX_BYTES:
                return ()
            entry = json.loads(path.read_bytes())
            replies, seal = entry["replies"], entry["seal"]
            if not isinstance(seal, str) or not hmac.compare_digest(
                seal.encode(), self._seal(key, replies).encode()
            ):
                return ()
            found = [from_json(reply) for reply in replies]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ()
        return tuple(reply for reply in found if reply is not None)

    def write(self, key: str, replies: Sequence[RawReply]) -> None:
        """Keep all that was answered to a call; readable for its owner only.

        What would be too large to be read back is not written: that would take earlier answers away.
        """
        rows = [to_json(reply) for reply in replies]
        data = json.dumps({"replies": rows, "seal": self._seal(key, rows)}).encode()
        if len(data) > MAX_BYTES:
            return
        temporary = self.folder / f".{key}.{os.getpid()}"
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            temporary.replace(self.folder / f"{key}.json")

    def _seal(self, key: str, replies: object) -> str:
        return hmac.new(
            self.secret, key.encode() + b"\0" + canonical_json(replies), hashlib.sha256
        ).hexdigest()


def open_answers(folder: Path | None, secret: bytes, environment: Mapping[str, str]) -> AnswerCache | None:
    """Return the cache below the gate's own folder, None without a folder or a secret.

    The secret is `secret` or is derived from the key of the service, which the author of a change never has.
    """
    given = secret or next(
        (
            environment[name].encode("utf-8", "surrogateescape")
            for name in CREDENTIALS
            if environment.get(name)
        ),
        b"",
    )
    if folder is None or not given:
        return None
    return AnswerCache(folder=folder / "ai", secret=hmac.new(given, _PURPOSE, hashlib.sha256).digest())
