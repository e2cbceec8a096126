"""Who wrote the commits of a range, as the `authorship` object of the report file with sums."""

from __future__ import annotations

import json
import tempfile
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from gate.core.authorship import CommitAuthorship
from gate.reports import json_parts as parts
from gate.reports.escape import json_document
from gate.reports.json import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.authorship import Authorship
    from gate.core.authorship.tally import Tally
    from gate.reports.options import Options

#: Characters of finished commits that stay in memory; a longer list waits in a file without a name.
HELD = 8_000_000
COPIED = 1 << 20
_OPEN = '"commits": []'
#: What differs between commits that say nothing, in the order of their keys; all else is written once for many.
_OWN = ("date", "sha", "subject")
_SHARED = attrgetter(*(name for name in CommitAuthorship._fields if name not in _OWN))
MOST_TEMPLATES = 1_000


class Writer:
    """Writes the object with sorted keys. `agents` come before the commits and are known at the end, so the
    commits wait and nothing is written before everything is known: half a document is never written.
    """

    def __init__(self, options: Options) -> None:
        self._listed = options.listing != "none"
        self._commits = tempfile.SpooledTemporaryFile(HELD, "w+", encoding="utf-8", newline="")  # noqa: SIM115
        self._separator = "\n  "
        self._templates: dict[tuple[object, ...], tuple[str, ...]] = {}

    def add(self, commits: Sequence[CommitAuthorship]) -> str:
        """Take further commits."""
        if self._listed and commits:
            self._commits.write(self._separator)
            self._commits.write(",\n  ".join([self._commit(commit) for commit in commits]))
            self._separator = ",\n  "
        return ""

    def end(self, facts: Authorship, tally: Tally) -> Iterator[str]:
        """Yield the document."""
        whole = parts.authorship(facts) | {
            "agents": list(facts.agents),
            "commits": [],
            "summary": summary(tally),
        }
        with self._commits as commits:
            if commits.tell() == 0:
                yield dump(whole)
                return
            head, _, tail = dump(whole).partition(_OPEN)
            yield f'{head}"commits": ['
            commits.seek(0)
            while piece := commits.read(COPIED):
                yield piece
            yield f"\n ]{tail}"

    def _commit(self, commit: CommitAuthorship) -> str:
        if commit.evidence:
            return _dumped(commit)
        key = _SHARED(commit)
        template = self._templates.get(key)
        if template is None:
            if len(self._templates) >= MOST_TEMPLATES:
                self._templates.clear()
            template = self._templates[key] = _template(commit)
        before, between, then, after = template
        return f"{before}{_word(commit.date)}{between}{_word(commit.sha)}{then}{_word(commit.subject)}{after}"


def _dumped(commit: CommitAuthorship) -> str:
    value = parts.commit(commit) | {
        "date": commit.date,
        "merge": commit.merge,
        "subject": commit.subject,
    }
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1)
    return json_document(text.replace("\n", "\n  "))


def _template(commit: CommitAuthorship) -> tuple[str, ...]:
    rest = _dumped(commit._replace(date="\x01date", sha="\x01sha", subject="\x01subject"))
    pieces = []
    for name in _OWN:
        piece, _, rest = rest.partition(json.dumps(f"\x01{name}"))
        pieces.append(piece)
    return (*pieces, rest)


def _word(text: str) -> str:
    return json_document(json.dumps(text, ensure_ascii=False))


def summary(tally: Tally) -> dict[str, Any]:
    """Return the sums of a history as plain values."""
    return {
        "commits": tally.commits,
        "merges": tally.merges,
        "ai": tally.ai,
        "hinted": tally.hinted,
        "verdicts": {verdict.value: n for verdict, n in tally.verdicts.items() if n},
        "agents": {
            agent: {"commits": s.commits, "roles": dict(s.roles), "first": s.first, "last": s.last}
            for agent, s in tally.by_agent.items()
        },
        "months": {
            month: {"commits": s.commits, "merges": s.merges, "ai": s.ai, "agents": dict(s.agents)}
            for month, s in tally.by_month.items()
        },
    }
