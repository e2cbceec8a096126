"""Reasons in Korean: every sentence of the core has one, none is lost, and nothing from outside is made a sentence."""

from __future__ import annotations

import ast
import gettext
import io
import re
import time
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings

import gate.core
from gate.reports import render
from gate.reports.languages import catalogue
from gate.reports.sentences import in_language, sentence
from tests.reports import scenarios
from tests.reports.catalogue import LOCALE, compiled
from tests.reports.hostile import hostile_path, hostile_text

PO = LOCALE / "ko" / "LC_MESSAGES" / "gate.po"
CORE = Path(gate.core.__file__).parent
#: Files whose sentences people read as reasons or as why something does not count.
SOURCES = (
    *sorted((CORE / "rules").glob("*.py")),
    *(CORE / "review" / name for name in ("wording.py", "decisions.py", "decide.py", "weigh.py")),
    *(CORE / "suppression" / name for name in ("attribute.py", "judge.py", "waivers.py")),
    CORE / "verdict.py",
)
#: Text of these files that is no sentence of a reason: what `gate rules` prints of a rule.
OTHERS = {"SUMMARIES"}
#: Title and message of a finding, which are as English as those of every rule.
OF_FINDINGS = {
    "An agent added a comment that hides a finding",
    "The comment hides",
    "finding(s), the first one",
}


def said(raw: bytes) -> dict[object, str]:
    """The entries of a compiled catalogue; its head names the compiler and a time."""
    found = gettext.GNUTranslations(io.BytesIO(raw))._catalog
    return {key: text for key, text in found.items() if key}


def entries():
    with PO.open("rb") as file:
        return [message for message in read_po(file, locale="ko") if message.id]


def sentences():
    return [message for message in entries() if message.context == "sentence"]


def fragments(path: Path) -> set[str]:
    """The words between the values of every sentence in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            skipped.add(id(body[0].value))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in OTHERS:
            skipped.update(id(inner) for inner in ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            for piece in re.split(r"\{\w*\}", node.value):
                for words in re.split(r"(?<=[.?]) ", piece):
                    if len(re.findall(r"[A-Za-z]{2,}", words)) >= 2 and " " in words.strip():
                        found.add(words.strip(" .,:;()'"))
    return found


def test_the_compiled_catalogue_is_that_of_its_source():
    """After a change of gate.po: `make catalogue`."""
    assert said(PO.with_suffix(".mo").read_bytes()) == said(compiled(PO))


def test_every_sentence_is_said_in_korean_with_its_own_values():
    for message in sentences():
        assert message.string, message.id
        fields = [set(re.findall(r"\{(\w+)\}", text)) for text in (message.id, message.string)]
        assert fields[1] <= fields[0], message.id
        assert any("가" <= c <= "힣" for c in message.string) or not re.search(
            r"[a-z]{4}", re.sub(r"\{\w+\}", "", message.string)
        ), message.id


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sentence_of_the_core_is_in_the_catalogue(path):
    """A new sentence needs a row in gate.po (then `make catalogue`), else Koreans read half a reason in English."""
    known = "\n".join(re.sub(r"\{\w+\}", "\0", message.id) for message in sentences()).casefold()
    missing = {words for words in fragments(path) if words.casefold() not in known}
    assert not missing - OF_FINDINGS, f"gate.po has no row for these words of {path.name}"


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        (
            "2 findings at or above high: SQL text at a.py:1, Shell, and more at b.py:2.",
            "high 이상의 발견 사항 2건: SQL text at a.py:1, Shell, and more at b.py:2.",
        ),
        (
            ("Sensitive areas are touched: auth (a.py:1, a.py:2 and 1 more); gate (ci.yml). Signed off by bob. "
            "Approvals that do not count: alice (author of this change), bob (stale: signed 1c22fa09b1, "
            "files changed since: a.py, b.py)."),
            ("민감 영역을 건드립니다: auth (a.py:1, a.py:2 외 1건); gate (ci.yml). 승인: bob. "
            "인정되지 않는 승인: alice (이 변경의 작성자), bob (오래됨: 1c22fa09b1에 승인했고 그 뒤 바뀐 파일: a.py, b.py)."),
        ),
        (
            "Every required scanner ran: bandit (2 files), trivy (imported).",
            "필수 스캐너가 모두 실행되었습니다: bandit (파일 2개), trivy (가져온 보고서).",
        ),
        (
            "1 changed file was not fully scanned (syntax-error by bandit): a.py.",
            "변경된 파일 1개를 다 검사하지 못했습니다 (bandit: syntax-error): a.py.",
        ),
        (
            ("6 sensitive or AI-written steps answered for: 3 by a recorded verdict, 3 by signed statements on the "
            "release."),
            ("민감하거나 AI가 작성한 6개 단계에 책임자가 있습니다: 기록된 판정 3건, 릴리스에 대한 서명 3건."),
        ),
        (
            "Run the gate on a newer Python, or correct the file.",
            "더 새로운 Python에서 게이트를 실행하거나 파일을 고치십시오.",
        ),
        (
            ("auth: no eligible reviewer, alice made this change and bob (no write permission) may not sign. "
            "Add another person to signoff.reviewers.auth on the target branch."),
            ("auth: 승인할 수 있는 검토자가 없습니다. alice 님은 이 변경의 작성자이고, bob (쓰기 권한 없음) 님은 승인할 수 없음. "
            "대상 브랜치의 signoff.reviewers.auth에 다른 사람을 추가하십시오."),
        ),
        (
            "Run the gate on a newer Python, or correct the file; or store the file as UTF-8.",
            "더 새로운 Python에서 게이트를 실행하거나 파일을 고치십시오. 또는 파일을 UTF-8로 저장하십시오.",
        ),
        ("Run the gate; or store the file as UTF-8.", "Run the gate; or store the file as UTF-8."),
        ("owner of the house", "owner of the house"),
        ("No rule judged this change. Something else. Fix the code.",
         "이 변경을 판정한 규칙이 없습니다. Something else. 코드를 고치십시오."),
    ],
)  # fmt: skip
def test_sentences_are_recognised_with_their_values(english, korean):
    assert sentence(english, "ko") == korean


@pytest.mark.parametrize("title", ["No new finding at or above high", "author of this change", "imported"])
def test_a_title_or_name_is_no_sentence_of_ours(title):
    said = sentence(f"1 finding at or above high: {title} at a.py:1.", "ko")
    assert said == f"high 이상의 발견 사항 1건: {title} at a.py:1."


@settings(max_examples=60)
@given(hostile_text, hostile_path)
def test_any_text_is_said_or_left_as_it_is(text, path):
    assert sentence(text, "ko") == text or any("가" <= c <= "힣" for c in sentence(text, "ko"))
    shown = sentence(f"Signed off by {text}x.", "ko")
    assert f"{text}x" in shown
    in_language(scenarios.everywhere(text, path), "ko")


def test_english_is_left_alone():
    run = scenarios.needs_signoff()
    assert in_language(run, "en") is run
    assert in_language(run, "fr") is run
    assert catalogue("../../x").gettext("a") == "a"


@pytest.mark.parametrize(
    "text",
    [
        "it names " + ", and x" * 900 + " found",
        "a; or " * 900 + ".",
        "Sensitive areas are touched: " + "a (" * 1500 + ".",
        "1 people must sign off because " + "; 0 did: 1 more from " * 240,
        "x. " * 1600,
        "stale: signed , files changed since: " * 130,
    ],
)
def test_no_text_takes_long(text):
    start = time.process_time()
    sentence(text, "ko")
    assert time.process_time() - start < 3


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_reports_for_people_say_reasons_in_korean(name):
    text = render(name, scenarios.incomplete(), language="ko", width=400)
    for said in ("변경된 파일 1개를 다 검사하지 못했습니다", "코드를 고치십시오"):
        assert said in text
    for english in ("was not fully scanned", "Fix the code"):
        assert english not in text


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab-sast", "codequality", "junit"])
def test_formats_for_programs_are_the_same_in_every_language(name):
    for make, _ in scenarios.SCENARIOS.values():
        assert render(name, make(), language="ko") == render(name, make(), language="en")
