"""A forge on loopback that keeps state, counts calls and plays faults: what both fakes have in common.

    with FakeGitHub(...) as fake:
        fake.fault("POST", "/comments$", status=502, apply=True)   # done, but the answer says otherwise

A request that the published API does not have (a route, a field, a word of an enumeration) is answered with 404
or 422 and kept in `violations`. So is every request and every answer, faults apart, that differs from the facts of
the forge's own description (`api_table.py`).
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.support.api_table import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass
class Fault:
    """An answer to play instead of the real one, `times` times. `apply`: the request is carried out all the
    same. `cut`: no answer, the connection is closed.
    """

    method: str
    path: re.Pattern[str]
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    raw: bytes | None = None
    apply: bool = False
    cut: bool = False
    times: int = 1
    then: Callable[[], None] | None = None


@dataclass
class Call:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Answer(Exception):
    """Ends a route with a status other than 200."""

    def __init__(self, status: int, data: Any = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.data, self.headers = status, data, dict(headers or {})


class FakeForge:
    """Serves `routes`: (method, pattern of the path, function of the match and the call)."""

    #: The forge, as the tables of its API are named.
    name = ""
    #: Where the API begins in a path.
    prefix = ""

    def __init__(self) -> None:
        self.scheme = "http"
        self.calls: list[Call] = []
        #: Every call with what it was answered, faults apart.
        self.answered: list[tuple[Call, int, Any]] = []
        self.faults: list[Fault] = []
        self.violations: list[str] = []
        self.files: dict[str, bytes] = {}
        #: The header with which each file was asked for.
        self.asked: dict[str, str | None] = {}
        self.routes: list[tuple[str, re.Pattern[str], Callable[[re.Match[str], Call], Any]]] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self._server.server_address[1]}"

    def use_tls(self, certificate: Path) -> None:
        """Answer over TLS with a PEM file of key and certificate; before the first request."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https"

    @property
    def writes(self) -> list[Call]:
        return [call for call in self.calls if call.method != "GET"]

    def forget(self) -> None:
        """Start counting anew."""
        self.calls.clear()

    def fault(self, method: str, path: str, **how: Any) -> None:
        self.faults.append(Fault(method=method, path=re.compile(path), **how))

    def route(self, method: str, pattern: str, answer: Callable[[re.Match[str], Call], Any]) -> None:
        self.routes.append((method, re.compile(pattern + r"\Z"), answer))

    def violation(self, text: str, status: int = 422) -> Answer:
        self.violations.append(text)
        return Answer(status, {"message": f"violation: {text}"})

    def fields(self, call: Call, required: set[str], optional: set[str] = frozenset()) -> dict[str, Any]:
        """The body of a call, which has these keys and no other."""
        body = call.body
        if not isinstance(body, dict) or not required <= body.keys() <= required | optional:
            raise self.violation(f"{call}: fields {sorted(body) if isinstance(body, dict) else body!r}")
        return body

    def authorize(self, call: Call) -> None:
        """Raise Answer(401) for a wrong token."""

    def page(self, call: Call, rows: list[Any]) -> tuple[list[Any], dict[str, str]]:
        size, number = int(call.query.get("per_page", 30)), int(call.query.get("page", 1))
        assert size <= 100
        headers = {}
        if number * size < len(rows):
            headers = self.next_page(call, number + 1, size)
        return rows[(number - 1) * size : number * size], headers

    def next_page(self, call: Call, number: int, size: int) -> dict[str, str]:
        query = {**call.query, "page": str(number), "per_page": str(size)}
        told = "&".join(f"{key}={quote(value)}" for key, value in query.items())
        return {"Link": f'<{self.url}{self.prefix}{call.path}?{told}>; rel="next"'}

    # -- serving ---------------------------------------------------------------------------------------

    def answer(self, call: Call) -> Answer:
        for method, pattern, function in self.routes:
            match = pattern.match(call.path)
            if match is None or method != call.method:
                continue
            try:
                self.authorize(call)
                data = function(match, call)
            except Answer as answer:
                return answer
            if isinstance(data, list):
                rows, headers = self.page(call, data)
                return Answer(200, rows, headers)
            return Answer(200 if call.method in ("GET", "PATCH", "PUT") else 201, data)
        self.violations.append(f"{call}: no such route")
        return Answer(404, {"message": "Not Found"})

    def serve(self, call: Call) -> tuple[Answer | None, bytes | None]:
        with self._lock:
            self.calls.append(call)
            for fault in self.faults:
                if fault.times and fault.method == call.method and fault.path.search(call.path):
                    fault.times -= 1
                    if fault.apply:
                        self.answer(call)
                    if fault.then:
                        fault.then()
                    if fault.cut:
                        return None, None
                    return Answer(fault.status, fault.body or {"message": "fault"}, fault.headers), fault.raw
            answer = self.answer(call)
            self.answered.append((call, answer.status, answer.data))
            self.violations += problems(self.name, call, answer.status, answer.data)
            return answer, None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do(self) -> None:
                parts = urlsplit(self.path)
                size = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(size)
                if parts.path in fake.files:
                    fake.asked[parts.path] = self.headers.get("Authorization")
                    self._send(200, fake.files[parts.path], {}, "application/octet-stream")
                    return
                if not parts.path.startswith(fake.prefix) or ".git/" in parts.path:
                    self._send(404, b"", {}, "text/plain")
                    return
                call = Call(
                    method=self.command,
                    path=parts.path.removeprefix(fake.prefix),
                    query=dict(parse_qsl(parts.query)),
                    body=json.loads(raw) if raw else None,
                    headers={key.lower(): value for key, value in self.headers.items()},
                )
                answer, bytes_ = fake.serve(call)
                if answer is None:
                    self.close_connection = True
                    self.connection.shutdown(2)
                    return
                data = json.dumps(answer.data).encode() if bytes_ is None else bytes_
                self._send(answer.status, data, answer.headers, "application/json; charset=utf-8")

            def _send(self, status: int, data: bytes, headers: Mapping[str, str], kind: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": kind, **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do  # noqa: N815 - the names that http.server calls

        return Handler


def unquoted(match: re.Match[str], name: str) -> str:
    return unquote(match[name])
