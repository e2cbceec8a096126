"""One cluster of sightings as a finding: text, severity, place and witnesses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gate.core import secrets
from gate.core.family import SECRET_FAMILY, RuleKind
from gate.core.finding import Confidence, Finding, Severity, Witness
from gate.core.fingerprint import fingerprints
from gate.core.merge.seen import Seen, is_ai, rank

if TYPE_CHECKING:
    from gate.core.family import Families
    from gate.core.finding import Place, Range, Statement

MAX_WITNESSES = 50
MAX_TITLE = 255
MAX_MESSAGE = 4_000
_MAX_READ = 20_000


@dataclass(kw_only=True)
class Cluster:
    """The sightings of one finding. `members` has at least one and is of models only if all are.

    `ai` are sightings of models that say the same as the other tools.
    """

    members: list[Seen]
    ai: list[Seen] = field(default_factory=list)

    @cached_property
    def anchor(self) -> Seen:
        return min(self.members, key=lambda seen: seen.anchor_order)

    @property
    def path(self) -> str:
        return self.members[0].sighting.path

    @cached_property
    def family(self) -> str:
        """The family; of rules that no family lists the first name, so that no severity decides an id."""
        return min(seen.resolved.family for seen in self.members)

    @property
    def statement(self) -> Statement:
        return self.members[0].statement

    @property
    def position(self) -> Range:
        """The first range that has columns, else the first one."""
        return min((seen.range for seen in self.members), key=lambda place: (not place.start_column, place))

    @property
    def is_ai_only(self) -> bool:
        return is_ai(self.members[0].sighting.tool)


def _title(family: str, anchor: Seen, families: Families) -> str:
    """The tool's own title; of a secret the family's, since tools print the secret into theirs.

    That of a model is never the model's: it only says that a model speaks.
    """
    own = "" if family == SECRET_FAMILY and not is_ai(anchor.sighting.tool) else anchor.sighting.title
    return own or families.title(family)


def build(cluster: Cluster, ordinal: int, families: Families) -> Finding:
    """Return the finding of a cluster. Nothing that people see of it shows a secret, whatever the tools wrote."""
    family, anchor, statement = cluster.family, cluster.anchor, cluster.statement
    words = _Words(anchor.place)
    found = fingerprints(
        path=cluster.path, family=family, scope=statement.scope, code=statement.code, ordinal=ordinal
    )
    return Finding(
        id=f"id/v1:{found.id_v1}",
        fingerprints=found,
        family=family,
        cwe=tuple(sorted({cwe for seen in cluster.members for cwe in seen.resolved.cwe})),
        title=words.clean(_title(family, anchor, families), MAX_TITLE),
        message=words.clean(anchor.sighting.message, MAX_MESSAGE),
        severity=_severity(cluster.members),
        confidence=_confidence(cluster.members),
        path=cluster.path,
        range=anchor.range,
        scope=statement.scope,
        code=statement.code,
        ordinal=ordinal,
        statement=statement.range,
        snippet=anchor.place.snippet,
        snippet_start=anchor.place.snippet_start,
        line_hash=anchor.place.line_hash,
        witnesses=tuple(_witness(seen, words) for seen in _in_order(cluster))[:MAX_WITNESSES],
        suppressed=all(seen.sighting.suppressed_inline for seen in cluster.members),
    )


def _in_order(cluster: Cluster) -> list[Seen]:
    """The anchor, then by tool, rule and range; models last."""
    anchor = cluster.anchor
    return sorted(
        cluster.members + cluster.ai,
        key=lambda seen: (seen is not anchor, rank(seen.sighting.tool), seen.sighting.rule_id, seen.range),
    )


def _severity(members: list[Seen]) -> Severity:
    """The worst one. What is only a place to look at counts fully where a second tool says the same."""
    confirmed = len({seen.sighting.tool for seen in members}) > 1
    return max(
        seen.sighting.severity
        if confirmed and seen.resolved.kind is RuleKind.AUDIT
        else seen.resolved.severity
        for seen in members
    )


def _confidence(members: list[Seen]) -> Confidence:
    tools = {seen.sighting.tool for seen in members if not is_ai(seen.sighting.tool)}
    return Confidence.HIGH if len(tools) > 1 else max(seen.sighting.confidence for seen in members)


def _witness(seen: Seen, words: _Words) -> Witness:
    sighting = seen.sighting
    return Witness(
        tool=sighting.tool,
        rule_id=sighting.rule_id,
        range=sighting.range,
        native_severity=sighting.native_severity,
        native_confidence=sighting.native_confidence,
        message=words.clean(sighting.message, MAX_MESSAGE),
        url=sighting.url if sighting.url.startswith(("https://", "http://")) else "",
        suppressed=sighting.suppressed_inline,
    )


class _Words:
    """Masks and cuts what tools wrote about one finding."""

    def __init__(self, place: Place) -> None:
        self._literals = place.literals
        self._is_secret = place.is_secret

    def clean(self, text: str, longest: int) -> str:
        masked = secrets.mask_message(text[:_MAX_READ], self._literals, quoted=self._is_secret)
        return masked if len(masked) <= longest else masked[: longest - 1] + "…"
