"""The shipped table of prices. It has a date, for prices change and the table does not."""

from __future__ import annotations

import re
from typing import Any

import yaml

from gate.ai.prompt import shipped
from gate.core.ai.price import Price
from gate.errors import ConfigError

_DATE = re.compile(r"-\d{8}$")


def price_of(model: str) -> Price | None:
    """Return what a model costs, None if nobody knows. Raises ConfigError if the table is broken."""
    document: Any = yaml.safe_load(shipped("prices.yml"))
    try:
        row = document["models"].get(_DATE.sub("", model))
        if row is None:
            return None
        sent, answered = map(float, row)
        return Price(sent=sent, answered=answered, as_of=str(document["as_of"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(
            f"prompts/prices.yml: the shipped table is wrong: {error}",
            hint="Install it again: pip install --force-reinstall ai-merge-gate",
        ) from error
