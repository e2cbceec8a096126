"""Local includes of a GitLab CI file."""

from __future__ import annotations

import pytest

from gate.config.ci_includes import included_files, local_includes


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("include: /ci/gate.yml", ("ci/gate.yml",)),
        ("include: [ci/a.yml, 'https://x.example/b.yml']", ("ci/a.yml",)),
        ("include: {local: ci/a.yml, rules: [{if: $X}]}", ("ci/a.yml",)),
        ("include: [{local: /ci/a.yml}, {project: g/p, file: x.yml}, {template: T.yml}]", ("ci/a.yml",)),
        ("include: [{local: '/ci/*.yml'}, {local: '**.yml'}]", ("ci",)),
        ("job: {script: !reference [.setup, script]}\ninclude: a.yml", ("a.yml",)),
        ("stages: [test]", ()),
        ("include: [[a.yml]]", ()),
        ("", ()),
        ("{", ()),
        ("- a", ()),
        ("include:", ()),
    ],
)
def test_local_includes(text, paths):
    assert local_includes(text.encode()) == paths


def test_a_bomb_of_aliases_and_deep_nesting_end_quickly():
    bomb = b"a: &a [x, x]\n" + b"".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n".encode() for n in range(20)
    )
    assert local_includes(bomb + b"include: a.yml\n") == ("a.yml",)
    assert local_includes(b"[" * 100_000) == ()


def test_what_an_included_file_includes_is_of_the_pipeline_too():
    files = {
        ".gitlab-ci.yml": b"include: ci/main.yml",
        "ci/main.yml": b"include: [ci/gate.yml, ci/main.yml, {local: '/ci/jobs/*.yml'}]",
        "ci/gate.yml": b"include: .gitlab-ci.yml",
    }
    found = included_files(files.get, ".gitlab-ci.yml")
    assert found == (".gitlab-ci.yml", "ci/gate.yml", "ci/jobs", "ci/main.yml")
    assert included_files(files.get, "absent.yml") == ()


def test_includes_without_an_end_come_to_one():
    assert len(included_files(lambda path: f"include: a{path}".encode(), "x.yml")) <= 200
