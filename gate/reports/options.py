"""How a report is to be written: language, colour, width, and what may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.baseline import Known
    from gate.core.facts import Excluded
    from gate.core.finding import Finding
    from gate.core.scan import ToolRun
    from gate.core.suppression import Suppression

#: Size of a comment. GitHub refuses more than 65,536 characters; the rest is for the publisher's own lines.
MAX_COMMENT_BYTES = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Wishes of the reader. No option changes a verdict, and none adds or removes a fact from the JSON
    report, except that `timings` fills in `seconds` there.

    `language` is en or ko, another word falls back to en. `width` is in columns of a terminal. `verbose`
    adds evidence to text reports, `explain_signoff` the whole derivation of the sign-off decision. `report_url` (http or https) and `max_bytes` serve the
    Markdown report; so do `web_url`, the address of the repository on a forge, and `forge` (github or gitlab), by
    which it links to lines.
    `listing` says whether a history shows its commits: `all`, `none` (sums only), or `auto`, which leaves them
    out of a text of more than a thousand.
    """

    language: str = "en"
    colour: bool = False
    width: int = 100
    timings: bool = False
    verbose: bool = False
    explain_signoff: bool = False
    report_url: str = ""
    web_url: str = ""
    forge: str = ""
    max_bytes: int = MAX_COMMENT_BYTES
    listing: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a scan was compared with: the baseline's name for people, and what it holds that was not found.

    `gone` is not there any more; of `unsure` nobody can say so. `notes` are sentences on the comparison.
    """

    baseline: str
    gone: Sequence[Known] = ()
    unsure: Sequence[Known] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What `gate scan` prints: a tree as it stands, without a change and without a decision.

    `place` names the tree for people, `files` says how many files are in it. `unopened` are files and folders
    that could not be opened, `installed` folders of installed packages that were left out, `links` is the
    number of links, none of which was followed. `uncovered` maps each code file in which nobody looks for
    weaknesses to its language. `incomplete` says, a sentence for each, which required scanner did not do its
    work; with one nothing here is the whole truth. `rules` is the digest of the rules, `now` the time of the
    scan for formats that need one, ISO 8601 in UTC. The sequences may come in any order.
    """

    tools: Sequence[ToolRun]
    findings: Sequence[Finding] = ()
    suppressions: Sequence[Suppression] = ()
    place: str = "."
    files: int = 0
    excluded: Sequence[Excluded] = ()
    unopened: Sequence[str] = ()
    installed: Sequence[str] = ()
    links: int = 0
    uncovered: Mapping[str, str] = field(default_factory=dict)
    incomplete: Sequence[str] = ()
    compared: Compared | None = None
    rules: str = ""
    now: str = ""
