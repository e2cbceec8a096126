"""The prompt: our own words first and last, the change between two marks that nobody could have foreseen."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import yaml

from gate import rulesets
from gate.errors import ConfigError

#: What stands for the id of a call where a prompt is hashed.
_NO_ID = "0" * 32
MAX_INSTRUCTIONS = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The shipped template, with the team's own hints. `digest` and `instructions_digest` are `sha256:…`."""

    template: str
    instructions: str = ""

    @property
    def digest(self) -> str:
        return _digest(self.fill("", _NO_ID))

    @property
    def instructions_digest(self) -> str:
        return _digest(self.instructions) if self.instructions else ""

    def fill(self, data: str, review_id: str) -> str:
        """Return the whole prompt for some data. It never begins with `/`, which a program could obey."""
        # One pass: what stands in the data must not be taken for a mark of the template.
        before, _, after = self.template.partition("{data}")
        own = (
            f"\nHints of the team that owns this repository:\n{self.instructions}\n"
            if self.instructions
            else ""
        )
        before, after = (
            part.replace("{review_id}", review_id).replace("{instructions}", own) for part in (before, after)
        )
        return before + data + after


def load_prompt(instructions: str = "") -> Prompt:
    """Return the shipped prompt. Raises ConfigError if it is missing from the installation."""
    return Prompt(template=shipped("security-review.md"), instructions=instructions.strip())


def load_categories() -> dict[str, str]:
    """Return which words of models mean which of our families."""
    document: Any = yaml.safe_load(shipped("categories.yml"))
    return {word: family for family, words in document["categories"].items() for word in words}


def new_review_id(data: str) -> str:
    """Return an id that does not occur in the data."""
    while True:
        found = secrets.token_hex(16)
        if found not in data:
            return found


def shipped(name: str) -> str:
    """Return a file of the review. Raises ConfigError if it is missing from the installation."""
    path = rulesets.directory() / "prompts" / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        ) from error


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
