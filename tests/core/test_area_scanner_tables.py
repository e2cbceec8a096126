"""Shared settings files count for scanners only where a table of theirs changes; and where a path is touched."""

from __future__ import annotations

import pytest

from gate.core.area.scanner_tables import scanner_tables_changed
from tests.core.test_threats_factories import changed, touches_of


def differs(path: str, old: str | None, new: str | None) -> bool:
    sides = tuple(None if text is None else text.encode() for text in (old, new))
    return scanner_tables_changed(changed(path, old, new), sides)


@pytest.mark.parametrize(
    ("old", "new", "counts"),
    [
        ("[tool:bandit]\nskips = B101\n", "[tool:bandit]\nskips = B102\n", True),
        (
            "[bandit]\nskips =\n  B101\n",
            "[bandit]\nskips =\nB101\n",
            True,
        ),  # in this format indentation means something
        ("[bandit]\nskips = B101\n", "[bandit]\nskips = B101   \n", False),
        ("stray = 1\n[metadata]\nname = a\n", "stray = 2\n[metadata]\nname = b\n", False),
        ("[metadata]\nname = a\n", "[Bandit]\nskips = B101\n", True),
        ("[toolbandit]\na = 1\n", "[toolbandit]\na = 2\n", False),
    ],
)
def test_sections_of_setup_cfg(old, new, counts):
    assert differs("setup.cfg", old, new) is counts


def test_a_change_of_nothing_but_the_mode_of_equal_content_reads_the_tables():
    same = "[bandit]\nskips = B101\n"
    file = changed("setup.cfg", same, same)
    assert not scanner_tables_changed(file, None)
    executable = changed("setup.cfg", same, same, new_mode="100755")
    assert not scanner_tables_changed(executable, (same.encode(), same.encode()))


def test_a_file_that_is_added_is_read_from_its_lines_also_where_they_are_not_text():
    assert scanner_tables_changed(changed("setup.cfg", None, "a = \udcff\n[bandit]\nskips = B101\n"), None)
    assert not scanner_tables_changed(changed("setup.cfg", None, "[metadata]\nname = a\n[x]\ny = 1\n"), None)


def test_tools_that_are_no_table_are_a_change():
    assert differs("pyproject.toml", "tool = 1\n", "tool = 2\n")
    assert differs("pyproject.toml", "tool = 1\n", "[tool.black]\na = 1\n")


@pytest.mark.parametrize(
    ("file", "side"), [(changed("auth/login.py"), "new"), (changed("auth/login.py", "x\n", None), "old")]
)
def test_a_path_is_touched_on_the_side_where_it_is(file, side):
    touches = [touch for touch in touches_of(file) if touch.layer == "L1"]
    assert touches
    assert {(touch.side, touch.line) for touch in touches} == {(side, 0)}
