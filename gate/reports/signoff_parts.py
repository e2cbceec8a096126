"""What a reviewer has to see of a sensitive change: the few hunks that matter, why, and how to sign.

Everything returned here is still hostile text; each format escapes it for its own target.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gate.core.area.shown import without_secrets
from gate.core.verdict import Outcome
from gate.reports import order, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.core.area import Touch
    from gate.core.change import ChangeSet, FileChange, Hunk
    from gate.core.facts import Run
    from gate.core.review import Signoff
    from gate.reports.messages import Catalogue

#: Code that a rule saw tells more than a word, a word more than a path.
_STRENGTH = {"L3": 0, "L2": 1, "L4": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One changed line: `-` or `+`, its number on that side, and whether evidence points at it."""

    sign: str
    number: int
    text: str
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place to look at: `lines` of one hunk, and the `touches` that flagged it. `left` lines are not shown."""

    path: str
    line: int
    touches: tuple[Touch, ...]
    lines: tuple[Line, ...] = ()
    left: int = 0


@dataclass(slots=True)
class _Found:
    touches: list[Touch] = field(default_factory=list)


def spots(
    change: ChangeSet, touches: Iterable[Touch], *, most: int, most_lines: int
) -> tuple[list[Spot], int]:
    """Return the places of one area that matter most, at most `most`, and how many more there are.

    Evidence in one hunk is one place. A path without evidence in its lines shows its first hunk.
    """
    files = {file.path: file for file in change.all_files}
    grouped: dict[tuple[str, int], _Found] = {}
    whole: dict[str, list[Touch]] = {}
    for touch in touches:
        file = files.get(touch.path)
        at = _hunk_of(file, touch) if file is not None else None
        if at is None and not touch.line:
            whole.setdefault(touch.path, []).append(touch)
        else:
            key = at if at is not None else -touch.line  # evidence beside every hunk stands for itself
            grouped.setdefault((touch.path, key), _Found()).touches.append(touch)
    for path, found in whole.items():
        key = min((number for name, number in grouped if name == path), default=0)
        grouped.setdefault((path, key), _Found()).touches.extend(found)
    ranked = sorted(
        grouped.items(),
        key=lambda item: (
            min(_STRENGTH.get(t.layer, 3) for t in item[1].touches),
            -len({t.line for t in item[1].touches}),
            order.path_key(item[0][0]),
            abs(item[0][1]),
        ),
    )
    shown = [
        _spot(files.get(path), path, at, found.touches, most_lines) for (path, at), found in ranked[:most]
    ]
    return shown, len(ranked) - len(shown)


def _hunk_of(file: FileChange | None, touch: Touch) -> int | None:
    if file is None or not touch.line:
        return None
    for number, hunk in enumerate(file.hunks):
        start, lines = (hunk.old_start, hunk.old) if touch.side == "old" else (hunk.new_start, hunk.new)
        if start <= touch.line < start + len(lines):
            return number
    return None


def _spot(file: FileChange | None, path: str, at: int, touches: Sequence[Touch], most_lines: int) -> Spot:
    told = tuple(sorted(set(touches)))
    line = min((t.line for t in told if t.line), default=0)
    if file is None or not 0 <= at < len(file.hunks):
        return Spot(path=path, line=line, touches=told)
    every = _lines(path, file.hunks[at], told)
    first = next((n for n, one in enumerate(every) if one.flagged), 0)
    start = max(0, min(first - 1, len(every) - most_lines))
    lines = every[start : start + most_lines]
    return Spot(
        path=path,
        line=line or lines[0].number,
        touches=told,
        lines=tuple(lines),
        left=len(every) - len(lines),
    )


def _lines(path: str, hunk: Hunk, touches: Sequence[Touch]) -> list[Line]:
    flagged = {(t.side, t.line) for t in touches}
    old = [
        Line(sign="-", number=n, text=without_secrets(path, text), flagged=("old", n) in flagged)
        for n, text in enumerate(hunk.old, hunk.old_start)
    ]
    new = [
        Line(sign="+", number=n, text=without_secrets(path, text), flagged=("new", n) in flagged)
        for n, text in enumerate(hunk.new, hunk.new_start)
    ]
    return old + new


def why(touch: Touch, say: Catalogue) -> str:
    """Return why a place was flagged, as the end of a sentence."""
    key = f"flag.{touch.rule}"
    if touch.rule == "L1.site-path" and touch.text:
        return say(key, text=touch.text)
    if touch.layer == "L1":
        # Beside a line the text is that line, else it is what was found in the path.
        return say("flag.L1") if touch.line or not touch.text else say("flag.L1.text", text=touch.text)
    if touch.layer == "L4":
        told = say(key if say.has(key) else "flag.L4")
        return f"{told}: {touch.text}" if touch.text else told
    if say.has(key):
        return say(key)
    if touch.layer == "L2":
        return say("flag.L2", word=touch.rule.removeprefix("L2.").replace("-", " "))
    if touch.layer == "L3":
        return say("flag.L3", rule=touch.rule)
    return say("flag.ai") if touch.layer == "ai" else say("flag.other", rule=touch.rule)


def reasons(spot: Spot, say: Catalogue, *, most: int = 3) -> str:
    """Return the distinct reasons of one place, the strongest first."""
    ordered = sorted(spot.touches, key=lambda t: (_STRENGTH.get(t.layer, 3), t.rule, t.line))
    named = [t for t in ordered if t.layer == "L1" and not t.line and t.text and t.rule != "L1.site-path"]
    told = [why(touch, say) for touch in ordered if touch not in named]
    if named:  # several words of one path are one reason
        told.append(say("flag.L1.text", text=", ".join(dict.fromkeys(t.text for t in named))))
    told = list(dict.fromkeys(told))
    return "; ".join(told[:most]) + (f"; {say('more.here', n=len(told) - most)}" if len(told) > most else "")


def makers(signoff: Signoff) -> list[str]:
    """Return who made the change, with the role of each; without reviewers, of whom the area says it already."""
    told = {one.who for barred in signoff.barred.values() for one in barred}
    roles = signoff.roles
    named = (
        (re.sub("^(?:email|name|account):", "", who), roles.get(who))
        for who in signoff.authors
        if who not in told
    )
    return [f"{name} ({role})" if role else name for name, role in named]


def how(run: Run, say: Catalogue) -> list[str]:
    """Return the exact click or command that would satisfy a change that waits; empty for any other."""
    signoff = run.facts.signoff
    if signoff.outcome is not Outcome.NEEDS_SIGNOFF:
        return []
    can = summary.still_to_ask(run)
    if not can:
        return []
    told = []
    if signoff.forge:
        key = f"how.{signoff.forge}" if say.has(f"how.{signoff.forge}") else "how.forge"
        told.append(say(key, people=say.any_of(can)))
    signing = sorted(h.id for h in run.facts.policy.signoff.humans if h.id in can and h.keys)
    if signing:
        told.append(say("how.sign", people=say.any_of(signing), command=f"`{command(run, signing)}`"))
    elif not signoff.forge:
        told.append(say("how.no_key", people=say.any_of(can)))
    return told


def command(run: Run, people: Sequence[str]) -> str:
    """Return the command with which one of `people` signs this change."""
    change = run.facts.change
    target = change.target.removeprefix("refs/heads/")
    words = ["gate", "signoff", "create", "--base", target, "--head", change.head[:12]]
    words += ["--reviewer", people[0] if len(people) == 1 else "ID", "--key", "KEY"]
    return shlex.join(words)
