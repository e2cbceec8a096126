"""The shipped Semgrep rules, and the checks of the gate itself, as cards for people: what each finds, how bad it is, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gate import rulesets
from gate.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """One shipped rule. Exactly one of `family` and `area` is not empty. `file` is relative to the rulesets."""

    id: str
    severity: str
    confidence: str
    languages: tuple[str, ...]
    message: str
    cwe: tuple[str, ...]
    references: tuple[str, ...]
    family: str
    area: str
    file: str


def rule_cards() -> tuple[RuleCard, ...]:
    """Return every shipped rule, sorted by id. Raises ConfigError for a rule file that is broken."""
    top = rulesets.directory() / "semgrep"
    paths = (p for p in sorted(top.rglob("*.yaml")) if not p.name.endswith(".test.yaml"))
    own = (top.parent / name for name in ("checks/rules.yml", "prompts/addressing.yml"))
    files = [*paths, *own]  # the last ones are what the gate looks for itself
    return tuple(sorted((card for path in files for card in _cards(path, top)), key=lambda card: card.id))


def _cards(path: Path, top: Path) -> list[RuleCard]:
    import yaml  # noqa: PLC0415 - start-up stays cheap

    name = path.relative_to(top.parent).as_posix()
    try:
        document: Any = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        return [_card(rule, name) for rule in document["rules"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{name}: the shipped rule file is broken: {error}",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        ) from error


def _card(rule: dict[str, Any], file: str) -> RuleCard:
    metadata = rule["metadata"]
    gate = metadata["gate"]
    cwe = metadata.get("cwe", [])
    return RuleCard(
        id=rule["id"],
        severity=str(rule["severity"]).lower(),
        confidence=str(metadata.get("confidence", "medium")).lower(),
        languages=tuple(rule["languages"]),
        message=" ".join(f"{rule['title']}. {rule['message']}".split())
        if "title" in rule
        else " ".join(str(rule["message"]).split()),
        cwe=(cwe,) if isinstance(cwe, str) else tuple(cwe),
        references=tuple(metadata.get("references", ())),
        family=gate.get("family", ""),
        area=gate.get("area", ""),
        file=file,
    )
