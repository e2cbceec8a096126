"""Settings and fixtures of all tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path


def pytest_configure(config: pytest.Config) -> None:
    """Set what holds for all tests."""
    # A result of an earlier run must not answer for this one; tests of the cache turn it on.
    os.environ["GATE_NO_CACHE"] = "1"
    if hasattr(config, "cache") and config.cache is not None:
        # Hypothesis's own folder would be collected and warned about.
        set_hypothesis_home_dir(config.cache.mkdir("hypothesis"))


# No time limit per example: the machines of CI differ too much for one.
settings.register_profile("gate", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository with branch `main`."""
    return Repo(tmp_path / "repo")
