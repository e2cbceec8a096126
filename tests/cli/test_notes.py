"""Notes on lines in real repositories: what history does to them, and what the commands make of that."""

from __future__ import annotations

import json

import pytest

from gate.cli import run
from tests.support import notes as kit
from tests.support.repos import Repo

LINES = "".join(f"v{number} = {number}\n" for number in range(1, 21))
POLICY = "version: 1\nscanners: {semgrep: {enabled: false}}\n"
FETCH = "git fetch origin '+refs/notes/*:refs/notes/*'"
NOW = "2026-02-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch):
    """Lines are compared as a whole, whatever terminal the tests are started from."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(autouse=True)
def no_ci(monkeypatch):
    for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def topic(repo):
    """`main` with one file, and `topic` ahead of it by one commit that adds two lines, with a note on one of them."""
    repo.commit({"a.py": LINES, ".gate.yml": POLICY}, message="start")
    repo.checkout("topic", create=True)
    sha = repo.commit({"a.py": LINES + "x = 1\ny = 2\n"}, message="Add x")
    kit.write_notes(repo, {sha: kit.one_session({"a.py": "21"}, prompter=kit.ANN)})
    repo.git("reset", "-q", "--hard")
    return repo


def authorship(repo, *arguments, revisions="main..topic"):
    path = repo.path / "authors.json"
    assert (
        run(["authorship", "--repo", str(repo.path), "-q", "-o", f"json={path}", *arguments, revisions]) == 0
    )
    return json.loads(path.read_text())


def check(repo, capsys, *arguments, base="main", head="topic"):
    path = repo.path / "report.json"
    code = run(
        [
            *("check", "--repo", str(repo.path), "--base", base, "--head", head, "-q", "--color", "never"),
            *("-o", "text", "-o", f"json={path}", *arguments),
        ]
    )
    report = json.loads(path.read_text())
    assert report["exit_code"] == code
    return report, capsys.readouterr().out


def pieces(entry):
    return [(e["source"], e["agent"], e["grade"], e["sha"]) for e in entry["evidence"]]


def test_a_note_declares_and_counts_lines(topic):
    found = authorship(topic)
    (entry,) = found["commits"]
    assert (entry["verdict"], entry["role"], entry["certainty"]) == ("declared_ai", "co_authored", "certain")
    assert pieces(entry) == [("notes_ai", "claude-code", "A", None)]
    assert entry["evidence"][0]["prompter"] == kit.ANN
    assert entry["lines"] == {"added": 2, "ai": 1, "human": 0}
    assert found["share"] == {"commits": 1.0, "lines": 0.5, "method": "notes"}
    assert (found["sources"]["notes_ai"], found["sources"]["notes_agentblame"]) == ("present", "absent")


def test_check_reads_the_same(topic, capsys):
    report, text = check(topic, capsys)
    assert report["authorship"]["share"] == {"commits": 1.0, "lines": 0.5, "method": "notes"}
    assert "1 of 1 commits by AI, merges left out (100%) · 50% of the added lines" in text
    assert FETCH not in text


def test_agent_blame_is_read_too(topic):
    sha = topic.rev("topic")
    topic.git("update-ref", "-d", kit.AI_REF)
    kit.write_notes(
        topic, {sha: kit.agent_blame([kit.blame_row("a.py", 22, 22)])}, ref=kit.BLAME_REF, fanout=1
    )
    (entry,) = authorship(topic)["commits"]
    assert pieces(entry) == [("notes_agentblame", "claude-code", "A", None)]
    assert entry["lines"]["ai"] == 1


def test_absent_notes_are_said_to_be_absent_with_the_command_that_brings_them(topic, tmp_path, capsys):
    clone = Repo(tmp_path / "clone", init=False)
    topic.git("clone", "-q", topic.path, clone.path)
    clone.git("branch", "main", "origin/main")
    found = authorship(clone)
    assert found["commits"][0]["verdict"] == "undeclared"
    assert {found["sources"][s] for s in ("notes_ai", "notes_agentblame")} == {"absent"}
    _, text = check(clone, capsys)
    assert FETCH in text
    clone.git("fetch", "-q", "origin", "+refs/notes/*:refs/notes/*")  # the command of the report
    assert authorship(clone)["commits"][0]["verdict"] == "declared_ai"


# -- history ---------------------------------------------------------------------------------------------


def moved(topic):
    """A commit on main, so that topic has to be rebased."""
    topic.checkout("main")
    topic.commit({"b.py": "b = 1\n"}, message="Go on")
    topic.checkout("topic")
    topic.git("reset", "-q", "--hard")


def test_after_a_rebase_the_note_is_found_by_the_patch(topic):
    old = topic.rev("topic")
    moved(topic)
    topic.git("rebase", "-q", "main")
    assert topic.rev("topic") != old
    found = authorship(topic)
    (entry,) = found["commits"]
    assert pieces(entry) == [("notes_ai", "claude-code", "B", old)]
    assert entry["evidence"][0]["prompter"] == kit.ANN
    assert entry["verdict"] == "declared_ai"
    assert entry["lines"] is None
    assert found["share"] == {"commits": 1.0, "lines": 1.0, "method": "commits"}


def test_an_amended_message_keeps_the_note_by_the_patch(topic):
    old = topic.rev("topic")
    topic.git("commit", "-q", "--amend", "-m", "Add x, as it should be")
    assert pieces(authorship(topic)["commits"][0]) == [("notes_ai", "claude-code", "B", old)]


def test_an_amended_content_is_another_patch(topic):
    (topic.path / "a.py").write_text(LINES + "x = 1\ny = 3\n")
    topic.git("commit", "-q", "--amend", "-a", "-m", "Add x")
    assert authorship(topic)["commits"][0]["verdict"] == "undeclared"


def test_earlier_heads_that_say_the_same_are_one_witness(topic):
    old = topic.rev("topic")
    note = kit.one_session({"a.py": "21"}, prompter=kit.ANN)
    topic.git("commit", "-q", "--amend", "-m", "second")
    second = topic.rev("topic")
    kit.write_notes(topic, {old: note, second: note})
    topic.git("commit", "-q", "--amend", "-m", "third")
    assert pieces(authorship(topic)["commits"][0]) == [("notes_ai", "claude-code", "B", min(old, second))]


def test_earlier_heads_that_disagree_are_none(topic):
    old = topic.rev("topic")
    topic.git("commit", "-q", "--amend", "-m", "second")
    notes = {
        old: kit.one_session({"a.py": "21"}),
        topic.rev("topic"): kit.one_session({"a.py": "21"}, "codex"),
    }
    kit.write_notes(topic, notes)
    topic.git("commit", "-q", "--amend", "-m", "third")
    assert authorship(topic)["commits"][0]["verdict"] == "undeclared"


def test_earlier_heads_that_were_cleaned_away_leave_nothing(topic):
    topic.git("commit", "-q", "--amend", "-m", "Add x again")
    topic.git("reflog", "expire", "--expire=all", "--all")
    topic.git("gc", "-q", "--prune=now")
    assert authorship(topic)["commits"][0]["verdict"] == "undeclared"


def test_a_squash_of_one_commit_has_its_patch_and_one_of_two_has_not(topic):
    one = topic.rev("topic")
    topic.checkout("main")
    topic.git("reset", "-q", "--hard")
    topic.git("checkout", "-q", "-b", "squashed")
    topic.git("merge", "-q", "--squash", "topic")
    topic.git("commit", "-q", "-m", "Squashed")
    assert pieces(authorship(topic, revisions="main..squashed")["commits"][0]) == [
        ("notes_ai", "claude-code", "B", one)
    ]
    topic.git("checkout", "-q", "topic")
    topic.commit({"a.py": LINES + "x = 1\ny = 2\nz = 3\n"}, message="Add z")
    topic.git("reset", "-q", "--hard")
    topic.git("checkout", "-q", "main")
    topic.git("checkout", "-q", "-b", "both")
    topic.git("merge", "-q", "--squash", "topic")
    topic.git("commit", "-q", "-m", "Squashed")
    assert authorship(topic, revisions="main..both")["commits"][0]["verdict"] == "undeclared"


def test_a_cherry_pick_finds_the_note_of_its_original(topic):
    old = topic.rev("topic")
    topic.git("checkout", "-q", "main")
    topic.git("checkout", "-q", "-b", "release")
    topic.commit({"b.py": "1\n"}, message="On release")
    topic.git("reset", "-q", "--hard")
    topic.git("cherry-pick", old)
    entry = authorship(topic, revisions="main..release")["commits"][0]
    assert ("notes_ai", "claude-code", "B", old) in pieces(entry)


def test_a_note_that_was_copied_to_a_wrong_commit_declares_it_with_grade_b(topic):
    wrong = topic.commit({"b.py": "b = 1\n"}, message="By hand")
    kit.write_notes(topic, {wrong: kit.one_session({"a.py": "21"}, base=topic.rev("topic~1"))})
    entry = authorship(topic)["commits"][0]
    assert pieces(entry) == [("notes_ai", "claude-code", "B", None)]
    assert (entry["certainty"], entry["lines"]) == ("probable", {"added": 1, "ai": 0, "human": 0})
    assert entry["remarks"] == [
        f"note in refs/notes/ai: it names another commit, {topic.rev('topic~1')[:12]}"
    ]


def test_the_note_of_a_merge_fits_what_the_merge_itself_wrote(topic):
    moved(topic)
    merge = topic.merge("main", files={"b.py": "b = 1\nresolved = 2\n"})
    kit.write_notes(topic, {merge: kit.one_session({"b.py": "2", "a.py": "1-99"})})
    found = authorship(topic)
    assert pieces(found["commits"][0]) == [("notes_ai", "claude-code", "A", None)]
    assert found["share"]["commits"] == 0.0


def test_a_renamed_file_is_followed_under_its_new_name(topic):
    sha = topic.commit({"a.py": None, "new.py": LINES + "x = 1\ny = 2\nz = 3\n"}, message="Move")
    kit.write_notes(topic, {sha: kit.one_session({"new.py": "1-23"})})
    assert authorship(topic)["commits"][0]["lines"] == {"added": 1, "ai": 1, "human": 0}


def test_people_who_wrote_every_line_are_attested_and_nothing_is_lowered(topic, capsys):
    topic.commit({"auth/login.py": "a = 1\n"}, message="Log in")
    humans = {kit.person_key(): {"author": kit.ANN}}
    notes = {topic.rev("topic~1"): ("a.py", "21-22"), topic.rev("topic"): ("auth/login.py", "1")}
    kit.write_notes(
        topic,
        {
            sha: kit.git_ai({path: {kit.person_key(): lines}}, humans=humans)
            for sha, (path, lines) in notes.items()
        },
    )
    report, _ = check(topic, capsys)
    assert report["authorship"]["verdict"] == "attested_human"
    assert report["authorship"]["share"] == {"commits": 0.0, "lines": 0.0, "method": "commits"}
    assert report["verdict"] == "needs_signoff"


def test_a_whole_history_reads_notes_and_counts_no_lines(topic):
    found = authorship(topic, revisions="topic")
    assert [c["verdict"] for c in found["commits"]] == ["declared_ai", "undeclared"]
    assert found["share"]["lines"] is None


# -- trouble ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff", b"---\n{", b'---\n{"schema_version": "authorship/9"}', b"[" * 200_000]
)
def test_a_note_that_cannot_be_read_is_said_and_never_nothing(topic, content, capsys):
    sha = topic.rev("topic")
    kit.write_notes(topic, {sha: content})
    report, text = check(topic, capsys)
    facts = report["authorship"]
    assert facts["sources"]["notes_ai"] == "unreadable"
    assert facts["commits"][0]["remarks"][0].startswith("note in refs/notes/ai: not read, ")
    assert f"the note of {sha[:12]} in refs/notes/ai cannot be read" in " ".join(text.split())
    assert report["verdict"] == "passed"


def requiring(topic, *sources):
    topic.checkout("main")
    topic.commit(
        {".gate.yml": f"{POLICY}authorship: {{require: [{', '.join(sources)}]}}\n"}, message="Require"
    )
    topic.checkout("topic")


def test_a_policy_can_require_notes(topic, capsys):
    requiring(topic, "notes_ai", "mr_commits")
    assert check(topic, capsys)[0]["verdict"] == "passed"
    topic.git("update-ref", "-d", kit.AI_REF)
    report, text = check(topic, capsys)
    assert (report["verdict"], report["exit_code"]) == ("incomplete", 4)
    (reason,) = [r for r in report["reasons"] if r["rule"] == "authorship.source"]
    assert "this clone has no refs/notes/ai" in reason["because"]
    assert FETCH in reason["to_pass"]
    assert "INCOMPLETE" in text


def test_a_required_source_that_is_unreadable_is_incomplete_too(topic, capsys):
    requiring(topic, "notes_ai", "notes_agentblame")
    kit.write_notes(topic, {topic.rev("topic"): "broken"})
    report, _ = check(topic, capsys)
    reasons = [r["because"] for r in report["reasons"] if r["rule"] == "authorship.source"]
    assert len(reasons) == 2
    assert "this clone has no refs/notes/agentblame" in reasons[0]
    assert "cannot be read: the line '---' between its two parts is missing" in reasons[1]
    assert report["exit_code"] == 4


def test_nothing_is_required_of_a_change_without_commits(topic, capsys):
    requiring(topic, "notes_ai", "mr_commits")
    topic.git("update-ref", "-d", kit.AI_REF)
    assert check(topic, capsys, head="main")[0]["verdict"] == "passed"


def test_who_directed_the_agent_cannot_sign_off(topic, capsys):
    topic.checkout("main")
    policy = f"""{POLICY}
signoff:
  humans:
  - {{id: ann, github: ann, emails: [ann@acme.example]}}
  - {{id: dev, github: dev, emails: [dev@acme.example]}}
  - {{id: sec, github: sec, emails: [sec@acme.example]}}
  reviewers: {{auth: [ann, sec]}}
"""
    topic.commit({".gate.yml": policy}, message="Name reviewers")
    topic.git("branch", "-f", "topic", "main")
    topic.checkout("topic")
    sha = topic.commit({"auth/login.py": "a = 1\n"}, message="Log in")
    kit.write_notes(topic, {sha: kit.one_session({"auth/login.py": "1"}, prompter=kit.ANN)})
    report, _ = check(topic, capsys)
    assert report["signoff"]["authors"] == ["ann", "dev"]
    assert report["signoff"]["eligible"] == {"auth": ["sec"]}


def test_terminal_text_of_a_hostile_note_is_harmless(topic, capsys):
    evil = "\x1b[2J\u202e\n::error::x\r"
    record = {
        "agent_id": {"tool": evil, "id": "1", "model": evil},
        "human_author": evil,
        "messages": ["secret words"],
    }
    sha = topic.rev("topic")
    note = kit.git_ai({"a.py": {kit.session_key("q"): "21"}}, sessions={kit.session("q"): record})
    kit.write_notes(topic, {sha: note})
    assert run(["authorship", "--repo", str(topic.path), "-q", "-v", "--color", "never", "main..topic"]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "secret words" not in text + json.dumps(authorship(topic))


def test_a_squash_of_a_known_request_has_what_the_notes_of_its_commits_say(topic):
    source = topic.rev("topic")
    topic.commit({"b.py": "b = 1\n"}, message="Add b")
    topic.git("update-ref", "refs/pull/7/head", "topic")
    topic.git("reset", "-q", "--hard")
    topic.git("checkout", "-q", "main")
    topic.git("checkout", "-q", "-b", "next")
    topic.git("merge", "-q", "--squash", "topic")
    topic.git("commit", "-q", "-m", "Add x and b (#7)")
    (entry,) = authorship(topic, revisions="main..next")["commits"]
    assert entry["verdict"] == "declared_ai"
    assert [(e["signature"], e["sha"], e["prompter"]) for e in entry["evidence"]] == [
        ("note.git-ai", source, kit.ANN)
    ]


def test_a_pick_that_was_adapted_names_its_original_whose_note_is_read(topic):
    old = topic.rev("topic")
    topic.git("checkout", "-q", "main")
    topic.git("checkout", "-q", "-b", "release")
    topic.commit(
        {"a.py": "v0 = 0\n" + LINES + "x = 1\ny = 5\n"},
        message=f"Add x\n\n(cherry picked from commit {old})\n",
    )
    (entry,) = authorship(topic, revisions="main..release")["commits"]
    assert pieces(entry) == [("cherry_pick", "claude-code", "A", old)]
    assert entry["evidence"][0]["prompter"] == kit.ANN


def test_a_note_that_names_people_does_not_spare_the_sign_offs_of_undeclared_work(topic, capsys):
    topic.checkout("main")
    policy = f"""{POLICY}
authorship: {{treat_undeclared_as: ai}}
signoff: {{ai_min: 2, humans: [{{id: ann, emails: [ann@acme.example]}}], reviewers: {{auth: [ann]}}}}
"""
    topic.commit({".gate.yml": policy}, message="Two for an AI")
    topic.git("branch", "-f", "topic", "main")
    topic.checkout("topic")
    sha = topic.commit({"auth/login.py": "import os\nos.popen('ls ' + x)  # nosec\n"}, message="Log in")
    before, _ = check(topic, capsys)
    humans = {kit.person_key(): {"author": kit.ANN}}
    kit.write_notes(topic, {sha: kit.git_ai({"auth/login.py": {kit.person_key(): "1-2"}}, humans=humans)})
    after, _ = check(topic, capsys)
    assert after["authorship"]["verdict"] == "attested_human"
    assert (before["signoff"]["needed"], after["signoff"]["needed"]) == (2, 2)
    assert [s["needs_signoff"] for s in before["suppressions"]] == [
        s["needs_signoff"] for s in after["suppressions"]
    ]
