"""Settings that were safe at the base and are not at the head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.checks.places import line_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.change import Hunk
    from gate.core.checks.model import Checks, Moved, Pair
    from gate.core.finding import Sighting

_OFF = frozenset(["false", "no", "off", "0", "none", "disabled", "disable"])
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|<!--|;)")
#: Files whose values are of a test or of one developer's machine.
_LOCAL = re.compile(
    r"(?i)(?:^|/)(?:tests?|examples?|samples?|fixtures?|dev|local|demo)(?:/|[._-])|[._-](?:dev|test|local|example|sample)\b"
)


def turned(pair: Pair, moved: Moved, checks: Checks) -> Iterator[Sighting]:
    """Yield switches turned to their unsafe value and lists that were opened to everybody."""
    if _LOCAL.search(pair.path):
        return
    for hunk in pair.hunks:
        if not hunk.old or not hunk.new:
            continue
        for offset, line in enumerate(hunk.new):
            if len(line) > 2_000 or _COMMENT.match(line) or moved.was_there(line):
                continue
            number = hunk.new_start + offset
            if (told := _turned_off(hunk, line, checks)) is not None:
                key, start, end = told
                fact = f"{key} had its safe value at the base and is {line[start:end].strip()[:80]} now."
                yield checks.rules["gate.protection-off"].at(
                    pair.path, line_range(line, number, start, end), fact
                )
            elif (opened := _opened(hunk, line, checks)) is not None:
                yield checks.rules["gate.origin-opened"].at(
                    pair.path, line_range(line, number), f"{opened} named who may at the base."
                )


def _turned_off(hunk: Hunk, line: str, checks: Checks) -> tuple[str, int, int] | None:
    for name, unsafe_is_off in (("safe_true", True), ("safe_false", False)):
        pattern = checks.patterns[name]
        for found in pattern.finditer(line):
            if (found["value"].lower() in _OFF) is not unsafe_is_off:
                continue
            key = _plain(found["key"])
            before = [
                m
                for text in hunk.old
                if not _COMMENT.match(text)
                for m in pattern.finditer(text)
                if _plain(m["key"]) == key
            ]
            safe = [m for m in before if (m["value"].lower() in _OFF) is not unsafe_is_off]
            if before and len(safe) == len(before):
                return found["key"], found.start("key"), found.end()
    return None


def _plain(key: str) -> str:
    return re.sub(r"[-_.]", "", key).lower()


def _opened(hunk: Hunk, line: str, checks: Checks) -> str | None:
    origins, everybody = checks.patterns["origins"], checks.patterns["everybody"]
    found = origins.search(line)
    if found is None or not _is_open(line[found.end() :], everybody):
        return None
    before = [
        text for text in hunk.old if (m := origins.search(text)) and _plain(m["key"]) == _plain(found["key"])
    ]
    if not before or any(_is_open(text, everybody) for text in before):
        return None
    named = any(re.search(r"""["'][^"'*]+["']|\d+\.\d+|https?:""", text) for text in before)
    return found["key"] if named else None


def _is_open(text: str, everybody: re.Pattern[str]) -> bool:
    return any(
        not re.search(r"[\w./:]$", text[: m.start()]) and not re.match(r"[\w./]", text[m.end() :])
        for m in everybody.finditer(text)
    )
