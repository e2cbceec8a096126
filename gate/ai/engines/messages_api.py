"""Engine `messages-api`: the service asked directly. There is no program and nothing to load."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from gate.ai.folder import ADDRESS, address_problem
from gate.ai.request import EngineInfo, Form, RawReply
from gate.ai.transport import connect, proxy_problem
from gate.core.ai import Reason
from gate.core.ai.price import MAX_OUTPUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gate.ai.request import ReviewRequest

NAME = "messages-api"
CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
DEFAULT_ADDRESS = "https://api.anthropic.com"
MAX_REPLY = 10 * 1024 * 1024
ATTEMPT_SECONDS = 120.0
COUNT_SECONDS = 15.0
#: Tokens of the form of the answer, which the service is not asked to count.
FORM_TOKENS = 1_000
RETRIES = 2
MAX_WAIT = 30.0
TOOL = "report"
_AGAIN = frozenset({429, 529, 500, 502, 503, 504})
_STATUS = {
    400: Reason.BAD_REQUEST,
    401: Reason.AUTH,
    403: Reason.AUTH,
    404: Reason.MODEL_NOT_FOUND,
    413: Reason.TOO_LARGE,
    429: Reason.RATE_LIMITED,
    529: Reason.OVERLOADED,
}


class _Response(NamedTuple):
    """Status 0: no answer came; then `body` is empty and `problem` says why."""

    status: int
    body: bytes = b""
    kind: str = ""
    wait: float = 1.0
    problem: Reason = Reason.CONNECTION


@dataclass(frozen=True)
class MessagesEngine:
    """`environment` are the variables of the job; only key, address, proxy and certificates are read."""

    environment: Mapping[str, str]

    form: ClassVar[Form] = Form()

    def probe(self) -> EngineInfo:
        info = EngineInfo(name=NAME, isolation="nothing to load", charges=True)
        if self._credential() is None:
            return EngineInfo(
                name=NAME,
                isolation=info.isolation,
                problem=Reason.NO_CREDENTIALS,
                detail=f"none of {', '.join(CREDENTIALS)} is set",
            )
        if problem := address_problem(self.environment) or proxy_problem(self.environment):
            return EngineInfo(name=NAME, isolation=info.isolation, problem=Reason.CONNECTION, detail=problem)
        return info

    def _credential(self) -> str | None:
        return next((name for name in CREDENTIALS if self.environment.get(name)), None)

    def count(self, request: ReviewRequest) -> int | None:
        """Ask the service, which takes no money for that."""
        body = {"model": request.model, "messages": [{"role": "user", "content": request.prompt}]}
        response = self._post(
            "/v1/messages/count_tokens", json.dumps(body).encode(), time.monotonic() + COUNT_SECONDS
        )
        told = _object(response.body) if response.status == 200 else None
        counted = _whole(told.get("input_tokens")) if told is not None else 0
        return counted + FORM_TOKENS if counted else None

    def review(self, request: ReviewRequest) -> RawReply:
        """Ask, with a schema for the answer; where that is refused as unknown, once again with a tool."""
        deadline = time.monotonic() + request.timeout
        response, retried = self._ask(_body(request, with_tool=False), deadline)
        if response.status == 400 and b"output_config" in response.body:
            response, more = self._ask(_body(request, with_tool=True), deadline)
            retried += more + 1
        return _reply(response, request, retried)

    def _ask(self, body: bytes, deadline: float) -> tuple[_Response, int]:
        for attempt in range(RETRIES + 1):
            response = self._post("/v1/messages", body, deadline)
            wait = min(response.wait, MAX_WAIT)
            again = response.status in _AGAIN and attempt < RETRIES and time.monotonic() + wait < deadline
            if not again:
                return response, attempt
            time.sleep(wait)
        return response, RETRIES

    def _post(self, path: str, body: bytes, deadline: float) -> _Response:
        """One request. Redirects are not followed: the key must not travel."""
        address = urlsplit(self.environment.get(ADDRESS) or DEFAULT_ADDRESS)
        left = min(ATTEMPT_SECONDS, deadline - time.monotonic())
        if left <= 0:
            return _Response(0, problem=Reason.TIMEOUT)
        try:
            connection = connect(address, self.environment, left)
        except (OSError, http.client.HTTPException, ValueError):
            return _Response(0)
        try:
            connection.request("POST", address.path.rstrip("/") + path, body, self._headers())
            answer = connection.getresponse()
            data = bytearray()
            while chunk := answer.read1(65_536):
                data += chunk
                if len(data) > MAX_REPLY:
                    return _Response(0, problem=Reason.INVALID_OUTPUT)
                # A stream of single bytes keeps every read short and must not keep the gate.
                if time.monotonic() > deadline:
                    return _Response(0, problem=Reason.TIMEOUT)
            length = answer.getheader("content-length")
            if length is not None and length.isdigit() and len(data) < int(length):
                return _Response(0)
            return _Response(
                answer.status,
                bytes(data),
                answer.getheader("content-type") or "",
                _seconds(answer.getheader("retry-after")),
            )
        except TimeoutError:
            return _Response(0, problem=Reason.TIMEOUT)
        except (OSError, http.client.HTTPException, ValueError):
            return _Response(0)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        name = self._credential() or CREDENTIALS[0]
        value = self.environment.get(name, "").strip()
        given = {"x-api-key": value} if name == CREDENTIALS[0] else {"authorization": f"Bearer {value}"}
        return given | {
            "content-type": "application/json",
            "anthropic-version": "2023-06-01",
            "user-agent": "ai-merge-gate",
        }


def _body(request: ReviewRequest, *, with_tool: bool) -> bytes:
    body: dict[str, Any] = {
        "model": request.model,
        "max_tokens": MAX_OUTPUT,
        "messages": [{"role": "user", "content": request.prompt}],
    }
    if with_tool:
        body["tools"] = [
            {"name": TOOL, "description": "Your answer.", "strict": True, "input_schema": request.schema}
        ]
        body["tool_choice"] = {"type": "tool", "name": TOOL}
    else:
        body["output_config"] = {"format": {"type": "json_schema", "schema": request.schema}}
    return json.dumps(body).encode()


def _reply(response: _Response, request: ReviewRequest, retried: int) -> RawReply:
    if response.status != 200:
        problem, detail = _refusal(response)
        return RawReply(problem=problem, detail=detail, review_id=request.review_id, retried=retried)
    message = _object(response.body)
    if message is None or "json" not in response.kind:
        return RawReply(
            problem=Reason.CONNECTION,
            detail="what answered is not the service",
            review_id=request.review_id,
            retried=retried,
        )
    told = message.get("usage")
    usage: Mapping[str, Any] = told if isinstance(told, dict) else {}
    answers = _answers(message)
    model = message.get("model")
    return RawReply(
        answers=answers,
        problem=_cause(message, answers, _whole(usage.get("output_tokens"))),
        review_id=request.review_id,
        models=(model[:100],) if isinstance(model, str) else (),
        tokens_in=_whole(usage.get("input_tokens")),
        tokens_out=_whole(usage.get("output_tokens")),
        retried=retried,
    )


def _refusal(response: _Response) -> tuple[Reason, str]:
    if response.status == 0:
        return response.problem, ""
    if response.status == 400 and (b'"billing_error"' in response.body or b"credit balance" in response.body):
        return Reason.BILLING, ""
    known = _STATUS.get(response.status)
    if known is None:
        known = Reason.SERVER_ERROR if response.status >= 500 else Reason.CONNECTION
    return known, f"the service answered with status {response.status}"


def _cause(message: Mapping[str, Any], answers: tuple[Any, ...], tokens: int) -> Reason | None:
    stop = message.get("stop_reason")
    if stop == "refusal":
        return Reason.REFUSED
    if stop == "max_tokens":
        return Reason.MAX_TOKENS
    if stop not in ("end_turn", "tool_use"):
        return Reason.CRASHED
    if not answers:
        return Reason.NO_STRUCTURED_OUTPUT
    return None if tokens > 0 else Reason.NO_MODEL_CALL


def _answers(message: Mapping[str, Any]) -> tuple[Any, ...]:
    content = message.get("content")
    blocks = [b for b in content if isinstance(b, dict)] if isinstance(content, list) else []
    called = [b.get("input") for b in blocks if b.get("type") == "tool_use" and b.get("name") == TOOL]
    text = "".join(b["text"] for b in blocks if b.get("type") == "text" and isinstance(b.get("text"), str))
    whole = _object(text.encode("utf-8", "replace"))
    return (*called, *([whole] if whole is not None else []))


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10**12 else 0


def _seconds(value: str | None) -> float:
    return float(value) if value and value.isdigit() and len(value) < 6 else 1.0
