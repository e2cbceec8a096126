"""Addresses of lines on a forge, for comments. Without the address of the repository there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports import order
from gate.reports.escape import Markdown, http_url, markdown_code, percent_encoded

if TYPE_CHECKING:
    from gate.core.change import ChangeSet
    from gate.reports.options import Options

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


def place(
    change: ChangeSet, options: Options, path: str, line: int, *, text: str = "", side: str = "new"
) -> Markdown:
    """Return `path:line` (or `text`) as code, linked to the line where it has an address."""
    shown = markdown_code(text or (f"{path}:{line}" if line else path))
    url = line_url(change, options, path, line, side=side)
    return Markdown(f"[{shown}]({url})") if url and shown else shown
