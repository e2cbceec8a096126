"""Stories that a security lead can read, played with real git, real scanners and the real command.

Each `##` heading of tests/scenarios/*.md is a case. Its fenced blocks are the input and the expectation;
blocks before the first heading hold for every case of the page.

- `yaml policy`: `.gate.yml` on the target branch
- `yaml base`: other files of the target branch, path to content
- `yaml commits`: a list of `{author, committer, message, files}` of the branch under review; null deletes
- `yaml reports`: reports of other scanners, path to content; HEAD in them is the head commit
- `yaml reviews`: a list of `{by, state, at_commit, kind, permission}`; `opener` in the first entry's place
- `yaml expect`: `verdict`, `exit`, and any of the keys that `_check` knows
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.cli import run
from tests.support.repos import Repo

PAGES = Path(__file__).parent / "scenarios"
BLOCK = re.compile(r"^```yaml (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = "2026-02-01T00:00:00Z"


def _cases() -> list[Any]:
    found = []
    for page in sorted(PAGES.glob("*.md")):
        intro, *parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        common = dict(BLOCK.findall(intro))
        for part in parts:
            blocks = {**common, **dict(BLOCK.findall(part))}
            title = part.split("\n", 1)[0]
            found.append(pytest.param(blocks, id=f"{page.stem}: {title}"))
    return found


def test_there_are_pages():
    assert len(_cases()) >= 12


@pytest.mark.parametrize("blocks", _cases())
def test_scenario(blocks: dict[str, str], tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)
    unknown = set(blocks) - {"policy", "base", "commits", "reports", "reviews", "expect"}
    assert not unknown, f"unknown blocks: {unknown}"
    repo = Repo(tmp_path / "repo")
    before = dict(yaml.safe_load(blocks.get("base", "{}")))
    if "policy" in blocks:
        before[".gate.yml"] = blocks["policy"]
    repo.commit(before or {"README": "a project\n"}, message="start")
    repo.branch("topic")
    repo.checkout("topic")
    shas = [_commit(repo, one) for one in yaml.safe_load(blocks["commits"])]
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name, content in yaml.safe_load(blocks.get("reports", "{}")).items():
        (work / name).write_text(json.dumps(content).replace("HEAD", shas[-1]))
    report = tmp_path / "report.json"
    arguments = ["check", "--repo", str(repo.path), "--base", "main", "--head", "topic", "--now", NOW]
    arguments += ["-o", f"json={report}", "-o", "text"]
    if "reviews" in blocks:
        reviews = tmp_path / "reviews.json"
        reviews.write_text(json.dumps(_reviews(yaml.safe_load(blocks["reviews"]), shas)))
        arguments += ["--reviews", str(reviews)]

    code = run(arguments)

    printed = capsys.readouterr()
    assert report.exists(), printed.err
    _check(json.loads(report.read_text()), code, printed.out, yaml.safe_load(blocks["expect"]))


def _commit(repo: Repo, one: dict[str, Any]) -> str:
    def person(name: str) -> tuple[str, str]:
        return (name, f"{name}@acme.example")

    author = person(one.get("author", "dev"))
    return repo.commit(
        one["files"],
        message=one.get("message", "change"),
        author=tuple(one["identity"]) if "identity" in one else author,
        committer=person(one["committer"]) if "committer" in one else None,
    )


def _reviews(rows: list[dict[str, Any]], shas: list[str]) -> dict[str, Any]:
    opener = next((row["opener"] for row in rows if "opener" in row), "dev")
    return {
        "schema": "gate-reviews/1",
        "repo": "shop",
        "change": "12",
        "target": "refs/heads/main",
        "target_protected": True,
        "head": shas[-1],
        "complete": True,
        "opener": {"account": f"github:{opener}", "id": None, "kind": "user"},
        "requester": None,
        "pushers": [{"account": f"github:{opener}", "id": None, "kind": "user"}],
        "earlier_heads": [],
        "retargeted_at": None,
        "commit_accounts": {},
        "decisions": [
            {
                "id": str(number),
                "account": f"github:{row['by']}",
                "id_number": None,
                "kind": row.get("kind", "user"),
                "state": row["state"],
                "at": f"2026-01-02T00:00:{number:02}Z",
                "commit": shas[row.get("at_commit", len(shas)) - 1],
                "active": True,
                "permission": row.get("permission", "write"),
                "source": row.get("source", "review"),
            }
            for number, row in enumerate(row for row in rows if "by" in row)
        ],
    }


def _check(report: dict[str, Any], code: int, text: str, expect: dict[str, Any]) -> None:
    assert (report["verdict"], code) == (expect["verdict"], expect["exit"]), text
    checks = {
        "areas": lambda: sorted(a["area"] for a in report["areas"]),
        "accepted": lambda: report["signoff"]["accepted"],
        "needed": lambda: report["signoff"]["needed"],
        "eligible": lambda: report["signoff"]["eligible"],
        "ignored": lambda: [{"who": i["who"], "why": i["why"]} for i in report["signoff"]["ignored"]],
        "authorship": lambda: report["authorship"]["verdict"],
        "agents": lambda: report["authorship"]["agents"],
        "findings": lambda: sorted(
            f"{f['state']} {f['severity']} {f['family']} {f['location']['path']}:{f['location']['start']['line']}"
            for f in report["findings"]
        ),
        "fixed": lambda: [f"{f['family']} {f['location']['path']}" for f in report["fixed"]],
        "decisions": lambda: sorted({f["decision"] for f in report["findings"]}),
        "witnesses": lambda: sorted({w["tool"] for f in report["findings"] for w in f["witnesses"]}),
        "unscanned": lambda: sorted({u["path"] for t in report["tools"] for u in t["unscanned"]}),
        "suppressions": lambda: [f"{s['kind']} {s['path']}:{s['line']}" for s in report["suppressions"]],
    }
    for key, wanted in expect.items():
        if key in checks:
            assert checks[key]() == wanted, text
        elif key == "says":
            for phrase in wanted:
                assert phrase in " ".join(text.split()), text
        elif key == "does_not_say":
            for phrase in wanted:
                assert phrase not in " ".join(text.split()), text
        else:
            assert key in ("verdict", "exit"), f"unknown expectation {key}"
