"""The threat table, rows that need real git objects. A test has the number of its row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.core.area import classify
from gate.core.review import Binding, decide_signoff
from gate.core.verdict import Outcome
from gate.git import Repository
from tests.core.test_threats_factories import (
    NOW,
    POLICY,
    REPO,
    STRICT,
    TARGET,
    authored,
    by_unknown,
    forge_of,
    hit,
    is_agent,
    review,
    shipped_areas,
)

P, N = Outcome.PASSED, Outcome.NEEDS_SIGNOFF
DEV = ("Dev", "dev@acme.example")
SEC1 = ("Sec One", "sec1@acme.example")
ALICE = ("Alice", "alice@acme.example")
LOGIN = "def login(user):\n    if user.ok:\n        check(user)\n    return user\n"


class Story:
    """A branch off main, judged with reviews."""

    def __init__(self, repo) -> None:
        self.repo = repo
        self.start = repo.commit({"auth/login.py": LOGIN, "shop/cart.py": "x = 1\n", "docs/a.md": "a\n"})
        repo.branch("topic")
        repo.checkout("topic")

    def commit(self, *given, **options) -> str:
        return self.repo.commit(*given, **options)

    def change(self, base: str = "main", head: str = "topic"):
        with Repository.open(self.repo.path) as opened:
            return opened.change(base, head, target=TARGET)

    def touches(self, **options):
        return classify(self.change(), shipped_areas(), wide=False, **options)

    def areas(self, **options) -> set[str]:
        return {touch.area for touch in self.touches(**options)}

    def rules(self, **options) -> set[str]:
        return {touch.rule for touch in self.touches(**options)}

    def signoff(self, *decisions, policy=POLICY, **options):
        change = self.change()
        with Repository.open(self.repo.path) as opened:
            older = {
                d.commit: opened.change_digest("main", d.commit)
                for d in decisions
                if d.commit and d.commit != change.head
            }
        given = {
            "touches": classify(change, shipped_areas(), wide=False),
            "areas": shipped_areas(),
            "binding": Binding(
                repo=REPO, target=change.target, head=change.head, change_digest=change.change_digest
            ),
            "commits": change.commits,
            "authorship": authored(*(by_unknown(c.sha) for c in change.commits)),
            "forge": forge_of(*decisions, head=change.head),
            "policy": policy,
            "now": NOW,
            "is_agent": is_agent,
            "older_digests": older,
        }
        return decide_signoff(**{**given, **options})


@pytest.fixture
def story(repo) -> Story:
    return Story(repo)


def test_t12_approval_then_a_push_that_changes_content(story):
    signed = story.commit({"auth/login.py": LOGIN + "a\n"})
    story.commit({"shop/cart.py": "x = 2\n"})
    signoff = story.signoff(review("sec1", commit=signed), changed_since={signed: ("shop/cart.py",)})
    assert signoff.outcome is N
    assert signoff.ignored[0].why == f"stale: signed {signed[:12]}, files changed since: shop/cart.py"


def test_t13_clean_rebase_keeps_the_approval_unless_strict(story):
    signed = story.commit({"auth/login.py": LOGIN + "a\n"})
    story.repo.checkout("main")
    tip = story.commit({"shop/cart.py": "x = 3\n"})
    story.repo.checkout("topic")
    story.repo.git("reset", "-q", "--hard", tip)
    story.commit({"auth/login.py": LOGIN + "a\n"}, message="the same, rebased\n")
    signoff = story.signoff(review("sec1", commit=signed))
    assert (signoff.outcome, signoff.carried_over) == (P, ("sec1",))
    assert story.signoff(review("sec1", commit=signed), policy=STRICT).outcome is N


def test_t14_rebase_with_another_indentation(story):
    signed = story.commit({"auth/login.py": LOGIN.replace("return", "print()\n    return")})
    story.repo.git("reset", "-q", "--hard", story.start)
    story.commit({"auth/login.py": LOGIN.replace("    return", "        print()\n    return")})
    assert story.signoff(review("sec1", commit=signed)).outcome is N


def test_t23_contributor_behind_the_second_parent_approves(story):
    story.repo.branch("side")
    story.repo.checkout("side")
    story.commit({"auth/more.py": "x\n"}, author=SEC1)
    story.repo.checkout("topic")
    story.commit({"shop/cart.py": "x = 2\n"})
    head = story.repo.merge("side")
    signoff = story.signoff(review("sec1", commit=head))
    assert (signoff.outcome, signoff.ignored[0].why) == (N, "author of this change")


def test_t24_the_sensitive_change_exists_only_in_a_merge_commit(story):
    story.commit({"docs/a.md": "b\n"})
    story.repo.checkout("main")
    story.commit({"shop/cart.py": "x = 3\n"})
    story.repo.checkout("topic")
    story.repo.merge("main", files={"auth/login.py": "def login(user):\n    return user\n"})
    assert story.areas() == {"auth"}
    assert story.signoff().outcome is N


def test_t26_mailmap_in_the_change(story):
    mailmap = "Alice <alice@acme.example> <noreply@anthropic.com>\n"
    story.commit({".mailmap": mailmap, "auth/login.py": "x\n"}, author=("Claude", "noreply@anthropic.com"))
    signoff = story.signoff()
    assert signoff.outcome is N
    assert signoff.areas.keys() == {"auth", "gate"}
    assert "alice" not in signoff.authors


def test_t29_rename_out_of_the_area_with_an_edit(story):
    story.commit({"auth/login.py": None, "util/helpers.py": LOGIN + "a\n"})
    touches = story.touches()
    assert {(t.path, t.side) for t in touches} == {("auth/login.py", "old"), ("util/helpers.py", "new")}
    assert {t.layer for t in touches} == {"L1", "L2"}
    assert story.areas() == {"auth"}


def test_t30_code_moved_into_a_new_file_is_found_by_its_words_or_an_area_rule(story):
    story.commit({"utils.py": LOGIN})
    assert {t.layer for t in story.touches()} == {"L2"}
    story.commit({"utils.py": LOGIN.replace("login", "enter")})
    assert story.areas() == set()
    assert story.areas(head_hits=[hit("utils.py", 1, area="auth")]) == {"auth"}


def test_t31_permission_check_deleted(story):
    story.commit({"shop/view.py": "def f(u):\n    require(u)\n    return 1\n"})
    story.repo.git("branch", "-f", "main", "topic")
    story.commit({"shop/view.py": "def f(u):\n    return 1\n"})
    (touch,) = story.touches(base_hits=[hit("shop/view.py", 2)])
    assert (touch.area, touch.side, touch.line, touch.text) == ("authz", "old", 2, "require(u)")


@pytest.mark.parametrize("attribute", ["-diff", "linguist-generated", "merge=union", "binary"])
def test_t32_attributes_in_the_same_change(story, attribute):
    story.commit({".gitattributes": f"auth/*.py {attribute}\n", "auth/login.py": LOGIN + "\u202e\n"})
    assert story.areas() == {"auth", "gate", "opaque"}
    assert [t.line for t in story.touches() if t.rule == "L0.bidi"] == [5]


def test_t33_ignored_submodule_is_bumped(story):
    modules = '[submodule "v"]\n\tpath = v\n\turl = https://host.example/v\n\tignore = all\n'
    story.commit({".gitmodules": modules}, gitlinks={"v": "1" * 40})
    assert story.areas() == {"gate", "supply"}


def test_t34_regular_file_becomes_a_link(story):
    story.commit({"docs/a.md": None})
    story.commit(symlinks={"docs/a.md": "../secret"})
    assert story.areas() == {"opaque"}


@pytest.mark.parametrize(
    ("path", "areas"),
    [
        ("\u0430uth/x.py", {"auth", "opaque"}),
        ("AUTH/x.py", {"auth"}),
        ("src/\uff41\uff55\uff54\uff48/x.py", {"auth"}),
        (b"auth/caf\xe9.py", {"auth", "opaque"}),
    ],
)
def test_t35_paths_written_otherwise(story, path, areas):
    story.commit({path: "x\n"})
    assert story.areas() == areas


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("shop/x.dat", b"a\0b"),
        ("shop/x.py", b"caf\xe9\n"),
        ("shop/x.js", b"x" * 2001 + b"\n"),
        ("shop/x.py", b"x = 1\n" * 200_000),
        ("shop/x.py", b"x = 1\n" * 900_000),
    ],
)
def test_t36_binary_undecodable_minified_or_huge(story, path, content):
    story.commit({path: content})
    assert story.areas() == {"opaque"}
    assert story.signoff().outcome is N


def test_t39_ci_file_that_drops_the_gate(story):
    story.commit({".github/workflows/ci.yml": "jobs: {}\n"})
    assert (story.areas(), story.rules()) == ({"gate"}, {"L0.ci"})


@pytest.mark.parametrize(
    "path",
    [".gate.yml", ".gate/allowed_signers", "ci/rules/x.yaml", "CODEOWNERS", "CLAUDE.md", "a/CLAUDE.md"],
)
def test_t40_controls_loosened_in_the_same_change(story, path):
    story.commit({path: "x\n"})
    change = story.change()
    touches = classify(change, shipped_areas(), wide=False, gate_paths=["ci/rules"])
    assert {t.area for t in touches} == {"gate"}
    assert story.signoff(review("alice", commit=change.head), touches=touches).outcome is N
    assert story.signoff(review("sec1", commit=change.head), touches=touches).outcome is P


def test_t65_line_ends_only(story):
    story.commit({"auth/login.py": LOGIN.replace("\n", "\r\n")})
    assert story.signoff().outcome is N


def test_t68_reviewer_updates_the_branch(story):
    story.commit({"auth/login.py": LOGIN + "a\n"})
    story.repo.checkout("main")
    story.commit({"shop/cart.py": "x = 3\n"}, author=ALICE)
    story.repo.checkout("topic")
    head = story.repo.merge("main", author=SEC1)
    signoff = story.signoff(review("sec1", commit=head))
    assert (signoff.outcome, signoff.authors) == (P, ("dev",))


def test_t68_reviewer_resolves_a_conflict_in_the_update(story):
    story.commit({"auth/login.py": LOGIN + "a\n"})
    story.repo.checkout("main")
    story.commit({"auth/login.py": LOGIN + "b\n"})
    story.repo.checkout("topic")
    head = story.repo.merge("main", author=SEC1, files={"auth/login.py": LOGIN + "a\nb\n"})
    signoff = story.signoff(review("sec1", commit=head))
    assert (signoff.outcome, signoff.ignored[0].why) == (N, "author of this change")


def test_t73_icon_and_script_with_the_name_of_an_icon(story):
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
    story.commit({"web/logo.png": png})
    assert story.signoff().outcome is P
    story.commit({"web/logo.png": b"#!/bin/sh\0rm -rf /\n"})
    assert story.areas() == {"opaque"}


def test_t74_code_in_a_documentation_folder(story):
    story.commit({"docs/auth.py": "x\n"})
    assert story.areas() == {"auth"}
    assert replace(story.touches()[0], text="").path == "docs/auth.py"
