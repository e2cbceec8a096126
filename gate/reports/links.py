"""Addresses of lines on a forge, for comments. Without the address of the repository there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports import order
from gate.reports.escape import Markdown, http_url, markdown_code, percent_encoded

if TYPE_CHECKING:
    from gate.core.change import ChangeSet
    from gate.reports.options import Options
    from gate.reports.signoff_parts import Spot

#: Between the repository's address and the commit.
_BLOB = {"github": "blob", "gitlab": "-/blob"}


def line_url(change: ChangeSet, options: Options, path: str, line: int, *, side: str = "new") -> str:
    """Return the address of a line at the head (`side` new) or the merge base (old); empty if there is none.

    It names the commit, so it shows the same line when the branch moves on.
    """
    web = http_url(options.web_url.rstrip("/"))
    middle = _BLOB.get(options.forge)
    commit = change.head if side == "new" else change.merge_base
    if not (web and middle and path and commit):
        return ""
    anchor = f"#L{line}" if line > 0 else ""
    return http_url(f"{web}/{middle}/{commit}/{percent_encoded(order.path_key(path))}{anchor}")


def linked(text: str, url: str) -> Markdown:
    """Return a place as code, linked where it has an address."""
    shown = markdown_code(text)
    return Markdown(f"[{shown}]({url})") if url and shown else shown


def spot_url(change: ChangeSet, options: Options, spot: Spot) -> str:
    """Return the address of a flagged place; a line that the change removed stands at the merge base."""
    sides = {touch.side for touch in spot.touches if touch.line == spot.line}
    return line_url(change, options, spot.path, spot.line, side="old" if sides == {"old"} else "new")
