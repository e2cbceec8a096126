"""Local includes of a GitLab CI file."""

from __future__ import annotations

import pytest

from gate.config.ci_includes import local_includes


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
