"""GitLab on loopback: the part of its REST API that the gate uses, with state and with its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.fake_forge import Answer, FakeForge, unquoted

if TYPE_CHECKING:
    import re

    from tests.support.fake_forge import Call

TOKEN = "ghs_secret_of_the_test"
BOT = {"id": 90, "username": "project_5_bot_abc", "name": "gate", "state": "active"}
STATES = {"pending", "running", "success", "failed", "canceled"}
MOST_CHARACTERS = 1_000_000
LINE_CODE = '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'


def user(login: str, number: int, *, state: str = "active") -> dict[str, Any]:
    return {"id": number, "username": login, "name": login, "state": state}


class FakeGitLab(FakeForge):
    """The project `acme/shop` (5) with merge request 7 of `dev` from branch `topic` to `main`."""

    name = "gitlab"
    prefix = "/api/v4"

    def __init__(self, head: str, *, shown: set[tuple[str, int]] | None = None) -> None:
        """`shown`: the lines (path, line) that a thread may name; None: all."""
        super().__init__()
        self.me = BOT
        self.shown = shown
        self.requests: dict[int, dict[str, Any]] = {7: self.request(7, head)}
        self.versions = [self.version(1, head, "2026-01-01T00:00:00.000Z")]
        self.approvals: list[dict[str, Any]] = []
        self.reviewers: list[dict[str, Any]] = []
        self.members: dict[int, dict[str, Any]] = {}
        self.users: dict[int, dict[str, Any]] = {1: {"bot": False}, 90: {"bot": True}}
        self.protected = {"main"}
        self.groups: dict[str, list[dict[str, Any]]] = {}
        self.resets = False
        self.statuses: list[dict[str, Any]] = []
        self.threads: list[dict[str, Any]] = []
        self._ids = 1000
        project = r"/projects/acme%2Fshop"
        mr = project + r"/merge_requests/7"
        for method, pattern, answer in (
            ("GET", r"/user", lambda _m, _c: self.me),
            (
                "GET",
                r"/users",
                lambda _m, c: [u for u in self._people() if u["username"] == c.query["username"]],
            ),
            ("GET", r"/users/(?P<id>\d+)", self._user),
            ("GET", project + r"/merge_requests", self._list),
            ("GET", mr, lambda _m, _c: self.requests[7]),
            ("GET", mr + r"/versions", lambda _m, _c: self.versions),
            ("GET", mr + r"/approvals", lambda _m, _c: {"approved": False, "approved_by": self.approvals}),
            ("GET", mr + r"/reviewers", lambda _m, _c: self.reviewers),
            ("GET", mr + r"/discussions", lambda _m, _c: self.threads),
            ("POST", mr + r"/discussions", self._discuss),
            ("PUT", mr + r"/discussions/(?P<id>\w+)", self._resolve),
            ("POST", mr + r"/notes", self._note),
            ("PUT", mr + r"/notes/(?P<id>\d+)", self._edit),
            ("GET", project + r"/members/all/(?P<id>\d+)", self._member),
            ("GET", project + r"/approvals", lambda _m, _c: {"reset_approvals_on_push": self.resets}),
            ("GET", project + r"/repository/branches/(?P<b>[^/]+)", self._branch),
            ("GET", project + r"/repository/commits/(?P<sha>[0-9a-f]{40})/statuses", self._statuses),
            ("POST", project + r"/statuses/(?P<sha>[0-9a-f]{40})", self._status),
            ("GET", r"/groups/(?P<g>[^/]+)/members/all", self._group),
        ):
            self.route(method, pattern, answer)

    def request(self, number: int, head: str, *, target: str = "main") -> dict[str, Any]:
        return {
            "iid": number,
            "sha": head,
            "state": "opened",
            "description": "Change the login",
            "author": user("dev", 1),
            "source_branch": "topic",
            "target_branch": target,
            "source_project_id": 5,
            "target_project_id": 5,
            "references": {"full": f"acme/shop!{number}"},
            "web_url": f"https://gitlab.example/acme/shop/-/merge_requests/{number}",
            "head_pipeline": {"id": 77, "sha": head, "ref": "refs/merge-requests/7/head"},
            "updated_at": "2026-02-01T00:00:00.000Z",
        }

    def version(self, number: int, head: str, at: str) -> dict[str, Any]:
        return {
            "id": number,
            "head_commit_sha": head,
            "base_commit_sha": "b" * 40,
            "start_commit_sha": "c" * 40,
            "created_at": at,
        }

    @property
    def head(self) -> str:
        return self.requests[7]["sha"]

    def move(self, head: str = "f" * 40) -> None:
        self.requests[7]["sha"] = head

    def approve(
        self, login: str, number: int, *, at: str | None = "2026-02-01T00:00:00.000Z", level: int = 30
    ):
        who = user(login, number)
        self.approvals.append({"user": who} | ({"approved_at": at} if at else {}))
        self.members.setdefault(number, {**who, "access_level": level})
        self.users.setdefault(number, {"bot": False})

    def add(self, body: str, who: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Add a thread of one note and return the note."""
        self._ids += 1
        note = {"id": self._ids, "body": body, "author": who, "system": False, **more}
        note.setdefault("created_at", "2026-02-01T00:00:00.000Z")
        self.threads.append(
            {"id": f"{self._ids:040x}", "individual_note": "position" not in more, "notes": [note]}
        )
        return note

    @property
    def comments(self) -> list[dict[str, Any]]:
        return [n for t in self.threads for n in t["notes"][:1] if not n["system"] and "position" not in n]

    @property
    def inline(self) -> list[dict[str, Any]]:
        return [n for t in self.threads for n in t["notes"][:1] if "position" in n]

    # -- answers ---------------------------------------------------------------------------------------

    def authorize(self, call: Call) -> None:
        if call.headers.get("private-token") != TOKEN:
            raise Answer(401, {"message": "401 Unauthorized"})

    def next_page(self, call: Call, number: int, size: int) -> dict[str, str]:
        return {"X-Next-Page": str(number)}

    def _people(self) -> list[dict[str, Any]]:
        return list(self.members.values())

    def _user(self, match: re.Match[str], _call: Call) -> Any:
        number = int(match["id"])
        if number not in self.users:
            raise Answer(404, {"message": "404 User Not Found"})
        return {"id": number, **self.users[number]}

    def _member(self, match: re.Match[str], _call: Call) -> Any:
        number = int(match["id"])
        if number not in self.members:
            raise Answer(404, {"message": "404 Not found"})
        return self.members[number]

    def _branch(self, match: re.Match[str], _call: Call) -> Any:
        name = unquoted(match, "b")
        return {"name": name, "protected": name in self.protected}

    def _statuses(self, match: re.Match[str], call: Call) -> Any:
        return [
            s
            for s in self.statuses
            if s["sha"] == match["sha"] and s["name"] == call.query.get("name", s["name"])
        ]

    def _status(self, match: re.Match[str], call: Call) -> Any:
        body = self.fields(call, {"state", "name", "description", "ref"}, {"target_url", "pipeline_id"})
        if body["state"] not in STATES or len(body["description"]) > 255:
            raise self.violation(f"{call}: {body}")
        last = next(
            (s for s in reversed(self.statuses) if s["sha"] == match["sha"] and s["name"] == body["name"]),
            None,
        )
        if last is not None and last["status"] == body["state"]:
            raise Answer(400, {"message": f"Cannot transition status via :run from :{last['status']}"})
        self._ids += 1
        told = {key: value for key, value in body.items() if key != "state"}
        self.statuses.append(
            {"id": self._ids, "sha": match["sha"], "author": self.me, "status": body["state"], **told}
        )
        return self.statuses[-1]

    def _text(self, call: Call, body: Any) -> str:
        if not isinstance(body, str) or not body.strip():
            raise self.violation(f"{call}: empty body")
        if len(body) > MOST_CHARACTERS:
            raise Answer(400, {"message": "Note is too long (maximum is 1000000 characters)"})
        if any(line.lstrip().startswith("/") for line in body.replace("\r", "").split("\n")):
            raise self.violation(f"{call}: a quick action")
        return body

    def _note(self, _match: re.Match[str], call: Call) -> Any:
        return self.add(self._text(call, self.fields(call, {"body"})["body"]), self.me)

    def _edit(self, match: re.Match[str], call: Call) -> Any:
        body = self._text(call, self.fields(call, {"body"})["body"])
        note = next((n for t in self.threads for n in t["notes"] if n["id"] == int(match["id"])), None)
        if note is None:
            raise Answer(404, {"message": "404 Not found"})
        if note["author"] != self.me:
            raise Answer(403, {"message": "403 Forbidden"})
        note["body"] = body
        return note

    def _discuss(self, _match: re.Match[str], call: Call) -> Any:
        body = self.fields(call, {"body", "position"})
        place = body["position"]
        required = {"position_type", "base_sha", "start_sha", "head_sha", "old_path", "new_path", "new_line"}
        if not required <= place.keys() <= required | {"old_line"} or place["position_type"] != "text":
            raise self.violation(f"{call}: position {sorted(place)}")
        newest = max(self.versions, key=lambda v: v["id"])
        if place["head_sha"] != newest["head_commit_sha"]:
            raise Answer(400, {"message": LINE_CODE})
        if self.shown is not None and (place["new_path"], place["new_line"]) not in self.shown:
            raise Answer(400, {"message": LINE_CODE})
        self.add(self._text(call, body["body"]), self.me, position=place, resolvable=True, resolved=False)
        return self.threads[-1]

    def _resolve(self, match: re.Match[str], call: Call) -> Any:
        resolved = self.fields(call, {"resolved"})["resolved"]
        thread = next((t for t in self.threads if t["id"] == match["id"]), None)
        if thread is None:
            raise Answer(404, {"message": "404 Discussion Not Found"})
        thread["notes"][0]["resolved"] = resolved
        thread["notes"][0]["resolved_by"] = self.me if resolved else None
        return thread

    def _list(self, _match: re.Match[str], _call: Call) -> Any:
        """Rows of a list have less than the request itself."""
        return [{k: v for k, v in row.items() if k != "head_pipeline"} for row in self.requests.values()]

    def _group(self, match: re.Match[str], _call: Call) -> Any:
        name = unquoted(match, "g")
        if name not in self.groups:
            raise Answer(404, {"message": "404 Group Not Found"})
        return self.groups[name]
