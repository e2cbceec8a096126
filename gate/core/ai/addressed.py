"""Added lines that speak to a reviewing model. No model is asked: it could be the one that is spoken to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gate.core.area.model import GATE, TEXT_CHARACTERS, Touch
from gate.core.change import path_bytes
from gate.core.finding import Confidence, Range, Severity, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gate.core.change import FileChange

FAMILY = "prompt-injection"
#: Of a longer line this much is read, in pieces that overlap.
MAX_LINE, OVERLAP = 2_000, 300
#: More of one file says nothing more.
MAX_PER_FILE = 20
# What every pattern needs; most files have none of it.
_HINT = re.compile(
    r"(?i)instruction|prompt|rules|guideline|direct|review|\bai\b|llm|claude|gpt|copilot|gemini|codex|<\||"
    r"findings|vulnerabilit|security issue|helper|_BASE_URL|_API_|aws|[\U000e0020-\U000e007e]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of text. `files` limits it to paths, None: all."""

    id: str
    title: str
    message: str
    severity: Severity
    patterns: tuple[re.Pattern[str], ...]
    files: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A line of the head that a rule fits; `text` is what fits, hostile and cut."""

    rule: Rule
    path: str
    line: int
    text: str

    def sighting(self, tool: str) -> Sighting:
        """The finding of it."""
        return Sighting(
            tool=tool,
            rule_id=self.rule.id,
            path=self.path,
            range=Range(start_line=self.line, end_line=self.line),
            severity=self.rule.severity,
            confidence=Confidence.MEDIUM,
            native_severity=self.rule.severity.word,
            native_confidence=Confidence.MEDIUM.word,
            family=FAMILY,
            cwe=(1427,),
            title=self.rule.title,
            message=self.rule.message,
        )

    def touch(self) -> Touch:
        """Why a human has to look."""
        return Touch(
            area=GATE,
            layer="L0",
            rule=self.rule.id,
            path=self.path,
            line=self.line,
            side="new",
            text=self.text,
        )


def build_rules(document: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Return the rules of a parsed table. Raises KeyError, TypeError or re.error if it is wrong."""
    return tuple(
        Rule(
            id=row["id"],
            title=row["title"],
            message=row["message"],
            severity=Severity[row["severity"]],
            patterns=tuple(re.compile(pattern, re.IGNORECASE) for pattern in row["any"]),
            files=re.compile("|".join(row["files"])) if "files" in row else None,
        )
        for row in document["rules"]
    )


def find_addressed(files: Iterable[FileChange], rules: Iterable[Rule]) -> tuple[Addressed, ...]:
    """Return what added lines say to a model, by path and line; of one line and rule once."""
    rules = tuple(rules)
    found: list[Addressed] = []
    for file in sorted(files, key=lambda file: path_bytes(file.path)):
        fitting = [rule for rule in rules if rule.files is None or rule.files.search(file.path)]
        rows = (
            Addressed(rule=rule, path=file.path, line=number, text=text[:TEXT_CHARACTERS])
            for number, line in _added(file)
            for rule in fitting
            if (text := _first(rule, line)) is not None
        )
        found += [row for row, _ in zip(rows, range(MAX_PER_FILE), strict=False)]
    return tuple(found)


def _added(file: FileChange) -> Iterator[tuple[int, str]]:
    for hunk in file.hunks:
        for number, line in enumerate(hunk.new, hunk.new_start):
            if _HINT.search(line):
                yield number, line


def _first(rule: Rule, line: str) -> str | None:
    for start in range(0, max(len(line), 1), MAX_LINE - OVERLAP):
        piece = line[start : start + MAX_LINE]
        for pattern in rule.patterns:
            if match := pattern.search(piece):
                return match[0]
        if start + MAX_LINE >= len(line):
            break
    return None
