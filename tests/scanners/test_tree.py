"""The target tree: what is written, under which name, and that nothing stays behind."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.glob import Glob
from gate.errors import ScannerError
from gate.scanners import Target, TargetTree, tree
from gate.scanners.names import MAX_PATH_BYTES, collision_key, written_name
from tests.scanners.kit import target, tree_of

if TYPE_CHECKING:
    from pathlib import Path

BAD_NAMES = [
    "src/new\nline.py",
    "src/tab\t.py",
    "src/\udcff\udcfe.py",
    "src/\x85next.py",
    "src/\u2028sep.py",
    "-rf/a.py",
    "src/-x",
    "../../outside.py",
    "src/../a.py",
    "/etc/absolute.py",
    ".git/hooks/a.py",
    "src/.GIT/a.py",
    ".semgrepignore/a.py",
    "src//a.py",
    "d" * 250 + "/a.py",
    "/".join(["d" * 100] * 60) + "/a.py",
]
PLAIN_NAMES = [
    "src/a b.py",
    'src/it\'s "quoted".py',
    "src/ü.py",
    ".github/workflows/a.yml",
    "a~b.py",
    "..a/b.py",
]


def written(files: TargetTree) -> dict[str, str]:
    return {path: file.written for path, file in files.files.items()}


def on_disk(files: TargetTree) -> dict[str, bytes]:
    return {
        path.relative_to(files.root).as_posix(): path.read_bytes()
        for path in files.root.rglob("*")
        if not path.is_dir()
    }


def test_files_are_written_with_their_executable_bit_and_an_empty_semgrepignore() -> None:
    with tree_of({"src/a.py": b"x = 1\n", "bin/tool.py": ("100755", b"y = 1\n")}) as files:
        assert on_disk(files) == {".semgrepignore": b"", "src/a.py": b"x = 1\n", "bin/tool.py": b"y = 1\n"}
        assert not (files.root / "src/a.py").stat().st_mode & stat.S_IXUSR
        assert (files.root / "bin/tool.py").stat().st_mode & stat.S_IXUSR
        assert list(files.files) == ["bin/tool.py", "src/a.py"]
        assert (files.root / "src").stat().st_mode & 0o777 & ~0o755 == 0
        assert files.private.stat().st_mode & 0o077 == 0


def test_links_and_files_that_give_orders_are_never_written() -> None:
    given_files = {
        ".semgrepignore": b"*\n",
        "src/.semgrepignore": b"*\n",
        "src/.SemgrepIgnore": b"*\n",
        ".gitignore": b"*\n",
        ".gitattributes": b"* -text\n",
        ".gitmodules": b"",
        "src/.bandit": b"[bandit]\nskips: B605\n",
        "link": ("120000", b"/etc/passwd"),
        "module": ("160000", b""),
        ".github/workflows/a.yml": b"on: push\n",
        ".gitlab-ci.yml": b"a: {}\n",
    }
    with tree_of(given_files) as files:
        assert set(on_disk(files)) == {".semgrepignore", ".github/workflows/a.yml", ".gitlab-ci.yml"}
        assert (files.root / ".semgrepignore").read_bytes() == b""
        assert set(files.files) == {".github/workflows/a.yml", ".gitlab-ci.yml"}


@pytest.mark.parametrize("path", PLAIN_NAMES)
def test_a_harmless_name_stays(path: str) -> None:
    with tree_of({path: b"x"}) as files:
        assert written(files) == {path: path}


@pytest.mark.parametrize("path", BAD_NAMES)
def test_a_name_that_a_scanner_could_misread_gets_an_alias(path: str) -> None:
    with tree_of({path: b"x = 1\n"}) as files:
        name = files.files[path].written
        assert name != path
        assert re.fullmatch(r"[\x20-\x7e/]+", name)
        assert not name.startswith(("-", "/"))
        assert ".." not in name.split("/")
        assert name.endswith(".py") or not path.endswith(".py")
        assert files.path_of(name) == path
        assert (files.root / name).read_bytes() == b"x = 1\n"
        assert (files.root / name).resolve().is_relative_to(files.root)


def test_folders_of_an_alias_stay_so_that_path_filters_of_rules_hold() -> None:
    assert written_name("src/web/new\nline.py").startswith("src/web/new_line~")


def test_names_that_differ_only_in_case_or_form_do_not_overwrite_each_other() -> None:
    names = ["src/a.py", "src/A.py", "Src/a.py", "src/\u00e9.py", "src/e\u0301.py"]
    with tree_of({name: name.encode() for name in names}) as files:
        keys = {collision_key(file.written) for file in files.files.values()}
        assert len(keys) == len(names)
        for name in names:
            assert (files.root / files.files[name].written).read_bytes() == name.encode()
            assert files.path_of(files.files[name].written) == name


def test_nobody_can_take_the_place_of_an_alias() -> None:
    alias = written_name("a\nb.py")
    for order in (["a\nb.py", alias], [alias, "a\nb.py"]):
        with tree_of({name: name.encode() for name in order}) as files:
            for name in order:
                assert (files.root / files.files[name].written).read_bytes() == name.encode()


def test_a_file_where_another_needs_a_folder_gets_out_of_the_way() -> None:
    """Not possible within one tree of git, but two targets can come from anywhere."""
    with tree_of({"a": b"file", "a/b.py": b"below"}) as files:
        assert (files.root / files.files["a/b.py"].written).read_bytes() == b"below"


@given(st.lists(st.text(alphabet="aA./\\-\n\u00e9\udc80~", min_size=1, max_size=12), unique=True, max_size=6))
def test_any_names_are_written_inside_and_mapped_back(names: list[str]) -> None:
    with tree_of({name: name.encode("utf-8", "surrogateescape") for name in names}) as files:
        for name, file in files.files.items():
            if file.written:
                assert files.path_of(file.written) == name
                place = files.root / file.written
                assert place.resolve().is_relative_to(files.root)
                assert place.read_bytes() == name.encode("utf-8", "surrogateescape")


def test_a_whole_path_is_never_over_long() -> None:
    assert len(written_name("/".join(["é" * 90] * 40))) <= MAX_PATH_BYTES


def test_a_byte_order_mark_is_cut_off_and_remembered() -> None:
    with tree_of({"a.py": b"\xef\xbb\xbfx = 1\n", "b.py": b"x = 1\n"}) as files:
        assert (files.root / "a.py").read_bytes() == b"x = 1\n"
        assert [file.bom for file in files.files.values()] == [True, False]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("x = 1\n".encode("utf-16"), "encoding"),
        ("x = 1\n".encode("utf-32"), "encoding"),
        (b"\xfe\xff" + "x = 1\n".encode("utf-16-be"), "encoding"),
        ("x = 1\n".encode("utf-16-le"), "encoding"),
        (b"#" * 1001, "too-large"),
        (b"#" * 1000, ""),
        (b"x = 1\0\n", ""),
        (b"", ""),
    ],
)
def test_what_scanners_cannot_read_is_named_and_not_written(content: bytes, reason: str) -> None:
    with tree_of({"a.py": content}, max_file_bytes=1000) as files:
        file = files.files["a.py"]
        assert (file.reason, bool(file.written)) == (reason, not reason)
        assert (files.root / "a.py").exists() == (not reason)
        assert file.language == "python"


def test_a_file_that_was_not_even_loaded_is_named() -> None:
    with TargetTree.write([Target(path="a.py", mode="100644", data=b"", too_large=True)]) as files:
        assert (files.files["a.py"].reason, files.files["a.py"].language) == ("too-large", "python")


def test_binary_files_without_a_language_are_not_written() -> None:
    with tree_of({"logo.png": b"\x89PNG\r\n\0\0", "notes.txt": b"text"}) as files:
        assert [(f.path, f.reason) for f in files.files.values()] == [
            ("logo.png", "binary"),
            ("notes.txt", ""),
        ]


def test_markers_of_suppressions_are_seen() -> None:
    with tree_of(
        {"a.py": b"x # NoSemgrep", "b.py": b"x # nosec", "c.py": b"x # NOSEC", "d.py": b""}
    ) as files:
        assert [(f.nosem, f.nosec) for f in files.files.values()] == [
            (True, False),
            (False, True),
            (False, False),
            (False, False),
        ]


def test_a_script_is_written_under_a_name_that_semgrep_selects() -> None:
    content = b"#!/usr/bin/python3.11\nx = 1\n"
    with tree_of({"bin/tool": ("100755", content), "bin/Tool.PY": b"x = 1\n"}) as files:
        assert all(file.written.endswith(".py") for file in files.files.values())
        assert files.path_of(files.files["bin/tool"].written) == "bin/tool"


def test_excluded_files_are_listed_with_their_glob() -> None:
    glob = Glob(text="vendor/**", regex=r"^vendor/")
    with tree_of({"vendor/a.py": b"x", "a.py": b"x"}, exclude=(glob,)) as files:
        assert [(e.path, e.glob) for e in files.excluded] == [("vendor/a.py", "vendor/**")]
        assert set(files.files) == {"a.py"}


def test_a_view_holds_only_the_named_files() -> None:
    with tree_of({"src/a.py": b"a", "src/b.py": b"b", "c\n.py": b"c"}) as files:
        view = files.view(["src/a.py", "c\n.py"])
        names = {path.relative_to(view).as_posix() for path in view.rglob("*") if path.is_file()}
        assert names == {".semgrepignore", "src/a.py", files.files["c\n.py"].written}


def test_everything_is_removed_whatever_a_scanner_leaves() -> None:
    files = tree_of({"src/a.py": b"a"})
    locked = files.folder("tool") / "locked"
    (locked / "deeper").mkdir(parents=True)
    (locked / "deeper" / "file").write_text("x")
    (locked / "link").symlink_to("/etc")
    os.mkfifo(locked / "pipe")
    (locked / "deeper").chmod(0)
    locked.chmod(0)
    (files.root / "src").chmod(0o500)
    files.close()
    assert not files.private.exists()
    files.close()


def test_an_error_while_targets_are_read_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tree.tempfile, "gettempdir", lambda: str(tmp_path))

    def targets():
        yield target("a.py", b"x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TargetTree.write(targets())
    assert list(tmp_path.iterdir()) == []


def test_only_one_content_is_in_memory_at_a_time() -> None:
    import tracemalloc

    def targets():
        for number in range(40):
            yield Target(path=f"{number}.py", mode="100644", data=b"#" * 1_000_000)

    tracemalloc.start()
    try:
        with TargetTree.write(targets()) as files:
            assert len(files.files) == 40
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_the_tree_is_never_inside_a_git_work_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(tree.tempfile, "gettempdir", lambda: str(tmp_path))
    with tree_of({"a.py": b""}) as files:
        assert not files.private.is_relative_to(tmp_path)
    monkeypatch.setattr(tree.Path, "exists", lambda _self: True)
    with pytest.raises(ScannerError, match="outside a git work tree"):
        tree_of({"a.py": b""})
