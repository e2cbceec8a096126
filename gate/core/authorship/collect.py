"""Collecting the evidence of one text or commit: effective grades, agents in order, nothing listed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gate.core.authorship.grades import GRADES, ROLES, Place, Role, capped, effective
from gate.core.authorship.identity import CO_AUTHOR, Hit, parse_identity
from gate.core.authorship.model import Evidence
from gate.core.authorship.schema import ASSIST_KEY, IDENTITY_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.core.authorship.message import Trailer
    from gate.core.authorship.registry import Registry, TextRule

#: Sources in the order in which they break ties.
SOURCE_ORDER: Final = {
    name: rank
    for rank, name in enumerate(
        (
            *("commit", "mr_commit", "cherry_pick", "notes_ai", "notes_agentblame", "mr_body", "account"),
            *("branch", "session"),
        )
    )
}
GENERIC_AGENT: Final = "generic-agent"
#: Pieces of evidence and hints that are listed for one commit; the verdict rests on all of them.
_MAX_LISTED: Final = 100
_MAX_TEXT: Final = 200
_DECLARING_PLACES: Final = (Place.LAST_BLOCK, Place.OWN_LINE)

Rank = tuple[int, int, int, bool, int]


class Spot(NamedTuple):
    """Where a text stands: the field of the commit, the place in it, the 1-based line (0 for identities)."""

    field: str
    place: Place
    line: int
    text: str


class Collector:
    """Evidence as it is found. `seen` holds the ids of all signatures met, also negative ones."""

    def __init__(self, registry: Registry, source: str = "commit") -> None:
        self.registry = registry
        self.evidence: list[Evidence] = []
        self.hints: list[Evidence] = []
        self.seen: set[str] = set()
        self._source = source
        self._ranks: dict[str, Rank] = {}
        self._listed: set[tuple[str, str, Place, str]] = set()
        self._weak: set[tuple[str, int]] = set()
        self._roles: set[tuple[str | None, str]] = set()
        self._left_out = 0

    @property
    def weak_pieces(self) -> int:
        """How many weak pieces differ in signature or line."""
        return len(self._weak)

    def agents(self) -> tuple[str, ...]:
        """The agents of all evidence that counts: strongest role, best grade, source, tools before models."""
        return tuple(sorted(self._ranks, key=self._ranks.__getitem__))

    def remarks(self) -> tuple[str, ...]:
        """What was found and is not listed."""
        return (f"{self._left_out} further pieces of evidence are not listed",) if self._left_out else ()

    def add_hits(self, hits: Sequence[Hit], spot: Spot, *, strongest: Role = Role.AUTHORED) -> None:
        """Add what one text carries. `strongest` limits the role that the place allows."""
        self.seen.update(hit.signature.id for hit in hits)
        counted = [hit for hit in hits if hit.signature.grade != "N"]
        if any(not hit.signature.fallback for hit in counted):
            counted = [hit for hit in counted if not hit.signature.fallback]
        tools = any(not hit.signature.names_model for hit in counted)
        for hit in counted:
            role = capped(hit.role, strongest)
            self._add(hit, role, spot, outranked=tools and hit.signature.names_model)

    def add_rule(self, rule: TextRule, spot: Spot, *, source: str | None = None) -> None:
        """Add a pattern that matched a text of its own."""
        self.seen.add(rule.signature.id)
        if rule.signature.grade != "N":
            self._add(_hit(rule), rule.signature.role, spot, source=source)

    def add_trailer(self, trailer: Trailer) -> None:
        """Add what the value of a trailer carries: an identity, patterns for its key, or both."""
        hits: list[Hit] = []
        place = trailer.place
        if trailer.key in IDENTITY_KEYS:
            for value in trailer.values:
                identity = parse_identity(value)
                if identity is None:
                    continue
                hits.extend(self.registry.find(CO_AUTHOR, identity.name, identity.address))
                if identity.repaired and place in _DECLARING_PLACES:
                    place = Place.REPAIRED
                break
        for rule in self.registry.texts.get(f"trailer.{trailer.key}", ()):
            search = rule.pattern.regex.search
            for value in trailer.values:
                if search(value):
                    hits.append(_hit(rule, trailer.values[0]))
                    break
        if not hits:
            return
        strongest = Role.AUTHORED
        if trailer.key in IDENTITY_KEYS:
            strongest = Role.ASSISTED if trailer.key == ASSIST_KEY else Role.CO_AUTHORED
        spot = Spot(f"trailer.{trailer.key}", place, trailer.line, trailer.text)
        self.add_hits(hits, spot, strongest=strongest)

    def add_account(self, hits: Sequence[Hit], login: str) -> None:
        """Add what the forge's own word on an account is worth: its agent wrote the change."""
        for hit in hits:
            self.seen.add(hit.signature.id)
            order = self.registry.order[hit.signature.id]
            rank = (ROLES[Role.AUTHORED], GRADES["A"], SOURCE_ORDER["account"], False, order)
            self._ranks[hit.agent] = min(rank, self._ranks.get(hit.agent, rank))
            self.evidence.append(
                Evidence(
                    signature="account",
                    agent=hit.agent,
                    role=Role.AUTHORED.value,
                    grade="A",
                    registry_grade="A",
                    source="account",
                    field="account",
                    place=Place.IDENTITY.value,
                    line=0,
                    text=escaped(login),
                    remark=hit.remark,
                )
            )

    def add_unlisted_bot(
        self, signature: str, text: str, *, source: str | None = None, field: str = "author"
    ) -> None:
        """Add the hint that an account ending in `[bot]` is on no list."""
        self.hints.append(
            Evidence(
                signature=signature,
                agent="",
                role=None,
                grade="C",
                registry_grade="C",
                source=source or self._source,
                field=field,
                place=Place.IDENTITY.value,
                line=0,
                text=escaped(text),
                remark="unlisted bot",
            )
        )

    def _add(
        self, hit: Hit, role: str | None, spot: Spot, *, outranked: bool = False, source: str | None = None
    ) -> None:
        signature = hit.signature
        grade = effective(signature.grade, spot.place)
        source = source or ("session" if signature.session and self._source == "commit" else self._source)
        listed = self.evidence
        if grade == "C":
            listed = self.hints
        else:
            order = self.registry.order[signature.id]
            rank = (ROLES[role or Role.LINKED], GRADES[grade], SOURCE_ORDER[source], outranked, order)
            self._ranks[hit.agent] = min(rank, self._ranks.get(hit.agent, rank))
            if grade == "weak":
                self._weak.add((signature.id, spot.line))
        key = (signature.id, spot.field, spot.place, spot.text)
        if key in self._listed:
            return
        self._listed.add(key)
        # A list that is full still takes what would change the verdict.
        if len(listed) >= _MAX_LISTED and (grade == "C" or (role, grade) in self._roles):
            self._left_out += 1
            return
        self._roles.add((role, grade))
        listed.append(
            Evidence(
                signature=signature.id,
                agent=hit.agent,
                role=role,
                grade=grade,
                registry_grade=signature.grade,
                source=source,
                field=spot.field,
                place=spot.place.value,
                line=spot.line,
                text=escaped(spot.text),
                agent_name=escaped(hit.agent_name) if hit.agent_name is not None else None,
                remark=hit.remark,
            )
        )


def escaped(text: str) -> str:
    """Return the first characters of a text, at most 200, with everything that does not print escaped."""
    text = text.strip()
    if len(text) <= _MAX_TEXT and text.isprintable():
        return text
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[:_MAX_TEXT])
    whole = "".join(shown)
    return whole if len(whole) <= _MAX_TEXT and len(text) <= _MAX_TEXT else whole[: _MAX_TEXT - 1] + "…"


def _hit(rule: TextRule, value: str | None = None) -> Hit:
    signature = rule.signature
    named = value.strip() if value is not None and signature.agent == GENERIC_AGENT else None
    return Hit(signature, signature.role, signature.agent, agent_name=named)
