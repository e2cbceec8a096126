"""Families of weaknesses: which one a sighting belongs to, with our CWEs and corrected severity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gate.core.finding import Severity

if TYPE_CHECKING:
    from gate.core.finding import Sighting

#: Family in which source text itself is the secret.
SECRET_FAMILY = "hardcoded-secret"
OTHER = "other:"


class FamiliesError(ValueError):
    """The table of families is wrong; the message names the place in it."""


class RuleKind(StrEnum):
    """What a rule of a tool looks for, where that limits its severity."""

    WEAKNESS = "weakness"
    IMPORT = "import"  # the mere import of a module: info
    HYGIENE = "hygiene"  # style more than security: info
    AUDIT = "audit"  # a place to look at: at most low, unless a second tool says the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of weakness. `cwes` is sorted and may be empty: then only rules of ours lead to it."""

    id: str
    title: str
    cwes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the table says about one rule of a tool. `name` is empty if the tool no longer has the rule.

    `covered`: shipped rules look for the same, with values and checks; where they read the file and are
    silent, the rule's word alone is no finding. `at_most` limits the severity that the tool gives.
    """

    family: str
    cwe: tuple[int, ...]
    kind: RuleKind = RuleKind.WEAKNESS
    name: str = ""
    covered: bool = False
    at_most: Severity = Severity.CRITICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A sighting's family and our CWEs, sorted. `severity` is the sighting's own within the limit of its rule."""

    family: str
    cwe: tuple[int, ...]
    severity: Severity
    kind: RuleKind = RuleKind.WEAKNESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """The table. `families` by id, `rows` by lower-case tool and rule id, `renamed` from old to new id."""

    families: Mapping[str, Family]
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)
    coarse: frozenset[int] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    by_cwe: Mapping[int, str] = field(default_factory=dict)

    def title(self, family: str) -> str:
        """The title for people; of `other:<tool>/<rule>` the rule."""
        known = self.families.get(family)
        return known.title if known else family.removeprefix(OTHER).partition("/")[2] or family

    def rule_names(self, tool: str) -> dict[str, str]:
        """The ids and names by which a comment can call the rules of a tool, each with its id."""
        present = {rule: row for rule, row in self.rows.get(tool, {}).items() if row.name}
        return {rule: rule for rule in present} | {row.name: rule for rule, row in present.items()}

    def is_covered(self, tool: str, rule_id: str) -> bool:
        """Whether shipped rules look for what this rule of a tool looks for, more closely."""
        row = self.rows.get(tool.lower(), {}).get(rule_id)
        return row is not None and row.covered

    def current(self, family: str) -> str:
        """The name that a family has now."""
        return self.renamed.get(family, family)

    def resolve(self, sighting: Sighting) -> Resolved:
        """Return what a sighting is about.

        In this order: the family that a shipped rule declares; the row of the tool's rule; the first CWE in
        the tool's order that is not coarse and that a family lists; `other:<tool>/<rule>`.
        """
        if sighting.family is not None:
            family = self.current(sighting.family)
            return Resolved(family=family, cwe=tuple(sorted(set(sighting.cwe))), severity=sighting.severity)
        row = self.rows.get(sighting.tool.lower(), {}).get(sighting.rule_id)
        if row is not None:
            limit = min(_LIMITS.get(row.kind, Severity.CRITICAL), row.at_most)
            return Resolved(
                family=row.family, cwe=row.cwe, severity=min(sighting.severity, limit), kind=row.kind
            )
        for cwe in sighting.cwe:
            decided = None if cwe in self.coarse else self._decided_by(cwe, sighting.rule_id)
            if decided is not None:
                return Resolved(
                    family=decided, cwe=self._own_cwes(decided, sighting), severity=sighting.severity
                )
        return Resolved(
            family=f"{OTHER}{sighting.tool}/{sighting.rule_id}",
            cwe=tuple(sorted(set(sighting.cwe))),
            severity=sighting.severity,
        )

    def _decided_by(self, cwe: int, rule_id: str) -> str | None:
        if cwe in _AMBIGUOUS:
            words = f"{'-'.join(_WORDS.findall(rule_id))} {rule_id}".lower()
            for pattern, family in _BY_WORDS:
                if family in self.families and pattern.search(words):
                    return family
        return self.by_cwe.get(cwe)

    def _own_cwes(self, family: str, sighting: Sighting) -> tuple[int, ...]:
        """Those CWEs of the tool that the family lists; the family's first one if there are none."""
        known = self.families[family].cwes
        return tuple(sorted(set(known).intersection(sighting.cwe))) or known[:1]


_LIMITS = {RuleKind.IMPORT: Severity.INFO, RuleKind.HYGIENE: Severity.INFO, RuleKind.AUDIT: Severity.LOW}

# CWE-326 and CWE-327 are used for hashes, protocols, keys and ciphers alike; the rule's name tells.
_AMBIGUOUS = frozenset([326, 327])
_WORDS = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_BY_WORDS = (
    (re.compile(r"\b(?:md-?[245]|sha-?1|hash(?:es|ing)?|digests?)\b"), "weak-hash"),
    (re.compile(r"\b(?:ssl|tls|protocols?\b)|(?:ssl|tls)v?\d"), "weak-tls"),
    (re.compile(r"\b(?:rsa|dsa|ecdsa|ec|keys?|bits)\b"), "weak-key"),
)


def build_families(document: object) -> Families:
    """Return the table that a parsed `families.yml` holds. Raises FamiliesError if anything in it is wrong."""
    top = _mapping(document, "families")
    _only(top, "families", {"version", "coarse", "families", "tools", "renamed"})
    if top.get("version") != 1:
        raise FamiliesError(f"version: expected 1, found {top.get('version')!r}")
    coarse = frozenset(_numbers(top.get("coarse", []), "coarse"))
    families = {name: _family(name, value) for name, value in _items(top, "families")}
    by_cwe: dict[int, str] = {}
    for family in families.values():
        for cwe in family.cwes:
            if cwe in by_cwe or cwe in coarse:
                other = by_cwe.get(cwe, "coarse")
                raise FamiliesError(f"families.{family.id}.cwes: {cwe} already belongs to {other}")
            by_cwe[cwe] = family.id
    rows = {
        tool.lower(): {
            rule: _row(f"tools.{tool}.{rule}", value, families) for rule, value in _items(tools, tool)
        }
        for tools in (_mapping(top.get("tools", {}), "tools"),)
        for tool in tools
    }
    renamed = _mapping(top.get("renamed", {}), "renamed")
    for old, new in renamed.items():
        if old in families or new not in families:
            raise FamiliesError(
                f"renamed.{old}: the old name must be gone and the new one, {new!r}, must exist"
            )
    return Families(families=families, rows=rows, coarse=coarse, renamed=renamed, by_cwe=by_cwe)


def _family(name: str, value: object) -> Family:
    where = f"families.{name}"
    if name.startswith(OTHER) or not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise FamiliesError(f"{where}: a name has lower-case letters, digits and hyphens")
    entry = _mapping(value, where)
    _only(entry, where, {"title", "cwes"})
    title = entry.get("title")
    if not isinstance(title, str) or not title:
        raise FamiliesError(f"{where}.title: expected a text")
    return Family(id=name, title=title, cwes=tuple(sorted(_numbers(entry.get("cwes", []), f"{where}.cwes"))))


def _row(where: str, value: object, families: Mapping[str, Family]) -> Row:
    entry = _mapping(value, where)
    _only(entry, where, {"family", "cwe", "kind", "name", "covered", "at_most"})
    if entry.get("family") not in families:
        raise FamiliesError(f"{where}.family: {entry.get('family')!r} is no family")
    kind = entry.get("kind", RuleKind.WEAKNESS)
    if kind not in {known.value for known in RuleKind}:
        raise FamiliesError(f"{where}.kind: {kind!r} is none of import, hygiene, audit")
    cwe = tuple(sorted(_numbers(entry.get("cwe", []), f"{where}.cwe")))
    name = entry.get("name", "")
    if not isinstance(name, str):
        raise FamiliesError(f"{where}.name: expected a text")
    covered = entry.get("covered", False)
    if not isinstance(covered, bool):
        raise FamiliesError(f"{where}.covered: expected true or false")
    at_most = entry.get("at_most", "critical")
    levels = {level.name.lower(): level for level in Severity}
    if at_most not in levels:
        raise FamiliesError(f"{where}.at_most: {at_most!r} is none of {', '.join(levels)}")
    return Row(
        family=entry["family"],
        cwe=cwe,
        kind=RuleKind(kind),
        name=name,
        covered=covered,
        at_most=levels[at_most],
    )


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise FamiliesError(f"{where}: expected a mapping with names as keys")
    return dict(value)


def _items(parent: Mapping[str, Any], key: str) -> list[tuple[str, object]]:
    return list(_mapping(parent.get(key, {}), key).items())


def _numbers(value: object, where: str) -> list[int]:
    if not isinstance(value, list | tuple) or not all(type(item) is int and item > 0 for item in value):
        raise FamiliesError(f"{where}: expected a list of CWE numbers")
    return list(value)


def _only(value: Mapping[str, Any], where: str, keys: set[str]) -> None:
    unknown = sorted(set(value) - keys)
    if unknown:
        raise FamiliesError(f"{where}: unknown key {unknown[0]!r}")
