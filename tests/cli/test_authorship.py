"""`gate authorship` on real repositories: lists, sums, formats, and everything that can be asked wrongly."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from gate.cli import run

CLAUDE = "\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"
CURSOR = "\n\nMade-with: Cursor\n"
EVIL = '=HYPERLINK("http://x")\x1b[2J\u202e ::error::'


@pytest.fixture(autouse=True)
def _wide_terminal(monkeypatch):
    """Lines are compared as a whole, whatever terminal the tests are started from."""
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(autouse=True)
def no_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def history(repo):
    """Five commits on main (one a merge, two by AI, one with a hostile subject), newest first as git log has them."""
    repo.commit({"a": "1"}, message="Begin\n", date="1600000000 +0000")
    repo.branch("topic")
    repo.commit({"a": "2"}, message=f"Add{CLAUDE}", date="1767225600 +0000")
    repo.checkout("topic")
    repo.commit({"b": "1"}, message=f"Side{CURSOR}", date="1769904000 +0000")
    repo.checkout("main")
    repo.merge("topic", message="Merge branch 'topic'\n")
    repo.commit({"a": "3"}, message=EVIL)
    return repo


def authorship(repo, *arguments):
    return run(["authorship", "--repo", str(repo.path), "-q", "--color", "never", *arguments])


def printed(repo, capsys, *arguments, code=0):
    assert authorship(repo, *arguments) == code
    return capsys.readouterr().out


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_each_commit_is_a_line_and_the_sums_follow(history, capsys):
    lines = printed(history, capsys, "HEAD").splitlines()
    shas = history.git("log", "--format=%H").split()
    assert [line.split()[0] for line in lines[:5]] == [sha[:10] for sha in shas]
    (added,) = [line for line in lines if line.endswith("  Add")]
    assert added.split()[1:4] == ["2026-01-01", "declared_ai", "claude-code"]
    assert "2 of 4 commits by AI, merges left out (50%)" in lines[6]
    assert "1 merge" in lines[7]


def test_verbose_shows_the_evidence_with_its_place(history, capsys):
    assert "    A claude-code.coauthor.email  trailer.co-authored-by:3  Co-authored-by: Claude" in printed(
        history, capsys, "HEAD", "-v"
    )


def test_a_commit_whose_attribution_is_switched_off_says_so_in_its_line(repo, capsys):
    repo.commit({"a": "1"}, message="Begin\n")
    repo.commit({".claude/settings.json": '{"includeCoAuthoredBy": false}'}, message="Quiet\n")
    repo.commit({"a": "2"}, message=f"Add{CURSOR}")
    added, quiet = printed(repo, capsys, "HEAD~2..HEAD").splitlines()[:2]
    assert quiet.split()[2:] == ["undeclared", "(suppressed)", "-", "Quiet"]
    assert added.split()[2:] == ["declared_ai", "cursor", "Add"]
    assert quiet.index("Quiet") == added.index("Add")


def test_a_date_that_git_cannot_read_is_no_month(repo, capsys):
    parent = repo.commit({"a": "1"}, message="Begin\n")
    content = (
        f"tree {repo.tree()}\nparent {parent}\nauthor A <a@x> 1 +0000\ncommitter C <c@x> soon\n\nX{CLAUDE}"
    )
    repo.commit_object(content.encode(), ref="refs/heads/main")
    text = printed(repo, capsys, "HEAD", "--summary")
    assert "%cI" not in text + printed(repo, capsys, "HEAD", "-o", "csv") + printed(
        repo, capsys, "HEAD", "-o", "json"
    )
    assert "  ?              " in text
    assert rows(printed(repo, capsys, "HEAD", "-o", "csv"))[0]["date"] == ""


def test_what_a_message_holds_behind_a_nul_is_told(repo, capsys):
    repo.commit({"a": "1"}, message="Begin\n")
    repo.commit({"a": "2"}, message=b"Fix\n\nIt.\n\0\n\n" + CLAUDE.encode())
    told = "the message goes on behind a NUL, where git ends it; what follows was not read"
    assert told in printed(repo, capsys, "HEAD~1..HEAD", "-v")
    (commit,) = json.loads(printed(repo, capsys, "HEAD~1..HEAD", "-o", "json"))["commits"]
    assert commit["remarks"] == [told]


def test_ai_lists_only_those_and_sums_all(history, capsys):
    text = printed(history, capsys, "HEAD", "--ai")
    assert [line.split()[2] for line in text.splitlines()[:2]] == ["declared_ai", "declared_ai"]
    assert "2 of 4 commits" in text
    assert {row["verdict"] for row in rows(printed(history, capsys, "HEAD", "--ai", "-o", "csv"))} == {
        "declared_ai"
    }


def test_the_summary_is_by_agent_and_month(history, capsys):
    text = printed(history, capsys, "HEAD", "--summary")
    assert "Add" not in text
    agents = text[text.index("BY AGENT") : text.index("BY MONTH")].splitlines()
    assert agents[1].split() == ["claude-code", "1", "1", "2026-01", "2026-01"]
    months = text[text.index("BY MONTH") :].splitlines()
    assert [line.split()[0] for line in months[1:]] == ["2020-09", "2026-01", "2026-02"]
    assert months[3].split()[1:4] == ["1", "1", "100%"]


def test_csv_has_a_row_a_commit_and_no_formula(history, capsys):
    found = rows(printed(history, capsys, "HEAD", "-o", "csv"))
    assert [row["sha"] for row in found] == history.git("log", "--format=%H").split()
    assert found[0]["subject"].startswith("'=HYPERLINK")
    assert "\x1b" not in found[0]["subject"]
    assert found[1]["merge"] == "true"
    (claude,) = [row for row in found if row["agent"] == "claude-code"]
    assert (claude["grade"], claude["signature"]) == ("A", "claude-code.coauthor.email")
    assert claude["date"] == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize("subject", ['Say "no", then go', '"', ",,", "'a\tb", 'ends in "quotes"', "-- a, b"])
def test_a_subject_with_quotes_and_commas_is_one_cell(repo, capsys, subject):
    repo.commit({"a": "1"}, message=f"{subject}\n")
    text = printed(repo, capsys, "HEAD", "-o", "csv")
    (row,) = rows(text)
    assert row["subject"].lstrip("'") == subject.replace("\t", " ").lstrip("'")
    again = io.StringIO()
    csv.writer(again, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    assert again.getvalue() == text


def test_csv_of_the_sums_has_a_row_a_month_and_a_column_an_agent(history, capsys):
    text = printed(history, capsys, "HEAD", "--summary", "-o", "csv")
    assert text.splitlines()[0] == "month,commits,merges,ai,claude-code,cursor"
    assert rows(text)[2] == {
        "month": "2026-02",
        "commits": "1",
        "merges": "0",
        "ai": "1",
        "claude-code": "0",
        "cursor": "1",
    }


def test_json_is_sorted_whole_and_holds_the_sums(history, capsys):
    text = printed(history, capsys, "HEAD", "-o", "json")
    document = json.loads(text)
    assert (
        text
        == json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).replace("\u202e", "\\u202e")
        + "\n"
    )
    assert [c["sha"] for c in document["commits"]] == history.git("log", "--format=%H").split()
    assert document["commits"][0]["subject"] == EVIL
    assert document["agents"] == ["claude-code", "cursor"]
    assert document["summary"]["months"]["2026-01"]["agents"] == {"claude-code": 1}
    assert document["share"]["commits"] == 0.5
    assert json.loads(printed(history, capsys, "HEAD", "-o", "json", "--summary"))["commits"] == []


def test_lines_are_counted_where_notes_tell_more_than_the_verdicts(repo, capsys):
    repo.commit({"a": "1\n"}, message="Begin\n")
    repo.commit({"a": "2\n"}, message=f"Add{CLAUDE}")
    assert json.loads(printed(repo, capsys, "HEAD~1..HEAD", "-o", "json"))["share"] == {
        "commits": 1.0,
        "lines": None,
        "method": None,
    }
    repo.git("notes", "--ref=ai", "add", "-m", "no note of any known form", "HEAD~1")
    share = json.loads(printed(repo, capsys, "HEAD~1..HEAD", "-o", "json"))["share"]
    assert share == {"commits": 1.0, "lines": 1.0, "method": "commits"}


def test_text_leaves_a_long_list_out_unless_asked(repo, capsys, monkeypatch):
    monkeypatch.setattr("gate.reports.authorship_text.MOST_LISTED", 3)
    for number in range(5):
        repo.commit({"a": str(number)}, message=f"Number {number}{CLAUDE}")
    short = printed(repo, capsys, "HEAD")
    assert "Number" not in short
    assert "BY MONTH" in short
    assert "5 commits are not listed: --list shows them" in short
    long = printed(repo, capsys, "HEAD", "--list")
    assert [line.rsplit(" ", 1)[1] for line in long.splitlines()[:5]] == ["4", "3", "2", "1", "0"]
    assert len(rows(printed(repo, capsys, "HEAD", "-o", "csv"))) == 5


def test_batches_change_nothing(history, capsys, monkeypatch):
    whole = [printed(history, capsys, "HEAD", "-o", form) for form in ("text", "csv", "json")]
    monkeypatch.setattr("gate.git.log.BATCH", 2)
    monkeypatch.setattr("gate.reports.authorship_json.HELD", 100)
    assert [printed(history, capsys, "HEAD", "-o", form) for form in ("text", "csv", "json")] == whole


def test_several_reports_come_from_one_reading(history, capsys, tmp_path):
    files = [tmp_path / "a.json", tmp_path / "a.csv"]
    text = printed(history, capsys, "HEAD", "-o", "text", "-o", f"json={files[0]}", "-o", f"csv={files[1]}")
    assert "2 of 4 commits" in text
    assert len(json.loads(files[0].read_text())["commits"]) == 5
    assert len(rows(files[1].read_text())) == 5


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_an_empty_range_is_said_to_be_empty(history, capsys, form):
    text = printed(history, capsys, "HEAD..HEAD", "-o", form)
    if form == "text":
        assert "no commits" in text
    elif form == "csv":
        assert text.startswith("sha,date,verdict")
        assert rows(text) == []
    else:
        assert json.loads(text)["commits"] == []
        assert json.loads(text)["share"]["commits"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nothere"], 4, "unknown revision 'nothere'"),
        (["main...topic"], 2, "Write two dots"),
        (["-x"], 2, "No such option"),
        (["--", "--all"], 4, "cannot be a revision"),
        ([], 2, "either a RANGE or --commits -"),
        (["HEAD", "--commits", "-"], 2, "either a RANGE or --commits -"),
        (["--commits", "ids.txt"], 2, "only '-'"),
        (["HEAD", "-o", "xml"], 2, "unknown format 'xml'"),
        (["HEAD", "-o", "cvs"], 2, "did you mean 'csv'"),
    ],
)
def test_what_cannot_be_answered_is_said(history, capsys, arguments, code, says):
    assert authorship(history, *arguments) == code
    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.out == ""


def with_input(repo, text, *arguments):
    command = [
        sys.executable,
        "-m",
        "gate",
        "authorship",
        "--repo",
        str(repo.path),
        "--commits",
        "-",
        *arguments,
    ]
    return subprocess.run(command, input=text, capture_output=True, check=False)


def test_ids_from_standard_input_keep_their_order(history):
    shas = history.git("rev-list", "--reverse", "HEAD").split()
    done = with_input(history, "\n".join(shas).encode(), "-o", "csv")
    assert [row["sha"] for row in rows(done.stdout.decode())] == shas


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (b"", 2, b"no commit id"),
        (b"main\n", 2, b"line 1: not a full commit id"),
        (b"\xff\xfe", 2, b"line 1"),
        (b"0" * 40 + b"\n", 4, b"0000000"),
    ],
)
def test_wrong_ids_are_named(history, text, code, says):
    done = with_input(history, text)
    assert (done.returncode, done.stdout) == (code, b"")
    assert says in done.stderr


def test_a_tree_among_the_ids_is_refused(history):
    done = with_input(history, f"{history.rev('HEAD')}\n{history.git('rev-parse', 'HEAD^{tree}')}\n".encode())
    assert done.returncode == 4
    assert b"is not a commit" in done.stderr


def test_a_history_that_breaks_off_is_incomplete_and_leaves_no_file(history, capsys, tmp_path):
    """The first commit is lost: whatever was read until then is not the history."""
    lost = history.git("rev-list", "--max-parents=0", "HEAD")
    (history.git_dir / "objects" / lost[:2] / lost[2:]).unlink(missing_ok=True)
    packs = list((history.git_dir / "objects" / "pack").glob("*"))
    if packs:
        history.git("unpack-objects", "-q", stdin=b"", check=False)
        pytest.skip("objects are packed here")
    target = tmp_path / "a.csv"
    assert authorship(history, "HEAD", "-o", f"csv={target}") == 4
    assert list(tmp_path.glob("*.csv")) == []
    assert list(tmp_path.glob(".a.csv*")) == []
    assert "fsck" in capsys.readouterr().err


def test_a_shallow_clone_is_incomplete(history, tmp_path, capsys):
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{history.path}", str(tmp_path / "shallow")],
        check=True,
    )
    assert run(["authorship", "HEAD", "--repo", str(tmp_path / "shallow"), "-q"]) == 4
    assert "fetch-depth" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error(history):
    for number in range(300):
        history.commit({"a": str(number)}, message="x" * 500)
    command = f"{sys.executable} -m gate authorship HEAD --repo {history.path} -o csv | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_progress_of_a_long_history_is_told_in_ci(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    from gate.cli.progress import progress

    with progress(quiet=False, verbose=0) as display:
        for done in range(1_000, 60_001, 1_000):
            display.commits(done, 60_000 if done > 3_000 else None)
    lines = capsys.readouterr().err.splitlines()
    assert 5 <= len(lines) <= 11
    assert lines[-1].endswith("60,000 of 60,000 commits")


def test_standard_error_is_silent_in_a_pipe(history):
    done = subprocess.run(
        [sys.executable, "-m", "gate", "authorship", "HEAD", "--repo", str(history.path)],
        capture_output=True,
        check=True,
        env={k: v for k, v in os.environ.items() if k != "CI"},
    )
    assert done.stderr == b""


def test_three_dots_are_refused_with_the_range_that_was_meant(repo, capsys):
    repo.commit({"a": "1\n"})
    assert run(["authorship", "main...topic", "--repo", str(repo.path)]) == 2
    assert "gate authorship main..topic" in capsys.readouterr().err
