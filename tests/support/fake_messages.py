"""A Messages API on loopback that answers from a script and remembers every request, byte by byte."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Where a request names the id that its answer must bear.
REVIEW_ID = re.compile(rb"review_id: ([0-9a-f]{32})")


@dataclass
class Asked:
    """One request as it came; names of headers in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def review_id(self) -> str:
        found = REVIEW_ID.search(self.body)
        return found[1].decode() if found else ""


@dataclass
class Reply:
    """What to answer. `tools` are calls as (name, input); `{id}` in them becomes the id of the request."""

    tools: list[tuple[str, Any]] = field(default_factory=list)
    text: str = ""
    stop: str = ""
    status: int = 200
    error: str = ""
    message: str = "scripted"
    raw: bytes | None = None
    kind: str = "application/json"
    hang: float = 0.0
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=lambda: {"input_tokens": 100, "output_tokens": 50})


class Model:
    """`script` gives the reply to a request; `asked` are all requests, `messages` those that ask the model."""

    def __init__(self, script: Callable[[Asked, int], Reply]) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.lock = threading.Lock()
        self.url = ""

    @property
    def messages(self) -> list[Asked]:
        return [a for a in self.asked if a.path.split("?")[0].endswith("/v1/messages")]

    def everything(self) -> bytes:
        """All bytes that were ever sent here."""
        return b"".join(json.dumps(a.headers).encode() + a.path.encode() + a.body for a in self.asked)


@contextmanager
def messages_api(script: Callable[[Asked, int], Reply] | Reply) -> Iterator[Model]:
    """Serve a model on a free port of this machine."""
    model = Model(script if callable(script) else lambda _asked, _n: script)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(model))
    server.daemon_threads = True
    model.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


def finding(**changed: Any) -> dict[str, Any]:
    """A finding as a model writes it."""
    return {
        "file": "app.py",
        "line": 1,
        "severity": "HIGH",
        "category": "command-injection",
        "cwe": "CWE-78",
        "description": "A value of the request reaches a shell.",
        "exploit_scenario": "Anybody runs programs.",
        "recommendation": "Pass a list.",
        "confidence": 0.9,
        "quote": "x",
    } | changed


def answer(*findings: Any, **more: Any) -> Reply:
    """A reply that calls the tool for the answer once."""
    return Reply(tools=[("StructuredOutput", {"review_id": "{id}", "findings": list(findings), **more})])


def _handler(model: Model) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self._send(200, b"", "text/plain")

        def do_GET(self) -> None:
            self._take("GET", b"")
            self._send(404, b"{}", "application/json")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            asked, number = self._take("POST", body)
            path = asked.path.split("?")[0]
            if path.endswith("/count_tokens"):
                self._send(200, json.dumps({"input_tokens": len(body) // 4}).encode(), "application/json")
            elif path.endswith("/v1/messages"):
                self._answer(asked, model.script(asked, number))
            else:
                self._send(404, b"{}", "application/json")

        def _take(self, method: str, body: bytes) -> tuple[Asked, int]:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(method, self.path, headers, body)
            with model.lock:
                number = len(model.messages)
                model.asked.append(asked)
            return asked, number

        def _answer(self, asked: Asked, reply: Reply) -> None:
            if reply.hang:
                time.sleep(reply.hang)
            if reply.raw is not None:
                self._send(reply.status, reply.raw, reply.kind, reply.headers)
                return
            if reply.status != 200:
                error = {"type": "error", "error": {"type": reply.error, "message": reply.message}}
                self._send(reply.status, json.dumps(error).encode(), "application/json", reply.headers)
                return
            request = json.loads(asked.body)
            message = _message(request.get("model", "?"), reply, asked.review_id)
            if not request.get("stream"):
                self._send(200, json.dumps(message).encode(), "application/json")
                return
            events = b"".join(
                f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
                for event in _events(message)
            )
            if reply.cut:
                events = events[: len(events) // 2]
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(events)
            self.close_connection = True

        def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

    return Handler


def _message(model: str, reply: Reply, review_id: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": reply.text}] if reply.text else []
    for number, (name, value) in enumerate(reply.tools):
        filled = json.loads(json.dumps(value).replace("{id}", review_id))
        content.append(
            {"type": "tool_use", "id": f"toolu_{number}{time.time_ns()}", "name": name, "input": filled}
        )
    return {
        "id": f"msg_{time.time_ns()}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": reply.stop or ("tool_use" if reply.tools else "end_turn"),
        "stop_sequence": None,
        "usage": reply.usage,
    }


def _events(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    usage = message["usage"]
    start = message | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(message["content"]):
        if block["type"] == "text":
            yield {
                "type": "content_block_start",
                "index": index,
                "content_block": {"type": "text", "text": ""},
            }
            delta = {"type": "text_delta", "text": block["text"]}
        else:
            yield {"type": "content_block_start", "index": index, "content_block": block | {"input": {}}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": message["stop_reason"], "stop_sequence": None},
        "usage": {"output_tokens": usage["output_tokens"]},
    }
    yield {"type": "message_stop"}
