"""Keys are made once."""

from __future__ import annotations

import pytest

from tests.signing.kit import Keys


@pytest.fixture(scope="session")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))
