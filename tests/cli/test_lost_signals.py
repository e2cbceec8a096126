"""Evidence that history rewriting lost, found again: each operation on a real repository, through the command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.cli import run

if TYPE_CHECKING:
    from tests.support.repos import Repo

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
DEVIN = (
    "devin-ai-integration[bot]",
    "158243242+devin-ai-integration[bot]@users.noreply.github.com",
)


@pytest.fixture
def judged(repo: Repo, capsys):
    """The `authorship` object of a range, main..HEAD by default, and its commits by subject."""

    def judge(revision_range: str = "start..main") -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        assert run(["authorship", revision_range, "--repo", str(repo.path), "-o", "json", "-q"]) == 0
        facts = json.loads(capsys.readouterr().out)
        return facts, {one["subject"]: one for one in facts["commits"]}

    return judge


@pytest.fixture
def request_branch(repo: Repo):
    """A start on main, and a merge request of three commits of which one declares Claude; returns its head."""
    repo.commit({"app.py": "1\n", "docs.md": "1\n"}, message="Start")
    repo.tag("start")
    repo.checkout("feature", create=True)
    repo.commit({"app.py": "1\n2\n"}, message=f"First part\n\n{CLAUDE}\n")
    repo.commit({"docs.md": "1\n2\n"}, message="Describe it")
    head = repo.commit({"app.py": "1\n2\n3\n"}, message="Second part")
    repo.checkout("main")
    return head


SQUASHED = {"app.py": "1\n2\n3\n", "docs.md": "1\n2\n"}


@pytest.mark.parametrize(
    ("message", "ref"),
    [
        ("Add it (#7)", "refs/pull/7/head"),  # squash_merge_commit_message=BLANK
        ("Add it (#7)\n\n* First part\n\n* Describe it\n\n* Second part\n", "refs/remotes/origin/pull/7"),
        ("Add it (#12) (#7)", "refs/remotes/origin/pr/7"),
        ("Add it\n\nSee merge request group/sub/project!7\n", "refs/merge-requests/7/head"),
        (
            "Add it\n\nCo-authored-by: Dev <dev@acme.example>\n\nSee merge request group/project!7",
            "refs/merge-requests/7/head",
        ),
        ("Merge pull request #7 from dev/feature\n\nAdd it", "refs/pull/7/head"),
    ],
)
def test_a_squash_that_lost_everything_is_judged_by_the_commits_of_its_request(
    repo, request_branch, judged, message, ref
):
    repo.git("update-ref", ref, request_branch)
    squash = repo.commit(SQUASHED, message=message)
    facts, _ = judged()
    [commit] = facts["commits"]
    assert (commit["sha"], commit["verdict"], commit["role"], commit["agents"]) == (
        *(squash, "declared_ai", "co_authored"),
        ["claude-code"],
    )
    assert commit["squash"] is True
    sign = "!" if "merge-requests" in ref else "#"
    assert commit["squash_of"] == {"request": f"{sign}7", "commits": 3, "ai": 1, "same": True}
    [evidence] = commit["evidence"]
    assert (evidence["source"], evidence["grade"], evidence["text"]) == ("mr_commit", "A", CLAUDE)
    assert evidence["sha"] == repo.rev("feature~2")
    assert facts["sources"]["mr_commits"] == "present"
    assert facts["fetches"] == []


def test_the_squash_of_gitlab_stands_behind_a_merge_commit(repo, request_branch, judged):
    repo.git("update-ref", "refs/merge-requests/7/head", request_branch)
    repo.checkout("squashed", create=True)
    repo.commit(SQUASHED, message="Add it")
    repo.checkout("main")
    repo.commit({"other": "1"}, message="Other work")
    repo.merge(
        "squashed",
        message="Merge branch 'feature' into 'main'\n\nAdd it\n\nSee merge request group/project!7\n",
    )
    facts, by_subject = judged()
    assert by_subject["Add it"]["verdict"] == "declared_ai"
    assert by_subject["Add it"]["squash_of"]["request"] == "!7"
    assert by_subject["Other work"]["verdict"] == "undeclared"
    merge = by_subject["Merge branch 'feature' into 'main'"]
    assert (merge["verdict"], merge["squash"]) == ("undeclared", False)
    assert facts["share"]["commits"] == 0.5


def test_a_merge_of_the_request_as_it_is_looks_nothing_up(repo, request_branch, judged):
    repo.git("update-ref", "refs/merge-requests/7/head", request_branch)
    repo.commit({"other": "1"}, message="Other work")
    repo.merge("feature", message="Merge branch 'feature' into 'main'\n\nSee merge request group/project!7")
    facts, by_subject = judged()
    assert {s: c["verdict"] for s, c in by_subject.items() if c["verdict"] != "undeclared"} == {
        "First part": "declared_ai"
    }
    assert not any(one["squash"] for one in facts["commits"])
    assert facts["share"]["commits"] == 0.25


def test_all_commits_of_gitlab_keep_the_trailer_in_the_middle(repo, request_branch, judged):
    message = (
        f"Add it\n\n* First part\n\n{CLAUDE}\n\n* Describe it\n\n* Second part\n\nSee merge request g/p!7\n"
    )
    repo.commit(SQUASHED, message=message)
    facts, by_subject = judged()
    assert [(e["source"], e["grade"]) for e in by_subject["Add it"]["evidence"]] == [("commit", "B")]
    assert by_subject["Add it"]["squash_of"] == {"request": "!7", "commits": None, "ai": None, "same": None}
    assert facts["sources"]["mr_commits"] == "absent"
    assert facts["fetches"] == [
        "git fetch origin '+refs/merge-requests/*/head:refs/remotes/origin/merge-requests/*'"
    ]


def test_a_trailer_that_the_squash_kept_is_not_listed_again(repo, request_branch, judged):
    repo.git("update-ref", "refs/pull/7/head", request_branch)
    repo.commit(SQUASHED, message=f"Add it (#7)\n\n{CLAUDE}\n")
    _, by_subject = judged()
    assert [e["source"] for e in by_subject["Add it (#7)"]["evidence"]] == ["commit"]
    assert by_subject["Add it (#7)"]["squash_of"]["ai"] == 1


def test_a_squash_is_never_written_by_the_agent_of_one_of_its_commits(repo, request_branch, judged):
    repo.checkout("feature")
    head = repo.commit({"app.py": "1\n2\n4\n"}, message="Third part", author=DEVIN)
    repo.checkout("main")
    repo.git("update-ref", "refs/pull/7/head", head)
    repo.commit(SQUASHED | {"app.py": "1\n2\n4\n"}, message="Add it (#7)")
    _, by_subject = judged()
    assert by_subject["Add it (#7)"]["role"] == "co_authored"
    assert set(by_subject["Add it (#7)"]["agents"]) == {"devin", "claude-code"}


def test_a_request_that_changes_other_files_too_counts_one_step_less(repo, request_branch, judged):
    repo.git("update-ref", "refs/pull/7/head", request_branch)
    repo.commit({"app.py": "1\n2\n3\n"}, message="Add half of it (#7)")
    _, by_subject = judged()
    commit = by_subject["Add half of it (#7)"]
    assert [(e["grade"], e["registry_grade"]) for e in commit["evidence"]] == [("B", "A")]
    assert commit["squash_of"]["same"] is False


def test_a_number_of_another_project_is_a_hint(repo, request_branch, judged):
    """A fork has the squash commits of its origin, and requests of its own under the same numbers."""
    repo.git("update-ref", "refs/pull/7/head", request_branch)
    repo.commit({"elsewhere.py": "1\n"}, message="Work of the original project (#7)")
    _, by_subject = judged()
    commit = by_subject["Work of the original project (#7)"]
    assert (commit["verdict"], commit["evidence"]) == ("undeclared", [])
    assert [(h["source"], h["grade"]) for h in commit["hints"]] == [("mr_commit", "C")]


def test_a_request_brought_up_to_date_by_merges_is_compared_with_its_last_fork(repo, request_branch, judged):
    repo.commit({"app.py": "1\n", "other": "1"}, message="Other work")
    repo.checkout("feature")
    repo.merge("main")
    head = repo.commit({"new.py": "1\n"}, message="Third part")
    repo.checkout("main")
    repo.git("update-ref", "refs/pull/7/head", head)
    repo.commit(SQUASHED | {"new.py": "1\n"}, message="Add it (#7)")
    _, by_subject = judged()
    assert by_subject["Add it (#7)"]["squash_of"] == {"request": "#7", "commits": 4, "ai": 1, "same": True}


def test_the_only_commit_of_a_request_is_no_squash_of_itself(repo, judged):
    repo.commit({"a": "1"}, message="Start")
    repo.tag("start")
    head = repo.commit({"a": "2"}, message="Fast-forwarded (#7)")
    repo.git("update-ref", "refs/pull/7/head", head)
    _, by_subject = judged()
    assert by_subject["Fast-forwarded (#7)"]["squash"] is False


@pytest.mark.parametrize("digits", [40, 12])
def test_the_original_of_a_cherry_pick_is_found_outside_of_the_range(repo, request_branch, judged, digits):
    original = repo.rev("feature~2")[:digits]
    repo.commit({"app.py": "1\n2\n"}, message=f"First part\n\n(cherry picked from commit {original})\n")
    _, by_subject = judged()
    commit = by_subject["First part"]
    assert (commit["verdict"], commit["role"]) == ("declared_ai", "co_authored")
    assert [(e["source"], e["grade"], e["sha"]) for e in commit["evidence"]] == [
        ("cherry_pick", "A", repo.rev("feature~2"))
    ]
    assert commit["cherry_picked_from"] == [original]


def test_originals_that_are_not_here_or_no_commits_say_nothing(repo, request_branch, judged):
    blob, tree = repo.rev("main"), repo.tree("main")
    blob = repo.blob("1\n")
    named = "\n".join(f"(cherry picked from commit {sha})" for sha in ("0" * 40, "1234567", blob, tree))
    repo.commit({"app.py": "9\n"}, message=f"Picked\n\n{named}\n")
    _, by_subject = judged()
    assert (by_subject["Picked"]["verdict"], by_subject["Picked"]["evidence"]) == ("undeclared", [])


def test_a_person_who_reverts_ai_code_has_not_written_ai_code(repo, judged):
    repo.commit({"app.py": "1\n"}, message="Start")
    outside = repo.commit({"app.py": "2\n"}, message=f"By Claude\n\n{CLAUDE}\n")
    repo.tag("start")
    inside = repo.commit({"app.py": "3\n"}, message="By a bot", author=DEVIN)
    repo.commit({"app.py": "2\n"}, message=f'Revert "By a bot"\n\nThis reverts commit {inside}.\n')
    repo.commit({"app.py": "1\n"}, message=f'Revert "By Claude"\n\nThis reverts commit {outside[:10]}.\n')
    repo.commit({"app.py": "0\n"}, message=f"Revert what nobody has\n\nThis reverts commit {'0' * 40}.\n")
    _, by_subject = judged()
    told = {
        subject: (one["verdict"], one["reverts"]) for subject, one in by_subject.items() if one["reverts"]
    }
    assert told == {
        'Revert "By a bot"': (
            "undeclared",
            [{"sha": inside, "verdict": "declared_ai", "agents": ["devin"]}],
        ),
        'Revert "By Claude"': (
            "undeclared",
            [{"sha": outside, "verdict": "declared_ai", "agents": ["claude-code"]}],
        ),
        "Revert what nobody has": ("undeclared", [{"sha": "0" * 40, "verdict": None, "agents": []}]),
    }


def test_a_revert_that_an_agent_wrote_is_by_the_agent(repo, judged):
    first = repo.commit({"a": "1"}, message="Start")
    repo.tag("start")
    repo.commit({"a": None}, message=f'Revert "Start"\n\nThis reverts commit {first}.\n\n{CLAUDE}\n')
    _, by_subject = judged()
    assert by_subject['Revert "Start"']["verdict"] == "declared_ai"


def test_a_message_that_points_to_thousands_of_commits_is_read_in_time(repo, request_branch, judged):
    original = repo.rev("feature~2")
    named = "\n".join(f"(cherry picked from commit {number:040x})" for number in range(17_000))
    repo.commit({"a": "1"}, message=f"Picked\n\n(cherry picked from commit {original})\n{named}\n")
    _, by_subject = judged()
    assert by_subject["Picked"]["verdict"] == "declared_ai"


def test_verbose_text_says_what_other_commits_told(repo, request_branch, capsys):
    repo.git("update-ref", "refs/pull/7/head", request_branch)
    squash = repo.commit(SQUASHED, message="Add it (#7)")
    repo.commit({"app.py": "1\n"}, message=f"Take it back\n\nThis reverts commit {squash}.\n")
    assert run(["authorship", "start..main", "--repo", str(repo.path), "-v", "-q"]) == 0
    printed = capsys.readouterr().out
    assert f"reverts {squash[:10]} (declared_ai, claude-code)" in printed
    assert "squash of #7: 1 of 3 commits by AI" in printed
    assert f"A claude-code.coauthor.email  {repo.rev('feature~2')[:10]} trailer.co-authored-by:3" in printed


OVERLAY = """\
id: acme
name: Acme Coder
signatures:
- id: acme.coauthor.email
  field: trailer.co-authored-by
  match: {emails: [coder@bots.acme.example]}
  grade: A
  role: co_authored
  positive: ['Co-authored-by: Acme Coder <coder@bots.acme.example>']
  trap: ['Co-authored-by: Ann <ann@acme.example>']
"""
POLICY = "version: 1\nauthorship: {overlay: .gate/agents.yml}\n"
ACME = "Co-authored-by: Acme Coder <coder@bots.acme.example>"


def test_agents_of_the_team_come_from_the_base_of_the_range(repo, judged):
    repo.commit({".gate.yml": POLICY, ".gate/agents.yml": OVERLAY}, message="Start")
    repo.tag("start")
    repo.commit({"a": "1", ".gate.yml": None, ".gate/agents.yml": None}, message=f"By Acme\n\n{ACME}\n")
    facts, by_subject = judged()
    assert by_subject["By Acme"]["agents"] == ["acme"]
    assert facts["registry"]["added"] == ["acme.coauthor.email"]
    facts, by_subject = judged("main")  # a whole history has no base
    assert by_subject["By Acme"]["agents"] == []
    assert facts["registry"]["added"] == []


def test_agents_that_the_range_itself_brings_do_not_count(repo, judged):
    repo.commit({"a": "1"}, message="Start")
    repo.tag("start")
    repo.commit({".gate.yml": POLICY, ".gate/agents.yml": OVERLAY}, message=f"By Acme\n\n{ACME}\n")
    _, by_subject = judged()
    assert by_subject["By Acme"]["agents"] == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({".gate.yml": POLICY}, "authorship.overlay names .gate/agents.yml, which is not there"),
        ({".gate.yml": POLICY, ".gate/agents.yml": "agents: 3\n"}, ":1:9: agents: expected a list"),
        ({".gate.yml": POLICY, ".gate/agents.yml/x": "1"}, "is a link, a submodule or a folder"),
    ],
)
def test_an_overlay_that_cannot_be_used_is_an_error_and_never_passed_over(repo, files, said, capsys):
    repo.commit(files, message="Start")
    repo.tag("start")
    repo.commit({"a": "1"}, message="More")
    for command in (["authorship", "start..main"], ["check", "--base", "start", "--head", "main"]):
        assert run([*command, "--repo", str(repo.path), "-q"]) == 2
        assert said in capsys.readouterr().err


def test_settings_of_today_say_nothing_of_how_an_old_history_came_about(repo, judged):
    repo.commit({"a": "1"}, message="Start")
    repo.tag("start")
    repo.commit({".claude/settings.json": '{"attribution": {"commit": ""}}'}, message="Switch it off")
    facts, by_subject = judged()
    assert (facts["suppressed"], by_subject["Switch it off"]["suppressed"]) == (True, True)
    assert [(m["file"], m["side"], m["introduced"]) for m in facts["suppression"]] == [
        (".claude/settings.json", "head", True)
    ]
    facts, by_subject = judged("main")
    assert (facts["suppressed"], by_subject["Start"]["suppressed"]) == (True, False)
