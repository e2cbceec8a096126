"""Any report that has the right form is judged: it ends with a verdict or a refusal, never with a traceback."""

from __future__ import annotations

import json
import random
from itertools import islice

import pytest

from gate.core.verdict import Outcome
from tests.forges.shop import FLAW, Publisher, Shop, edited
from tests.support.fake_github import FakeGitHub

VALUES = (
    0, 1, -1, 10**9, 10**15, 1.5, True, None, "", "x", "a\nb", "\\xff", "\\x5cxff", "../../etc/passwd", "/etc/passwd",
    "shop.py", "auth/login.py", "\u202e", "<!-- ai-merge-gate:1 key=default -->", "new", "existing", "moved", "fixed",
    "suppressed", "waived", "critical", "low", "completed", "failed", "partial", "skipped", "old", "bandit", "semgrep",
    "gate", "id/v1:" + "0" * 32, "x" * 100_000, [], {}, [""], [{}],
)  # fmt: skip


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in sorted(value):
            yield from leaves(value[key], (*path, key))
    elif isinstance(value, list):
        yield path
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path


def alike(document, path, chance):
    """A value of the same type as the one that stands there."""
    for step in path:
        document = document[step]
    fitting = [value for value in VALUES if type(value) is type(document)]
    return chance.choice(fitting or VALUES)


def put(document, path, value):
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    shop = Shop(tmp_path_factory.mktemp("fuzz"))
    shop.change({"shop.py": FLAW, "auth/login.py": FLAW.replace("shell=True)", "shell=True)  # nosec B602")})
    return shop, shop.report()


def test_every_leaf_of_a_report_can_hold_anything(shop):
    shop, report = shop
    document = json.loads(report.read_text())
    places = [
        p
        for p in leaves(document)
        if p[0] in ("areas", "findings", "fixed", "suppressions", "tools", "uncovered")
    ]
    chance = random.Random(7)
    judged = 0
    with FakeGitHub(shop.head) as fake:
        publish = Publisher(fake, shop)
        for _ in range(50):
            chosen = [chance.choice(places) for _ in range(chance.choice((1, 2, 5, 20)))]
            edits = [(place, alike(document, place, chance)) for place in chosen]

            def edit(document, edits=edits):
                for place, value in edits:
                    try:
                        put(document, place, value)
                    except (KeyError, IndexError, TypeError):
                        continue  # an earlier edit took the place away

            done = publish(edited(report, edit))
            judged += done.run is not None
            assert done.exit_code in (1, 3, 4), edits
            if done.run is not None:
                assert done.run.verdict.outcome is not Outcome.PASSED, edits
        assert fake.violations == []
    assert judged > 10


def test_a_large_report_is_read_in_bounded_time(shop):
    shop, report = shop

    def swell(document):
        document["findings"] = list(islice(document["findings"] * 20_000, 12_000))

    with FakeGitHub(shop.head) as fake:
        done = Publisher(fake, shop)(edited(report, swell))
    assert done.exit_code == 4
    assert any(reason.rule == "finding.limit" for reason in done.run.verdict.reasons)
