"""Laws of areas, on generated files. `LAW_EXAMPLES=2000 pytest tests/core/test_area_laws.py` looks longer."""

from __future__ import annotations

import os
import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.area import classify
from gate.core.change import ABSENT, EXECUTABLE, GITLINK, REGULAR, SYMLINK, Content, change_digest
from tests.core.test_threats_factories import (
    areas_of,
    change_of,
    changed,
    decide,
    hit,
    shipped_areas,
    swapped,
    touches_of,
)

law = settings(max_examples=int(os.environ.get("LAW_EXAMPLES", "100")))

paths = st.sampled_from(
    (
        "auth/login.py",
        "AUTH/x.py",
        "\u0430uth/x.py",
        "shop/cart.py",
        "docs/auth.md",
        "tests/test_auth.py",
        ".github/workflows/ci.yml",
        "CLAUDE.md",
        "pyproject.toml",
        "setup.cfg",
        ".gitattributes",
        "run.sh",
        "tool",
        "logo.png",
        "migrations/1.sql",
        "caf\udce9.py",
    )
) | st.text(min_size=1, max_size=12)
lines = st.sampled_from(
    ("x", "#!/bin/sh", "a\u202eb", "y" * 2001, "[tool.bandit]", "[bandit]", "skips = []", "")
)
texts = st.none() | st.lists(lines, max_size=4).map(lambda found: "".join(f"{line}\n" for line in found))
modes = st.sampled_from((REGULAR, REGULAR, EXECUTABLE, SYMLINK, GITLINK))
contents = st.sampled_from((Content.TEXT, Content.TEXT, *Content))
sides = st.tuples(texts, modes, contents, st.sampled_from((0, 2_000_000)))


def built(path, old, new):
    """A file from two sides, with the shebang that reading it would give."""
    (before, old_mode, old_content, old_size), (after, new_mode, new_content, new_size) = old, new
    present = after if after is not None else before
    first = (present or "").split("\n", 1)[0]
    return changed(
        path,
        before,
        after,
        old_mode=ABSENT if before is None else old_mode,
        new_mode=ABSENT if after is None else new_mode,
        old_content=Content.ABSENT if before is None else old_content,
        new_content=Content.ABSENT if after is None else new_content,
        old_size=old_size,
        new_size=new_size,
        shebang=first[2:] if first.startswith("#!") else None,
    )


files = st.builds(built, paths, sides, sides)


@law
@given(st.lists(files, max_size=4), files, st.booleans())
def test_law_03_one_more_file_removes_no_area_and_makes_no_pass(some, extra, wide):
    assert set(touches_of(*some, wide=wide)) <= set(touches_of(*some, extra, wide=wide))
    before, after = decide(files=tuple(some)), decide(files=(*some, extra))
    assert before.outcome <= after.outcome


@law
@given(st.lists(files, max_size=4), st.randoms(use_true_random=False))
def test_law_06_the_order_of_files_has_no_effect(some, random):
    assert touches_of(*some) == touches_of(*random.sample(some, len(some)))


@law
@given(
    st.lists(files, min_size=1, max_size=3, unique_by=lambda file: file.path),
    st.sampled_from(("path", "old_mode", "new_mode", "old_blob", "new_blob")),
)
def test_law_07_any_change_of_a_row_changes_the_digest(rows, field):
    altered = replace(rows[0], **{field: getattr(rows[0], field) + "0"})
    assert change_digest([rows]) != change_digest([[altered, *rows[1:]]])
    assert change_digest([rows]) == change_digest([rows[::-1]])


@law
@given(
    st.lists(files, max_size=3),
    st.lists(
        st.sampled_from(
            (".gate.yml", "CODEOWNERS", ".gate/allowed_signers", ".gitattributes", ".mailmap", ".claude/x")
        ),
        max_size=3,
    ),
)
def test_law_08_edits_of_controls_only_add_areas(some, controls):
    before = decide(files=tuple(some))
    after = decide(files=(*some, *(changed(path) for path in controls)))
    assert before.areas.keys() <= after.areas.keys()
    assert after.authors == before.authors
    assert {area: after.eligible[area] for area in before.eligible} == before.eligible
    assert not before.required or after.needed == before.needed


@law
@given(paths, sides, sides, st.booleans())
def test_law_13_swapping_old_and_new_names_the_same_areas(path, old, new, wide):
    file = built(path, old, new)
    back = replace(swapped(file), shebang=built(path, new, old).shebang)
    assert areas_of(file, wide=wide) == areas_of(back, wide=wide)


@law
@given(texts, texts, st.lists(st.tuples(st.integers(1, 5), st.integers(0, 2)), max_size=3))
def test_law_13_holds_for_area_rules_with_their_hits_swapped(old, new, spans):
    file = changed("shop/x.py", old, new)
    back = swapped(file)  # not compared anew: a diff is not symmetric in which of two equal lines moved
    found = [hit("shop/x.py", first, first + more) for first, more in spans]
    assert areas_of(file, head_hits=found) == areas_of(back, base_hits=found)


@law
@given(st.lists(files, max_size=4))
def test_wide_areas_only_add(some):
    assert set(touches_of(*some)) <= set(touches_of(*some, wide=True))


def test_ten_thousand_files_take_seconds_not_minutes():
    change = change_of(*(changed(f"src/m{n % 97}/\u00fcber_{n}/handler_{n}.py") for n in range(10_000)))
    start = time.process_time()
    assert classify(change, shipped_areas(), wide=True) == ()
    assert time.process_time() - start < 20  # 1 to 2 seconds of a processor
