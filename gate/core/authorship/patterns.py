"""The regular expressions a registry may hold: a subset whose search takes linear time by construction.

Every top-level alternative is anchored and holds at most one unbounded quantifier (none if it has only an end
anchor, because the search then starts at every position). The ways to spend its bounded quantifiers are
limited, and a group takes no quantifier but `?`, and only around text without one.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<escape>\\.)
      | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<open>\((?:\?:|(?!\?)))
      | (?P<special>\(\?)
      | (?P<close>\))
      | (?P<bar>\|)
      | (?P<quantifier>(?:[*+?]|\{\d*,?\d*\})[?+]?)
      | (?P<start>\^)
      | (?P<end>\$)
      | (?P<any>\.)
      | (?P<literal>.)""",
    re.VERBOSE | re.DOTALL,
)
_CLASSES: Final = "dDwWsSbB"
_BOUNDS: Final = re.compile(r"\{(\d*)(,?)(\d*)\}")
#: How many ways the bounded quantifiers of an alternative may be spent; fewer where they are tried per character.
_MAX_WAYS: Final = 10_000
_MAX_WAYS_PER_CHARACTER: Final = 500

#: Letters with which the pattern of a name begins.
_MIN_LEADING: Final = 4


class PatternError(ValueError):
    """A pattern that the registry refuses; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A checked pattern. One of `needles`, in lower case, is in each text that it matches: for each alternative
    the longest text it cannot match without; it is "" where there is none.
    """

    text: str
    needles: tuple[str, ...]

    @property
    def regex(self) -> re.Pattern[str]:
        """The compiled pattern; made when it is first asked for, because most are never tried."""
        return _compiled(self.text)


_compiled: Final = functools.cache(re.compile)


@dataclass(slots=True)
class _Alternative:
    """What the scan has seen of one top-level alternative."""

    first: str = ""
    last: str = ""
    unbounded: int = 0
    ways: int = 1
    run: list[str] = field(default_factory=list)
    needle: str = ""

    def end_run(self) -> None:
        text = "".join(self.run).lower()
        if len(text) > len(self.needle):
            self.needle = text
        self.run.clear()


def compile_pattern(text: str) -> Pattern:
    """Return the checked pattern; raises PatternError with the reason if it is refused."""
    try:
        _compiled(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"is no regular expression ({error})") from error
    return Pattern(text=text, needles=tuple(a.needle for a in _alternatives(text)))


def leading_text(text: str) -> str:
    """Return the letters with which the pattern of a name begins, in lower case.

    Raises PatternError unless there are four of them, one alternative and no unbounded quantifier.
    """
    compile_pattern(f"^{text}")
    (only, *others) = _alternatives(f"^{text}")
    if others or only.unbounded:
        raise PatternError("is not one name: it holds a | outside of groups, *, + or {n,}")
    letters = re.match(r"[\w -]*(?![?*+{])(?<!-)", text)
    leading = letters[0].lower() if letters else ""
    if len(leading) < _MIN_LEADING:
        raise PatternError(f"does not begin with {_MIN_LEADING} letters as they are")
    return leading


def _alternatives(text: str) -> list[_Alternative]:
    """Scan `text` token by token and refuse what is not in the subset."""
    found = [_Alternative()]
    open_groups: list[bool] = []  # for each open group: whether it holds a quantifier
    closed: bool | None = None  # the same of the group that the last token closed
    for token in _TOKEN.finditer(text):
        kind, part, now = token.lastgroup or "", token.group(), found[-1]
        if kind == "bar" and not open_groups:
            _close(now)
            found.append(_Alternative())
            closed = None
            continue
        now.first = now.first or kind
        now.last = kind if not open_groups else "inner"
        literal = _literal(kind, part)
        if kind == "quantifier":
            if closed is not None and part != "?":
                raise PatternError(f"quantifies a group with {part}; a group takes only ?")
            if closed:
                raise PatternError("quantifies a group that holds a quantifier; write it without nesting")
            _quantify(part, now, open_groups)
        elif literal is not None and not open_groups:
            now.run.append(literal)
        else:
            now.end_run()
        closed = None
        if kind == "open":
            open_groups.append(False)
        elif kind == "close":
            closed = open_groups.pop()
    _close(found[-1])
    return found


def _literal(kind: str, part: str) -> str | None:
    """The character a token stands for, None if it stands for more or less than one."""
    if kind == "special":
        raise PatternError("uses a (?…) construct; look-around, flags and named groups are not allowed")
    if kind == "escape":
        character = part[1]
        if character.isdigit():
            raise PatternError("uses a back-reference")
        if character.isalpha() and character not in _CLASSES:
            raise PatternError(
                f"uses the escape {part}; only \\d \\w \\s \\b, their capitals and punctuation"
            )
        return None if character.isalpha() else character
    return part if kind == "literal" else None


def _quantify(part: str, now: _Alternative, open_groups: list[bool]) -> None:
    if now.run:
        now.run.pop()  # the quantified character may be absent
    now.end_run()
    open_groups[:] = [True] * len(open_groups)
    bounds = _BOUNDS.match(part)
    if part[0] == "?":
        now.ways *= 2
    elif bounds is None or (bounds[2] and not bounds[3]):
        now.unbounded += 1
    elif bounds[2]:
        now.ways *= max(1, int(bounds[3]) - int(bounds[1] or 0) + 1)


def _close(now: _Alternative) -> None:
    now.end_run()
    if now.first != "start" and now.last != "end":
        raise PatternError("is not anchored: every alternative starts with ^ or ends with $")
    started = now.first == "start"
    if now.unbounded > started:
        raise PatternError(
            "has too many of *, + and {n,}: one after ^, none in front of a lone $; give upper bounds"
        )
    if now.ways > (_MAX_WAYS if started and not now.unbounded else _MAX_WAYS_PER_CHARACTER):
        raise PatternError("has too many optional parts; lower its upper bounds")
