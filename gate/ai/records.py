"""Raw replies as files: recordings that a user asks for. They hold code of the change, so only their owner reads them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from gate.ai.request import RawReply
from gate.core.ai import Reason
from gate.core.evidence import digest
from gate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 1
MAX_BYTES = 40 * 1024 * 1024


def call_key(**parts: Any) -> str:
    """Return the name of a call: 64 hexadecimal digits over all that decides what a model is asked."""
    return digest({"version": VERSION, **parts}).removeprefix("sha256:")


def to_json(reply: RawReply) -> dict[str, Any]:
    return {
        "version": VERSION,
        "answers": list(reply.answers),
        "problem": reply.problem,
        "detail": reply.detail,
        "review_id": reply.review_id,
        "tool_attempts": dict(reply.tool_attempts),
        "models": list(reply.models),
        "cost_usd": reply.cost_usd,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "retried": reply.retried,
    }


def from_json(value: Any) -> RawReply | None:
    """Return the reply, None if the value is not one of ours."""
    try:
        if value["version"] != VERSION:
            return None
        problem = value["problem"]
        attempts: Mapping[str, int] = {str(k): int(n) for k, n in value["tool_attempts"].items()}
        cost = value["cost_usd"]
        return RawReply(
            answers=tuple(value["answers"]),
            problem=None if problem is None else Reason(problem),
            detail=str(value["detail"]),
            review_id=None if value["review_id"] is None else str(value["review_id"]),
            tool_attempts=attempts,
            models=tuple(map(str, value["models"])),
            cost_usd=None if cost is None else float(cost),
            tokens_in=int(value["tokens_in"]),
            tokens_out=int(value["tokens_out"]),
            retried=int(value["retried"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def read_reply(path: Path) -> RawReply | None:
    """Return a recorded reply, None if there is none that can be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        return from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return None


def check_folder(folder: Path) -> None:
    """Raise UsageError if no recording could be written to `folder`; it is made if it is not there."""
    probe = folder / f".gate-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"{folder}: recordings cannot be written: {error.strerror or error}",
            hint="Give another folder with --ai-record.",
        ) from error


def write_reply(folder: Path, key: str, reply: RawReply) -> None:
    """Write a recording for its owner only. Raises UsageError if that fails."""
    path = folder / f"{key}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f".{key}.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(to_json(reply), file, sort_keys=True, indent=1)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path}: the recording could not be written: {error.strerror or error}",
            hint="Give another folder with --ai-record.",
        ) from error
