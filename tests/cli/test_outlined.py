"""Of long files only outlines are read at the base, and the report is to the byte what it would be without."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gate.cli import run
from gate.core.source import outline as core
from gate.pipeline import sides

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.repos import Repo

FILLING = "".join(f"def plain_{n}(a):\n    b = a + {n}\n    assert b\n    return b\n\n\n" for n in range(8))
PYTHON = (
    "import subprocess\nfrom xml.etree import ElementTree\nfrom flask import request\n\nMODE = 0o777\n\n\n"
    "def old_flaw():\n    return subprocess.call('ls ' + request.args['d'], shell=True)\n\n\n"
    "def parsed(text):\n    return ElementTree.fromstring(text)\n\n\n"
    "def hidden(text):\n    return eval(text)  # nosec\n\n\n"
    "def opened(path):\n    os.chmod(path, MODE)\n\n\n"
    f"{FILLING}"
    "def tail():\n    return 1\n"
)
TYPESCRIPT = (
    "import { exec } from 'child_process'\n\n"
    "export function old(req: Request) {\n  exec('ls ' + req.query.d)\n}\n\n"
    + "".join(f"export function plain{n}(a: number) {{\n  return a + {n}\n}}\n\n" for n in range(8))
    + "export function tail() {\n  return 1\n}\n"
)
FLAW = "    return subprocess.call('rm ' + request.args['e'], shell=True)\n"


def report(repo: Repo, out: Path, *options: str) -> dict[str, object]:
    code = run(
        [
            *("check", "--repo", str(repo.path), "--base", "main", "--now", "2026-01-01T00:00:00Z"),
            *("-q", "-o", f"json={out}", *options),
        ]
    )
    return {"code": code, **json.loads(out.read_bytes())}


@pytest.mark.parametrize(
    ("old", "new", "states"),
    [
        ("def tail():\n    return 1\n", "def tail():\n    return 2\n", {"existing"}),
        ("def tail():\n    return 1\n", f"def tail():\n{FLAW}", {"existing", "new"}),
        ("    return 1\n", f"    return 1\n\n\ndef more():\n{FLAW}", {"existing", "new"}),
        ("from xml.etree import", "from defusedxml import", {"existing", "fixed"}),
        ("import subprocess\n", "import subprocess as p\n", None),
        ("from flask import request\n", "from mine import request\n", None),
        ("MODE = 0o777", "MODE = 0o600", None),
        ("  # nosec", "", None),
        ("def old_flaw():", "def renamed():", None),
        ("    return eval(text)  # nosec\n", "    return len(text)\n", None),
        ("def plain_3(a):\n", "def plain_3(a\n", None),
    ],
    ids=[
        "nothing to find",
        "a new flaw in a function that was there",
        "a new flaw in a new function",
        "mended by another import",
        "the same import under another name",
        "a source that is none any more",
        "mended by a constant",
        "a suppression taken away",
        "the function renamed",
        "a suppressed flaw mended",
        "a head that does not parse",
    ],
)
def test_python(
    old: str, new: str, states: set[str] | None, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PYTHON.count(old) == 1
    repo.commit({"app/views.py": PYTHON})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app/views.py": "# A line that moves all others.\n" + PYTHON.replace(old, new)})
    whole = report(repo, tmp_path / "whole.json")
    monkeypatch.setattr(sides, "OUTLINE_BYTES", 0)
    written: list[bytes] = []
    monkeypatch.setattr(
        sides,
        "outline",
        lambda *given: (found := core.outline(*given)) and (written.append(found.data), found)[1],
    )
    assert report(repo, tmp_path / "outlined.json") == whole
    assert written, "nothing was outlined, so nothing is shown"
    assert b"\n#    assert b\n" in written[0]
    if states is not None:
        found = {finding["state"] for finding in whole["findings"]}  # type: ignore[attr-defined]
        assert found | ({"fixed"} if whole["fixed"] else set()) == states


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  return 1\n", "  return 2\n"),
        ("  return 1\n", "  exec('rm ' + request.query.e)\n"),
        ("from 'child_process'", "from './mine'"),
        ("exec('ls ' + req.query.d)", "exec('ls')"),
    ],
)
def test_typescript(old: str, new: str, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert TYPESCRIPT.count(old) == 1
    repo.commit({"a.ts": TYPESCRIPT})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"a.ts": TYPESCRIPT.replace(old, new)})
    whole = report(repo, tmp_path / "whole.json")
    monkeypatch.setattr(sides, "OUTLINE_BYTES", 0)
    assert report(repo, tmp_path / "outlined.json") == whole


def test_an_outline_is_remembered_like_any_file_and_never_taken_for_the_whole(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({"app/views.py": PYTHON})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app/views.py": PYTHON.replace("return 1", "return 2")})
    repo.git("checkout", "-q", "-b", "undone")
    repo.commit({"app/views.py": PYTHON + "\n\ndef more():\n    return 3\n"})
    monkeypatch.delenv("GATE_NO_CACHE", raising=False)
    cache = ("--cache-dir", str(tmp_path / "cache"))
    without = [
        report(repo, tmp_path / "r.json", "--head", head, "--no-cache") for head in ("topic", "undone")
    ]
    monkeypatch.setattr(sides, "OUTLINE_BYTES", 0)
    heads = ("topic", "topic", "undone", "undone", "topic")
    found = [report(repo, tmp_path / "r.json", "--head", head, *cache) for head in heads]
    assert found == [without[0], without[0], without[1], without[1], without[0]]
