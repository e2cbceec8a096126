"""`--shard` and `gate merge-reports`: several jobs say just what one says, or the answer is no pass."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gate.cli import run
from gate.core.evidence import canonical_json
from gate.reports import FORMATS, SCAN
from tests.support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = ("--now", "2026-01-01T00:00:00Z")
SHELL = b"import os\n\n\ndef run(request):\n    os.system('ls ' + request.args['x'])\n"
JS = b"const cp = require('child_process');\nfunction f(req) { cp.exec('ls ' + req.query.x); }\n"
LOGIN = b"import hashlib\n\n\ndef login(user, password):\n    return hashlib.md5(password).hexdigest()\n"
PARTS = 3


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shards")


@pytest.fixture(scope="module")
def change(place: Path) -> Repo:
    """A change with something of everything: findings of both scanners, moved, gone, unreadable and odd files."""
    repo = Repo(place / "repo")
    repo.commit(
        {
            "auth/login.py": LOGIN,
            "old/run.py": SHELL,
            "gone.js": JS,
            "README.md": b"hello\n",
            ".gate.yml": b"version: 1\nscanners:\n  exclude: [vendor/**]\n",
        }
    )
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit(
        {
            "auth/login.py": LOGIN.replace(b"md5", b"sha1") + b"\n\nprint(1)\n",
            "old/run.py": None,
            "new/run.py": SHELL,
            "gone.js": None,
            "web/a.js": JS,
            "Tools/Run.py": SHELL,
            "tools/run.py": SHELL.replace(b"'ls '", b"'cat '"),
            b"caf\xe9.py": SHELL,
            "broken.py": b"def (:\n",
            "hidden.py": SHELL.replace(b"['x'])\n", b"['x'])  # nosec nosemgrep\n"),
            "vendor/lib.py": SHELL,
            "lib.zig": b"const x = 1;\n",
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0\0",
        }
    )
    return repo


def ends(repo: Repo) -> tuple[str, ...]:
    return ("--repo", str(repo.path), "--base", "main", "--head", "topic")


def reports(folder: Path, formats: tuple[str, ...]) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    return [f"--output={name}={folder / name}" for name in formats]


@pytest.fixture(scope="module")
def one(change: Repo, place: Path) -> int:
    """The exit code of one run, whose reports are in the folder `one`."""
    return run(["check", *ends(change), *NOW, "-q", *reports(place / "one", tuple(FORMATS))])


@pytest.fixture(scope="module")
def shards(change: Repo, place: Path) -> Path:
    """A folder with the shards of the change."""
    folder = place / "three"
    for number in range(1, PARTS + 1):
        to = f"--output=shard={folder / f's{number}.json'}"
        code = run(["check", *ends(change), "-q", "--shard", f"{number}/{PARTS}", to])
        assert code in (0, 4)
    return folder


def merge(repo: Repo, *arguments: object) -> int:
    return run(["merge-reports", *ends(repo), *NOW, "-q", *map(str, arguments)])


def same(one: Path, other: Path, formats: tuple[str, ...]) -> None:
    assert [n for n in formats if (one / n).read_bytes() != (other / n).read_bytes()] == []


@pytest.fixture
def mine(shards: Path, tmp_path: Path) -> Path:
    """The shards to be spoilt."""
    return Path(shutil.copytree(shards, tmp_path / "mine"))


def test_every_report_has_the_same_bytes_and_the_exit_code_is_the_same(
    change: Repo, one: int, shards: Path, place: Path
) -> None:
    code = merge(change, shards, *reports(place / "joined", tuple(FORMATS)))
    assert code == one
    same(place / "one", place / "joined", tuple(FORMATS))
    report = json.loads((place / "one" / "json").read_bytes())
    tools = {witness["tool"] for finding in report["findings"] for witness in finding["witnesses"]}
    assert tools >= {"semgrep", "bandit"}, "or this says little"


def test_the_order_of_shards_means_nothing(change: Repo, one: int, shards: Path, place: Path) -> None:
    files = sorted(shards.glob("*.json"), reverse=True)
    assert merge(change, *files, *reports(place / "turned", ("json",))) == one
    same(place / "one", place / "turned", ("json",))


def test_more_jobs_than_files_and_one_job_alone_are_the_same_too(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app.py": SHELL, "notes.md": b"text\n"})
    want = run(["check", *ends(repo), *NOW, "-q", *reports(tmp_path / "one", ("json",))])
    for of in (1, 4):
        names = [tmp_path / f"{of}-{number}.json" for number in range(1, of + 1)]
        for number, name in enumerate(names, 1):
            assert run(["check", *ends(repo), "--shard", f"{number}/{of}", f"--output=shard={name}"]) == 0, (
                "all of its files were read"
            )
        assert merge(repo, *names, *reports(tmp_path / str(of), ("json",))) == want == 1
        same(tmp_path / "one", tmp_path / str(of), ("json",))
    said = capsys.readouterr().err
    assert "shard 4/4, 0 files" in said
    assert "this is no verdict" in said


def spoilt(folder: Path, number: int, edit: Callable[[dict[str, Any]], None], *, honest: bool = True) -> None:
    """Edit a shard; `honest` false: with a digest that fits, as whoever wants to deceive would write it."""
    path = folder / f"s{number}.json"
    body = json.loads(path.read_bytes())
    edit(body)
    if not honest:
        rest = {key: value for key, value in body.items() if key not in ("digest", "seal")}
        body["digest"] = "sha256:" + hashlib.sha256(canonical_json(rest)).hexdigest()
    path.write_text(json.dumps(body))


def drop(body: dict[str, Any]) -> None:
    for tool in body["tools"]:
        tool["head"]["sightings"] = []


def forget_files(body: dict[str, Any]) -> None:
    body["files"] = body["files"][1:]


def forget_targets(body: dict[str, Any]) -> None:
    for tool in body["tools"]:
        tool["head"]["scanned"] = []


def leave_out_a_tool(body: dict[str, Any]) -> None:
    body["tools"].pop()


def other_version(body: dict[str, Any]) -> None:
    body["scan"]["gate"] = "0.0.1"


def other_schema(body: dict[str, Any]) -> None:
    body["schema"] = "gate-shard/2"


def wrong_type(body: dict[str, Any]) -> None:
    body["tools"][0]["head"]["targets"] = {"a": 1}


def more_keys(body: dict[str, Any]) -> None:
    body["verdict"] = "passed"


def anothers(body: dict[str, Any]) -> None:
    body["tools"][0]["head"]["also_read"] = ["..\n\x1b[31m/etc/passwd"]


@pytest.mark.parametrize(
    ("edit", "honest", "told"),
    [
        (drop, True, "was changed after it was written"),
        (other_version, False, "another version of gate (0.0.1"),
        (other_schema, False, "its schema is not gate-shard/1"),
        (forget_files, False, "its files are not those of shard 2/3"),
        (forget_targets, False, "does not account for each file"),
        (leave_out_a_tool, False, "one run of each scanner"),
        (wrong_type, False, "no shard report of this version"),
        (more_keys, False, "unknown field `verdict`"),
        (anothers, False, "speaks of files that are not its own"),
    ],
)
def test_an_edited_shard_is_named_and_nothing_passes(
    change: Repo,
    mine: Path,
    capsys: pytest.CaptureFixture[str],
    edit: Callable[[dict[str, Any]], None],
    honest: bool,
    told: str,
) -> None:
    spoilt(mine, 2, edit, honest=honest)
    assert merge(change, mine) == 4
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "s2.json" in shown.err
    assert told in " ".join(shown.err.split())
    assert "\x1b" not in shown.err


def test_what_is_required_is_the_policys_to_say(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"a.py": b"x = 1\n"})
    assert run(["check", *ends(repo), "-q", "--shard", "1/1", f"--output=shard={tmp_path / 's1.json'}"]) == 0

    def failed(body: dict[str, Any]) -> None:
        for tool in body["tools"]:
            tool["head"] |= {"status": "failed", "reason": "died", "required": False, "scanned": []}
            tool["head"]["unscanned"] = [[path, "scanner-failed"] for path in tool["head"]["targets"]]

    spoilt(tmp_path, 1, failed, honest=False)
    assert merge(repo, tmp_path / "s1.json") == 4
    assert "The required scanner bandit failed" in capsys.readouterr().out


def test_missing_twice_cut_and_foreign_files_are_all_named(
    change: Repo, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mine / "s3.json").unlink()
    assert merge(change, mine) == 4
    assert "missing: shard 3/3" in capsys.readouterr().err

    shutil.copy(mine / "s2.json", mine / "s3.json")
    assert merge(change, mine) == 4
    said = capsys.readouterr().err
    assert "shard 2/3 is given 2 times" in said
    assert "missing: shard 3/3" in said

    (mine / "s3.json").write_bytes((mine / "s2.json").read_bytes()[:-900])
    (mine / "s4.json").write_text("[1]")
    (mine / "s5.json").mkdir()
    assert merge(change, mine, mine / "none.json") == 4
    said = capsys.readouterr().err
    for told in (
        "s3.json: is cut off",
        "s4.json: is no shard report",
        "s5.json: ",
        "none.json: cannot be read: No such file",
    ):
        assert told in said


def test_the_target_branch_may_move_on_meanwhile(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app.py": SHELL})
    name = tmp_path / "s1.json"
    assert run(["check", *ends(repo), "-q", "--shard", "1/1", f"--output=shard={name}"]) == 0
    repo.git("checkout", "-q", "main")
    repo.commit({"other.py": b"x = 1\n"})
    want = run(["check", *ends(repo), *NOW, "-q", *reports(tmp_path / "one", ("json",))])
    assert merge(repo, name, *reports(tmp_path / "joined", ("json",))) == want == 1
    same(tmp_path / "one", tmp_path / "joined", ("json",))
    repo.commit({".gate.yml": b"version: 1\nfindings: {fail_level: critical}\n"})
    assert merge(repo, name) == 4, "another policy decides what is scanned"


def test_a_folder_without_shards_is_no_pass(change: Repo, tmp_path: Path) -> None:
    assert merge(change, tmp_path) == 4


def test_shards_of_another_commit_are_foreign(
    change: Repo, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = ("--head", "main", "--base", "main")
    assert run(["merge-reports", "--repo", str(change.path), *older, str(mine)]) == 4
    assert "is of another head" in capsys.readouterr().err
    assert merge(change, mine, "--fail-level", "low") == 4
    assert "--fail-level alike" in capsys.readouterr().err
    assert merge(change, mine, "--scanners", "bandit") == 4
    assert "with other scanners" in capsys.readouterr().err


def test_shards_of_another_number_are_not_mixed(
    change: Repo, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", *ends(change), "-q", "--shard", "3/4", f"--output=shard={mine / 's3.json'}"])
    assert merge(change, mine) == 4
    assert "s3.json: is shard 3/4, but others are of 3" in capsys.readouterr().err


def test_a_secret_seals_shards_and_others_are_refused(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app.py": SHELL})
    folder = tmp_path / "mine"
    monkeypatch.setenv("GATE_SHARD_KEY", "a secret of the team")
    assert run(["check", *ends(repo), "--shard", "1/1", f"--output=shard={folder / 's1.json'}"]) == 0
    assert "a secret" not in (folder / "s1.json").read_text()
    assert merge(repo, folder) == 1
    spoilt(folder, 1, drop, honest=False)
    assert merge(repo, folder) == 4
    assert "is not sealed with the secret in GATE_SHARD_KEY" in capsys.readouterr().err


def test_a_scanner_that_fails_in_one_job_makes_that_job_and_the_whole_incomplete(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"a.py": b"x = 1\n", "b.py": b"y = 1\n"})
    names = [tmp_path / f"s{number}.json" for number in (1, 2)]
    assert run(["check", *ends(repo), "-q", "--shard", "1/2", f"--output=shard={names[0]}"]) == 0
    with monkeypatch.context() as broken:
        broken.setattr("gate.scanners.bandit._COMMAND", ("/bin/false",))
        broken.setattr("gate.scanners.bandit.Bandit.__init__.__defaults__", (("/bin/false",),))
        code = run(["check", *ends(repo), "-q", "--shard", "2/2", f"--output=shard={names[1]}"])
    assert code == 4
    assert "shard 2/2 is incomplete: bandit failed" in capsys.readouterr().err
    assert merge(repo, *names) == 4
    assert "bandit" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--shard", "0/2"), "counted from 1"),
        (("--shard", ""), "--shard is empty"),
        (("--shard", "1/2", "-o", "json=x.json"), "one output, -o shard=PATH"),
        (("--shard", "1/2", "-o", "shard=a", "-o", "shard=b"), "one output, -o shard=PATH"),
    ],
)
def test_an_option_that_makes_no_sense_says_so(
    change: Repo, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert run(["check", *ends(change), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_folder_is_scanned_in_shards_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, known = tmp_path / "tree", tmp_path / "known.json"
    for name, data in {
        "a/run.py": SHELL,
        "a/b.js": JS,
        "login.py": LOGIN,
        "x.zig": b"const x = 1;\n",
    }.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)
    formats = tuple(SCAN)
    want = run(["scan", str(tree), *NOW, "-q", *reports(tmp_path / "one", formats)])
    names = [str(tmp_path / f"s{number}.json") for number in (1, 2)]
    for number, name in enumerate(names, 1):
        assert run(["scan", str(tree), "-q", "--shard", f"{number}/2", f"--output=shard={name}"]) == 0
    join = ["merge-reports", "--path", str(tree), *NOW, "-q", *names]
    assert run([*join, *reports(tmp_path / "both", formats), f"--write-baseline={known}"]) == want == 0
    same(tmp_path / "one", tmp_path / "both", formats)
    assert json.loads(known.read_bytes())["findings"]
    capsys.readouterr()

    assert run(["merge-reports", "--repo", str(tree), *names]) != 0
    assert run([*join, "--base", "main"]) == 2
    assert "--base is for shards of gate check" in capsys.readouterr().err
    (tree / "login.py").write_bytes(b"print(1)\n")
    assert run(join) == 4
    assert "of other files, or of other content" in capsys.readouterr().err


def test_shards_of_a_folder_do_not_stand_in_for_a_change(
    change: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.py").write_bytes(b"x = 1\n")
    name = tmp_path / "s1.json"
    assert run(["scan", str(tmp_path / "tree"), "-q", "--shard", "1/1", f"--output=shard={name}"]) == 0
    assert merge(change, name) == 4
    assert "the other kind of scan" in capsys.readouterr().err


def test_shards_that_the_change_brings_along_are_not_believed(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit({"app.py": SHELL, "shards/s1.json": b"{}\n"})
    repo.git("reset", "-q", "--hard")
    assert run(["check", *ends(repo), "-q", "--shard", "1/1", f"--output=shard={tmp_path / 's1.json'}"]) == 0
    shutil.copy(tmp_path / "s1.json", repo.path / "shards" / "s1.json")
    for place in (repo.path / "shards", repo.path / "shards" / "s1.json"):
        assert merge(repo, place) == 4
        assert "is part of the commit under review" in capsys.readouterr().err
    assert merge(repo, tmp_path / "s1.json") == 1


def test_a_shard_report_in_the_scanned_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scan", str(tmp_path), "--shard", "1/2", f"--output=shard={tmp_path / 's.json'}"]) == 2
    assert "would be a part of what is scanned" in capsys.readouterr().err


def test_a_release_takes_shards_in_the_place_of_its_scan(
    repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit({"README.md": b"hello\n"})
    repo.git("tag", "-a", "v1", "-m", "first")
    repo.commit({"a.py": SHELL, "b.js": JS, "c.md": b"text\n"})
    repo.git("tag", "-a", "v2", "-m", "second")
    formats = ("json", "html")
    release = ["release", "v1..v2", "--repo", str(repo.path), *NOW, "-q"]
    want = run([*release, *reports(tmp_path / "one", formats)])
    for number in (1, 2):
        to = f"--output=shard={tmp_path / 'shards' / f'{number}.json'}"
        ends_ = ("--repo", str(repo.path), "--base", "v1", "--head", "v2")
        assert run(["check", *ends_, "-q", "--shard", f"{number}/2", to]) == 0
    given = ("--shards", str(tmp_path / "shards"))
    assert run([*release, *given, *reports(tmp_path / "two", formats)]) == want == 1
    same(tmp_path / "one", tmp_path / "two", formats)
    (tmp_path / "shards" / "2.json").unlink()
    capsys.readouterr()
    assert run([*release, *given]) == 4
    assert "missing: shard 2/2" in capsys.readouterr().err
