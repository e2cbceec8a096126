"""Values that the checks share: their rules and tables, the files of a side, what both sides say of one file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gate.core.finding import Confidence, Range, Severity, Sighting

if TYPE_CHECKING:
    from gate.core.change import Hunk
    from gate.core.finding import Place

#: The name under which reports show these findings.
TOOL = "gate"


class CheckError(ValueError):
    """A table of the checks is wrong; the message names the place in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding, as the shipped table has it."""

    id: str
    title: str
    message: str
    severity: Severity
    confidence: Confidence
    family: str
    cwe: tuple[int, ...]

    def at(self, path: str, place: Range, fact: str, *, known_place: Place | None = None) -> Sighting:
        """Return the sighting of this rule; `fact` is one sentence about what stands there."""
        return Sighting(
            tool=TOOL,
            rule_id=self.id,
            path=path,
            range=place,
            severity=self.severity,
            confidence=self.confidence,
            native_severity=self.severity.word,
            native_confidence=self.confidence.word,
            family=self.family,
            cwe=self.cwe,
            title=self.title,
            message=f"{fact} {self.message}",
            place=known_place,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The rules by id, and the tables `packages` and `controls` as they are shipped."""

    rules: Mapping[str, Rule]
    packages: Mapping[str, Any]
    controls: Mapping[str, Any]
    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a change. `paths` are all of its files, `files` the texts of the changed ones that could be
    read. `read` gives the texts of other files of that side; what it leaves out could not be read.
    """

    paths: tuple[str, ...]
    files: Mapping[str, str]
    read: Callable[[Sequence[str]], Mapping[str, str]] = lambda _paths: {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One changed file on both sides; a text is None where there is no file, or none that could be read.

    `path` is that of the head, or of the base if the file is gone.
    """

    path: str
    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...]
    old_path: str = ""
    is_deleted: bool = False


class Moved:
    """Lines that the change takes away in one place and adds in another, each used once."""

    def __init__(self, pairs: tuple[Pair, ...]) -> None:
        self.added = Counter(
            bare for pair in pairs for hunk in pair.hunks for line in hunk.new if (bare := squeezed(line))
        )
        self.removed = Counter(
            bare for pair in pairs for hunk in pair.hunks for line in hunk.old if (bare := squeezed(line))
        )

    def comes_back(self, line: str) -> bool:
        """Whether a removed line is added elsewhere at least as often as it was removed."""
        bare = squeezed(line)
        return self.added[bare] >= self.removed[bare] > 0

    def was_there(self, line: str) -> bool:
        """Whether an added line was removed elsewhere at least as often as it was added."""
        bare = squeezed(line)
        return self.removed[bare] >= self.added[bare] > 0


def squeezed(line: str) -> str:
    """A line without its blanks and without what a formatter puts at its end."""
    return "".join(line.split()).rstrip(",;")


def build_checks(rules: object, packages: Mapping[str, Any], controls: Mapping[str, Any]) -> Checks:
    """Return the checks that the shipped tables describe. Raises CheckError if one of them is wrong."""
    if not isinstance(rules, Mapping) or not isinstance(rules.get("rules"), list):
        raise CheckError("checks/rules.yml: expected a list under rules")
    try:
        built = {row["id"]: _rule(row) for row in rules["rules"]}
        compiled = {
            "guard": _any(controls["guards"]),
            "condition": _any(controls["conditions"]),
            "refusal": _any(controls["refusals"]),
            "replacement": _any(controls["replacements"]),
            "safe_true": re.compile(controls["switches"]["safe_true"]),
            "safe_false": re.compile(controls["switches"]["safe_false"]),
            "origins": re.compile(controls["origins"]),
            "everybody": re.compile(controls["everybody"]),
            "suppression": re.compile(controls["suppressions"]),
            **{f"test_{name}": re.compile(text) for name, text in controls["tests"].items()},
        }
        for row in controls["protections"]:
            compiled[f"protection {row['name']}"] = re.compile(row["line"])
            compiled[f"kept {row['name']}"] = re.compile(row["kept"])
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise CheckError(f"checks: {error!r}") from error
    return Checks(rules=built, packages=packages, controls=controls, patterns=compiled)


def _any(patterns: list[str]) -> re.Pattern[str]:
    # A flag of one alternative holds for that one alone.
    return re.compile("|".join(_scoped(text) for text in patterns))


def _scoped(text: str) -> str:
    return f"(?i:{text[4:]})" if text.startswith("(?i)") else f"(?:{text})"


def _rule(row: Mapping[str, Any]) -> Rule:
    metadata = row["metadata"]
    return Rule(
        id=row["id"],
        title=row["title"],
        message=" ".join(row["message"].split()),
        severity=Severity[row["severity"]],
        confidence=Confidence[metadata["confidence"]],
        family=metadata["gate"]["family"],
        cwe=tuple(sorted(int(text[4:].partition(":")[0]) for text in metadata["cwe"])),
    )
