"""What tests of setting up share: running a command in this process, and a forge that answers from a table."""

from __future__ import annotations

import contextlib
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from gate.cli import run
from tests.support.api_table import problems
from tests.support.fake_forge import Call

if TYPE_CHECKING:
    from collections.abc import Iterator


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def gate(*arguments: str) -> Done:
    """Run a command as the program does, and return what it said."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Done(code, out.getvalue(), err.getvalue())


class Forge:
    """Answers by path (without `/api/v3` or `/api/v4`); what is not in the table is 404, a number is that refusal."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        #: Requests and answers that the forge's own description of its API does not have.
        self.violations: list[str] = []
        self.url = ""


@contextlib.contextmanager
def serving(answers: dict[str, Any]) -> Iterator[Forge]:
    """Serve a table of answers on loopback."""
    forge = Forge(answers)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            name, raw = "github", urlsplit(self.path).path
            if raw.startswith("/api/v4"):
                name = "gitlab"
            raw = raw.removeprefix("/api/v3").removeprefix("/api/v4")
            path = unquote(raw)
            forge.asked.append(f"{self.command} {path}")
            found = forge.answers.get(path, 404)
            status, data = (found, {"message": "no"}) if isinstance(found, int) else (200, found)
            query = dict(parse_qsl(urlsplit(self.path).query))
            call = Call(method=self.command, path=raw, query=query, body=None, headers={})
            forge.violations += problems(name, call, status, data)
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    forge.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
