"""Sentences of the core in the reader's language.

The core says its reasons in English, with values in them. A gettext catalogue holds each sentence with its values
as `{fields}`; here a sentence is recognised and said again. What no entry fits stays English: a reason is never
lost for want of a translation.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from gate.reports.languages import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.facts import Run
    from gate.core.review import Ignored, Signoff

CONTEXT = "sentence"
#: Longer texts, or such with more sentences, are left as they are.
MOST_CHARACTERS, MOST_SENTENCES = 5_000, 60

_FIELD = re.compile(r"\{(\w+)\}")
#: Fields of this name and what begins with it hold numbers.
_NUMBERS = frozenset({"n", "done", "more", "most", "line"})
_COMMITS = frozenset({"commit", "head"})
#: Fields that hold words of ours; others hold names, paths and titles, which nobody translates.
_WORDS = frozenset(
    {"reason", "why", "told", "tools", "missing", "one", "other", "role", "kind", "owners", "files", "places"}
)
_MORE = re.compile(r" and ([0-9][0-9,]*) more(?=$|[);,])")
_BRACKETS = re.compile(r" \(([^()]+)\)")
_BETWEEN = (re.compile(r"(?<=\)), "), re.compile("; "), re.compile(", "))
_END = re.compile(r"(?<=[.!?]) ")
_DEPTH = 6
_STOPS = (".", "?")
_LEAST_WORDS = 3
_JOINTS = ("; or ", "; and ")


class Entry(NamedTuple):
    """How a sentence is recognised and how it is said; one that is not `whole` is a part of sentences. `words` is
    the number of its own words: what has few fits too much to be taken for a sentence.
    """

    pattern: re.Pattern[str]
    said: str
    whole: bool
    words: int


@functools.cache
def _entries(language: str) -> tuple[Entry, ...]:
    """The sentences of a catalogue, those with most words of their own first."""
    known = getattr(catalogue(language), "_catalog", {})
    texts = {
        key.partition("\x04")[2]: said for key, said in known.items() if str(key).startswith(f"{CONTEXT}\x04")
    }
    ordered = sorted(texts, key=lambda text: (-len(_FIELD.sub("", text)), text))
    return tuple(
        Entry(_pattern(text), texts[text], text.endswith(_STOPS), len(_FIELD.sub("", text).split()))
        for text in ordered
    )


def _pattern(text: str) -> re.Pattern[str]:
    shown, seen = [], set[str]()
    for odd, part in enumerate(_FIELD.split(text)):
        if not odd % 2:
            shown.append(re.escape(part))
        elif part in seen:
            shown.append(f"(?P={part})")
        else:
            seen.add(part)
            shown.append(f"(?P<{part}>{_form(part)})")
    return re.compile("".join(shown), re.DOTALL | re.IGNORECASE)


def _form(field: str) -> str:
    """What a field of this name can hold, as a pattern."""
    if field in _NUMBERS:
        return "[0-9][0-9,]*"
    if field in _COMMITS:
        return "[0-9a-f]{6,64}"
    # Else "3 by a recorded verdict" would be a reason and a tool.
    return r"[\w.-]+(?:, [\w.-]+)*" if field == "scanners" else ".+?"


def sentence(text: str, language: str) -> str:
    """Return `text`, one or several sentences of the core, in `language`."""
    if language == "en" or not text or len(text) > MOST_CHARACTERS:
        return text
    return _sentences(text, language, _DEPTH) if text.endswith(_STOPS) else _part(text, language, _DEPTH)


def _sentences(text: str, language: str, depth: int) -> str:
    """Each sentence that is known is said again, the shortest that fits first; others stay as they are."""
    pieces = _END.split(text)
    if len(pieces) > MOST_SENTENCES:
        return text
    said, start = [], 0
    while start < len(pieces):
        for end in range(start + 1, len(pieces) + 1):
            found = _known(" ".join(pieces[start:end]), language, depth, least=_LEAST_WORDS)
            if found is not None:
                said.append(found)
                start = end
                break
        else:
            said.append(_alternatives(pieces[start], language, depth))
            start += 1
    return " ".join(said)


def _alternatives(text: str, language: str, depth: int) -> str:
    """Several remedies in one sentence, if all of them are known; else the text as it is."""
    for joint in _JOINTS:
        parts = text.removesuffix(".").split(joint)
        known = [_known(part, language, depth, least=_LEAST_WORDS) for part in parts]
        if len(parts) > 1 and all(known):
            both = catalogue(language).pgettext(CONTEXT, f"{{one}}{joint}{{other}}")
            said = functools.reduce(
                lambda one, other: both.replace("{one}", one).replace("{other}", other), map(str, known)
            )
            return f"{said}."
    return text


def _known(text: str, language: str, depth: int, *, least: int = 0) -> str | None:
    """The sentence in `language`, or None for an unknown one. Parts of fewer than `least` words do not count."""
    for entry in _entries(language):
        if not entry.whole and entry.words < least:
            continue
        match = entry.pattern.fullmatch(text)
        if match and (entry.whole or all(map(_balanced, match.groups()))):
            return _filled(entry.said, match.groupdict(), language, depth - 1)
    stripped = text.removesuffix(".")
    if stripped != text and (found := _known(stripped, language, depth, least=least)) is not None:
        return f"{found}."
    return None


def _balanced(text: str) -> bool:
    """Whether brackets close: a part never begins inside one and ends outside."""
    return text.count("(") == text.count(")")


def _filled(said: str, values: dict[str, str], language: str, depth: int) -> str:
    shown = {name: _value(name, value, language, depth) for name, value in values.items()}
    return _FIELD.sub(lambda field: shown[field[1]], said)


def _value(name: str, text: str, language: str, depth: int) -> str:
    shown = _part(text, language, depth) if name in _WORDS else text
    if name == "people":
        shown = _roles(shown, language, depth)
    rest = catalogue(language).pgettext(CONTEXT, "and {n} more")
    return _MORE.sub(lambda found: " " + rest.replace("{n}", found[1]), shown)


def _roles(people: str, language: str, depth: int) -> str:
    """Names stay; what stands behind them in brackets are words of ours."""
    return _BRACKETS.sub(lambda found: f" ({_part(found[1], language, depth)})", people)


def _part(text: str, language: str, depth: int) -> str:
    """Words of ours as a value: whole, sentence by sentence, item by item, or what stands in brackets."""
    if depth <= 0 or len(text) > MOST_CHARACTERS:
        return text
    found = _known(text, language, depth)
    if found is not None:
        return found
    if _END.search(text):
        return _sentences(text, language, depth)
    head, bracket, rest = text.partition(" (")
    if bracket and rest.endswith(")") and not _BETWEEN[0].search(text):
        return f"{head} ({_part(rest[:-1], language, depth - 1)})"
    for between, mark in zip(_BETWEEN, (", ", "; ", ", "), strict=True):
        items = between.split(text)
        if 1 < len(items) <= MOST_SENTENCES:
            return mark.join(_part(item, language, depth - 1) for item in items)
    return text


def in_language(run: Run, language: str) -> Run:
    """Return a run whose reasons, and why something does not count, are said in `language`; facts stay as they are."""
    if language == "en" or not _entries(language):
        return run  # as most runs are: nothing is loaded
    say = functools.partial(sentence, language=language)
    reasons = tuple(replace(r, because=say(r.because), to_pass=say(r.to_pass)) for r in run.verdict.reasons)
    facts = run.facts
    suppressions = tuple(replace(s, why=say(s.why)) for s in facts.suppressions)
    findings = tuple(
        replace(f, suppression=say(f.suppression)) if f.suppression else f for f in facts.findings
    )
    change = replace(facts.change, notes=tuple(say(note) for note in facts.change.notes))
    return replace(
        run,
        notes=tuple(say(note) for note in run.notes),
        verdict=replace(run.verdict, reasons=reasons),
        facts=replace(
            facts,
            change=change,
            signoff=_signoff(facts.signoff, language),
            suppressions=suppressions,
            findings=findings,
        ),
    )


def _signoff(signoff: Signoff, language: str) -> Signoff:
    say = functools.partial(sentence, language=language)

    def told(rows: Iterable[Ignored]) -> tuple[Ignored, ...]:
        return tuple(replace(row, why=say(row.why)) for row in rows)

    return replace(
        signoff,
        ignored=told(signoff.ignored),
        barred={area: told(rows) for area, rows in signoff.barred.items()},
        needed_because=tuple(say(why) for why in signoff.needed_because),
        missing=tuple(say(line) for line in signoff.missing),
        unresolved=tuple(_roles(who, language, _DEPTH) for who in signoff.unresolved),
        notes=tuple(say(note) for note in signoff.notes),
        roles={who: say(role) for who, role in signoff.roles.items()},
        statements=tuple(replace(fate, why=say(fate.why)) for fate in signoff.statements),
    )
