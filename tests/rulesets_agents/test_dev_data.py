"""The shipped registry on labelled real commits."""

from __future__ import annotations

import pytest

from gate.core.authorship import AuthorVerdict, attribute, attribute_commit
from tests.rulesets_agents import kit

ROWS = kit.dev_rows()
pytestmark = pytest.mark.skipif(
    not ROWS, reason=f"no labelled commits: {kit.DEV_FILE} is neither in GATE_DEV_DATA nor in ../shared/data"
)
NOT_AI = ("human", "undeclared", "bot")
#: The label follows the key of the trailer; these signatures say on purpose that it was less.
LESS_THAN_LABELLED = {"copilot": "assisted", "entire": "linked"}


def tier(name: str) -> list:
    return [pytest.param(r, id=f"{r['repo']}@{r['sha'][:10]}") for r in ROWS if r["tier"] == name]


@pytest.mark.parametrize("row", tier("strict"))
def test_strict_rows_get_their_label(row):
    found = attribute_commit(kit.dev_commit(row), kit.registry())
    if row.get("disputed"):
        assert found.verdict is AuthorVerdict.UNDECLARED
        assert row["label"] in {hint.agent for hint in found.hints}
    elif row["label"] == "bot":
        assert found.verdict is AuthorVerdict.BOT
    elif row["label"] in NOT_AI:
        assert found.verdict in (AuthorVerdict.UNDECLARED, AuthorVerdict.BOT)
    else:
        assert found.verdict.is_ai
        assert row["label"] in found.agents
        assert found.role in (row["role"], LESS_THAN_LABELLED.get(row["label"]))


@pytest.mark.parametrize("row", tier("pr"))
def test_lost_trailers_are_found_in_the_source_commits(row):
    assert attribute_commit(kit.dev_commit(row), kit.registry()).verdict is AuthorVerdict.UNDECLARED
    sources = attribute([kit.dev_commit(source) for source in row["source_commits"]], kit.registry())
    assert sources.verdict.is_ai
    assert row["label"] in sources.agents


@pytest.mark.parametrize("row", tier("weak"))
def test_a_branch_name_is_only_a_hint(row):
    found = attribute_commit(kit.dev_commit(row), kit.registry())
    assert found.verdict is AuthorVerdict.UNDECLARED
    assert row["label"] in {hint.agent for hint in found.hints}


def test_precision_and_recall_are_those_of_the_rules():
    """On the strict rows: no false AI verdict, and one miss, which is disputed."""
    strict = [r for r in ROWS if r["tier"] == "strict"]
    verdicts = [attribute_commit(kit.dev_commit(r), kit.registry()).verdict.is_ai for r in strict]
    labels = [r["label"] not in NOT_AI for r in strict]
    assert [
        r["sha"] for r, found, label in zip(strict, verdicts, labels, strict=True) if found and not label
    ] == []
    missed = [r for r, found, label in zip(strict, verdicts, labels, strict=True) if label and not found]
    assert [bool(r.get("disputed")) for r in missed] == [True]
