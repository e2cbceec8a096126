"""docs/rules.md, written from the rules: what is looked for, in which languages, and how sure a rule is.

python -m tests.rulesets.rules_doc
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from gate import config
from gate.scanners.catalogue import rule_cards

if TYPE_CHECKING:
    from gate.scanners.catalogue import RuleCard

TARGET = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
LEVELS = ("critical", "high", "medium", "low", "info")
HEAD = """# Rules

Written from the rule files by `make rules-doc`; a change here is lost. `gate explain RULE` prints one of them
with its references, `gate rules` lists them all.

A rule's severity is what a reviewer would do: high and critical stop a merge by default, medium asks for a
look, low is a hint whose reach only a person can judge. Confidence says how often a match is the weakness.
"""


def page() -> str:
    """Return the document."""
    families = config.load_families()["families"]
    by_family: dict[str, list[RuleCard]] = defaultdict(list)
    areas: dict[str, list[RuleCard]] = defaultdict(list)
    for card in rule_cards():
        (by_family[card.family] if card.family else areas[card.area]).append(card)
    languages = sorted({word for cards in by_family.values() for card in cards for word in card.languages})
    count = sum(map(len, by_family.values()))
    parts = [
        HEAD,
        f"{count} rules in {len(by_family)} families, {sum(map(len, areas.values()))} for areas.\n",
    ]
    parts += ["## Families and languages\n", "| family | weakness | " + " | ".join(languages) + " |"]
    parts.append("|---|---|" + "---|" * len(languages))
    for family in (name for name in families if name in by_family):
        cells = [str(sum(word in c.languages for c in by_family[family]) or "") for word in languages]
        parts.append(f"| [{family}](#{family}) | {families[family]['title']} | " + " | ".join(cells) + " |")
    for family in (name for name in families if name in by_family):
        parts += [f"\n## {family}\n", f"{families[family]['title']}.\n"]
        parts += [line for card in _ordered(by_family[family]) for line in _entry(card)]
    parts += ["\n## Sensitive areas\n", "These mark where sensitive code changed; they are never findings.\n"]
    for area in sorted(areas):
        parts += [f"- **{area}**: " + ", ".join(f"`{card.id}`" for card in _ordered(areas[area]))]
    return "\n".join(parts) + "\n"


def _ordered(cards: list[RuleCard]) -> list[RuleCard]:
    return sorted(cards, key=lambda card: (LEVELS.index(card.severity.lower()), card.id))


def _entry(card: RuleCard) -> list[str]:
    facts = (card.severity.lower(), f"confidence {card.confidence.lower()}", ", ".join(card.languages))
    cwes = " ".join(cwe.partition(":")[0] for cwe in card.cwe)
    return [f"- `{card.id}`: {'; '.join(facts)}; {cwes}  ", f"  {_text(card.message)}"]


def _text(message: str) -> str:
    """Escape what Markdown would read as markup."""
    text = " ".join(message.split())
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>|#$~" else sign for sign in text)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
