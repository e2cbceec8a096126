"""Shipped data is read as plain documents; a file that is broken is named."""

from __future__ import annotations

import pytest

from gate import rulesets
from gate.config import load_agents, load_areas, load_bots, load_document, load_families, yaml
from gate.config.keys import AREAS, PRESETS
from gate.config.problems import Problems
from gate.errors import ConfigError


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(rulesets, "directory", lambda: tmp_path)
    for folder in ("agents", "areas"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_documents_come_by_file_name_in_order(shipped):
    (shipped / "agents" / "b.yml").write_text("id: b\n")
    (shipped / "agents" / "a.yml").write_text("id: a\nsignatures: [{grade: A}]\n")
    (shipped / "agents" / "notes.md").write_text("no document")
    (shipped / "agents" / "_bots.yml").write_text("bots: [x]\n")
    documents = load_agents()
    assert list(documents.items()) == [
        ("agents/a.yml", {"id": "a", "signatures": [{"grade": "A"}]}),
        ("agents/b.yml", {"id": "b"}),
    ]
    assert load_bots() == {"bots": ["x"]}


def test_dates_and_words_stay_text(shipped):
    (shipped / "families.yml").write_text(
        "since: 2026-01-02\nword: no\nflag: true\ncount: 3\nnothing: null\n"
    )
    assert load_families() == {"since": "2026-01-02", "word": "no", "flag": True, "count": 3, "nothing": None}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "areas/x.yml:1:5: not valid YAML: mapping values are not allowed"),
        ("- a", "areas/x.yml:1:1: expected a mapping"),
        ("", "areas/x.yml:1:1: expected a mapping"),
        ("a: !!python/name:os.system x", "could not determine a constructor"),
    ],
)
def test_a_broken_file_is_named(shipped, text, message):
    (shipped / "areas" / "x.yml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_areas()
    assert message in caught.value.message
    assert caught.value.message.startswith("areas/x.yml:1:")


def test_missing_data_is_an_error_and_not_an_empty_registry(shipped):
    with pytest.raises(ConfigError, match="agents: the shipped files are missing from this installation"):
        load_agents()
    with pytest.raises(ConfigError, match=r"^families\.yml: cannot be read: No such file or directory$"):
        load_document("families.yml")


def test_the_shipped_areas_are_those_that_a_policy_knows():
    assert sorted(document["id"] for document in load_areas().values()) == sorted(AREAS)
    assert list(load_areas()) == sorted(f"areas/{area}.yml" for area in AREAS)


def test_the_shipped_presets_are_those_that_a_policy_knows():
    assert {path.stem for path in (rulesets.directory() / "policies").iterdir()} == set(PRESETS)


@pytest.mark.parametrize("folder", ["agents", "areas", "."])
def test_shipped_files_have_no_key_twice(folder):
    """The fast loader takes duplicate keys; the strict one does not."""
    for path in (rulesets.directory() / folder).glob("*.yml"):
        problems = Problems(path.name)
        yaml.parse(path.read_bytes(), problems)
        problems.raise_if_any()
