"""The compiled registry: agents, what their signatures are looked up by, and its digest."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from gate.core.authorship.bots import BotTable, looks_automatic
from gate.core.authorship.identity import AUTHOR, CO_AUTHOR, IdentityTable
from gate.core.authorship.model import RegistryStamp
from gate.core.authorship.needles import Needles
from gate.core.authorship.schema import (
    IDENTITY_KEYS,
    Agent,
    RegistryError,
    Signature,
    read_agent,
    text_list,
)
from gate.core.evidence import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gate.core.authorship.patterns import Pattern

SIGN_OFF_KEY: Final = "signed-off-by"
#: Text that makes a message worth reading for facts other than agents.
_ALWAYS: Final = (SIGN_OFF_KEY, "reverts commit", "cherry picked from commit")
_OVERLAY_KEYS: Final = frozenset({"agents", "disable", "bots", "noreply_hosts"})
#: Identities repeat: a history of 100,000 commits has a few thousand of them.
_REMEMBERED: Final = 8_192


@dataclass(frozen=True, slots=True)
class TextRule:
    """A pattern of a signature for texts; `without` is the name field in which it must not match."""

    signature: Signature
    pattern: Pattern
    without: str | None = None


class Standing(Enum):
    """What an identity is known as. An agent is never a bot; unknown are people and everything else."""

    AGENT = auto()
    LISTED_BOT = auto()
    UNLISTED_BOT = auto()
    UNKNOWN = auto()


class Registry:
    """All signatures, ready for matching. Made by `build_registry`; never changes.

    `agents` are sorted by id. `version` names the state of knowledge as the bots document says it ("" without
    one). `digest` covers everything that can change an answer. `added` and `disabled` are the signature ids
    that the overlay of the site brought and switched off.
    """

    def __init__(
        self,
        agents: Sequence[Agent],
        bots: BotTable,
        *,
        hosts: frozenset[str],
        version: str,
        digest: str,
        added: Sequence[str] = (),
        disabled: Sequence[str] = (),
        added_bots: Sequence[str] = (),
        added_hosts: Sequence[str] = (),
    ) -> None:
        self.agents = tuple(agents)
        self.version = version
        self.digest = digest
        self.added = tuple(added)
        self.disabled = tuple(disabled)
        self.added_bots = tuple(added_bots)
        self.added_hosts = tuple(added_hosts)
        #: Agents by the words that tools have for themselves in git notes.
        self.note_tools: Mapping[str, str] = {tool: a.id for a in agents for tool in a.note_tools}
        signatures = [s for a in agents for s in a.signatures]
        self.signatures: Mapping[str, Signature] = {s.id: s for s in signatures}
        self.order: Mapping[str, int] = {s.id: position for position, s in enumerate(signatures)}
        texts: defaultdict[str, list[TextRule]] = defaultdict(list)
        for signature in signatures:
            for group in signature.groups:
                if group.pattern is not None:
                    texts[signature.field].append(TextRule(signature, group.pattern, group.without))
        self.texts: Mapping[str, tuple[TextRule, ...]] = {f: tuple(rules) for f, rules in texts.items()}
        trailers = (f.removeprefix("trailer.") for f in texts if f.startswith("trailer."))
        #: Trailer keys that are read, in lower case.
        self.keys = tuple(dict.fromkeys((*IDENTITY_KEYS, SIGN_OFF_KEY, *trailers)))
        line_needles = [n for rule in self.texts.get("body.line", ()) for n in rule.pattern.needles]
        #: A message that holds none of these, in lower case, says nothing.
        self.needles = _shortest((*self.keys, *_ALWAYS, *line_needles))
        self._line_needles = line_needles
        identities = IdentityTable((s for s in signatures if _on_identity(s)), hosts)
        self.account_of = identities.account
        self.find = functools.lru_cache(maxsize=_REMEMBERED)(identities.find)
        self.standing = functools.lru_cache(maxsize=_REMEMBERED)(self._standing)
        self._bots = bots

    @functools.cached_property
    def speaking(self) -> Needles:
        """What a message must hold one of to say something."""
        return Needles(self.needles)

    @functools.cached_property
    def lines(self) -> Needles:
        """What the patterns of lines cannot match without; made once, where messages are read."""
        return Needles(self._line_needles)

    @property
    def stamp(self) -> RegistryStamp:
        """What reports say of the registry."""
        return RegistryStamp(
            version=self.version, digest=self.digest, added=self.added, disabled=self.disabled
        )

    def _standing(self, name: str, email: str) -> Standing:
        """What an identity is, for the program as a whole; see Standing."""
        hits = (*self.find(AUTHOR, name, email), *self.find(CO_AUTHOR, name, email))
        if any(hit.signature.grade in ("A", "B") for hit in hits):
            return Standing.AGENT
        account = self.account_of(email)
        if self._bots.lists(name, email, account):
            return Standing.LISTED_BOT
        return Standing.UNLISTED_BOT if looks_automatic(account) else Standing.UNKNOWN


def build_registry(
    documents: Sequence[Mapping[str, Any]],
    *,
    bots: Mapping[str, Any] | None = None,
    noreply_hosts: Sequence[str] = (),
    overlay: Mapping[str, Any] | None = None,
) -> Registry:
    """Return the registry of agent documents, the list of bots and the overlay of a site.

    All are plain data as YAML gives it; the order of `documents` has no effect. `noreply_hosts` are the hosts of
    forges beside github.com whose `users.noreply.<host>` addresses name accounts. The overlay is `{agents:
    [document], disable: [signature id], bots: [slug], noreply_hosts: [host]}`; an agent of it that exists
    already gets further signatures.
    Raises RegistryError, which names the agent, the signature and the key, for anything wrong.
    """
    overlay = overlay or {}
    unknown = sorted(str(key) for key in overlay if key not in _OVERLAY_KEYS)
    if unknown:
        raise RegistryError(f"overlay: has the unknown key {unknown[0]!r}; known are {sorted(_OVERLAY_KEYS)}")
    more_agents = overlay.get("agents", [])
    if not isinstance(more_agents, list):
        raise RegistryError("overlay: agents must be a list of agent documents")
    disabled = text_list(overlay.get("disable", []), "overlay: disable")
    more_bots = text_list(overlay.get("bots", []), "overlay: bots")
    more_hosts = text_list(overlay.get("noreply_hosts", []), "overlay: noreply_hosts")
    hosts = frozenset(h.casefold() for h in ("github.com", *noreply_hosts, *more_hosts))

    own = [read_agent(document) for document in documents]
    site = [read_agent(document) for document in more_agents]
    agents = _merged(own, site)
    known = {s.id for a in agents for s in a.signatures}
    for identifier in disabled:
        if identifier not in known:
            raise RegistryError(f"overlay: disable names {identifier}, which is no signature")
    kept = [_without(agent, frozenset(disabled)) for agent in agents]
    version = (bots or {}).get("version", "")
    if not isinstance(version, str):
        raise RegistryError(f"bots: version is {version!r}; it must be text (in quotes)")
    return Registry(
        kept,
        BotTable(bots, more_bots),
        hosts=hosts,
        version=version,
        digest=digest(
            {
                "agents": sorted((dict(d) for d in documents), key=lambda d: str(d["id"])),
                "bots": bots,
                "noreply_hosts": sorted(hosts),
                "overlay": overlay,
            }
        ),
        added=[s.id for a in site for s in a.signatures],
        disabled=disabled,
        added_bots=more_bots,
        added_hosts=more_hosts,
    )


def is_agent_identity(name: str, email: str, registry: Registry) -> bool:
    """Whether an identity is an agent's by address, account or model name, as author or as co-author.

    A person's own identity that a tool only marks, such as `Name (aider)`, is not: that person stays one.
    """
    return registry.standing(name, email) is Standing.AGENT


def is_bot_identity(name: str, email: str, registry: Registry) -> bool:
    """Whether an identity is automation that is no agent: a listed bot, or an account ending in `[bot]`."""
    return registry.standing(name, email) in (Standing.LISTED_BOT, Standing.UNLISTED_BOT)


def _merged(own: Sequence[Agent], site: Sequence[Agent]) -> list[Agent]:
    """Join the agents by id, sorted by id; refuse ids that stand twice."""
    agents: dict[str, Agent] = {}
    for agent in own:
        if agent.id in agents:
            raise RegistryError(f"agent {agent.id}: stands in two documents")
        agents[agent.id] = agent
    for agent in site:
        before = agents.get(agent.id)
        signatures = (*before.signatures, *agent.signatures) if before else agent.signatures
        tools = (*before.note_tools, *agent.note_tools) if before else agent.note_tools
        agents[agent.id] = replace(agent, signatures=signatures, note_tools=tools)
    seen: set[str] = set()
    for signature in (s for a in agents.values() for s in a.signatures):
        if signature.id in seen:
            raise RegistryError(f"signature {signature.id}: stands twice in the registry")
        seen.add(signature.id)
    owners: dict[str, str] = {}
    for tool, identifier in ((t, a.id) for a in agents.values() for t in a.note_tools):
        if owners.setdefault(tool, identifier) != identifier:
            raise RegistryError(f"agent {identifier}: note_tools names {tool!r}, as {owners[tool]} does")
    return [agents[identifier] for identifier in sorted(agents)]


def _without(agent: Agent, disabled: frozenset[str]) -> Agent:
    kept = tuple(s for s in agent.signatures if s.id not in disabled)
    return replace(agent, signatures=kept)


def _on_identity(signature: Signature) -> bool:
    """Whether a signature is about a name with an address: in a commit's header or in an identity trailer."""
    return any(group.emails or group.slugs or group.asks_name for group in signature.groups)


def _shortest(needles: Sequence[str]) -> tuple[str, ...]:
    """Leave out the needles that contain another one."""
    unique = sorted(set(needles), key=lambda n: (len(n), n))
    kept: list[str] = []
    for needle in unique:
        if not any(shorter in needle for shorter in kept):
            kept.append(needle)
    return tuple(kept)
