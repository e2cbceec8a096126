"""Lists that many rules share stand in each of them as they are written once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import shared_blocks
from rulekit import SEMGREP_RULES, rule_files

if TYPE_CHECKING:
    from pathlib import Path

FILES = rule_files()


@pytest.mark.parametrize("path", FILES, ids=[p.relative_to(SEMGREP_RULES).as_posix() for p in FILES])
def test_copies_are_current(path: Path) -> None:
    """A change in one rule file alone would make rules of one language disagree about what is a request."""
    text = path.read_text(encoding="utf-8")
    assert shared_blocks.renewed(text, shared_blocks.blocks()) == text, (
        "write it in tests/rulesets/blocks, then: python -m tests.rulesets.shared_blocks"
    )
    assert len(re.findall(r"# shared ", text)) == len(re.findall(r"# end of ", text))


def test_every_block_is_used() -> None:
    """A list that no rule holds any more is dead text."""
    used = set().union(*(shared_blocks.used(p.read_text(encoding="utf-8")) for p in FILES))
    assert used == set(shared_blocks.blocks())
