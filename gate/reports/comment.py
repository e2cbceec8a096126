"""The one comment of a publisher: the Markdown report under a line by which it is found again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gate.reports.markdown import report
from gate.reports.options import MAX_COMMENT_BYTES, Options

if TYPE_CHECKING:
    from gate.core.facts import Run

_KEY = re.compile(r"[a-z0-9-]{1,32}")


def marker(key: str = "default") -> str:
    """Return the first line of the comment of gate `key`; a forge shows nothing of it.

    Raises ValueError for a key that is not 1 to 32 of `a-z`, `0-9` and `-`: others could end the HTML comment.
    """
    if not _KEY.fullmatch(key) or "--" in key:
        raise ValueError(f"{key!r} is no key of a comment: 1 to 32 of a-z, 0-9 and single -")
    return f"<!-- ai-merge-gate:1 key={key} -->"


def render(
    run: Run,
    *,
    key: str | None = None,
    language: str = "en",
    web_url: str = "",
    forge: str = "",
    report_url: str = "",
    max_bytes: int = MAX_COMMENT_BYTES,
) -> str:
    """Return the comment as Markdown that ends in a line break, at most `max_bytes` of UTF-8.

    With a `key` its first line is `marker(key)`; without one, whoever posts it writes that line. `web_url` is
    the address of the repository on a `forge` (github or gitlab); with both, places are linked to their lines.
    Equal runs give equal bytes: no time, no number of a job.
    """
    first = "" if key is None else f"{marker(key)}\n"
    options = Options(language=language, web_url=web_url, forge=forge, report_url=report_url)
    return first + report(run, replace(options, max_bytes=max_bytes - len(first)))
