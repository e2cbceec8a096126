"""What evidence shows of a changed line."""

from __future__ import annotations

from gate.core.area.shown import shown_line


def test_the_version_of_an_action_is_shown() -> None:
    path = ".github/workflows/ci.yml"
    pinned = "- uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8  # v5"
    assert shown_line(path, f"      {pinned}") == pinned
    assert shown_line(path, "uses: docker://user:swordfish@host/x") == "uses: …"
    assert shown_line(path, "password: actions/checkout@v4") == "password: …"
