"""Options before the command: `gate -q check` is what many type."""

from __future__ import annotations

import pytest

from tests.ci.kit import gate
from tests.support.repos import Repo


@pytest.mark.parametrize("flags", [["-q"], ["-q", "-v"], ["--lang=ko", "--no-cache"]])
def test_options_of_a_command_may_stand_before_it(flags, tmp_path):
    repo = Repo(tmp_path / "repo")
    repo.commit({"a.md": "text\n"})
    rest = ["--repo", repo.path, "--base", "HEAD", "-o", "markdown"]
    done = gate(*flags, "check", *rest)
    assert done.returncode == 0
    assert done.stdout == gate("check", *flags, *rest).stdout


@pytest.mark.parametrize("words", [["--lang", "ko", "check"], ["-q"], ["-q", "chek"]])
def test_what_cannot_be_told_apart_is_refused_with_the_right_order(words):
    done = gate(*words)
    assert done.returncode == 2
    assert "Options stand behind the command: gate check -" in done.stderr


def test_the_programs_own_options_stay_its_own():
    assert gate("--version").stdout.startswith("gate ")
    assert "Commands" in gate("-h").stdout
