"""The adapter of each forge; a forge is one file and one line here. A client is loaded only when it is used."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from gate.forges.port import Forge
    from gate.forges.settings import Settings

FORGES = {"github": "gate.forges.github", "gitlab": "gate.forges.gitlab"}


def connect(settings: Settings, **how: Any) -> Forge:
    """Return the adapter for these settings; nothing is sent yet. `how` are fields of `calls.Calls`."""
    module = importlib.import_module(FORGES[settings.forge])
    return cast("Forge", module.connect(settings, **how))
