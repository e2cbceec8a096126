"""How a forge is asked: time limits, repeats that cannot post twice, pages to the end, a count of calls.

The clients of both forges are used without their own repeats, because they would repeat a POST that the
server may have carried out.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from gate.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TRIES = 5
#: Seconds: the longest single wait, all waits of one publish, the pause between writes on GitHub.
MOST_WAIT = 60.0
MOST_WAITS = 300.0
CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
PAGE = 100
#: More pages than this are a loop or a flood.
MOST_PAGES = 100
#: Characters of a server's message that are shown.
MOST_SAID = 300


class Refused(ForgeError):
    """The forge said no, and repeating does not help; `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status


class TooLong(Refused):
    """The text is longer than the forge takes."""


class Unsure(ForgeError):
    """A POST was sent and no answer came: what it does may have happened."""


class Flooded(ForgeError):
    """A list has more pages than are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `headers` have lower-case names; `data` is the decoded JSON, None if there was none."""

    status: int
    headers: Mapping[str, str]
    data: Any = None
    text: str = ""


class Dropped(Exception):
    """The connection broke or timed out before an answer was complete."""


def trouble(error: Exception, where: str) -> Exception:
    """Return what to raise for an error of a client: Dropped, or ForgeError where trying again is of no use."""
    name = type(error).__name__
    if name == "SSLError":
        return ForgeError(
            f"{where}: the certificate of the server is not trusted",
            hint="Name a file with its authority's certificate in GATE_CA_FILE.",
        )
    if name in ("TooManyRedirects", "RedirectError"):
        return ForgeError(
            f"{where}: the server sends elsewhere, and the token is not sent along",
            hint="Give the final address of the API (--api-url) and the present path of the project (--repository).",
        )
    return Dropped(name)


class Send(Protocol):
    """Sends one request by the forge's own client and returns any answer; raises Dropped without one."""

    def __call__(
        self, verb: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> Reply: ...


@dataclass(slots=True, kw_only=True)
class Calls:
    """The calls of one publish. `where` names the forge in messages, `token_name` the variable of the token.

    `reads` and `writes` count what was sent.
    """

    send: Send
    where: str
    token_name: str = "GATE_TOKEN"
    pause: float = 0.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time
    dry_run: Callable[[str], None] | None = None
    reads: int = 0
    writes: int = 0
    _waited: float = 0.0
    _written: bool = field(default=False)

    def get(self, path: str, **query: Any) -> Any:
        """Return the data of one object. Raises Refused or ForgeError."""
        return self._call("GET", path, query=query).data

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list to its last page. Raises ForgeError if a page does not come, and Flooded
        where there are too many.
        """
        query = {"per_page": PAGE, **query}
        page: str | None = "1"
        for _ in range(MOST_PAGES):
            reply = self._call("GET", path, query=query if page == "1" else {**query, **_next(page)})
            if not isinstance(reply.data, list):
                self._wrong(path)
            for row in reply.data:
                if not isinstance(row, dict):
                    self._wrong(path)
                yield row
            page = _next_page(reply.headers)
            if page is None:
                return
        raise Flooded(
            f"{self.where}: {path}: more than {MOST_PAGES} pages of {PAGE}",
            hint="A list that long is not read; close what is done, or ask the administrator of the forge.",
        )

    def write(self, verb: str, path: str, body: Any) -> Any:
        """Send a change and return the answer's data.

        PUT and PATCH are repeated like reads. A POST is repeated only if the forge surely did not do it;
        else Unsure is raised.
        """
        if self.dry_run is not None:
            self.dry_run(f"{verb} {path}")
            return {}
        if self._written and self.pause:
            self.sleep(self.pause)
        self._written = True
        return self._call(verb, path, body=body).data

    def _call(
        self, verb: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> Reply:
        told = ""
        for attempt in range(TRIES):
            if verb == "GET":
                self.reads += 1
            else:
                self.writes += 1
            wait = min(2.0**attempt, MOST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311 - only spreads load
            try:
                reply = self.send(verb, path, query=query, body=body)
            except Dropped as error:
                told = str(error)
                if verb == "POST":
                    raise Unsure(f"{self.where}: {verb} {path}: {told}") from error
            else:
                if 200 <= reply.status < 300:
                    return reply
                told = f"{reply.status} {_said(reply)}".rstrip()
                limited = _limited(reply)
                if not limited and reply.status < 500:
                    self._refuse(verb, path, reply, told)
                if not limited and verb == "POST":
                    raise Unsure(f"{self.where}: {verb} {path}: {told}")
                if limited and (asked := _asked_wait(reply, self.clock())) is not None:
                    if asked > MOST_WAIT:
                        break
                    wait = max(asked, 0.0)
            if attempt + 1 == TRIES or self._waited + wait > MOST_WAITS:
                break
            self._waited += wait
            self.sleep(wait)
        raise ForgeError(
            f"{self.where}: {verb} {path}: no usable answer: {told}",
            hint="Run gate publish again later; nothing is posted twice.",
        )

    def _refuse(self, verb: str, path: str, reply: Reply, told: str) -> NoReturn:
        message = f"{self.where}: {verb} {path}: {told}"
        if reply.status == 401:
            raise ForgeError(
                message, hint=f"The token in {self.token_name} is wrong or has expired; make a new one."
            )
        if reply.status == 413 or (
            reply.status in (400, 422) and ("too long" in told.lower() or "is too large" in told.lower())
        ):
            raise TooLong(message, status=reply.status)
        hint = None
        if reply.status in (403, 404):
            hint = f"Does the token in {self.token_name} have the permission for this? docs/publish.md lists them."
        raise Refused(message, status=reply.status, hint=hint)

    def _wrong(self, path: str) -> NoReturn:
        raise ForgeError(
            f"{self.where}: GET {path}: the answer is not what this call gives",
            hint="Is the address of the API right, and does a proxy answer in its place?",
        )


def _limited(reply: Reply) -> bool:
    if reply.status == 429:
        return True
    return reply.status == 403 and (
        "retry-after" in reply.headers
        or reply.headers.get("x-ratelimit-remaining") == "0"
        or "secondary rate limit" in reply.text.lower()
    )


def _asked_wait(reply: Reply, now: float) -> float | None:
    """Seconds that the forge asks to wait, None if it does not say."""
    after = reply.headers.get("retry-after", "")
    if after.isdigit():
        return float(after[:9])
    if after:
        try:
            return parsedate_to_datetime(after).timestamp() - now
        except ValueError:
            return None
    for name in ("x-ratelimit-reset", "ratelimit-reset"):
        if reply.headers.get(name, "").isdigit():
            return float(reply.headers[name][:12]) - now
    return None


def _next_page(headers: Mapping[str, str]) -> str | None:
    """The number or cursor of the next page, None at the end. Of a link only its query is used: the host
    that is asked stays the one that was configured.
    """
    if number := headers.get("x-next-page", "").strip():
        return f"page={number}"
    for link in headers.get("link", "").split(","):
        address, _, rest = link.partition(";")
        if 'rel="next"' in rest:
            return address.strip().strip("<>").partition("?")[2] or None
    return None


def _next(page: str | None) -> dict[str, str]:
    from urllib.parse import parse_qsl  # noqa: PLC0415 - only for long lists

    keys = ("page", "after", "before", "cursor", "id_after")
    return {key: value for key, value in parse_qsl(page or "") if key in keys}


def _said(reply: Reply) -> str:
    data = reply.data if isinstance(reply.data, dict) else {}
    parts = [data.get("message"), data.get("error")]
    parts += [e.get("message") if isinstance(e, dict) else e for e in _rows(data.get("errors"))]
    said = "; ".join(str(part) for part in parts if part)
    return said[:MOST_SAID]


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
