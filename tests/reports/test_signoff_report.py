"""What a reviewer sees of a change that waits: the hunks that matter, why, and how to sign; and nothing forged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from gate.core.area import Context, Touch
from gate.core.change import FileChange, Hunk
from gate.core.policy import Human, SignoffPolicy
from gate.core.review import Fate, Group, Ignored, Override, Signoff
from gate.core.verdict import Outcome
from gate.reports import render
from gate.reports.messages import Catalogue
from gate.reports.signoff_parts import reasons, spots
from gate.reports.statements import report as report_statements
from tests.reports import factories as make

SAY = Catalogue()
EVIL = "```\n/approve @team ::error::x \x1b[31m \u202e </details> | x"


def file(path: str, *hunks: Hunk) -> FileChange:
    return FileChange(
        path=path, old_mode="100644", old_blob="1" * 40, new_mode="100644", new_blob="2" * 40, hunks=hunks
    )


def hunk(start: int, old: tuple[str, ...], new: tuple[str, ...]) -> Hunk:
    return Hunk(old_start=start, old=old, new_start=start, new=new)


def touch(
    path: str, line: int, rule: str = "L2.password", side: str = "new", area: str = "auth", text: str = ""
) -> Touch:
    return Touch(area=area, layer=rule[:2], rule=rule, path=path, line=line, side=side, text=text)


LOGIN = file(
    "auth/login.py",
    hunk(2, ("if check(password):",), ("if debug or check(password):",)),
    hunk(40, (), tuple(f"line {n}" for n in range(30))),
)
OTHER = file("web/app.py", hunk(7, ("require_admin()",), ()))


def change(*files: FileChange):
    return replace(make.change(), files=files)


def test_evidence_in_one_hunk_is_one_place_with_both_sides():
    touches = [
        touch("auth/login.py", 2),
        touch("auth/login.py", 2, side="old"),
        touch("auth/login.py", 0, "L1.word", text="auth"),
    ]
    (spot,), more = spots(change(LOGIN), touches, most=3, most_lines=6)
    assert more == 0
    assert [(line.sign, line.number, line.text, line.flagged) for line in spot.lines] == [
        ("-", 2, "if check(password):", True),
        ("+", 2, "if debug or check(password):", True),
    ]
    assert (spot.path, spot.line) == ("auth/login.py", 2)
    assert reasons(spot, SAY) == "a changed line speaks of password; its path is named like this area (auth)"


def test_what_a_rule_saw_comes_before_words_and_words_before_paths():
    touches = [
        touch("a/path.py", 0, "L1.word"),
        touch("auth/login.py", 45),
        touch("web/app.py", 7, "L3.areas.authz.decorator", side="old"),
    ]
    found, more = spots(change(LOGIN, OTHER), touches, most=2, most_lines=4)
    assert [spot.path for spot in found] == ["web/app.py", "auth/login.py"]
    assert more == 1


def test_a_long_hunk_shows_the_flagged_line_and_counts_the_rest():
    (spot,), _ = spots(change(LOGIN), [touch("auth/login.py", 60)], most=3, most_lines=4)
    assert [line.number for line in spot.lines] == [59, 60, 61, 62]
    assert [line.flagged for line in spot.lines] == [False, True, False, False]
    assert spot.left == 26


def test_a_path_alone_shows_its_first_hunk():
    (spot,), _ = spots(change(LOGIN), [touch("auth/login.py", 0, "L1.word")], most=3, most_lines=4)
    assert [line.text for line in spot.lines] == ["if check(password):", "if debug or check(password):"]


def test_a_file_without_lines_is_named():
    binary = file("x.bin")
    (spot,), _ = spots(change(binary), [touch("x.bin", 0, "L0.binary", area="opaque")], most=3, most_lines=4)
    assert (spot.lines, reasons(spot, SAY)) == ((), "content that cannot be read as text")


@pytest.mark.parametrize(
    ("rule", "text", "told"),
    [
        ("L0.ci", "", "runs in the pipeline"),
        ("L1.word", "auth", "its path is named like this area (auth)"),
        ("L1.site-path", "src/iam/**", "the policy names its path (src/iam/**)"),
        ("L2.access-token", "", "a changed line speaks of access token"),
        ("L3.areas.x", "", "code that the rule L3.areas.x looks for"),
        ("L4.package", "pyjwt 2.0 → 2.1", "a dependency of this area changed: pyjwt 2.0 → 2.1"),
        ("ai.opinion", "", "a model named this place"),
        ("own.rule", "", "rule own.rule"),
    ],
)
def test_every_reason_is_a_sentence_in_both_languages(rule, text, told):
    layer = "ai" if rule.startswith("ai") else "own" if rule.startswith("own") else rule[:2]
    one = replace(touch("a", 0, rule, text=text), layer=layer)
    (spot,), _ = spots(change(file("a")), [one], most=1, most_lines=1)
    assert reasons(spot, SAY) == told
    korean = reasons(spot, Catalogue("ko"))
    assert korean != told
    assert not text or text in korean


# -- whole reports -----------------------------------------------------------------------------------


def waiting(**fields) -> Signoff:
    given = {
        "outcome": Outcome.NEEDS_SIGNOFF,
        "required": True,
        "areas": {"auth": (touch("auth/login.py", 2), touch("auth/login.py", 2, side="old"))},
        "authors": ("dev",),
        "roles": {"dev": "author"},
        "needed": 2,
        "needed_because": ("an AI took part",),
        "groups": {
            "auth": (
                Group(paths=("auth/login.py",), reviewers=("dev", "sec1"), owners=("bob",), section="S"),
            )
        },
        "eligible": {"auth": ("bob", "sec1")},
        "barred": {"auth": (Ignored(who="dev", why="author of this change"),)},
        "waiting": ("auth",),
        "served": {"auth": ()},
        "missing": ("auth: needs 1 of bob, sec1.",),
        "ignored": (Ignored(who="ghost", why="not a registered human"),),
        "forge": "github",
    }
    return Signoff(**{**given, **fields})


def run(signoff: Signoff, *files: FileChange):
    story = make.run(
        make.reason("signoff.required", signoff.outcome, "Sensitive areas are touched.", "Sign."),
        signoff=signoff,
    )
    humans = (Human(id="sec1", keys=("ssh-ed25519 AAAA",)), Human(id="bob"), Human(id="dev"))
    policy = replace(story.facts.policy, signoff=SignoffPolicy(humans=humans))
    return replace(story, facts=replace(story.facts, change=change(*files), policy=policy))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_the_reviewer_sees_the_lines_the_reason_the_people_and_the_way(name):
    told = flat(render(name, run(waiting(), LOGIN), width=120))
    for phrase in (
        "if check(password):",
        "if debug or check(password):",
        "a changed line speaks of password",
        "bob, sec1",
        "author of this change",
        "not a registered human",
        "open the pull request, Files changed, Review changes, Approve",
        "gate signoff create --base main --head",
        "--reviewer sec1 --key KEY",
    ):
        assert phrase in told.replace("\\", ""), phrase


@pytest.mark.parametrize(
    ("forge", "phrase"),
    [
        ("gitlab", "open the merge request and press Approve"),
        ("forgejo", "approve the merge request. Then run the gate"),
    ],
)
def test_the_click_is_that_of_the_forge(forge, phrase):
    assert phrase in flat(render("text", run(waiting(forge=forge), LOGIN), width=200))


def test_who_has_no_key_and_no_forge_is_told_both_ways():
    signoff = waiting(forge="", eligible={"auth": ("bob",)})
    told = flat(render("text", run(signoff, LOGIN), width=200))
    assert "give its reviews with --reviews FILE; or list a key of theirs (signoff.humans[].keys)" in told


def test_the_derivation_has_every_step_and_fact():
    fates = (
        Fate(
            source="a.signoff.json",
            id="0123456789ab",
            reviewer="sec1",
            decision="approve",
            counts=False,
            why="expired",
        ),
        Fate(source="b.signoff.json", id="ba9876543210", reviewer="bob", decision="reject", counts=True),
    )
    signoff = waiting(statements=fates, unresolved=("x@y (author of 1)",), ai=True, objections=("bob",))
    told = flat(render("text", run(signoff, LOGIN), width=150, explain_signoff=True))
    steps = [told.index(f"{n} {SAY(f'derive.{n}')}") for n in range(1, 8)]
    assert steps == sorted(steps)
    for phrase in (
        "auth/login.py:2 (old) L2.password",
        "dev: author, cannot sign off",
        "An AI took part",
        "Unknown people: x@y (author of 1)",
        "raised because an AI took part",
        "auth · reviewers: dev, sec1 or owners of auth/login.py [S]: 1 of bob",
        "auth · dev cannot: author of this change",
        "ghost: does not count, not a registered human",
        "statement 0123456789ab (a.signoff.json) sec1, approve: does not count, expired",
        "statement ba9876543210 (b.signoff.json) bob, reject: counts",
        "bob: asked for changes",
        "auth: nobody answered for it yet",
        "0 of 2 people signed",
        "missing: auth: needs 1 of bob, sec1.",
        "→ needs_signoff",
    ):
        assert phrase in told, phrase
    assert SAY("derive").upper() not in render("text", run(signoff, LOGIN))


def test_an_override_stands_in_place_of_the_verdict():
    override = Override(by="sec1", reason="Login is down", expires_at="2026-02-02T00:00:00Z", recent=4)
    story = run(waiting(outcome=Outcome.PASSED, override=override), LOGIN)
    text = render("text", story, width=200)
    assert text.startswith(
        "✓ OVERRIDDEN by sec1  A missing sign-off was overridden until 2026-02-02T00:00:00Z: Login is down."
    )
    assert "4 overrides in 90 days." in text
    assert "Not signed off: auth: needs 1 of bob, sec1." in text
    assert render("markdown", story).startswith(
        "### ✓ OVERRIDDEN by sec1 – A missing sign-off was overridden"
    )
    assert render("text", story, language="ko").startswith("✓ sec1 님이 강제 통과시킴")


def test_hostile_lines_and_names_add_no_markup_no_command_and_no_colour():
    evil = file(EVIL, hunk(1, (EVIL,), ("/approve", "```", "</details>", "| a | b |")))
    signoff = waiting(
        areas={"auth": (touch(EVIL, 1), touch(EVIL, 2, f"L3.{EVIL}", text=EVIL))},
        roles={EVIL: EVIL},
        authors=(EVIL,),
        barred={"auth": (Ignored(who=EVIL, why=EVIL),)},
        statements=(Fate(source=EVIL, id="0", reviewer=EVIL, decision="approve", counts=False, why=EVIL),),
        notes=(EVIL,),
    )
    story = run(signoff, evil)
    for language in ("en", "ko"):
        text = render("text", story, explain_signoff=True, language=language)
        assert not {"\x1b", "\u202e"} & set(text)
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
        document = render("markdown", story, language=language)
        assert not {"\x1b", "\u202e"} & set(document)
        assert not any(line.lstrip("> \t").startswith("/") for line in document.splitlines())
        html = MarkdownIt("commonmark").enable("table").render(document)
        assert html.count("<pre>") == document.count("diff\n") >= 1
        assert html.count("<table>") == 1
        assert html.count("<details>") == html.count("</details>") >= 1


NEAR = tuple(
    Context(touch=Touch(area="auth", layer="L1", rule="L1.word", path=path, line=0, side="new"), reason=reason)
    for path, reason in [("tests/test_login.py", "test"), ("docs/login.md", "documentation"), *((f"tests/login/{n}.py", "test") for n in range(12))]
)  # fmt: skip


def test_a_check_names_what_came_near_an_area_and_asks_for_nobody():
    text = render("text", make.run(context=NEAR))
    assert "Near a sensitive area, but nobody has to sign:" in text
    assert "documentation: docs/login.md" in text
    assert "8 more" in text
    comment = render("markdown", make.run(context=NEAR))
    assert "<summary>Near a sensitive area, but nobody has to sign</summary>" in comment
    assert "- documentation: `docs/login.md`" in comment
    page = render("html", make.run(context=NEAR))
    assert "<summary>Near a sensitive area, but nobody has to sign</summary>" in page
    assert "<li>documentation: <code>docs/login.md</code></li>" in page
    assert "<code>tests/login/11.py</code>" in page
    assert "<summary>민감 영역에 가깝지만 승인이 필요 없습니다</summary>" in render(
        "html", make.run(context=NEAR), language="ko"
    )
    rows = json.loads(render("json", make.run(context=NEAR)))["context"]
    assert [(row["path"], row["reason"]) for row in rows][:1] == [("docs/login.md", "documentation")]


def test_a_check_that_came_near_no_area_does_not_speak_of_it():
    for name in ("text", "markdown", "html"):
        assert "Near a sensitive area" not in render(name, make.run())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_command_in_a_sentence_of_markdown_stands_apart_from_the_words_around_it(language):
    told = render("markdown", run(waiting(), LOGIN), language=language)
    line = next(line for line in told.splitlines() if "`gate init`" in line)
    assert " `gate init`" in line
    assert language == "ko" or "`gate init` " in line


def test_notes_and_what_became_of_statements_are_said_in_korean():
    note = "Identities that belong to nobody in signoff.humans: x@y.example (author of 0123456789ab)."
    signoff = Signoff(outcome=Outcome.NEEDS_SIGNOFF, notes=(note,))
    told = report_statements(signoff, (), {"language": "ko", "colour": False, "width": 100})
    assert "signoff.humans의 누구에게도 속하지 않는 신원: x@y.example" in told
    page = render(
        "text",
        make.run(notes=("the head is not what is checked out; files were read from its commit",)),
        language="ko",
    )
    assert "헤드가 체크아웃된 것과 다릅니다" in page
