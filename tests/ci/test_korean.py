"""`gate init` and `gate doctor` in Korean: every sentence of the source has its row in the catalogue, and is found again."""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

import gate.pipeline
from gate.reports.set_up import told
from gate.reports.terminal import columns
from tests.ci.kit import gate as run
from tests.ci.test_doctor import GITHUB, GITLAB, _outside_of_ci, shop  # noqa: F401 - the fixture serves here too

ROOT = Path(gate.pipeline.__file__).parent
HANGUL = re.compile("[가-힣]")
WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


def texts(node: ast.AST) -> list[str]:
    """What an expression can say, with a value in each place of a field; nothing where only values stand."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "X7" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def sentences() -> list[str]:
    found = []
    for path in sorted(chain(ROOT.glob("doctor/*.py"), ROOT.glob("init/next_steps.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "ok",
                "warn",
                "fail",
                "unknown",
            ):
                found += [text for argument in node.args[1:] for text in texts(argument)]
            elif isinstance(node, ast.Yield) and node.value is not None and path.parent.name == "init":
                found += texts(node.value)
    return [text for text in found if WORDS.search(text)]


def test_every_sentence_has_a_row_in_the_catalogue():
    found = sentences()
    assert len(found) > 120
    assert [text for text in found if not HANGUL.search(told(text, "ko"))] == []


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_a_korean_reader_meets_no_english_sentence(forge, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    repo = shop(tmp_path / forge, GITHUB if forge == "github" else GITLAB, host=f"{forge}.com")
    done = run("doctor", "--repo", repo.path, "--lang", "ko", "-q", "--offline")
    assert "정상" in done.stdout
    fresh = shop(tmp_path / "fresh", {"a.py": "x = 1\n"}, host=f"{forge}.com")
    made = run("init", "--repo", fresh.path, "--lang", "ko", "--reviewer", "ann")
    assert "남은 일:" in made.stdout
    for line in (done.stdout + made.stdout).splitlines():
        assert columns(line) <= 100 or len(max(line.split(), key=len)) > 60, line
        assert HANGUL.search(line) or not WORDS.search(line) or "Settings >" in line or "git " in line, line


def test_the_publisher_project_is_set_up_in_korean_too(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    repo = shop(tmp_path / "publisher", {"README.md": "x\n"}, host="gitlab.acme.example")
    done = run("init", "--publisher", repo.path, "--project", "4711", "--lang", "ko")
    assert "https://gitlab.acme.example/api/v4/projects/PUBLISHER_ID/ref/main/trigger" in done.stdout
    for line in done.stdout.splitlines():
        assert HANGUL.search(line) or not WORDS.search(line), line


def test_what_no_row_fits_stays_as_it_is():
    assert told("Something that nobody translated.", "ko") == "Something that nobody translated."
    assert told("the whole history is here", "en") == "the whole history is here"


#: What the publisher says besides words of the report, and why it stopped.
SPOKEN = {
    "pipeline/posting.py": 18,
    "pipeline/publish.py": 5,
    "pipeline/fetched.py": 2,
    "forges/calls.py": 8,
    "forges/github.py": 6,
    "forges/gitlab.py": 3,
}


def spoken(path: Path) -> list[str]:
    """What a file hands to a log, and the message and the hint of every error that it raises."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name == "append" and getattr(getattr(node.func, "value", None), "attr", "") == "log":
            found += [text for argument in node.args for text in texts(argument)]
        elif name in ("ForgeError", "NoRequest", "Superseded", "IncompleteError"):
            found += [text for argument in node.args for text in texts(argument)]
            found += [text for one in node.keywords if one.arg == "hint" for text in texts(one.value)]
    return [text for text in found if re.search(r"[a-z]{2,}", text.replace("X7", ""))]


@pytest.mark.parametrize("name", SPOKEN)
def test_the_log_of_the_publisher_has_a_row_for_every_line(name):
    found = spoken(ROOT.parent / name)
    assert len(found) >= SPOKEN[name]
    assert [text for text in found if not HANGUL.search(told(text, "ko"))] == []


@pytest.mark.parametrize("base", ["nowhere", "origin/nowhere"])
def test_a_hint_of_git_in_the_doctor_is_korean(base, tmp_path):
    repo = shop(tmp_path / "shop", GITHUB, host="github.com")
    done = run("doctor", "--repo", repo.path, "--lang", "ko", "-q", "--offline", "--base", base)
    line = next(line for line in done.stdout.splitlines() if "nowhere" in line)
    assert "알 수 없는 리비전" in line
    assert "Fetch it first" not in done.stdout
