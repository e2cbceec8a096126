"""Settings and fixtures of all tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

# No time limit per example: the machines of CI differ too much for one.
settings.register_profile("gate", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository with branch `main`."""
    return Repo(tmp_path / "repo")
