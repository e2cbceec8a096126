"""One scan of the fixtures per engine, shared by all tests."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rulekit import Fixture, Run, load_fixtures, run_semgrep

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def fixtures() -> list[Fixture]:
    """All rule fixtures."""
    return load_fixtures()


@pytest.fixture(scope="session")
def runs(fixtures: list[Fixture]) -> Iterator[dict[str, Run]]:
    """Results by engine. The folder's name has no "test" in it: rules may exclude such paths."""
    folder = Path(tempfile.mkdtemp(prefix="gate-rules-"))
    try:
        found = {}
        for engine in ("experimental", "classic"):
            (folder / engine).mkdir()
            found[engine] = run_semgrep(engine, fixtures, folder / engine)
        yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
