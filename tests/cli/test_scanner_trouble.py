"""Scanners in trouble, seen through the whole command: what happened, to which file, and what to do.

A stand-in for Semgrep lives in an environment of its own, beside an interpreter that is the real one.
Bandit is the real one throughout, brought down by what it reads and by signals.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gate.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.repos import Repo

SEMGREP = Path(sys.executable).parent / "semgrep"
#: The classic engine is slow to start and not what these tests are about.
ONLY_EXPERIMENTAL = 'case " $* " in *" --experimental "*) ;; *) echo "no classic engine" >&2; exit 2;; esac\n'
FLAW = "import os\nimport flask\nos.system('ls ' + flask.request.args['x'])\n"
REAL = f'exec "{SEMGREP}" "$@"'


@dataclass(frozen=True)
class Judged:
    """How the command ended."""

    code: int
    text: str
    report: dict[str, Any]

    @property
    def words(self) -> str:
        """The text without line breaks."""
        return " ".join(self.text.split())

    def tool(self, name: str) -> dict[str, Any]:
        (row,) = (row for row in self.report["tools"] if row["name"] == name)
        return dict(row)

    def unscanned(self, name: str) -> dict[str, str]:
        return {miss["path"]: miss["reason"] for miss in self.tool(name)["unscanned"]}


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def semgrep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Put a shell script in Semgrep's place, or nothing at all."""

    def install(script: str | None) -> None:
        here = tmp_path / "environment"
        (here / "bin").mkdir(parents=True)
        (here / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
        (here / "lib").symlink_to(Path(sys.prefix) / "lib")
        settings = Path(sys.prefix) / "pyvenv.cfg"
        if settings.exists():
            shutil.copy(settings, here)
        if script is not None:
            (here / "bin" / "semgrep").write_text(f"#!/bin/sh\n{script}\n")
            (here / "bin" / "semgrep").chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(here / "bin" / "python"))
        monkeypatch.setenv("PATH", "/usr/bin:/bin")

    return install


@pytest.fixture
def change(repo: Repo) -> Callable[..., Repo]:
    """A branch `topic` with some files on a `main` that has another."""

    def make(
        files: Mapping[str | bytes, str | bytes],
        policy: str = "",
        base: Mapping[str | bytes, str | bytes] | None = None,
    ) -> Repo:
        settings = {".gate.yml": f"version: 1\n{policy}"} if policy else {}
        repo.commit({"README": "x\n", **settings, **(base or {})})
        repo.branch("topic")
        repo.checkout("topic")
        repo.commit(files)
        return repo

    return make


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Judged]:
    def judge(repo: Repo, *more: str) -> Judged:
        code = run([*command(repo, tmp_path), *more])
        return judged(code, capsys.readouterr(), tmp_path)

    return judge


@pytest.fixture
def scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Repo], Judged]:
    def judge(repo: Repo) -> Judged:
        repo.checkout("topic")
        outputs = ["--color", "never", "-o", "text", "-o", f"json={tmp_path}/report.json"]
        return judged(run(["scan", str(repo.path), *outputs]), capsys.readouterr(), tmp_path)

    return judge


def command(repo: Repo, folder: Path) -> list[str]:
    ends = ["--repo", str(repo.path), "--base", "main", "--head", "topic"]
    return ["check", *ends, "--color", "never", "-o", "text", "-o", f"json={folder}/report.json"]


def judged(code: int, printed: Any, folder: Path) -> Judged:
    text = printed.out + printed.err
    assert "Traceback" not in text
    assert f"{folder}/gate-" not in text, "no temporary path is shown"
    return Judged(code, text, json.loads((folder / "report.json").read_text()))


def saying(results: str = "", errors: str = "", scanned: str = "") -> str:
    """A script that prints a report of Semgrep; `$root` stands for the folder that it was to scan."""
    return (
        "for root; do :; done\n"
        f'cat <<END\n{{"version": "1.0.0", "results": [{results}], "errors": [{errors}],'
        f' "paths": {{"scanned": [{scanned}]}}}}\nEND'
    )


GIVEN = '"$root/a.js"'
MATCH = (
    '{"check_id": "x", "path": "%s", "start": {"line": 1, "col": 1}, "end": {"line": 1, "col": 5},'
    ' "extra": {"severity": "HIGH", "message": "m"}}'
)
#: What Semgrep does -> (its script, the decisive words of the report, the beginning of the remedy)
TROUBLE = {
    "crashes": (
        "echo 'cannot open shared object' >&2; exit 1",
        "semgrep ended with code 1 and no output",
        "Make semgrep run",
    ),
    "says that it was called wrongly": (
        "exit 2",
        "semgrep ended with code 2 and no output",
        "Make semgrep run",
    ),
    "dies of a bad address": ("kill -SEGV $$", "semgrep was killed by SIGSEGV", "Run the gate again"),
    "is killed": ("kill -KILL $$", "semgrep was killed by SIGKILL", "Run the gate again"),
    "has too little memory": (
        f"ulimit -v 200000; ulimit -c 0; {REAL}",
        "semgrep was killed by SIG",
        "Run the gate again; if it stays, give the job more memory",
    ),
    "says nothing": ("exit 0", "semgrep ended with code 0 and no output", "Make semgrep run"),
    "stops in the middle of a word": (
        f'{ONLY_EXPERIMENTAL}"{SEMGREP}" "$@" > "$TMPDIR/out"; head -c 300 "$TMPDIR/out"',
        "semgrep ended with code 0 and cut or foreign output",
        "Make semgrep run",
    ),
    "reports an error and ends with 0": (
        saying(errors='{"level": "error", "type": "Fatal error", "message": "gone"}', scanned=GIVEN),
        "Fatal error: gone",
        "Make semgrep run",
    ),
    "reports everything and ends with 1": (
        f'{ONLY_EXPERIMENTAL}"{SEMGREP}" "$@"; exit 1',
        "semgrep ended with code 1",
        "Make semgrep run",
    ),
    "finds something in a file that it was not given": (
        saying(results=MATCH % "/etc/passwd", scanned=GIVEN),
        "semgrep speaks of a file that it was not given: '/etc/passwd'",
        "Make semgrep run",
    ),
    "is missing": (None, "semgrep is not installed", "Install it beside the gate: pip install semgrep"),
}


@pytest.mark.parametrize("case", TROUBLE)
def test_what_became_of_semgrep_is_said_with_a_remedy(case: str, semgrep, change, check) -> None:
    script, words, remedy = TROUBLE[case]
    semgrep(script)
    result = check(change({"a.js": "eval(x)\n"}))
    assert (result.code, result.report["verdict"]) == (4, "incomplete")
    assert f"The required scanner semgrep failed: {words}" in result.words
    assert f"to pass: {remedy}" in result.words
    assert result.tool("semgrep")["status"] == "failed"
    assert result.tool("semgrep")["reason"].startswith(words)
    assert result.unscanned("semgrep") == {"a.js": "scanner-failed"}
    assert "a.js semgrep: scanner-failed" in result.words


@pytest.mark.parametrize("case", ["crashes", "is killed", "says nothing", "is missing"])
def test_a_tree_is_not_called_clean_when_semgrep_did_not_run(case: str, semgrep, change, scan) -> None:
    script, words, _ = TROUBLE[case]
    semgrep(script)
    result = scan(change({"a.js": "eval(x)\n"}))
    assert result.code == 4
    assert words in result.words
    assert result.tool("semgrep")["status"] == "failed"
    assert result.unscanned("semgrep") == {"a.js": "scanner-failed"}


def test_a_semgrep_that_hangs_is_ended_at_the_policy_s_time(semgrep, change, check) -> None:
    semgrep("sleep 600")
    started = time.monotonic()
    result = check(change({"a.js": "eval(x)\n"}, policy="scanners: {semgrep: {timeout: 2}}\n"))
    assert time.monotonic() - started < 20
    assert result.code == 4
    assert "1 changed file was not fully scanned (timeout by semgrep): a.js" in result.words
    assert "to pass: Raise scanners.semgrep.timeout in the policy of the target branch" in result.words
    assert result.unscanned("semgrep") == {"a.js": "timeout"}


def test_files_that_semgrep_only_claims_to_have_read_do_not_count(semgrep, change, check) -> None:
    semgrep(saying(scanned='"/etc/passwd", "$root/b.js"'))
    result = check(change({"a.js": "eval(x)\n"}))
    assert result.code == 4
    assert "1 changed file was not fully scanned (not-selected by semgrep): a.js" in result.words
    assert result.tool("semgrep")["status"] == "partial"


def test_what_one_scanner_still_finds_blocks_beside_the_failure_of_the_other(semgrep, change, check) -> None:
    semgrep("exit 2")
    result = check(change({"a.py": FLAW}))
    assert result.code == 4
    assert "Also blocking: 1 finding" in result.words
    assert "seen by: bandit B605" in result.words


def test_a_failure_of_a_scanner_that_is_not_required_is_shown_and_does_not_stop(
    semgrep, change, check
) -> None:
    semgrep("exit 2")
    result = check(change({"a.py": "x = 1\n"}, policy="scanners: {semgrep: {required: false}}\n"))
    assert result.code == 0
    assert result.tool("semgrep")["status"] == "failed"
    assert "a.py semgrep: scanner-failed" in result.words


@pytest.mark.parametrize("tool", ["semgrep", "bandit"])
def test_a_scanner_that_was_left_out_says_how_to_have_it_back(tool: str, change, check) -> None:
    other = {"semgrep": "bandit", "bandit": "semgrep"}[tool]
    result = check(change({"README": "y\n"}), "--scanners", other)
    assert result.code == 4
    assert f"The required scanner {tool} did not run: not among the chosen scanners" in result.words
    assert f"Run the gate without --scanners, or name {tool} there, too" in result.words


def test_a_failure_is_forgotten_when_the_scanner_is_well_again(semgrep, change, check, tmp_path) -> None:
    semgrep("exit 2")
    repo = change({"a.js": "eval(x)\n"})
    assert check(repo).code == 4
    (tmp_path / "environment" / "bin" / "semgrep").write_text(f"#!/bin/sh\n{REAL}\n")
    result = check(repo)
    assert result.code == 3  # a text that is run as code waits for a human
    assert (result.tool("semgrep")["status"], result.unscanned("semgrep")) == ("completed", {})
    assert [f["witnesses"][0]["tool"] for f in result.report["findings"]] == ["semgrep"]


# -- real scanners and signals ----------------------------------------------------------------------------


def descendants(of: int) -> list[tuple[int, str]]:
    """Return number and command line of every process below one; any of them may end meanwhile."""
    found: list[tuple[int, str]] = []
    with contextlib.suppress(OSError):
        for listing in list(Path(f"/proc/{of}/task").glob("*/children")):
            for number in map(int, listing.read_text().split()):
                with contextlib.suppress(OSError):
                    line = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ")
                    found += [(number, line.decode(errors="replace")), *descendants(number)]
    return found


def check_and_kill(repo: Repo, folder: Path, word: str, *, most: int) -> Judged:
    """Run the command and kill at most `most` processes below it that have this word in their command line."""
    argv = [sys.executable, "-m", "gate", *command(repo, folder)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        killed: set[int] = set()

        def hunt() -> None:
            while child.poll() is None and len(killed) < most:
                for number, line in descendants(child.pid):
                    if word in line and number not in killed and len(killed) < most:
                        time.sleep(0.05)
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(number, signal.SIGKILL)
                            killed.add(number)
                time.sleep(0.002)

        hunter = threading.Thread(target=hunt)
        hunter.start()
        out, err = child.communicate(timeout=120)
        hunter.join()
    assert killed
    assert "Traceback" not in out + err
    return Judged(child.returncode, out, json.loads((folder / "report.json").read_text()))


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")


@needs_proc
@pytest.mark.parametrize("word", ["semgrep", "bandit"])
def test_a_scanner_killed_at_every_attempt_leaves_the_change_incomplete(word: str, change, tmp_path) -> None:
    name = {"semgrep": "a.js", "bandit": "a.py"}[word]
    repo = change({name: "x = 1\n"})
    result = check_and_kill(repo, tmp_path, word, most=1_000)
    assert (result.code, result.report["verdict"]) == (4, "incomplete")
    assert f"The required scanner {word} failed: {word} was killed by SIGKILL" in result.words
    assert "give the job more memory" in result.words
    assert result.unscanned(word)[name] == "scanner-failed"


@needs_proc
@pytest.mark.parametrize("word", ["semgrep", "bandit"])
def test_a_scanner_killed_once_is_never_taken_for_one_that_found_nothing(word: str, change, tmp_path) -> None:
    repo = change({"a.py": FLAW}, base={"a.py": "import os\n"})
    result = check_and_kill(repo, tmp_path, word, most=1)
    witnesses = {w["tool"] for finding in result.report["findings"] for w in finding["witnesses"]}
    assert result.code in {1, 4}
    assert (result.tool(word)["status"] == "failed") == (result.code == 4)
    assert word in witnesses or result.code == 4


# -- what a scanner reads ---------------------------------------------------------------------------------

#: Python that one of the two scanners cannot read, as (content, Bandit's reason or empty, Semgrep's)
HARD = {
    "deep.py": ("x = " + "(" * 300 + "1" + ")" * 300 + "\n", "syntax-error", ""),
    "sum.py": ("x = " + "+".join(["1"] * 20_000) + "\n", "scanner-exception", ""),
    "chain.py": ("x" + ".a" * 5_000 + "\n", "scanner-exception", ""),
    "latin.py": (b"x = '\xe9'\n", "syntax-error", ""),
    "codec.py": ("# coding: nonsense\nx = 1\n", "encoding", "encoding"),
    "old.py": ("print 'x'\n", "syntax-error", ""),
    "null.py": (FLAW.encode() + b"x = 1\0\n", "syntax-error", "PartialParsing"),
    "conflict.py": (f"<<<<<<< a\n{FLAW}=======\ny\n>>>>>>> b\n", "syntax-error", "PartialParsing"),
    "wide.py": (FLAW.encode("utf-16"), "encoding", "encoding"),
    "nulls.py": (b"\0" * 3_000, "encoding", "encoding"),
    "big.py": (b"x = 1\n" + b"#" * 5_000_001, "too-large", "too-large"),
}


def test_every_file_that_is_hard_to_read_is_read_by_one_scanner_or_named_with_a_remedy(change, check) -> None:
    result = check(change({name: content for name, (content, _, _) in HARD.items()}))
    assert result.code == 4
    assert result.unscanned("bandit") == {name: bandit for name, (_, bandit, _) in HARD.items()}
    assert result.unscanned("semgrep") == {name: told for name, (_, _, told) in HARD.items() if told}
    for told in (
        (
            "2 changed files were not fully scanned (bandit: syntax-error; semgrep: PartialParsing): "
            "conflict.py, null.py. → to pass: Run the gate on a newer Python, or correct the file; or correct "
            "the syntax of the file"
        ),
        "3 changed files were not fully scanned (encoding by bandit, semgrep): codec.py, nulls.py, wide.py. → to pass: Store",
        "1 changed file was not fully scanned (too-large by bandit, semgrep): big.py. → to pass: Raise scanners.max",
        "not fully read by one scanner (scanner-exception by bandit), but by another: chain.py, sum.py",
    ):
        assert told in result.words


def test_what_was_not_read_is_named_again_when_the_rest_is_already_known(change, check) -> None:
    """The second run takes what it can from the cache; that a file was not read is never taken from there."""
    names = ("conflict.py", "latin.py", "wide.py")
    repo = change({"a.py": "x = 1\n", **{name: HARD[name][0] for name in names}})
    first, second = check(repo), check(repo)
    assert first.code == second.code == 4
    for tool in ("bandit", "semgrep"):
        assert first.unscanned(tool) == second.unscanned(tool) != {}
        assert first.tool(tool)["reason"] == second.tool(tool)["reason"]


def test_with_every_scanner_asked_for_each_remedy_is_named(change, check) -> None:
    policy = "scanners: {coverage: every}\n"
    result = check(change({"old.py": "print 'x'\n", "a.py": "x = 1\n"}, policy=policy))
    assert result.code == 4
    assert "(syntax-error by bandit): old.py. → to pass: Run the gate on a newer Python" in result.words


def test_a_byte_order_mark_hides_nothing_and_shifts_nothing(change, check) -> None:
    result = check(change({"a.py": "\ufeffimport os; os.system(x)\n".encode()}))
    assert result.code == 1
    (finding,) = result.report["findings"]
    assert {w["tool"] for w in finding["witnesses"]} == {"bandit", "semgrep"}
    assert finding["location"]["start"] == {"line": 1, "col": 13}


def test_a_file_on_which_bandit_would_work_for_minutes_is_named_after_its_time(change, check) -> None:
    """Few bytes, much work: every name in a deep expression is looked up again and again."""
    rows = "".join(f"    f({n}, g(a{n}, b), [h(c) for c in d], 'text{n}'),\n" for n in range(40_000))
    policy = "scanners: {bandit: {timeout: 3}, semgrep: {enabled: false, required: false}}\n"
    result = check(change({"slow.py": f"x = [\n{rows}]\n", "quick.py": FLAW}, policy=policy))
    assert result.code == 4
    assert result.unscanned("bandit") == {"slow.py": "timeout"}
    assert "not fully scanned (timeout by bandit): slow.py" in result.words
    assert "to pass: Raise scanners.bandit.timeout in the policy of the target branch" in result.words
    assert "seen by: bandit B605" in result.words


#: Names that a shell, an option parser, a file system or a reader takes for something else.
ODD_NAMES: tuple[str | bytes, ...] = (
    "new\nline.py",
    'quo"te.py',
    "it's.py",
    "-dash.py",
    "--config=evil.py",
    b"caf\xe9.py",
    "\U0001f600.py",
    "bi\u202edi.py",
    "n" * 252 + ".py",
    "d" * 250 + "/" + "e" * 250 + "/f.py",
    "Case.py",
    "case.py",
    "caf\u00e9.py",
    "cafe\u0301.py",
    " lead.py",
    "tab\t.py",
    "a b/c d.py",
    "back\\slash.py",
    "$(id).py",
    "*.py",
    "~.py",
    "node_modules/a.py",
    "vendor/test_a.py",
    ".venv/lib/a.py",
)


def test_a_name_that_no_one_expects_hides_no_finding(change, check) -> None:
    result = check(change({**dict.fromkeys(ODD_NAMES, FLAW), "--config=evil": "x\n", "-r": "x\n"}))
    assert result.code == 1
    for tool in ("bandit", "semgrep"):
        row = result.tool(tool)
        assert (row["status"], row["unscanned"]) == ("completed", [])
        assert f"{len(ODD_NAMES)} of {len(ODD_NAMES)} read" in result.words
    blocking = [f for f in result.report["findings"] if f["decision"] == "block"]
    assert len({f["location"]["path"] for f in blocking}) == len(ODD_NAMES)
    assert all({w["tool"] for w in f["witnesses"]} == {"bandit", "semgrep"} for f in blocking)


def test_two_names_that_differ_in_white_space_do_not_read_the_same(change, check) -> None:
    names = ("a b.py", "a\nb.py", "a  b.py", " a b.py", "a\u3000b.py")
    result = check(change(dict.fromkeys(names, b"\0" * 3_000)))
    for text in ("a b.py", r"a\u000ab.py", r"a \u0020b.py", r"\u0020a b.py", r"a\u3000b.py"):
        assert f" {text} bandit: encoding" in result.words
        assert f" {text}" in result.words.partition("scan.coverage")[0]


def test_code_in_a_language_without_rules_is_named(change, check) -> None:
    result = check(change({"run.sh": "rm -rf $1\n", "a.rs": "fn main() {}\n", "b.php": "<?php f($x);\n"}))
    assert result.code == 0
    assert "Nobody looked for weaknesses in 3 changed code files" in result.words
    for name in ("run.sh", "a.rs", "b.php"):
        assert f"{name} no scanner reads this language" in result.words


# -- size -------------------------------------------------------------------------------------------------


def test_a_blob_far_above_the_limit_costs_neither_time_nor_memory(repo: Repo, check) -> None:
    """Only its size is read: 200 MB that git stores in 1 MB."""
    repo.commit({"README": "x\n"})
    repo.branch("topic")
    repo.checkout("topic")
    argv = ["git", "-C", str(repo.path), "-c", "core.compression=1", "hash-object", "-w", "--stdin"]
    with subprocess.Popen(["head", "-c", "200000000", "/dev/zero"], stdout=subprocess.PIPE) as zeros:
        done = subprocess.run(argv, stdin=zeros.stdout, capture_output=True, check=True, text=True)
    blob = done.stdout.strip()
    listing = repo.git("ls-tree", "main") + f"\n100644 blob {blob}\tdata.py\n"
    repo.commit(tree=repo.git("mktree", stdin=listing.encode()))
    started = time.monotonic()
    result = check(repo)
    assert time.monotonic() - started < 10
    assert result.code == 4
    assert "1 changed file was not fully scanned (too-large by bandit, semgrep): data.py" in result.words
    assert "to pass: Raise scanners.max_file_bytes" in result.words


@pytest.mark.skipif(sys.platform != "linux", reason="the address space can be limited on Linux alone")
def test_a_tree_with_a_file_larger_than_the_memory_is_scanned(tmp_path) -> None:
    import resource

    (tmp_path / "tree").mkdir()
    with (tmp_path / "tree" / "big.py").open("wb") as file:
        file.truncate(3_000_000_000)
    done = subprocess.run(
        [sys.executable, "-m", "gate", "scan", str(tmp_path / "tree")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000,) * 2),
    )
    assert done.returncode == 0, done.stderr
    for tool in ("bandit", "semgrep"):
        assert f"big.py  {tool}: too-large" in done.stdout


def test_a_thousand_changed_files_are_all_read(change, check) -> None:
    files = {f"src/{n % 40}/m{n}.py": f"VALUE_{n} = {n}\n" for n in range(999)}
    result = check(change({**files, "src/last.py": FLAW}))
    assert result.code == 1
    for tool in ("bandit", "semgrep"):
        row = result.tool(tool)
        assert (row["status"], row["unscanned"]) == ("completed", [])
    assert "bandit (1,000 files), semgrep (1,000 files)" in result.words
    assert [f["location"]["path"] for f in result.report["findings"]] == ["src/last.py"]


@pytest.mark.parametrize("name", ["big.js", "big.py"])
def test_a_file_in_which_whole_file_expressions_give_up_is_no_clean_one(name, change, check) -> None:
    """Above a million bytes PCRE stops and both engines say nothing: no other scanner makes up for that."""
    code = {
        "big.js": "app.get('/', (req, res) => { eval(req.query.x) })\n",
        "big.py": "import flask, requests\n@app.route('/')\ndef x():\n    requests.get(flask.request.args['u'])\n",
    }[name]
    comment = "// filler\n" if name.endswith("js") else "# filler\n"
    result = check(change({name: code + comment * 120_000}))
    assert result.code == 4
    assert result.unscanned("semgrep") == {name: "regex-limit"}
    assert "Split the file" in result.words


@pytest.mark.parametrize("encoding", ["unicode_escape", "utf-7", "shift_jis", "rot13"])
def test_python_in_an_encoding_that_hides_code_from_semgrep_is_not_read(encoding, change, check) -> None:
    """Python and Bandit read code where Semgrep sees a comment."""
    result = check(change({"a.py": f"# -*- coding: {encoding} -*-\n# \\u000aimport os\n"}))
    assert result.code == 4
    assert result.unscanned("semgrep") == result.unscanned("bandit") == {"a.py": "encoding"}
    assert "Store the file as UTF-8" in result.words


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "latin-1", "iso-8859-15", "cp1252", "euc-kr", "cp949"])
def test_python_in_an_encoding_that_leaves_ascii_alone_is_read(encoding, change, check) -> None:
    result = check(change({"a.py": f"# vim: set fileencoding={encoding} :\nx = 1\n"}))
    assert result.code == 0
