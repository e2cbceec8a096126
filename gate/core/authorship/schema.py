"""The documents of the registry, checked and read into agents with their signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from gate.core.authorship.grades import Role
from gate.core.authorship.patterns import Pattern, PatternError, compile_pattern
from gate.core.authorship.said import helped, labelled, wrote

#: Trailers whose value names who or what took part in the work.
CO_AUTHOR_KEYS: Final = ("co-authored-by", "co-developed-by", "generated-by", "co-authored-by-ai")
ASSIST_KEY: Final = "assisted-by"
IDENTITY_KEYS: Final = (*CO_AUTHOR_KEYS, ASSIST_KEY)
#: Trailers that never declare authorship, whoever they name.
OTHER_CREDIT_KEYS: Final = (
    "signed-off-by",
    "reviewed-by",
    "tested-by",
    "reported-by",
    "suggested-by",
    "helped-by",
    "acked-by",
)
#: First names and products in ordinary commits; a name rule that takes one of them alone is refused.
BARE_NAMES: Final = (
    *(
        "Claude",
        "Devin",
        "Jules",
        "Cody",
        "Cline",
        "Hermes",
        "Oz",
        "Amp",
        "Zed",
        "Sonnet",
        "Gemini",
        "Cursor",
    ),
    *("Claude Martin", "Devin Ivy", "Jules Verne", "Aiden Cline", "Gemini Wong", "Amp Jones"),
)

_IDENTITY_FIELDS: Final = ("author", "author.email")
_NAME_FIELDS: Final = ("author.name", "committer.name")
_TEXT_FIELDS: Final = ("body.line", "subject", "pr.body", "branch")
_AGENT_KEYS: Final = frozenset({"id", "name", "note", "note_tools", "signatures"})
_SIGNATURE_KEYS: Final = frozenset(
    {
        "id",
        "field",
        "match",
        "grade",
        "role",
        "evidence",
        "positive",
        "trap",
        "names",
        "since",
        "until",
        "note",
    }
    | {"own_name", "fallback", "session"}
)
#: Conditions on the name of a tool that stand for the pattern of what people say of it.
SAID: Final = {"wrote": wrote, "helped": helped, "labelled": labelled}
_GROUP_KEYS: Final = frozenset(
    {"emails", "slugs", "ids", "other_ids", "name", "name_pattern", "any_email", "pattern", "without"}
    | SAID.keys()
)
#: Shortest text that a line pattern must contain, so that it is looked up before it is tried.
_MIN_NEEDLE: Final = 4


class RegistryError(ValueError):
    """A registry document that cannot be used; the text names the agent, the signature and the key.

    `where` is the part of the text that names them: `signature ID of agent ID: match.pattern`.
    """

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{where} {what}" if where else what)
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conditions that hold together; addresses, slugs and exact names are case-folded."""

    emails: frozenset[str] = frozenset()
    slugs: frozenset[str] = frozenset()
    ids: frozenset[int] = frozenset()
    other_ids: bool = False
    name: str | None = None
    name_pattern: Pattern | None = None
    pattern: Pattern | None = None
    without: str | None = None

    @property
    def asks_name(self) -> bool:
        return self.name is not None or self.name_pattern is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One trace that an agent leaves. One of `groups` is enough. `grade` is A, B, C or N.

    `names_model`: the text names a model, so a tool on the same line comes first. `own_name`: the address
    belongs to this agent only under a name that begins so, case-folded. `fallback`: counts only where no other
    signature matches the same text. `session`: the value leads to a recorded session.
    """

    id: str
    agent: str
    field: str
    groups: tuple[Group, ...]
    grade: str
    role: str | None
    names_model: bool = False
    own_name: str | None = None
    fallback: bool = False
    session: bool = False
    since: str | None = None
    until: str | None = None
    note: str | None = None
    evidence: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    trap: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent and its signatures in the order of its document.

    `note_tools` are its names in git notes that tell line by line who wrote a commit.
    """

    id: str
    name: str
    signatures: tuple[Signature, ...]
    note: str | None = None
    note_tools: tuple[str, ...] = ()


def read_agent(document: Mapping[str, Any]) -> Agent:
    """Return the agent of one document as YAML gives it; raises RegistryError for anything wrong in it."""
    if not isinstance(document, Mapping):
        _refuse("agent document", "is not a mapping with id, name and signatures")
    where = f"agent {document.get('id', '(without id)')}"
    _check_keys(document, _AGENT_KEYS, where)
    identifier = _text(document, "id", where)
    rows = document.get("signatures")
    if not isinstance(rows, list) or not rows:
        _refuse(f"{where}: signatures", "must be a list with at least one signature")
    return Agent(
        id=identifier,
        name=_text(document, "name", where),
        signatures=tuple(_signature(row, identifier) for row in rows),
        note=_optional_text(document, "note", where),
        note_tools=_texts(document, "note_tools", where),
    )


def _signature(row: Any, agent: str) -> Signature:
    if not isinstance(row, Mapping):
        _refuse(f"agent {agent}: signatures", f"holds {row!r}, which is not a mapping")
    where = f"signature {row.get('id', '(without id)')} of agent {agent}"
    _check_keys(row, _SIGNATURE_KEYS, where)
    identifier = _text(row, "id", where)
    if not identifier.startswith(f"{agent}."):
        _refuse(f"{where}: id", f"must begin with '{agent}.'")
    field = _text(row, "field", where)
    if field not in (*_IDENTITY_FIELDS, *_NAME_FIELDS, *_TEXT_FIELDS) and not field.startswith("trailer."):
        _refuse(f"{where}: field", f"is {field!r}, which is no place to look at")
    grade, role = row.get("grade"), row.get("role")
    if grade not in ("A", "B", "C", "N"):
        _refuse(f"{where}: grade", f"is {grade!r}; it must be A, B, C or N (in quotes, N is a word of YAML)")
    if role not in (None, *(r.value for r in Role)) or (role is None and grade in ("A", "B")):
        _refuse(f"{where}: role", f"is {role!r}; it must be one of {', '.join(Role)}")
    if field.removeprefix("trailer.") in OTHER_CREDIT_KEYS and grade in ("A", "B"):
        _refuse(f"{where}: grade", f"{field} never declares authorship, so its grade must be C or N")
    if row.get("names") not in (None, "model"):
        _refuse(f"{where}: names", f"is {row['names']!r}; the only value is 'model'")
    own_name = _optional_text(row, "own_name", where)
    signature = Signature(
        id=identifier,
        agent=agent,
        field=field,
        groups=_groups(row.get("match"), field, where),
        grade=grade,
        role=role,
        names_model=row.get("names") == "model",
        own_name=own_name.casefold() if own_name else None,
        fallback=_flag(row, "fallback", where),
        session=_flag(row, "session", where),
        since=_optional_text(row, "since", where),
        until=_optional_text(row, "until", where),
        note=_optional_text(row, "note", where),
        evidence=_texts(row, "evidence", where),
        positive=_texts(row, "positive", where),
        trap=_texts(row, "trap", where),
    )
    for key in ("positive", "trap"):
        if not row.get(key):
            _refuse(f"{where}: {key}", "is missing; give at least one example")
    _check_bare_names(signature, where)
    return signature


def _groups(match: Any, field: str, where: str) -> tuple[Group, ...]:
    if not isinstance(match, Mapping) or not match:
        _refuse(f"{where}: match", "must be a mapping with at least one condition")
    alternatives = match.get("any_of")
    if alternatives is None:
        return (_group(match, field, f"{where}: match"),)
    if len(match) > 1 or not isinstance(alternatives, list) or not alternatives:
        _refuse(f"{where}: match.any_of", "must be a list of groups and stand alone")
    return tuple(_group(group, field, f"{where}: match.any_of") for group in alternatives)


def _group(match: Any, field: str, where: str) -> Group:
    if not isinstance(match, Mapping):
        _refuse(where, f"holds {match!r}, which is not a mapping")
    _check_keys(match, _GROUP_KEYS, where)
    name = _optional_text(match, "name", where)
    ids = match.get("ids", [])
    if not isinstance(ids, list) or not all(type(number) is int for number in ids):
        _refuse(f"{where}.ids", "must be a list of account numbers")
    group = Group(
        emails=frozenset(_address(e, f"{where}.emails") for e in _texts(match, "emails", where)),
        slugs=frozenset(_slug(s, f"{where}.slugs") for s in _texts(match, "slugs", where)),
        ids=frozenset(ids),
        other_ids=_flag(match, "other_ids", where),
        name=name.casefold() if name is not None else None,
        name_pattern=_pattern(match, "name_pattern", where),
        pattern=_said(match, field, where) or _pattern(match, "pattern", where),
        without=_optional_text(match, "without", where),
    )
    located = bool(group.emails or group.slugs)
    text_only = field in (*_NAME_FIELDS, *_TEXT_FIELDS)
    if group.pattern and (located or group.asks_name):
        _refuse(f"{where}.pattern", "cannot be combined with conditions on an identity")
    if not group.pattern and field.startswith("trailer.") and field[8:] not in IDENTITY_KEYS:
        _refuse(where, f"asks for an identity, which {field} does not hold; use pattern")
    if group.pattern and field in _IDENTITY_FIELDS:
        _refuse(f"{where}.pattern", f"has no meaning for the field {field}; use name_pattern")
    if not group.pattern and (text_only or not (located or group.asks_name)):
        _refuse(where, "holds no pattern" if text_only else "holds no address, slug, name or pattern")
    if (group.ids or group.other_ids) and not group.slugs:
        _refuse(f"{where}.ids", "needs slugs: an account number alone proves nothing")
    if located == _flag(match, "any_email", where) and group.pattern is None:
        _refuse(f"{where}.any_email", "must be true exactly where neither emails nor slugs are given")
    if group.without is not None and (field not in _NAME_FIELDS or group.without not in _NAME_FIELDS):
        _refuse(f"{where}.without", f"is {group.without!r}; only name fields exclude each other")
    if group.pattern and field in ("body.line", "pr.body"):
        short = [needle for needle in group.pattern.needles if len(needle) < _MIN_NEEDLE]
        if short:
            _refuse(
                f"{where}.pattern", "needs four letters of fixed text in each alternative, outside groups"
            )
    return group


def _check_bare_names(signature: Signature, where: str) -> None:
    """Refuse rules that would take a person or an ordinary word for an agent."""
    if signature.grade not in ("A", "B"):
        return
    key = signature.field.removeprefix("trailer.")
    for group in signature.groups:
        for name in BARE_NAMES:
            alone = not (group.emails or group.slugs) and group.asks_name and name_fits(group, name)
            value = f"{name} <someone@example.org>"
            if alone or (key in IDENTITY_KEYS[:3] and group.pattern and group.pattern.regex.search(value)):
                _refuse(f"{where}: match", f"takes the name {name!r} alone; people are called so")


def name_fits(group: Group, name: str) -> bool:
    """Whether a name meets the conditions of the group on names."""
    if group.name is not None and name.strip().casefold() != group.name:
        return False
    return group.name_pattern is None or group.name_pattern.regex.search(name.strip()) is not None


def _address(value: str, where: str) -> str:
    local, at, domain = value.partition("@")
    if not local or not at or "." not in domain or any(c in value for c in "*<> "):
        _refuse(where, f"holds {value!r}; give whole addresses, never a domain: its staff are people")
    return value.casefold()


def _slug(value: str, where: str) -> str:
    if not value or any(c in value for c in "@+<> "):
        _refuse(where, f"holds {value!r}, which is no account name")
    return value.casefold()


def _pattern(mapping: Mapping[str, Any], key: str, where: str) -> Pattern | None:
    text = _optional_text(mapping, key, where)
    if text is None:
        return None
    for before, at in zip(" " + text, text, strict=False):
        if at == "@" and not before.isalnum():
            _refuse(f"{where}.{key}", f"matches a mail domain in {text!r}; its staff are people")
    try:
        return compile_pattern(text)
    except PatternError as error:
        _refuse(f"{where}.{key}", f"{text!r} {error}")


def _said(match: Mapping[str, Any], field: str, where: str) -> Pattern | None:
    key = next((key for key in SAID if key in match), None)
    if key is None:
        return None
    if field not in ("body.line", "pr.body") or len(match) > 1:
        _refuse(f"{where}.{key}", "must stand alone, and in a line of a message or of a merge request")
    try:
        return SAID[key](_text(match, key, where))
    except PatternError as error:
        _refuse(f"{where}.{key}", f"{match[key]!r} {error}")


def _check_keys(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(str(key) for key in mapping if key not in known)
    if unknown:
        _refuse(where, f"has the unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _text(mapping: Mapping[str, Any], key: str, where: str) -> str:
    value = _optional_text(mapping, key, where)
    return value if value is not None else _refuse(f"{where}: {key}", "is missing")


def _optional_text(mapping: Mapping[str, Any], key: str, where: str) -> str | None:
    value = mapping.get(key)
    if value is not None and (not isinstance(value, str) or not value):
        _refuse(f"{where}: {key}", f"is {value!r}; it must be text that is not empty")
    return value


def _texts(mapping: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    return text_list(mapping.get(key, []), f"{where}: {key}")


def text_list(value: Any, where: str) -> tuple[str, ...]:
    """Return a list of texts as a tuple; raises RegistryError if it is anything else."""
    listed = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    if not listed or not all(isinstance(item, str) and item for item in value):
        _refuse(where, "must be a list of texts that are not empty")
    return tuple(value)


def _flag(mapping: Mapping[str, Any], key: str, where: str) -> bool:
    value = mapping.get(key, False)
    if not isinstance(value, bool):
        _refuse(f"{where}: {key}", f"is {value!r}; it must be true or false")
    return value


def _refuse(where: str, what: str) -> NoReturn:
    raise RegistryError(what, where)
