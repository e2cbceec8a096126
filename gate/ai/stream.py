"""The event file of the CLI: tolerant of events that are not known, strict with those that decide."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.core.ai import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

TOOL = "StructuredOutput"


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """What a file of events says. `broken`: a line is no JSON object, or the last event is no result."""

    init: Mapping[str, Any] | None = None
    result: Mapping[str, Any] | None = None
    answers: tuple[Any, ...] = ()
    tool_attempts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    stop_reason: str = ""
    retry_status: int | None = None
    retried: int = 0
    broken: bool = False


def read_events(data: bytes, offered: Collection[str] = ()) -> Events:
    """Return what the output of the CLI says; nothing in it raises.

    Calls of tools that were `offered` are no attempts, unless they were denied.
    """
    init: Mapping[str, Any] | None = None
    result: Mapping[str, Any] | None = None
    answers: list[Any] = []
    attempts: Counter[str] = Counter()
    error, stop, retry_status, retried, broken, last = "", "", None, 0, False, ""
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        event = _object(line)
        if event is None:
            broken = True
            continue
        kind, subtype = event.get("type"), event.get("subtype")
        last = str(kind)
        if kind == "system" and subtype == "init" and init is None:
            init = event
        elif kind == "system" and subtype == "api_retry":
            retried += 1
            status = event.get("error_status")
            retry_status = status if type(status) is int else None
        elif kind == "assistant":
            error = _text(event.get("error"))
            message = _mapping(event.get("message"))
            stop = _text(message.get("stop_reason")) or stop
            for block in _blocks(message):
                if block.get("name") == TOOL:
                    answers.append(block.get("input"))
                elif block.get("name") not in offered:
                    attempts[_text(block.get("name"))[:60] or "?"] += 1
        elif kind == "result":
            result = event
    attempts.update(name for name in _denied(result) if name in offered)
    return Events(
        init=init,
        result=result,
        answers=tuple(answers),
        tool_attempts=dict(sorted(attempts.items())),
        error=error,
        stop_reason=stop,
        retry_status=retry_status,
        retried=retried,
        broken=broken or last != "result",
    )


def cause(events: Events) -> Reason | None:
    """Return why a call that ended by itself is not completed, None if everything says that it is.

    From fields only, never from texts of messages: those differ by version. Init and answers are not judged.
    """
    result = events.result
    if result is None:
        return _of_status(events.retry_status) or Reason.CRASHED
    status = result.get("api_error_status")
    status = status if type(status) is int else None
    subtype = _text(result.get("subtype"))
    by_subtype = {
        "error_max_turns": Reason.MAX_TURNS,
        "error_max_structured_output_retries": Reason.INVALID_OUTPUT,
        "error_max_budget_usd": Reason.BUDGET,
    }
    if subtype in by_subtype:
        return by_subtype[subtype]
    failed = result.get("is_error") is not False or subtype != "success"
    terminal = _text(result.get("terminal_reason"))
    if failed:
        if "refusal" in (events.stop_reason, _text(result.get("stop_reason"))):
            return Reason.REFUSED
        if terminal in ("prompt_too_long", "blocking_limit", "image_error"):
            return Reason.TOO_LARGE
        return _of_error(events, status) or Reason.CRASHED
    if terminal not in ("", "completed"):
        return Reason.CRASHED
    turns = result.get("num_turns")
    if type(turns) is not int or turns < 1 or not _mapping(result.get("modelUsage")):
        return Reason.NO_MODEL_CALL
    if events.broken:
        return Reason.CRASHED
    return Reason.NO_STRUCTURED_OUTPUT if result.get("structured_output") is None else None


def _of_error(events: Events, status: int | None) -> Reason | None:
    error = events.error
    if error == "authentication_failed":
        return Reason.AUTH if status in (401, 403) else Reason.NO_CREDENTIALS
    simple = {
        "rate_limit": Reason.RATE_LIMITED,
        "model_not_found": Reason.MODEL_NOT_FOUND,
        "billing_error": Reason.BILLING,
        "max_output_tokens": Reason.MAX_TOKENS,
        "overloaded": Reason.OVERLOADED,
    }
    if error in simple:
        return simple[error]
    if error == "invalid_request":
        return Reason.TOO_LARGE if status == 413 else Reason.BAD_REQUEST
    known = _of_status(status) or _of_status(events.retry_status)
    if known is not None:
        return known
    return Reason.CONNECTION if error in ("server_error", "unknown") else None


def _of_status(status: int | None) -> Reason | None:
    if status is None:
        return None
    known = {
        400: Reason.BAD_REQUEST,
        401: Reason.AUTH,
        403: Reason.AUTH,
        404: Reason.MODEL_NOT_FOUND,
        413: Reason.TOO_LARGE,
        429: Reason.RATE_LIMITED,
        529: Reason.OVERLOADED,
    }
    return known.get(status) or (Reason.SERVER_ERROR if 500 <= status < 600 else None)


def usage(result: Mapping[str, Any] | None) -> tuple[float | None, int, int, tuple[str, ...]]:
    """Return cost in US dollars, tokens in and out, and the models that answered, as the result claims."""
    if result is None:
        return None, 0, 0, ()
    cost = result.get("total_cost_usd")
    known = isinstance(cost, int | float) and not isinstance(cost, bool) and 0 <= cost < 1e9
    used = _mapping(result.get("modelUsage"))
    tokens_in = tokens_out = 0
    for row in map(_mapping, used.values()):
        tokens_in += sum(
            _whole(row.get(key))
            for key in ("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens")
        )
        tokens_out += _whole(row.get("outputTokens"))
    models = tuple(sorted({str(name).partition("[")[0][:100] for name in used}))
    return (float(cost) if known and cost is not None else None), tokens_in, tokens_out, models


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _blocks(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    rows = content if isinstance(content, list) else []
    return [row for row in rows if isinstance(row, dict) and row.get("type") == "tool_use"]


def _denied(result: Mapping[str, Any] | None) -> list[str]:
    """The names of tools of which a call was denied, one for each call."""
    rows = result.get("permission_denials") if result is not None else None
    return [_text(_mapping(row).get("tool_name")) for row in rows] if isinstance(rows, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10**12 else 0
