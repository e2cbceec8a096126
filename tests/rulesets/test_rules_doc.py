"""The page about the rules says what the rules say."""

from __future__ import annotations

from rulekit import load_rules
from rules_doc import TARGET, page


def test_the_page_is_current() -> None:
    """Whoever changes a rule writes the page anew."""
    assert TARGET.read_text(encoding="utf-8") == page(), "run: make rules-doc"


def test_every_rule_is_on_the_page() -> None:
    """No rule works without being named."""
    text = TARGET.read_text(encoding="utf-8")
    assert not [rule["id"] for _, rule in load_rules() if f"`{rule['id']}`" not in text]
