"""The judgement on one commit: evidence from its identities and its message, united into a verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from gate.core.authorship.collect import Collector, Spot
from gate.core.authorship.grades import ROLES, Place, Role
from gate.core.authorship.identity import AUTHOR, parse_identity
from gate.core.authorship.message import Reading, read
from gate.core.authorship.model import AuthorVerdict, CommitAuthorship, Evidence
from gate.core.authorship.registry import (
    SIGN_OFF_KEY,
    Registry,
    Standing,
    TextRule,
)
from gate.core.change import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.change import Commit

#: Trailers that name people who wrote part of a commit.
_CO_WRITER_KEYS: Final = ("co-authored-by", "co-developed-by")
_REVERTS: Final = re.compile(r"[Tt]his reverts commit\s+([0-9a-f]{7,64})\b")
_PICKED: Final = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")
_MERGED: Final = (
    re.compile(r"^Merge pull request #\d{1,12} from [^/\s]{1,100}/(\S{1,250})$"),
    re.compile(r"^Merge (?:remote-tracking )?branch '(?:origin/)?([^'\s]{1,250})'"),
)
_VERDICTS: Final = {
    Role.AUTHORED: AuthorVerdict.DECLARED_AI,
    Role.CO_AUTHORED: AuthorVerdict.DECLARED_AI,
    Role.ASSISTED: AuthorVerdict.AI_ASSISTED,
    Role.LINKED: AuthorVerdict.AI_LINKED,
}
_OWN_PLACES: Final = (Place.LAST_BLOCK, Place.OWN_LINE, Place.REPAIRED)
_UNLISTED_BOT: Final = "unlisted-bot"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What pieces of evidence come to: an AI verdict with its role, or None for both."""

    verdict: AuthorVerdict | None
    role: str | None
    certain: bool


def combine(pieces: Iterable[Evidence], *, weak_pieces: int) -> Ruling:
    """Return what evidence of the grades A, B and weak comes to; the order has no effect.

    `weak_pieces` is the number of weak ones that differ in signature or line. Two of them count as one B.
    """
    roles: set[str] = set()
    grades: set[str] = set()
    for piece in pieces:
        grades.add(piece.grade)
        if piece.role is not None:
            roles.add(piece.role)
    if not roles:
        return Ruling(None, None, certain=False)
    role = Role(min(roles, key=ROLES.__getitem__))
    if grades == {"weak"} and weak_pieces < 2 and role is not Role.LINKED:
        role = Role.ASSISTED
    return Ruling(_VERDICTS[role], role.value, certain="A" in grades)


def attribute_commit(commit: Commit, registry: Registry, *, suppressed: bool = False) -> CommitAuthorship:
    """Return who wrote a commit, from the commit alone. Never raises, whatever its texts hold.

    `suppressed` says that the tree switches attribution off; it is noted on an undeclared commit.
    """
    found = Collector(registry)
    author, committer = commit.author, commit.committer
    _judge_author(author, found)
    if committer != author:
        _judge_committer(commit, found)
    read_in = _Facts()
    low = commit.message.lower()
    if low and registry.speaking.any_in(low):
        read_in = _judge_message(commit.message, low, found)
    _judge_subject(commit, found)

    ruling = combine(found.evidence, weak_pieces=found.weak_pieces)
    verdict = ruling.verdict
    standing = registry.standing(author.name, author.email)
    if verdict is None:
        bot = standing in (Standing.LISTED_BOT, Standing.UNLISTED_BOT)
        verdict = AuthorVerdict.BOT if bot else AuthorVerdict.UNDECLARED
        if standing is Standing.UNLISTED_BOT:
            found.add_unlisted_bot(_UNLISTED_BOT, f"{author.name} <{author.email}>")
    agents = found.agents()
    return CommitAuthorship(
        sha=commit.sha,
        verdict=verdict,
        role=ruling.role,
        agent=agents[0] if agents else None,
        agents=agents,
        certainty="certain" if ruling.certain else "probable",
        evidence=tuple(found.evidence),
        hints=tuple(found.hints),
        suppressed=suppressed and verdict is AuthorVerdict.UNDECLARED,
        date=commit.committer_date,
        subject=commit.subject,
        merge=len(commit.parents) > 1,
        coauthors=tuple(read_in.coauthors),
        signers=tuple(read_in.signers),
        author_is_agent=standing is Standing.AGENT,
        committer_is_agent=registry.standing(committer.name, committer.email) is Standing.AGENT,
        reverts=read_in.reverts,
        cherry_picked_from=read_in.picked,
        remarks=(*read_in.remarks, *found.remarks()),
    )


def signature_ids(commit: Commit, registry: Registry) -> frozenset[str]:
    """Return every signature that a commit carries at whatever grade, also the negative ones (N)."""
    found = Collector(registry)
    _judge_author(commit.author, found)
    _judge_committer(commit, found)
    _judge_message(commit.message, commit.message.lower(), found)
    _judge_subject(commit, found)
    return frozenset(found.seen)


def reverted_ids(message: str) -> tuple[str, ...]:
    """Return the ids of the commits that a message says it takes back."""
    return _unique(_REVERTS.findall(message)) if "his reverts commit" in message else ()


def picked_ids(message: str) -> tuple[str, ...]:
    """Return the ids of the commits that a message says it was picked from."""
    return _unique(_PICKED.findall(message)) if "cherry picked from" in message else ()


def judge_body(body: str, registry: Registry) -> Collector:
    """Return the evidence in the text of a merge request."""
    found = Collector(registry, source="mr_body")
    low = body.lower()
    rules = [*registry.texts.get("body.line", ()), *registry.texts.get("pr.body", ())]
    rules = _active(rules, {n for rule in rules for n in rule.pattern.needles if n in low})
    _judge_reading(read(body, registry.keys, [r.pattern.regex for r in rules], body=True), rules, found)
    return found


class Opener(NamedTuple):
    """The account that opened a merge request, as the forge has it: `login`, whether it is a bot, its number."""

    login: str
    bot: bool
    number: int | None = None


def judge_account(opener: Opener, found: Collector) -> None:
    """Add what the account shows: a bot with the name of a registered agent wrote the change.

    Of people's accounts nothing is known but a name, and people are called like agents.
    """
    if not opener.bot:
        return
    number = f"{opener.number}+" if opener.number is not None else ""
    slugs = dict.fromkeys((opener.login, f"{opener.login.removesuffix('[bot]')}[bot]"))
    for slug in slugs:
        address = f"{number}{slug}@users.noreply.github.com"
        hits = [hit for hit in found.registry.find(AUTHOR, slug, address) if hit.signature.grade == "A"]
        if hits:
            found.add_account(hits, opener.login)
            return
    if found.registry.standing(slug, address) is Standing.UNLISTED_BOT:
        found.add_unlisted_bot(_UNLISTED_BOT, opener.login, source="account", field="account")


def judge_branch(branch: str, found: Collector) -> None:
    """Add what the name of a branch hints at."""
    for rule in found.registry.texts.get("branch", ()):
        if rule.pattern.regex.search(branch[:250]):
            found.add_rule(rule, Spot("branch", Place.BRANCH, 0, branch), source="branch")


@dataclass(slots=True)
class _Facts:
    """What a message says beside evidence."""

    coauthors: list[Person] = field(default_factory=list)
    signers: list[Person] = field(default_factory=list)
    reverts: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def _judge_author(author: Person, found: Collector) -> None:
    text = f"{author.name} <{author.email}>"
    hits = found.registry.find(AUTHOR, author.name, author.email)
    if hits:
        found.add_hits(hits, Spot("author", Place.IDENTITY, 0, text))
    for rule in found.registry.texts.get("author.name", ()):
        if rule.pattern.regex.search(author.name[:1000]):
            found.add_rule(rule, Spot("author.name", Place.IDENTITY, 0, text))


def _judge_committer(commit: Commit, found: Collector) -> None:
    """A committer only carries: an agent that is the author, too, is judged there.

    A commit that was made at another time than it was written was written before the committer came by: an
    agent that rebases a branch commits the work of everybody on it anew.
    """
    author, committer = commit.author, commit.committer
    place = Place.COMMITTER if commit.author_date == commit.committer_date else Place.RECOMMITTER
    text = f"{committer.name} <{committer.email}>"
    hits = found.registry.find(AUTHOR, committer.name, committer.email)
    if hits:
        fresh = [hit for hit in hits if hit.signature.id not in found.seen and hit.signature.grade != "N"]
        found.add_hits(fresh, Spot("committer", place, 0, text), strongest=Role.CO_AUTHORED)
    for rule in found.registry.texts.get("committer.name", ()):
        if rule.pattern.regex.search(committer.name[:1000]) and not (
            rule.without == "author.name" and rule.pattern.regex.search(author.name[:1000])
        ):
            found.add_rule(rule, Spot("committer.name", place, 0, text))


def _judge_subject(commit: Commit, found: Collector) -> None:
    subject = commit.subject[:1000]
    for rule in found.registry.texts.get("subject", ()):
        if rule.pattern.regex.search(subject):
            found.add_rule(rule, Spot("subject", Place.SUBJECT, 1, subject))
    if subject.startswith("Merge "):
        for pattern in _MERGED:
            merged = pattern.search(subject)
            if merged:
                judge_branch(merged[1], found)


def _judge_message(message: str, low: str, found: Collector) -> _Facts:
    registry = found.registry
    rules = _active(registry.texts.get("body.line", ()), registry.lines.all_in(low))
    reading = read(message, registry.keys, [rule.pattern.regex for rule in rules])
    _judge_reading(reading, rules, found)
    return _Facts(
        coauthors=list(_people(reading, _CO_WRITER_KEYS, registry)),
        signers=list(_people(reading, (SIGN_OFF_KEY,), registry)),
        reverts=reverted_ids(message),
        picked=picked_ids(message),
        remarks=reading.remarks,
    )


def _judge_reading(reading: Reading, rules: Sequence[TextRule], found: Collector) -> None:
    for trailer in reading.trailers:
        found.add_trailer(trailer)
    for line in reading.lines:
        matched = [rules[position] for position in line.matched]
        own = [rule for rule in matched if not rule.signature.fallback]
        for rule in own or matched:
            found.add_rule(rule, Spot(rule.signature.field, line.place, line.line, line.text))


def _active(rules: Sequence[TextRule], present: set[str]) -> list[TextRule]:
    """The rules of which at least one needle is present."""
    return [rule for rule in rules if not present.isdisjoint(rule.pattern.needles)] if present else []


def _people(reading: Reading, keys: Sequence[str], registry: Registry) -> Iterator[Person]:
    """The persons whom trailers at their own line name, once each, without agents and bots."""
    seen: set[Person] = set()
    for trailer in reading.trailers:
        if trailer.key not in keys or trailer.place not in _OWN_PLACES:
            continue
        identity = next(filter(None, map(parse_identity, trailer.values)), None)
        if identity is None:
            continue
        person = Person(name=identity.name, email=identity.address)
        if person not in seen and registry.standing(*identity[:2]) is Standing.UNKNOWN:
            yield person
        seen.add(person)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
