"""`gate scan` as a person uses it: real scanners on small trees, every kind of PATH, baselines."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gate.cli import run
from gate.reports.escape import visible

SHELL = "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n"
PICKLE = "import pickle\n\n\ndef load(data):\n    return pickle.loads(data)\n"


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    write(folder, {"app/run.py": SHELL, "app/tests/test_load.py": PICKLE, "main.rs": "fn main() {}\n"})
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def scan(*arguments: object) -> int:
    return run(["scan", *map(str, arguments)])


def flat(text: str) -> str:
    """A page without its line breaks: the folders of these tests have long names."""
    return " ".join(text.split())


def states(path: Path) -> dict[str, str]:
    return {
        f["location"]["path"]: f["state"]
        for f in json.loads(path.read_text())["findings"]
        if f["severity"] != "info"
    }


def test_the_summary_says_how_much_where_and_what_first(tree, capsys):
    assert scan(tree) == 0
    shown = capsys.readouterr().out
    assert "1 of them in tests" in flat(shown)
    assert "! Nobody looked for weaknesses in: Rust (1 file)" in shown
    assert re.search(r"files  3 in all · 2 read · 1 in languages without rules\n", shown)
    assert re.search(r"BY FAMILY +.*\n  command-injection", shown)
    assert re.search(r"app/tests +", shown)
    worst = shown[shown.index("WORST FIRST") :]
    assert "app/run.py:5  os.system('ls ' + name)" in worst
    assert worst.index("app/run.py:5") < worst.index("app/tests/test_load.py:5")
    assert flat(shown).endswith("--baseline FILE shows only what is new.")


def test_remarks_are_only_counted_unless_asked_for(tree, capsys):
    write(tree, {"app/check.py": "def f(x):\n    assert x\n"})
    scan(tree)
    assert "of level info, only counted" in flat(capsys.readouterr().out)
    scan(tree, "-v")
    shown = capsys.readouterr().out
    assert "app/check.py:2" in shown
    assert "only counted" not in shown


def test_a_secret_is_masked_wherever_it_is_shown(tree, tmp_path, capsys):
    write(tree, {"app/keys.py": "password = 'S3cr3tHorseBattery'\n"})
    known = tmp_path / "known.json"
    assert (
        scan(tree, "-v", "--write-baseline", known, "-o", "text", "-o", f"json={tmp_path / 'all.json'}") == 0
    )
    shown = capsys.readouterr().out
    assert "app/keys.py" in shown
    for text in (shown, known.read_text(), (tmp_path / "all.json").read_text()):
        assert "S3cr3tHorse" not in text


def test_a_finding_in_a_file_of_no_language_has_its_line_too(tree, tmp_path, capsys):
    out = tmp_path / "all.json"
    write(tree, {"deploy.cfg": "# keys\ntoken = ghp_" + "a1B2" * 9 + "\n"})
    assert scan(tree, "-o", f"json={out}") == 0
    found = [f for f in json.loads(out.read_text())["findings"] if f["location"]["path"] == "deploy.cfg"]
    assert [f["location"]["start"]["line"] for f in found] == [2]
    assert found[0]["snippet"].startswith("token = ")
    assert found[0]["line_hash"]
    assert "a1B2a1B2" not in out.read_text()


def test_korean(tree, capsys):
    assert scan(tree, "--lang", "ko") == 0
    assert "심각한 순서" in capsys.readouterr().out


class TestPath:
    """What people give as PATH."""

    @pytest.mark.parametrize("spell", ["{}", "{}/", "{}/../tree", "{}/./"])
    def test_a_folder_however_it_is_spelled(self, tree, capsys, spell):
        assert scan(spell.format(tree)) == 0
        assert "app/run.py:5" in capsys.readouterr().out

    def test_the_current_folder(self, tree, capsys, monkeypatch):
        monkeypatch.chdir(tree / "app")
        assert scan() == 0
        assert re.search(r"^ +run\.py:5 ", capsys.readouterr().out, re.MULTILINE)

    def test_a_link_to_a_folder_or_a_file_that_was_named_is_followed(self, tree, tmp_path, capsys):
        (tmp_path / "folder").symlink_to(tree)
        (tmp_path / "file").symlink_to(tree / "app/run.py")
        assert scan(tmp_path / "folder") == 0
        assert "app/run.py:5" in capsys.readouterr().out
        assert scan(tmp_path / "file") == 0
        assert "run.py:5" in capsys.readouterr().out

    def test_links_inside_are_not_followed_and_counted(self, tree, tmp_path, capsys):
        write(tmp_path, {"outside.py": SHELL})
        (tree / "link.py").symlink_to(tmp_path / "outside.py")
        (tree / "loop").symlink_to(tree)
        assert scan(tree) == 0
        shown = capsys.readouterr().out
        assert "2 links not followed" in flat(shown)
        assert "link.py" not in shown

    def test_one_file_reads_nothing_beside_it(self, tree, capsys):
        assert scan(tree / "app/run.py") == 0
        shown = capsys.readouterr().out
        assert "files  1 in all · 1 read" in shown
        assert "run.py:5" in shown

    def test_a_folder_of_a_repository_stands_for_itself(self, repo, capsys):
        repo.commit({"src/run.py": SHELL, "other.py": PICKLE})
        repo.checkout("main")
        assert scan(Path(repo.path) / "src") == 0
        shown = capsys.readouterr().out
        assert "files  1 in all" in shown
        assert "other.py" not in shown

    def test_bytes_that_are_no_text(self, tmp_path, capfdbinary):
        folder = tmp_path / os.fsdecode(b"caf\xe9\x1b[31m")
        write(folder, {os.fsdecode(b"r\xfcn.py"): SHELL})
        assert scan(folder) == 0
        shown = capfdbinary.readouterr().out.replace(b"\n  ", b"")
        assert rb"caf\xe9\u001b[31m" in shown
        assert rb"r\xfcn.py:5" in shown
        assert b"\x1b" not in shown

    def test_an_empty_folder_is_not_a_clean_one(self, tmp_path, capsys):
        (tmp_path / "empty").mkdir()
        assert scan(tmp_path / "empty") == 0
        assert "! No file was read: the folder is empty" in capsys.readouterr().out

    def test_neither_is_one_without_code(self, tmp_path, capsys):
        write(tmp_path / "docs", {"a.png": "\0\1\2"})
        assert scan(tmp_path / "docs") == 0
        assert "No file was read: none is in a language" in capsys.readouterr().out

    def test_nor_one_that_only_rules_for_every_language_read(self, tmp_path, capsys):
        write(tmp_path / "data", {"a.ini": "[main]\nx = 1\n", "b.txt": "hello\n"})
        assert scan(tmp_path / "data") == 0
        assert "! No code was read" in flat(capsys.readouterr().out)

    def test_nor_one_in_which_all_files_are_too_large(self, tmp_path, capsys):
        write(tmp_path / "tree", {"a.py": SHELL})
        (tmp_path / "policy.yml").write_text("version: 1\nscanners: {max_file_bytes: 10}\n")
        assert scan(tmp_path / "tree", "--config", tmp_path / "policy.yml") == 0
        shown = capsys.readouterr().out
        assert "No file was read: see below why" in shown
        assert "a.py  semgrep: too-large" in shown

    @pytest.mark.parametrize("name", ["missing", "/dev/null", "pipe", "loop", "with\0nul"])
    def test_what_is_neither_folder_nor_file_is_a_mistake(self, tmp_path, capsys, name):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        assert scan(tmp_path / name) == 2
        said = capsys.readouterr().err
        assert f"gate: error: {visible(str(tmp_path / name))}: " in said

    def test_an_empty_name_is_not_the_current_folder(self, tree, capsys, monkeypatch):
        monkeypatch.chdir(tree)
        assert scan("") == 2
        assert "PATH is empty" in capsys.readouterr().err
        for option in ("--config", "--baseline", "--write-baseline"):
            assert scan(option, "") == 2
            assert f"{option} is empty" in capsys.readouterr().err

    @pytest.mark.parametrize("bare", [True, False])
    def test_the_store_of_a_repository_is_a_mistake_and_says_what_to_do(self, repo, tmp_path, capsys, bare):
        repo.commit({"a.py": SHELL})
        place = Path(repo.path) / ".git"
        if bare:
            place = tmp_path / "bare.git"
            subprocess.run(["git", "clone", "-q", "--bare", repo.path, place], check=True)
        assert scan(place) == 2
        said = capsys.readouterr().err
        assert "is the store of a git repository" in said
        assert "gate check --repo" in said

    def test_installed_packages_are_left_out_and_named_unless_they_are_meant(self, tree, capsys):
        write(
            tree,
            {
                "web/node_modules/left-pad/index.js": "eval(x)\n",
                ".venv/pyvenv.cfg": "home = /usr\n",
                ".venv/lib/pip.py": SHELL,
            },
        )
        assert scan(tree) == 0
        shown = capsys.readouterr().out
        assert "files 3 in all" in flat(shown)
        assert ".venv  installed packages, left out" in shown
        assert "web/node_modules  installed packages, left out" in shown
        assert "pip.py" not in shown
        assert scan(tree / ".venv") == 0
        assert "lib/pip.py:5" in capsys.readouterr().out

    @pytest.mark.skipif(os.getuid() == 0, reason="root may open everything")
    def test_what_cannot_be_opened_is_named(self, tree, capsys):
        (tree / "private").mkdir(mode=0)
        (tree / "app/locked.py").touch(mode=0)
        assert scan(tree) == 0
        shown = capsys.readouterr().out
        assert "private  could not be opened" in shown
        assert "app/locked.py  could not be opened" in shown
        assert "2 not fully read" in shown

    def test_what_cannot_be_opened_is_named_also_to_root(self, tree, capsys, monkeypatch):
        real = os.scandir

        def scandir(place):
            if str(place).endswith("/private"):
                raise PermissionError(13, "Permission denied")
            return real(place)

        (tree / "private").mkdir()
        monkeypatch.setattr("gate.scanners.folder.os.scandir", scandir)
        assert scan(tree, "-o", "json") == 0
        document = json.loads(capsys.readouterr().out)
        assert document["unopened"] == ["private"]


class TestBaseline:
    @pytest.fixture
    def known(self, tree, tmp_path, capsys):
        path = tmp_path / "known.json"
        assert scan(tree, "--write-baseline", path, "-o", "json=" + str(tmp_path / "first.json")) == 0
        assert re.search(
            r"gate: baseline with \d+ findings written to .*known.json\n", capsys.readouterr().err
        )
        return path

    def test_an_unchanged_tree_has_nothing_new(self, tree, known, tmp_path, capsys):
        assert scan(tree, "--baseline", known, "-o", "text", "-o", f"json={tmp_path / 'all.json'}") == 0
        shown = capsys.readouterr().out
        assert "0 findings not in the baseline" in flat(shown)
        assert "app/run.py" not in shown
        assert set(states(tmp_path / "all.json").values()) == {"existing"}

    def test_what_is_new_comes_first_and_what_is_gone_is_counted(self, tree, known, tmp_path, capsys):
        (tree / "app/tests/test_load.py").unlink()
        write(tree, {"new.py": SHELL.replace("ls", "cat"), "app/run.py": "# shifted\n" * 30 + SHELL})
        assert scan(tree, "--baseline", known, "-o", "text", "-o", f"json={tmp_path / 'all.json'}") == 0
        shown = capsys.readouterr().out
        assert "gone since then" in flat(shown)
        assert "new.py:5" in shown[shown.index("NEW, WORST FIRST") :]
        assert "run.py:35" not in shown
        assert states(tmp_path / "all.json") == {"new.py": "new", "app/run.py": "existing"}
        scan(tree, "--baseline", known, "-v")
        shown = capsys.readouterr().out
        assert "app/tests/test_load.py:5" in shown[shown.index("GONE SINCE THE BASELINE") :]
        assert "app/run.py:35" in shown[shown.index("KNOWN FROM THE BASELINE") :]

    def test_a_moved_file_is_known(self, tree, known, tmp_path):
        (tree / "app/run.py").rename(tree / "run.py")
        assert scan(tree, "--baseline", known, "-o", f"json={tmp_path / 'all.json'}") == 0
        assert states(tmp_path / "all.json")["run.py"] == "moved"

    def test_a_scan_with_fewer_tools_calls_nothing_gone(self, tree, known, tmp_path):
        out = tmp_path / "all.json"
        assert scan(tree, "--baseline", known, "--scanners", "semgrep", "-o", f"json={out}") == 0
        document = json.loads(out.read_text())
        assert document["baseline"]["gone"] == []

    def test_a_baseline_of_another_folder_is_noticed(self, known, tmp_path, capsys):
        write(tmp_path / "other", {"z.py": "x = 1\n"})
        assert scan(tmp_path / "other", "--baseline", known) == 0
        assert "was it written for another folder?" in flat(capsys.readouterr().out)

    def test_the_same_tree_elsewhere_gives_the_same_bytes(self, tree, known, tmp_path, monkeypatch):
        moved = tmp_path / "elsewhere" / "deep"
        moved.parent.mkdir()
        tree.rename(moved)
        monkeypatch.chdir(moved)
        assert scan("--write-baseline", tmp_path / "again.json", "--jobs", "1") == 0
        assert (tmp_path / "again.json").read_bytes() == known.read_bytes()
        assert str(tmp_path) not in known.read_text()

    def test_reading_and_writing_the_same_file_brings_it_up_to_date(self, tree, known, capsys):
        write(tree, {"new.py": SHELL.replace("ls", "cat")})
        assert scan(tree, "--baseline", known, "--write-baseline", known) == 0
        assert scan(tree, "--baseline", known) == 0
        assert "0 findings not in the baseline" in flat(capsys.readouterr().out.rpartition("Scan of")[2])

    def test_an_incomplete_scan_writes_none(self, tree, known, capsys, monkeypatch):
        before = known.read_bytes()
        monkeypatch.setattr(
            "gate.scanners.SCANNERS",
            {"semgrep": "gate.scanners.nothing:X", "bandit": "gate.scanners.bandit:Bandit"},
        )
        write(tree, {"new.py": SHELL})
        assert scan(tree, "--write-baseline", known) == 4
        shown = capsys.readouterr()
        assert "no baseline was written, because the scan is incomplete: semgrep failed" in shown.err
        assert "? INCOMPLETE  semgrep failed" in shown.out[: shown.out.index("BY FAMILY")]
        assert shown.out.endswith("? INCOMPLETE  exit 4\n")
        assert known.read_bytes() == before
        assert not list(known.parent.glob(".known*"))

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            (".", "is a folder"),
            ("/dev/null", "is no regular file"),
            ("", "--write-baseline is empty"),
            ("file/x", "a folder in the path is a file"),
        ],
    )
    def test_a_place_that_cannot_hold_one_is_refused_before_the_scan(
        self, tree, tmp_path, capsys, monkeypatch, name, says
    ):
        (tmp_path / "file").touch()
        monkeypatch.chdir(tmp_path)
        assert scan(tree, "--write-baseline", name) == 2
        shown = capsys.readouterr()
        assert says in shown.err
        assert shown.out == ""

    def test_a_report_and_the_baseline_need_two_files(self, tree, tmp_path, capsys):
        path = tmp_path / "x.json"
        assert scan(tree, "--write-baseline", path, "-o", f"json={path}") == 2
        assert "the same file" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (None, "cannot be read: No such file or directory"),
            ("{", "known.json:1:2: not valid JSON"),
            ('{"schema": "gate-report/1"}', "$.schema: must be 'gate-baseline/1'"),
        ],
    )
    def test_a_file_that_is_no_baseline_is_refused_before_the_scan(
        self, tree, tmp_path, capsys, content, says
    ):
        path = tmp_path / "known.json"
        if content is not None:
            path.write_text(content)
        assert scan(tree, "--baseline", path) == 2
        assert says in capsys.readouterr().err

    @pytest.mark.parametrize("name", [".", "/dev/zero"])
    def test_a_baseline_that_is_no_file_is_refused(self, tree, capsys, monkeypatch, tmp_path, name):
        monkeypatch.chdir(tmp_path)
        assert scan(tree, "--baseline", name) == 2
        assert "not a regular file" in capsys.readouterr().err


class TestCache:
    @pytest.fixture(autouse=True)
    def with_a_cache(self, monkeypatch):
        monkeypatch.delenv("GATE_NO_CACHE", raising=False)

    def test_a_second_scan_gives_the_same_bytes(self, tree, tmp_path, capsys):
        first, second = (tmp_path / name for name in ("first.json", "second.json"))
        assert scan(tree, "-o", f"json={first}", "--write-baseline", tmp_path / "a.json") == 0
        assert scan(tree, "-o", f"json={second}", "--write-baseline", tmp_path / "b.json") == 0
        assert first.read_bytes() == second.read_bytes()
        assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()

    @pytest.mark.parametrize("sealed", [False, True])
    def test_one_that_lies_in_the_tree_is_believed_only_if_it_is_sealed(
        self, tree, capsys, monkeypatch, sealed
    ):
        if sealed:
            monkeypatch.setenv("GATE_CACHE_KEY", "a secret that the tree does not know")
        assert scan(tree, "--cache-dir", tree / "cache", "-v") == 0
        assert ("is part of what is scanned" in capsys.readouterr().err) is not sealed
        assert (tree / "cache").exists() is sealed


def test_a_finding_of_the_last_scan_can_be_explained(tree, capsys):
    assert scan(tree, "-v") == 0
    short = re.search(r"gate explain ([0-9a-f]{8})", capsys.readouterr().out)[1]
    assert run(["explain", short]) == 0
    assert "id/v1:" + short in capsys.readouterr().out


def test_sarif_of_a_scan_without_a_required_tool_is_no_success(tree, capsys):
    policy = tree.parent / "policy.yml"
    policy.write_text("version: 1\nscanners: {bandit: {enabled: false}}\n")
    code = scan(tree, "--config", policy, "-o", "sarif")
    log = json.loads(capsys.readouterr().out)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is (code == 0)


def test_a_scan_without_a_baseline_loads_nothing_it_does_not_need(tree):
    code = (
        "import sys\nfrom gate.cli import run\n"
        f"code = run(['scan', {str(tree)!r}, '-q', '-o', 'json={tree.parent / 'out.json'}'])\n"
        "print(code, sorted({'git', 'jinja2', 'rich', 'msgspec', 'bandit', 'semgrep'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"
