"""Requests of the gate and answers of the fake against GitHub's own description of its API.

Runs where GITHUB_API_DESCRIPTION names that file (`generated/api.github.com.json` of the npm package
`@octokit/openapi`); elsewhere it is skipped.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.forges.conftest import ACTIVE
from tests.forges.shop import FLAW, Publisher, Shop
from tests.support.fake_github import FakeGitHub, user

DESCRIPTION = os.environ.get("GITHUB_API_DESCRIPTION", "")
pytestmark = pytest.mark.skipif(not DESCRIPTION, reason="GITHUB_API_DESCRIPTION names no file")
ROOT = "https://description.example/"


def lenient(value: Any, *, strict: bool) -> Any:
    """A schema of OpenAPI as JSON Schema: null where it is allowed. `strict`: no field that is not described;
    else nothing is required, since the fake sends only what is used.
    """
    if isinstance(value, list):
        return [lenient(item, strict=strict) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: lenient(item, strict=strict) for key, item in value.items() if key != "format"}
    if isinstance(found.get("required"), list) and not strict:
        del found["required"]
    if "oneOf" in found and not strict:
        found["anyOf"] = found.pop("oneOf")
    if found.pop("nullable", False):
        return {"anyOf": [found, {"type": "null"}]}
    if strict and found.get("type") == "object" and "properties" in found:
        found.setdefault("additionalProperties", False)
    return found


@cache
def description() -> dict[str, Any]:
    return json.loads(Path(DESCRIPTION).read_text(encoding="utf-8"))


@cache
def registry() -> Registry:
    contents = lenient({"components": description()["components"]}, strict=False)
    return Registry().with_resource(ROOT, Resource.from_contents(contents, default_specification=DRAFT202012))


@cache
def templates() -> list[tuple[re.Pattern[str], str, dict[str, Any]]]:
    found = []
    for path, operations in description()["paths"].items():
        pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + r"\Z")
        found.append((pattern, path, operations))
    return sorted(found, key=lambda row: row[1].count("{"))


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = description()
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def errors(schema: dict[str, Any], data: Any, *, strict: bool) -> list[str]:
    """What is wrong with `data`. Combinations of object types are not narrowed: each must fit by itself."""
    text = json.dumps(lenient(resolved(schema), strict=strict)).replace('"#/', f'"{ROOT}#/')
    validator = Draft202012Validator(json.loads(text), registry=registry())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def problems(call, status: int, data: Any) -> list[str]:
    operation = next(
        (
            ops[call.method.lower()]
            for p, _, ops in templates()
            if p.match(call.path) and call.method.lower() in ops
        ),
        None,
    )
    if operation is None:
        return [f"{call}: no such operation"]
    found = []
    known = {
        resolved(row)["name"] for row in operation.get("parameters", ()) if resolved(row)["in"] == "query"
    }
    found += [f"{call}: query {name}" for name in call.query if name not in known]
    if call.body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        found += [f"{call}: {error}" for error in errors(schema, call.body, strict=True)]
    answer = operation["responses"].get(str(status))
    if answer is None:
        found.append(f"{call}: answered with {status}, which is not described")
    elif content := resolved(answer).get("content", {}).get("application/json"):
        found += [f"{call} answer: {error}" for error in errors(content["schema"], data, strict=False)]
    return found


def test_every_request_and_every_used_answer_is_described(tmp_path):
    shop = Shop(tmp_path)
    shop.change({"auth/login.py": ACTIVE, "shop.py": FLAW})
    report = shop.report()
    with FakeGitHub(shop.head) as fake:
        fake.me = user("gate", 90)
        fake.approve("sec1", 11, commit=shop.head)
        fake.activity.append(
            {
                "id": 1,
                "before": "0" * 40,
                "after": shop.head,
                "actor": user("dev", 1),
                "activity_type": "push",
            }
        )
        fake.commits.append({"sha": shop.head, "author": user("dev", 1), "committer": None})
        publish = Publisher(fake, shop, login=None)
        publish(report, sarif=True, url="https://github.example/run/1")
        fake.add("x\n<!-- ai-merge-gate:fp=" + "0" * 32 + " -->", fake.me, fake.inline)
        fake.protected.clear()
        fake.comments[0]["body"] += "\nold"
        publish(report)
        assert {call.method for call, *_ in fake.answered} == {"GET", "POST", "PATCH"}
        found = [problem for row in fake.answered for problem in problems(*row)]
    assert not found, "\n".join(found)
    assert len({str(call) for call, *_ in fake.answered}) >= 15
