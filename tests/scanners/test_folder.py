"""Targets from a folder as it stands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gate.scanners import TargetTree, targets_from_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_regular_files_come_sorted_and_the_rest_is_named(tmp_path: Path) -> None:
    for name in ("b.py", "a/z.py", "a-b.py", "a.py", ".git/config", "sub/.git", "big.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 100 if name == "big.py" else name.encode())
    (tmp_path / "a.py").chmod(0o755)
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "folder-link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe.py")
    with open(os.fsencode(tmp_path) + b"/\xff.py", "wb") as stream:  # noqa: PTH123
        stream.write(b"raw")
    skipped: list[tuple[str, str]] = []
    targets = list(targets_from_folder(tmp_path, 50, lambda path, reason: skipped.append((path, reason))))
    assert [(t.path, t.mode) for t in targets] == [
        ("a-b.py", "100644"),
        ("a.py", "100755"),
        ("a/z.py", "100644"),
        ("b.py", "100644"),
        ("big.py", "100644"),
        ("\udcff.py", "100644"),
    ]
    assert sorted(skipped) == [("folder-link", "symlink"), ("link.py", "symlink"), ("pipe.py", "special")]
    with TargetTree.write(targets, max_file_bytes=50) as files:
        assert files.files["big.py"].reason == "too-large"


def test_a_single_file_and_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x")
    skipped: list[tuple[str, str]] = []

    def skip(path: str, reason: str) -> None:
        skipped.append((path, reason))

    assert [t.path for t in targets_from_folder(tmp_path / "a.py", 50, skip)] == ["a.py"]
    assert list(targets_from_folder(tmp_path / "gone", 50, skip)) == []
    assert skipped == [("gone", "unreadable")]
