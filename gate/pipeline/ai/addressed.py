"""Text of a change that speaks to reviewing models, with or without a review by one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gate import config
from gate.core.ai.addressed import build_rules, find_addressed
from gate.errors import ConfigError

if TYPE_CHECKING:
    from gate.core.ai.addressed import Addressed, Rule
    from gate.core.change import ChangeSet


@cache
def _rules() -> tuple[Rule, ...]:
    try:
        return build_rules(config.load_document("prompts/addressing.yml"))
    except (KeyError, TypeError, re.error) as error:
        raise ConfigError(
            f"prompts/addressing.yml: the shipped table is wrong: {error}",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        ) from error


def addressed(change: ChangeSet) -> tuple[Addressed, ...]:
    """Return what added lines say to a model."""
    return find_addressed(change.all_files, _rules())
