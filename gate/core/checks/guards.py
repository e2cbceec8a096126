"""Checks of callers that a change removes while what they guarded stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.checks.places import line_range, place_of_removed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gate.core.change import Hunk
    from gate.core.checks.model import Checks, Moved, Pair
    from gate.core.finding import Range, Sighting

_CODE = re.compile(r"(?i)\.(?:py|pyi|js|jsx|mjs|cjs|ts|tsx|mts|cts|java|kt|kts|go|rb|php|cs|scala|groovy)$")
_DEFINITION = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:(?:public|private|protected|static|final|abstract|async|override|open|suspend)\s+)*"
    r"(?:(?:def|class|function\*?|func|fun|interface)\s+(?:\([^)]*\)\s*)?(?P<name>\w+)"
    r"|(?:const|let|var)\s+(?P<const>\w+)\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>|\w+\s*=>)"
    r"|(?:[\w<>\[\],.?]+\s+)?(?P<method>\w+)\s*\([^;]*\)\s*(?::\s*[\w<>\[\]|., ]+)?(?:throws\s+[\w, .]+)?\{)"
)
_NO_DEFINITIONS = frozenset(
    ["if", "for", "while", "switch", "catch", "return", "else", "with", "try", "match", "when"]
)
_SKIPPED = re.compile(r"^\s*(?:@|#|//|\*|/\*|\)|\]|$)")
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|<!--|\"\"\"|''')")
#: Calls of this form are routes and registrations: their first text tells which one.
_ROUTE = re.compile(
    r"""(?P<head>[\w.]+\(\s*["'`][^"'`]*["'`]|^\s*(?:export\s+)?(?:class|def|async def)\s+\w+)"""
)
#: Words like those of checks that say the opposite.
_OPENS = re.compile(
    r"(?i)permit_?all\w*|allow_?(?:any|all|anonymous)\w*|(?:skip|no|without|disable)_?auth\w*|csrf_?exempt"
)
_NEAR = 8
_BODY = 25


def removed(pair: Pair, moved: Moved, checks: Checks) -> Iterator[Sighting]:
    """Yield the decorators, arguments and conditions that refuse callers and are gone without another in place."""
    if not _CODE.search(pair.path) or pair.old is None or pair.new is None:
        return
    guard = checks.patterns["guard"]
    if not any(
        guard.search(line) or checks.patterns["condition"].search(line) for h in pair.hunks for line in h.old
    ):
        return
    file = _File(pair, checks)
    if file.adds_general_guard:
        return
    for hunk in pair.hunks:
        told: set[str] = set()
        for offset, line in enumerate(hunk.old):
            mark = guard.search(line)
            if mark is None or _COMMENT.match(line) or line.lstrip().startswith(("import ", "from ")):
                continue
            found = file.without(hunk, offset, line, mark[0].strip(" ,()"), moved)
            if found is not None and found[1] not in told:
                told.add(found[1])
                yield _sighting(pair, checks, *found, line)
        if not told and (gone := file.without_condition(hunk, moved)) is not None:
            yield _sighting(pair, checks, *gone)


def _sighting(pair: Pair, checks: Checks, place: Range, what: str, gone: str) -> Sighting:
    return checks.rules["gate.guard-removed"].at(
        pair.path,
        place,
        f"This change removes {' '.join(gone.split())[:120]} from {what}.",
        known_place=place_of_removed(pair, place, gone),
    )


class _File:
    """The lines of both sides of one file."""

    def __init__(self, pair: Pair, checks: Checks) -> None:
        self._checks = checks
        self._old = (pair.old or "").split("\n")
        self._new = (pair.new or "").split("\n")
        self._added = {h.new_start + n for h in pair.hunks for n in range(len(h.new))}
        self._pair = pair

    @property
    def adds_general_guard(self) -> bool:
        """Whether the change adds a guard that is no decorator of one function: of a router, class or application."""
        guard = self._checks.patterns["guard"]
        return any(
            guard.search(line)
            and re.search(
                r"(?i)\.use\(|router|blueprint|before_request|dependencies\s*=|\bclass\b|group\(|middleware",
                line,
            )
            for hunk in self._pair.hunks
            for line in hunk.new
        )

    def without(
        self, hunk: Hunk, offset: int, line: str, mark: str, moved: Moved
    ) -> tuple[Range, str] | None:
        """Where in the head the guarded thing stands without its guard, and its name; None if all is well."""
        if (route := _ROUTE.search(line)) is not None and not line.lstrip().startswith("@"):
            return self._route(hunk, route["head"], mark)
        if not line.lstrip().startswith("@"):
            return self._attribute(hunk, line) if "=" in line and not moved.comes_back(line) else None
        definition = self._definition_after(hunk.old_start + offset)
        if definition is None:
            return None
        head, name = definition
        number = self._find(name, head)
        if number is None or self._is_guarded(number):
            return None
        return line_range(self._new[number - 1], number), name

    def _route(self, hunk: Hunk, head: str, mark: str) -> tuple[Range, str] | None:
        """A call or class with the same beginning among the added lines, that has no guard any more."""
        wanted = "".join(head.split())
        for offset, line in enumerate(hunk.new):
            if wanted in "".join(line.split()):
                rest = " ".join(hunk.new[offset : offset + _NEAR])
                if self._checks.patterns["guard"].search(rest) or self._replaced(
                    rest.partition(head)[2] or rest, mark
                ):
                    return None
                return line_range(line, hunk.new_start + offset), " ".join(head.split())
        return None

    def _attribute(self, hunk: Hunk, line: str) -> tuple[Range, str] | None:
        """A class attribute such as `permission_classes` that is gone or lets everybody in."""
        key = line.partition("=")[0].strip()
        if not re.fullmatch(r"\w+", key) or "classes" not in key:
            return None
        again = [(n, text) for n, text in enumerate(hunk.new) if text.strip().startswith(key)]
        for offset, text in again:
            if not re.search(r"\[\s*\]|\(\s*\)|AllowAny", text):
                return None
            return line_range(text, hunk.new_start + offset), key
        owner = self._owner(hunk.old_start)
        if owner is None or (number := self._find(*owner)) is None or self._is_guarded(number):
            return None
        return line_range(self._new[number - 1], number), owner[0]

    def without_condition(self, hunk: Hunk, moved: Moved) -> tuple[Range, str, str] | None:
        """An `if` that refused callers and is gone, while the function goes on."""
        patterns = self._checks.patterns
        for offset, line in enumerate(hunk.old):
            bare = line.strip()
            if not re.match(r"(?:if|elif|unless|guard)\b|\}?\s*else if\b", bare):
                continue
            header = _header(hunk.old[offset : offset + _NEAR])
            body = " ".join(hunk.old[offset : offset + header + 3])
            asked = " ".join(hunk.old[offset : offset + header])
            if not patterns["condition"].search(asked) or not patterns["refusal"].search(body):
                continue
            if moved.comes_back(line) and moved.comes_back(hunk.old[offset + header - 1]):
                continue
            if any(patterns["replacement"].search(text) for text in hunk.new):
                continue
            owner = self._owner(hunk.old_start + offset)
            if owner is None or (number := self._find(owner[0], owner[1])) is None:
                continue
            if not self._goes_on(hunk) or self._is_guarded(number):
                continue
            return line_range(self._new[number - 1], number), owner[0], asked
        return None

    def _goes_on(self, hunk: Hunk) -> bool:
        """Whether the line after the removed ones is code of the same function."""
        after = hunk.old_start + len(hunk.old) - 1
        return any(
            line.strip() and not re.fullmatch(r"[\s)\]};]*", line) and not _DEFINITION.match(line)
            for line in self._old[after : after + 2]
        )

    def _definition_after(self, number: int) -> tuple[str, str] | None:
        """The first definition below a decorator of the base: its line, squeezed, and its name."""
        depth = 0
        for line in self._old[number - 1 : number + 30]:
            if (name := _name(line)) is not None and depth <= 0 and not line.lstrip().startswith("@"):
                return "".join(line.split()), name
            if (
                not _SKIPPED.match(line)
                and depth <= 0
                and not re.match(r"\s*[\w.\"'=,(){}\[\]: <>?]+[,({\[]?\s*$", line)
            ):
                return None
            depth += line.count("(") - line.count(")")
        return None

    def _owner(self, number: int) -> tuple[str, str] | None:
        """The definition that a line of the base stands in: name and squeezed line."""
        own = _indent(self._old[number - 1]) if number <= len(self._old) else 0
        for line in reversed(self._old[max(number - 200, 0) : number - 1]):
            if line.strip() and _indent(line) < own:
                if (name := _name(line)) is not None:
                    return name, "".join(line.split())
                own = _indent(line)
        return None

    def _find(self, name: str, head: str) -> int | None:
        """The line of the head that defines `name`; of several the one with the same text."""
        numbers = [n for n, line in enumerate(self._new, 1) if name in line and _name(line) == name]
        same = [n for n in numbers if "".join(self._new[n - 1].split()) == head]
        return same[0] if same else numbers[0] if len(numbers) == 1 else None

    def _is_guarded(self, number: int) -> bool:
        """Whether a definition of the head has a guard, or new lines around it look like one."""
        first, last = max(number - _NEAR, 1), min(number + _BODY, len(self._new))
        for n in range(number - 1, first - 1, -1):  # only what belongs to this definition
            if _name(self._new[n - 1]) is not None or not self._new[n - 1].strip():
                first = n + 1
                break
        for n in range(first, last + 1):
            line = self._new[n - 1]
            if n > number and _name(line) is not None and _indent(line) <= _indent(self._new[number - 1]):
                break
            if n <= number and self._checks.patterns["guard"].search(line):
                return True
            if n in self._added and self._replaced(line, ""):
                return True
        return False

    def _replaced(self, text: str, mark: str) -> bool:
        """Whether an added text could do what the removed mark did."""
        rest = text.replace(mark, " ") if mark else text
        rest = _OPENS.sub(" ", rest)
        definition = _name(rest)
        if definition is not None:
            rest = rest.replace(definition, " ", 1)
        return (
            self._checks.patterns["replacement"].search(re.sub(r"""["'`][^"'`]*["'`]""", " ", rest))
            is not None
        )


def _name(line: str) -> str | None:
    found = _DEFINITION.match(line) if len(line) < 1_000 else None
    if found is None:
        return None
    name = found["name"] or found["const"] or found["method"]
    return None if name in _NO_DEFINITIONS else name


def _header(lines: Sequence[str]) -> int:
    """How many lines the head of a conditional takes, up to what opens its body."""
    ends = (n for n, line in enumerate(lines, 1) if line.rstrip().endswith((":", "{")))
    return next(ends, 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def protections(pair: Pair, pairs: Sequence[Pair], checks: Checks) -> Iterator[Sighting]:
    """Yield protections of a whole application that a file had and has no more, and that nothing replaces."""
    if pair.old is None or pair.new is None:
        return
    for row in checks.controls["protections"]:
        name = row["name"]
        line_of, kept = checks.patterns[f"protection {name}"], checks.patterns[f"kept {name}"]
        for hunk in pair.hunks:
            gone = next(
                (line for line in hunk.old if line_of.search(line) and not _COMMENT.match(line)), None
            )
            if gone is None or re.match(r"\s*(?:import|from|const .*require|@import)\b", gone):
                continue
            if kept.search(pair.new) or any(
                kept.search(line) for p in pairs for h in p.hunks for line in h.new
            ):
                continue
            place = _beside(pair, hunk)
            if name.startswith("CSRF token") and not re.search(
                r"(?i)<form[^>]*method\s*=\s*[\"']?post", pair.new
            ):
                continue
            yield checks.rules["gate.protection-removed"].at(
                pair.path,
                place,
                f"This change removes the {name}: {' '.join(gone.split())[:120]}.",
                known_place=place_of_removed(pair, place, gone),
            )
            break


def _beside(pair: Pair, hunk: Hunk) -> Range:
    """A line of the head with text, where the removed lines stood."""
    lines = (pair.new or "").split("\n")
    for number in (hunk.new_start, hunk.new_start - 1, hunk.new_start + 1, *range(1, len(lines) + 1)):
        if 1 <= number <= len(lines) and lines[number - 1].strip():
            return line_range(lines[number - 1], number)
    return line_range(" ", 1)
