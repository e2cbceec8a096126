"""The Semgrep rules of a run: the shipped ones and those that the policy names."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gate import rulesets
from gate.errors import ConfigError, ConfigErrors
from gate.scanners import languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# Shipped rule files have one plain form, and a test compares this reading with a real parser's: parsing
# them as YAML would cost more than Semgrep needs to scan a small change.
_ID = re.compile(r"^([ ]*)- id: *([\w.-]+) *(?:#.*)?$", re.MULTILINE)
_LANGUAGES = re.compile(r"^[ ]*languages: *\[([^\]]*)\]", re.MULTILINE)


_NAMES_AREA = re.compile(rb"[{,\s\"']area[\"']?\s*:")

#: Names of the shipped files with area rules begin so.
AREA_RULES = "builtin/areas/"
#: Names of the shipped files whose rules only make Semgrep parse each file begin so; that for Python.
PARSE_RULES = "builtin/parse/"
PARSE_PYTHON = "builtin/parse/python.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """One file of rules. `name` is for people and digests, `path` is set if it is shipped on disk.

    `languages` are all words its rules name; `universal` if one of them means every file.
    """

    name: str
    data: bytes
    path: Path | None
    ids: tuple[str, ...]
    languages: frozenset[str]

    @property
    def spans_files(self) -> bool:
        """Whether a rule has a regular expression over a whole file."""
        return b"[\\s\\S]*" in self.data

    @property
    def universal(self) -> bool:
        return not self.languages or not self.languages.isdisjoint(languages.UNIVERSAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules of a run. `ids` are sorted and unique; `digest` is `sha256:` over names and contents.

    The digest of all rules covers what else the package decides by, too: families, areas, checks, prompts.
    `shipped_ids` are those whose `metadata.gate.family` the gate believes.
    """

    files: tuple[RuleFile, ...]
    digest: str
    ids: tuple[str, ...]
    shipped_ids: frozenset[str]

    @property
    def languages(self) -> frozenset[str]:
        """All words that the rules name in `languages`."""
        return frozenset().union(*(file.languages for file in self.files))

    @property
    def universal(self) -> bool:
        """Whether a rule reads every file."""
        return any(file.universal for file in self.files)

    @property
    def weakness_languages(self) -> frozenset[str]:
        """The words of rules that find weaknesses; shipped area rules only tell where code is sensitive."""
        files = (file for file in self.files if not file.name.startswith((AREA_RULES, PARSE_RULES)))
        return frozenset().union(*(file.languages for file in files))

    def for_languages(self, present: frozenset[str]) -> tuple[RuleFile, ...]:
        """Return the rule files that can match in a tree with these languages (keys of LANGUAGES)."""
        return tuple(
            file
            for file in self.files
            if file.universal or any(languages.covers(file.languages, name) for name in present)
        )

    def only(self, prefix: str) -> Rules:
        """Return the rules of those files whose name begins with `prefix`."""
        return self._of(tuple(file for file in self.files if file.name.startswith(prefix)))

    def without(self, prefix: str) -> Rules:
        """Return the rules of those files whose name does not begin with `prefix`."""
        return self._of(tuple(file for file in self.files if not file.name.startswith(prefix)))

    def of_areas(self) -> Rules:
        """Return the shipped area rules, and those files of a team in which a rule names an area."""
        return self._of(
            tuple(
                file
                for file in self.files
                if file.name.startswith(AREA_RULES) or (file.path is None and _NAMES_AREA.search(file.data))
            )
        )

    def _of(self, files: tuple[RuleFile, ...]) -> Rules:
        ids = frozenset(identity for file in files for identity in file.ids)
        return replace(
            self,
            files=files,
            digest=_digest(files),
            ids=tuple(sorted(ids)),
            shipped_ids=self.shipped_ids & ids,
        )


def load_rules(extra: Mapping[str, bytes] | None = None, *, builtin: bool = True) -> Rules:
    """Read the shipped rules, unless `builtin` is off, and check the `extra` ones.

    `extra` maps repository paths to contents, both from the base commit. Raises ConfigError (several as
    ConfigErrors) with file and line for YAML that is broken or uses anchors, a rule without id or
    languages, a mode that looks at more than one file, and an id that occurs twice: the experimental
    engine would drop one of the two without a word.
    """
    files = list(_shipped()) if builtin else []
    errors: list[ConfigError] = []
    for name, data in sorted((extra or {}).items(), key=lambda item: os.fsencode(item[0])):
        try:
            files.append(_checked(name, data))
        except ConfigError as error:
            errors.append(error)
    first: dict[str, str] = {}
    for file in files:
        for identity in file.ids:
            if identity in first:
                errors.append(
                    ConfigError(
                        f"{file.name}: rule id {identity!r} is already used in {first[identity]}",
                        hint="Rename one of the two rules: ids must be unique over all rulesets.",
                    )
                )
            first.setdefault(identity, file.name)
    if errors:
        raise ConfigErrors(tuple(errors))
    return Rules(
        files=tuple(files),
        digest=_digest(files, rulesets.decisive(rulesets.directory())),
        ids=tuple(sorted(first)),
        shipped_ids=frozenset(identity for file in files if file.path for identity in file.ids),
    )


def _digest(files: Iterable[RuleFile], beside: str = "") -> str:
    digest = hashlib.sha256(beside.encode())
    for file in files:
        digest.update(f"{file.name}\0{len(file.data)}\0".encode("utf-8", "surrogateescape"))
        digest.update(file.data)
    return f"sha256:{digest.hexdigest()}"


def _shipped() -> Iterator[RuleFile]:
    """Read the rule files of the package: every `*.yaml` but the fixtures `*.test.yaml`."""
    top = rulesets.directory() / "semgrep"
    names = {p: f"builtin/{p.relative_to(top).as_posix()}" for p in sorted(top.rglob("*.yaml"))}
    names |= {p: f"{PARSE_RULES}{p.name}" for p in sorted((top.parent / "parse").glob("*.yaml"))}
    for path, name in names.items():
        if path.name.endswith(".test.yaml"):
            continue
        data = path.read_bytes()
        text = data.decode()
        found: list[tuple[str, str]] = _ID.findall(text)
        # Deeper "- id:" lines are part of a pattern.
        ids = tuple(identity for indent, identity in found if len(indent) == len(found[0][0]))
        keys: list[str] = _LANGUAGES.findall(text)
        words = {word.strip(" '\"") for key in keys for word in key.split(",")}
        yield RuleFile(
            name=name,
            data=data,
            path=path,
            ids=ids,
            languages=frozenset(words - {""}) if len(keys) >= len(ids) else frozenset(),
        )


def _checked(name: str, data: bytes) -> RuleFile:
    """Parse a rule file of a policy. Raises ConfigError."""
    rules = _parse(name, data)
    ids: list[str] = []
    keys: set[str] = set()
    for number, rule in enumerate(rules, start=1):
        if not isinstance(rule, dict) or not isinstance(rule.get("id"), str):
            raise ConfigError(f"{name}: rule {number} has no id", hint="Give every rule an `id`.")
        identity = rule["id"]
        words = rule.get("languages")
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            raise ConfigError(
                f"{name}: rule {identity!r} has no list of languages",
                hint="Name them: `languages: [python]`.",
            )
        options = rule.get("options")
        crosses = isinstance(options, dict) and options.get("interfile")
        if rule.get("mode", "search") not in {"search", "taint"} or crosses:
            raise ConfigError(
                f"{name}: rule {identity!r} needs a mode that the gate does not run",
                hint="Use `mode: search` or `mode: taint`: the gate scans changed files one by one.",
            )
        ids.append(identity)
        keys.update(words)
    return RuleFile(name=name, data=data, path=None, ids=tuple(ids), languages=frozenset(keys))


def _parse(name: str, data: bytes) -> list[Any]:
    import yaml  # noqa: PLC0415 -- only if the policy names rulesets

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        event: Any
        for event in yaml.parse(data, Loader=loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                mark = event.start_mark
                raise ConfigError(
                    f"{name}:{mark.line + 1}:{mark.column + 1}: "
                    "rule files may not use YAML anchors or aliases",
                    hint="Write the value out: one of Semgrep's engines refuses them, the other loses rules.",
                )
        content = yaml.load(data, Loader=loader)  # noqa: S506 -- both are safe loaders
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = getattr(error, "problem", None) or "this is no YAML"
        raise ConfigError(f"{place}: {problem}", hint="Correct the rule file on the base branch.") from error
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, list) or not rules:
        raise ConfigError(
            f"{name}: this is no Semgrep rule file: it has no list `rules`",
            hint="Name only rule files under `scanners.semgrep.rulesets`.",
        )
    return rules
