"""Rules of a SARIF run: which one a result means, and which weaknesses both name; sections are of SARIF 2.1.0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gate.scanners.sarif_log import listed
from gate.scanners.words import SECRET_TOOLS, cwe_numbers, dig, items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NUMBER = re.compile(r"\d{1,6}")
#: The weakness of a leaked secret, which the tools that look for secrets do not name.
SECRET_CWE = 798


class RuleTable:
    """The rules of the tool and its extensions."""

    def __init__(self, run: dict[str, Any]) -> None:
        self._driver = dig(run, "tool", "driver")
        self._extensions = items(run, "tool", "extensions")
        self._taxonomies = items(run, "taxonomies")
        self._by_id: dict[str, Any] = {}
        self._by_guid: dict[str, Any] = {}
        for component in (self._driver, *self._extensions):
            for rule in listed(component, "rules"):
                self._by_id.setdefault(word(dig(rule, "id")), rule)
                self._by_guid.setdefault(word(dig(rule, "guid")), rule)
        name = word(dig(self._driver, "name")).lower()
        self._seeks_secrets = any(part in SECRET_TOOLS for part in name.split())

    def find(self, result: dict[str, Any]) -> Any:
        """Return the rule of a result, or None: by index where the ids agree, by GUID, by id or its beginning."""
        reference = dig(result, "rule")
        identity = self.identity(result)
        index = next((i for i in (result.get("ruleIndex"), dig(reference, "index")) if _is_index(i)), None)
        if index is not None:
            rule = dig(self._component(dig(reference, "toolComponent")), "rules", index)
            known = word(dig(rule, "id"))
            # A merged log may have the indexes of another table.
            if rule is not None and (not identity or not known or f"{identity}/".startswith(f"{known}/")):
                return rule
        guid = word(dig(reference, "guid"))
        if guid and guid in self._by_guid:
            return self._by_guid[guid]
        while identity:
            if identity in self._by_id:
                return self._by_id[identity]
            identity = identity.rpartition("/")[0]
        return None

    def identity(self, result: dict[str, Any]) -> str:
        """Return the rule's id as the result itself gives it, or an empty text."""
        return word(result.get("ruleId")) or word(dig(result, "rule", "id"))

    def message(self, rule: Any, key: str) -> Any:
        """Return the message of a key, of the rule or of the whole tool, section 3.11.7."""
        return dig(rule, "messageStrings", key) or dig(self._driver, "globalMessageStrings", key)

    def cwe(self, result: Any, rule: Any) -> tuple[int, ...]:
        """Return the weaknesses in tags, in relations to the CWE taxonomy, and in the result's taxa.

        What a tool for secrets finds, or a rule that calls itself one for secrets, is a secret in the code.
        """
        words: list[Any] = []
        tags: list[Any] = []
        for holder in (rule, result):
            tags += _listed(dig(holder, "properties", "tags"))
            for one in _listed(dig(holder, "properties", "cwe")):
                plain = word(one)
                words.append(f"CWE-{plain}" if _NUMBER.fullmatch(plain) else plain)
        words = tags + words
        targets = [dig(relation, "target") for relation in listed(rule, "relationships")]
        words += self._taxa((*targets, *listed(result, "taxa")))
        found = cwe_numbers(words)
        is_secret = self._seeks_secrets or any(
            isinstance(tag, str) and tag.lower() in {"secret", "secrets"} for tag in tags
        )
        return found or ((SECRET_CWE,) if is_secret else ())

    def _taxa(self, references: Iterable[Any]) -> Iterator[str]:
        """Yield those of some references to descriptors that lead to the CWE taxonomy, section 3.52."""
        for reference in references:
            component = dig(reference, "toolComponent")
            index = dig(component, "index")
            taxonomy = dig(self._taxonomies, index) if _is_index(index) else None
            name = word(dig(component, "name")) or word(dig(taxonomy, "name"))
            identity = word(dig(reference, "id"))
            if not identity and _is_index(place := dig(reference, "index")):
                identity = word(dig(taxonomy, "taxa", place, "id"))
            if name.upper().startswith("CWE") and identity:
                yield identity if identity.upper().startswith("CWE") else f"CWE-{identity}"

    def _component(self, reference: Any) -> Any:
        """Return the part of the tool that a reference means, the driver if there is none, section 3.54."""
        index, name, guid = (
            dig(reference, "index"),
            word(dig(reference, "name")),
            word(dig(reference, "guid")),
        )
        if _is_index(index):
            return dig(self._extensions, index)
        if name or guid:
            for component in (self._driver, *self._extensions):
                if (guid and word(dig(component, "guid")) == guid) or (
                    name and word(dig(component, "name")) == name
                ):
                    return component
            return None
        return self._driver


def word(value: Any) -> str:
    """Return a name in untrusted JSON as text: some tools number their rules."""
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _is_index(value: Any) -> bool:
    return type(value) is int and value >= 0


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
