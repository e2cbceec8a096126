"""Keys are made once; every test has a shop of its own."""

from __future__ import annotations

import pytest

from tests.signing.kit import Keys, Shop


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def shop(repo, keys, tmp_path) -> Shop:
    return Shop(repo, keys, tmp_path / "signoffs")
