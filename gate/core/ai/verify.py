"""Every claim of a model is checked against the change; what cannot be shown there is rejected and counted."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gate.core.ai.clean import clean
from gate.core.ai.diff import shown_path
from gate.core.ai.model import AiArea, AiFinding, Scope
from gate.core.ai.quote import find_quote
from gate.core.finding import Severity
from gate.core.fold import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gate.core.ai.files import ChangedText
    from gate.core.family import Families

MAX_ENTRIES = 2_000
MAX_KEPT = 50
MAX_QUOTE = 2_000
AREAS = ("auth", "authz", "crypto", "data")
SEVERITIES = {"HIGH": Severity.HIGH, "MEDIUM": Severity.MEDIUM, "LOW": Severity.LOW}
_TEXTS = ("file", "category", "description", "exploit_scenario", "recommendation", "quote")
_REQUIRED = frozenset({*_TEXTS, "line", "severity", "confidence"})
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_CWE = re.compile(r"(?i)(?:cwe[-_ ]?)?(\d{1,5})\b")


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What is left of one call. `answered`: at least one answer was well-formed and bore the right id.

    `rejected` counts entries by `schema`, `path`, `quote`, `cap`. `capped`: there was more than is kept.
    """

    findings: tuple[AiFinding, ...] = ()
    areas: tuple[AiArea, ...] = ()
    rejected: Mapping[str, int] = field(default_factory=dict)
    answered: bool = False
    capped: bool = False


@dataclass(frozen=True, kw_only=True)
class Verifier:
    """Checks answers against the files of a change. `categories` maps words of models to our families;
    `secrets` are values that must not be repeated anywhere.
    """

    files: Mapping[str, ChangedText]
    families: Families
    categories: Mapping[str, str]
    secrets: tuple[str, ...] = ()

    def verify(self, answers: Sequence[Any], review_id: str | None) -> Verified:
        """Return what holds of all answers of one call, their union. `review_id` None: the engine has none."""
        rejected: Counter[str] = Counter()
        kept: dict[tuple[str, str, str], AiFinding] = {}
        areas: dict[tuple[str, str], AiArea] = {}
        answered = False
        entries = [(entry, answer) for answer in answers for entry in _list(answer, "findings")]
        for entry, _ in entries[:MAX_ENTRIES]:
            found = self._finding(entry)
            if isinstance(found, str):
                rejected[found] += 1
            elif found.identity not in kept or _rank(found) < _rank(kept[found.identity]):
                kept[found.identity] = found
        for answer in answers:
            answered = answered or _is_answer(answer, review_id)
            for entry in _list(answer, "areas")[:MAX_ENTRIES]:
                area = self._area(entry)
                if isinstance(area, str):
                    rejected[area] += 1
                else:
                    areas.setdefault((area.area, area.path), area)
        over = max(0, len(entries) - MAX_ENTRIES) + max(0, len(kept) - MAX_KEPT)
        if over:
            rejected["cap"] += over
        return Verified(
            findings=tuple(sorted(kept.values(), key=_rank)[:MAX_KEPT]),
            areas=tuple(areas[key] for key in sorted(areas)),
            rejected=dict(sorted(rejected.items())),
            answered=answered,
            capped=over > 0,
        )

    def _finding(self, entry: Any) -> AiFinding | str:
        if not _is_finding(entry):
            return "schema"
        file = self._file(entry["file"])
        if file is None:
            return "path"
        place = find_quote(entry["quote"][:MAX_QUOTE], entry["line"], file)
        if place is None:
            return "quote"
        lines = file.old_lines if place.scope is Scope.REMOVED else file.new_lines
        text = "\n".join(" ".join(line.split()) for line in lines[place.first - 1 : place.last])
        cwe = self._cwe(entry.get("cwe", ""))
        category = clean(entry["category"], self.secrets, most=80)
        scenario = clean(entry["exploit_scenario"], self.secrets)
        message = clean(entry["description"], self.secrets)
        return AiFinding(
            path=file.path,
            line=place.first,
            last_line=place.last,
            scope=place.scope,
            severity=SEVERITIES[entry["severity"]],
            confidence=round(float(entry["confidence"]), 3),
            category=category,
            family=self._family(category, cwe),
            cwe=cwe,
            message=f"{message} {scenario}".strip(),
            recommendation=clean(entry["recommendation"], self.secrets),
            quote_digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        )

    def _area(self, entry: Any) -> AiArea | str:
        keys = {"area", "file", "line", "quote"}
        if not isinstance(entry, dict) or set(entry) != keys or entry["area"] not in AREAS:
            return "schema"
        if (
            not all(isinstance(entry[key], str) for key in ("area", "file", "quote"))
            or type(entry["line"]) is not int
        ):
            return "schema"
        file = self._file(entry["file"])
        if file is None:
            return "path"
        place = find_quote(entry["quote"][:MAX_QUOTE], entry["line"], file)
        if place is None:
            return "quote"
        return AiArea(
            area=entry["area"], path=file.path, line=0 if place.scope is Scope.REMOVED else place.first
        )

    def _file(self, path: str) -> ChangedText | None:
        """A file by its name as it is, else as a model was shown it or copies it. No path is ever opened."""
        return self.files.get(path) or self._by_copied.get(copied(path))

    @cached_property
    def _by_copied(self) -> Mapping[str, ChangedText]:
        """Files by the names that a model may give them; nothing where two would have the same one."""
        found: dict[str, list[ChangedText]] = {}
        for path, file in self.files.items():
            for name in {copied(path), copied(shown_path(path))}:
                found.setdefault(name, []).append(file)
        return {name: files[0] for name, files in found.items() if len(files) == 1}

    def _cwe(self, text: str) -> tuple[int, ...]:
        found = _CWE.fullmatch(text.strip()) or _CWE.match(text.strip())
        return (int(found[1]),) if found and int(found[1]) else ()

    def _family(self, category: str, cwe: tuple[int, ...]) -> str | None:
        for number in cwe:
            if number not in self.families.coarse and number in self.families.by_cwe:
                return self.families.by_cwe[number]
        name = re.sub(r"[^a-z0-9]+", "-", category.casefold()).strip("-")
        if name in self.families.families:
            return name
        return self.categories.get(name)


def copied(path: str) -> str:
    """Return a path as a model may copy it: composed letters, plain blanks, none around it."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", path)).split())


def _list(answer: Any, key: str) -> list[Any]:
    value = answer.get(key) if isinstance(answer, dict) else None
    return value if isinstance(value, list) else []


def _is_finding(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and _REQUIRED <= set(entry) <= _REQUIRED | {"cwe"}
        and all(isinstance(entry[key], str) for key in _TEXTS)
        and isinstance(entry.get("cwe", ""), str)
        and type(entry["line"]) is int
        and abs(entry["line"]) < 10**9
        and isinstance(entry["severity"], str)
        and entry["severity"] in SEVERITIES
        and isinstance(entry["confidence"], int | float)
        and not isinstance(entry["confidence"], bool)
        and 0 <= entry["confidence"] <= 1
    )


def _is_answer(answer: Any, review_id: str | None) -> bool:
    """Whether an answer as a whole has the form that was asked for."""
    if not isinstance(answer, dict) or not isinstance(answer.get("findings"), list):
        return False
    known = {"findings", "areas"} | ({"review_id"} if review_id is not None else set())
    if not set(answer) <= known or not isinstance(answer.get("areas", []), list):
        return False
    return (review_id is None or answer.get("review_id") == review_id) and all(
        map(_is_finding, answer["findings"])
    )


def _rank(finding: AiFinding) -> tuple[object, ...]:
    """The worst first; decides what is kept, and which of two claims of one thing speaks."""
    return (
        -finding.severity,
        -finding.confidence,
        finding.path,
        finding.line,
        finding.category,
        finding.message,
    )


def secret_values(environment: Mapping[str, str], given: Iterable[str]) -> tuple[str, ...]:
    """Return the values that no text may repeat: those given to the engine, and those whose names say so."""
    named = re.compile(r"(?i)key|token|secret|passw")
    values = {*given, *(value for name, value in environment.items() if named.search(name))}
    return tuple(sorted((v for v in values if len(v) >= 8), key=lambda v: (-len(v), v)))
