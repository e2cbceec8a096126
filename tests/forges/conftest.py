"""Shops whose reports are made once, and a forge of each kind for them."""

from __future__ import annotations

import pytest

from tests.forges.shop import FLAW, Publisher, Shop
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab

FAKES = {"github": FakeGitHub, "gitlab": FakeGitLab}
ACTIVE = "def login(user, password):\n    return user.active and user.check(password)\n"


@pytest.fixture(scope="session")
def flawed(tmp_path_factory):
    """A shop whose change brings a flaw, and its report."""
    shop = Shop(tmp_path_factory.mktemp("flawed"))
    shop.change({"shop.py": FLAW})
    return shop, shop.report()


@pytest.fixture(scope="session")
def sensitive(tmp_path_factory):
    """A shop whose change touches the login and has no flaw, and its report."""
    shop = Shop(tmp_path_factory.mktemp("sensitive"))
    shop.change({"auth/login.py": ACTIVE})
    return shop, shop.report()


@pytest.fixture(params=FAKES)
def forge(request):
    """The name of a forge; a test that asks for it runs on each."""
    return request.param


@pytest.fixture
def open_fake(forge):
    """Return a function that opens a fake for a shop and gives it with its publisher."""
    opened = []

    def open_(shop, **how):
        fake = FAKES[forge](shop.head, **how)
        fake.__enter__()
        opened.append(fake)
        return fake, Publisher(fake, shop, forge=forge)

    yield open_
    for fake in opened:
        fake.__exit__()
        assert fake.violations == []
