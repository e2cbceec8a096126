"""Make a table of facts from a forge's OpenAPI description: routes, parameters, fields and their types.

    python -m tests.support.make_api_table github api.github.com.json "@octokit/openapi 23.0.2"
    python -m tests.support.make_api_table gitlab openapi_v3.yaml "gitlab-org/gitlab, doc/api/openapi, at <commit>"

writes `tests/support/api/github.json` for the operations that the gate uses, and nothing of the description's text.
`tests/support/api_table.py` says what the signs in it mean.
The `source` of each table says what it was made of; that of GitLab's holds bodies that were written down by hand.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.support.api_table import FOLDER

#: Fields of fields of fields: deeper ones are never read.
DEPTH = 4
USED = {
    "github": """
        GET /user
        GET /orgs/{}/teams/{}/members
        GET /repos/{}/{}
        GET /repos/{}/{}/pulls
        GET /repos/{}/{}/pulls/{}
        GET /repos/{}/{}/pulls/{}/commits
        GET /repos/{}/{}/pulls/{}/reviews
        POST /repos/{}/{}/pulls/{}/reviews
        GET /repos/{}/{}/pulls/{}/comments
        PATCH /repos/{}/{}/pulls/comments/{}
        GET /repos/{}/{}/issues/{}/events
        GET /repos/{}/{}/issues/{}/comments
        POST /repos/{}/{}/issues/{}/comments
        PATCH /repos/{}/{}/issues/comments/{}
        GET /repos/{}/{}/collaborators/{}/permission
        GET /repos/{}/{}/activity
        GET /repos/{}/{}/branches/{}
        GET /repos/{}/{}/branches/{}/protection
        GET /repos/{}/{}/rules/branches/{}
        GET /repos/{}/{}/commits/{}/pulls
        GET /repos/{}/{}/commits/{}/statuses
        POST /repos/{}/{}/statuses/{}
        POST /repos/{}/{}/code-scanning/sarifs
        GET /repos/{}/{}/actions/runs
        GET /repos/{}/{}/actions/runs/{}/artifacts
        GET /repos/{}/{}/actions/permissions/workflow
        GET /repos/{}/{}/environments/{}
        GET /repos/{}/{}/codeowners/errors
    """,
    "gitlab": """
        GET /user
        GET /users
        GET /users/{}
        GET /personal_access_tokens/self
        GET /groups/{}/members/all
        GET /projects/{}
        GET /projects/{}/approvals
        GET /projects/{}/hooks
        GET /projects/{}/members/all/{}
        GET /projects/{}/merge_requests
        GET /projects/{}/merge_requests/{}
        GET /projects/{}/merge_requests/{}/approvals
        GET /projects/{}/merge_requests/{}/discussions
        POST /projects/{}/merge_requests/{}/discussions
        PUT /projects/{}/merge_requests/{}/discussions/{}
        POST /projects/{}/merge_requests/{}/notes
        PUT /projects/{}/merge_requests/{}/notes/{}
        GET /projects/{}/merge_requests/{}/reviewers
        GET /projects/{}/merge_requests/{}/versions
        GET /projects/{}/protected_branches/{}
        GET /projects/{}/repository/branches/{}
        GET /projects/{}/repository/commits/{}/merge_requests
        GET /projects/{}/repository/commits/{}/statuses
        POST /projects/{}/statuses/{}
        GET /projects/{}/variables/{}
    """,
}


class Description:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.entities: dict[str, dict[str, Any]] = {}
        self.operations: dict[str, Any] = {}
        for path, methods in document["paths"].items():
            short = re.sub(r"\{[^}]+\}", "{}", path.removeprefix("/api/v4"))
            for method, operation in methods.items():
                self.operations[f"{method.upper()} {short}"] = operation

    def row(self, name: str) -> dict[str, Any]:
        operation = self.operations[name]
        parameters = [self._resolved(one) for one in operation.get("parameters", ())]
        row: dict[str, Any] = {
            "query": sorted(one["name"] for one in parameters if one["in"] == "query"),
            "answers": {
                code: self._answer(self._resolved(answer)) for code, answer in operation["responses"].items()
            },
        }
        if "requestBody" in operation:
            schema = self._resolved(operation["requestBody"])["content"]["application/json"]["schema"]
            row["body"] = self._type(schema, name, 0)
        return row

    def _answer(self, answer: dict[str, Any]) -> str:
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        return self._type(schema, "", 0) if schema else "*"

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            found: Any = self._document
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            value = found
        return value

    def _type(self, schema: dict[str, Any], place: str, depth: int) -> str:
        name = schema.get("$ref", "").rpartition("/")[2]
        schema = self._resolved(schema)
        absent = "?" if schema.get("nullable") else ""
        several = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
        if several and len(several) > 1:
            return "*"  # a value may fit one of them or several
        if several:
            return self._type(several[0], place, depth) + absent
        if "enum" in schema:
            return "=" + "|".join(str(word) for word in schema["enum"] if word is not None) + absent
        kind = schema.get("type", "*")
        if kind == "array":
            return "[]" + self._type(schema.get("items", {}), f"{place}[]", depth)
        if kind == "object" and schema.get("properties") and depth < DEPTH:
            return "@" + self._entity(name or place, schema, depth) + absent
        return kind + absent

    def _entity(self, name: str, schema: dict[str, Any], depth: int) -> str:
        if name not in self.entities:
            entity: dict[str, Any] = {}
            self.entities[name] = entity
            required = set(schema.get("required", ()))
            for field, value in schema["properties"].items():
                told = self._type(value, f"{name}.{field}", depth + 1)
                entity[field] = ("!" if field in required else "") + told
        return name


def table(forge: str, document: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the table for the operations in USED. Raises KeyError for one that the description lacks."""
    description = Description(document)
    names = [line.strip() for line in USED[forge].strip().splitlines()]
    operations = {name: description.row(name) for name in names}
    return {"source": source, "operations": operations, "entities": description.entities}


def main(forge: str, path: str, source: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    document = json.loads(text) if path.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader)
    found = table(forge, document, source)
    rows = [f'"source": {json.dumps(found["source"])}']
    for part in ("operations", "entities"):
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(found[part].items())]
        rows.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    (FOLDER / f"{forge}.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
