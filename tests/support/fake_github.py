"""GitHub on loopback: the part of its REST API that the gate uses, with state and with its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.fake_forge import Answer, FakeForge, unquoted

if TYPE_CHECKING:
    import re

    from tests.support.fake_forge import Call

BOT = {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"}
TOKEN = "ghs_secret_of_the_test"
STATES = {"error", "failure", "pending", "success"}
MOST_CHARACTERS = 65_536


def user(login: str, number: int, kind: str = "User") -> dict[str, Any]:
    return {"login": login, "id": number, "type": kind}


class FakeGitHub(FakeForge):
    """The repository `acme/shop` with pull request 7 of `dev` from branch `topic` to `main`."""

    name = "github"
    prefix = ""

    def __init__(self, head: str, *, shown: set[tuple[str, int]] | None = None) -> None:
        """`shown`: the lines (path, line) that a review may name; None: all."""
        super().__init__()
        self.number = 7
        self.me = BOT
        self.shown = shown
        self.pulls: dict[int, dict[str, Any]] = {7: self.pull(7, head)}
        self.reviews: list[dict[str, Any]] = []
        self.permissions: dict[str, dict[str, str]] = {}
        self.commits: list[dict[str, Any]] = []
        self.activity: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.protected = {"main"}
        self.rules: dict[str, list[dict[str, Any]]] = {}
        self.teams: dict[str, list[dict[str, Any]]] = {}
        self.statuses: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.inline: list[dict[str, Any]] = []
        self.sarif: list[dict[str, Any]] = []
        self._ids = 1000
        repo = r"/repos/acme/shop"
        for method, pattern, answer in (
            ("GET", r"/user", self._user),
            (
                "GET",
                repo + r"/pulls",
                lambda _m, _c: [p for p in self.pulls.values() if p["state"] == "open"],
            ),
            ("GET", repo + r"/pulls/(?P<n>\d+)", self._pull),
            ("GET", repo + r"/pulls/7/reviews", lambda _m, _c: self.reviews),
            ("POST", repo + r"/pulls/7/reviews", self._review),
            ("GET", repo + r"/pulls/7/commits", lambda _m, _c: self.commits),
            ("GET", repo + r"/pulls/7/comments", lambda _m, _c: self.inline),
            ("PATCH", repo + r"/pulls/comments/(?P<id>\d+)", lambda m, c: self._edit(self.inline, m, c)),
            ("GET", repo + r"/collaborators/(?P<login>[^/]+)/permission", self._permission),
            ("GET", r"/repos/(acme|dev)/shop/activity", self._activity),
            ("GET", repo + r"/issues/7/events", lambda _m, _c: self.events),
            ("GET", repo + r"/issues/7/comments", lambda _m, _c: self.comments),
            ("POST", repo + r"/issues/7/comments", self._comment),
            ("PATCH", repo + r"/issues/comments/(?P<id>\d+)", lambda m, c: self._edit(self.comments, m, c)),
            ("GET", repo + r"/branches/(?P<b>[^/]+)", self._branch),
            (
                "GET",
                repo + r"/rules/branches/(?P<b>[^/]+)",
                lambda m, _c: self.rules.get(unquoted(m, "b"), []),
            ),
            ("GET", repo + r"/commits/(?P<sha>[0-9a-f]{40})/statuses", self._statuses),
            ("POST", repo + r"/statuses/(?P<sha>[0-9a-f]{40})", self._status),
            ("POST", repo + r"/code-scanning/sarifs", self._sarif),
            ("GET", r"/orgs/(?P<org>[^/]+)/teams/(?P<team>[^/]+)/members", self._team),
        ):
            self.route(method, pattern, answer)

    def pull(
        self, number: int, head: str, *, target: str = "main", source: str = "acme/shop"
    ) -> dict[str, Any]:
        return {
            "number": number,
            "state": "open",
            "body": "Change the login",
            "html_url": f"https://github.example/acme/shop/pull/{number}",
            "user": user("dev", 1),
            "head": {
                "sha": head,
                "ref": "topic",
                "repo": {"id": 5 if source == "acme/shop" else 6, "full_name": source},
            },
            "base": {"sha": head, "ref": target, "repo": {"id": 5, "full_name": "acme/shop"}},
        }

    @property
    def head(self) -> str:
        return self.pulls[7]["head"]["sha"]

    def move(self, head: str = "f" * 40) -> None:
        self.pulls[7]["head"]["sha"] = head

    def approve(
        self, login: str, number: int, *, commit: str | None, state: str = "APPROVED", kind: str = "User"
    ):
        self._ids += 1
        self.reviews.append(
            {
                "id": self._ids,
                "user": user(login, number, kind),
                "state": state,
                "commit_id": commit,
                "submitted_at": f"2026-02-01T00:{self._ids % 60:02}:00Z",
                "body": "",
            }
        )
        self.permissions.setdefault(login, {"permission": "write", "role_name": "write"})

    def add(
        self, body: str, who: dict[str, Any], rows: list[dict[str, Any]] | None = None, **more: Any
    ) -> None:
        self._ids += 1
        target = self.comments if rows is None else rows
        target.append({"id": self._ids, "body": body, "user": who, **more})

    # -- answers ---------------------------------------------------------------------------------------

    def authorize(self, call: Call) -> None:
        if call.headers.get("authorization") not in (f"token {TOKEN}", f"Bearer {TOKEN}"):
            raise Answer(401, {"message": "Bad credentials"})

    def _user(self, _match: re.Match[str], _call: Call) -> Any:
        if self.me["type"] == "Bot":
            raise Answer(403, {"message": "Resource not accessible by integration"})
        return self.me

    def _pull(self, match: re.Match[str], _call: Call) -> Any:
        number = int(match["n"])
        if number not in self.pulls:
            raise Answer(404, {"message": "Not Found"})
        return self.pulls[number]

    def _permission(self, match: re.Match[str], _call: Call) -> Any:
        login = unquoted(match, "login")
        if login not in self.permissions:
            raise Answer(404, {"message": f"{login} is not a user"})
        return self.permissions[login]

    def _activity(self, _match: re.Match[str], call: Call) -> Any:
        if call.query.get("ref") != "refs/heads/topic":
            raise self.violation(f"{call}: ref {call.query.get('ref')}")
        return self.activity

    def _branch(self, match: re.Match[str], _call: Call) -> Any:
        name = unquoted(match, "b")
        return {"name": name, "protected": name in self.protected}

    def _statuses(self, match: re.Match[str], _call: Call) -> Any:
        found = [s for s in reversed(self.statuses) if s["sha"] == match["sha"]]
        return [{key: value for key, value in s.items() if key != "sha"} for s in found]

    def _status(self, match: re.Match[str], call: Call) -> Any:
        body = self.fields(call, {"state", "context", "description"}, {"target_url"})
        if body["state"] not in STATES or len(body["description"]) > 140:
            raise self.violation(f"{call}: {body}")
        row = {"id": len(self.statuses), "creator": self.me, "target_url": "", **body}
        self.statuses.append({"sha": match["sha"], **row})
        return row

    def _text(self, call: Call, body: Any) -> str:
        if not isinstance(body, str) or not body.strip():
            raise self.violation(f"{call}: empty body")
        if len(body) > MOST_CHARACTERS:
            raise Answer(
                422,
                {
                    "message": "Validation Failed",
                    "errors": [{"message": "body is too long (maximum is 65536 characters)"}],
                },
            )
        return body

    def _comment(self, _match: re.Match[str], call: Call) -> Any:
        self.add(self._text(call, self.fields(call, {"body"})["body"]), self.me)
        return self.comments[-1]

    def _edit(self, rows: list[dict[str, Any]], match: re.Match[str], call: Call) -> Any:
        body = self._text(call, self.fields(call, {"body"})["body"])
        row = next((row for row in rows if row["id"] == int(match["id"])), None)
        if row is None:
            raise Answer(404, {"message": "Not Found"})
        if row["user"] != self.me:
            raise Answer(403, {"message": "Must have admin rights"})
        row["body"] = body
        return row

    def _review(self, _match: re.Match[str], call: Call) -> Any:
        body = self.fields(call, {"commit_id", "event", "body", "comments"})
        if body["event"] != "COMMENT" or not body["body"] or not 0 < len(body["comments"]) <= 30:
            raise self.violation(f"{call}: {body['event']}, {len(body['comments'])} comments")
        for row in body["comments"]:
            if set(row) != {"path", "line", "side", "body"} or row["side"] != "RIGHT":
                raise self.violation(f"{call}: comment {sorted(row)}")
            if self.shown is not None and (row["path"], row["line"]) not in self.shown:
                raise Answer(
                    422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
                )
        if body["commit_id"] != self.head:
            raise Answer(422, {"message": "commit_id is not part of the pull request"})
        for row in body["comments"]:
            self.add(self._text(call, row["body"]), self.me, self.inline, path=row["path"], line=row["line"])
        self._ids += 1
        raise Answer(200, {"id": self._ids, "state": "COMMENTED"})

    def _sarif(self, _match: re.Match[str], call: Call) -> Any:
        body = self.fields(call, {"commit_sha", "ref", "sarif"})
        self.sarif.append(body)
        raise Answer(202, {"id": "1", "url": ""})

    def _team(self, match: re.Match[str], _call: Call) -> Any:
        name = f"{match['org']}/{match['team']}"
        if name not in self.teams:
            raise Answer(404, {"message": "Not Found"})
        return self.teams[name]
