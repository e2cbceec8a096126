"""Comments that suppress, against the code of the tools that obey them."""

from __future__ import annotations

import importlib
import warnings

from hypothesis import given
from hypothesis import strategies as st

from gate.core.source import Source
from gate.core.suppression import find_markers
from gate.pipeline import inputs

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    BANDIT = importlib.import_module("bandit.core.manager")
    SEMGREP = importlib.import_module("semgrep.constants")

TESTS = inputs.families().rule_names("bandit")
WORDS = [
    "nosec",
    "NOSEC",
    "nosem",
    "nosemgrep",
    "NoSemGrep",
    "B602",
    "B607",
    "b602",
    "B999",
    "eval",
    "random",
    "because",
    "x",
]
comments = st.lists(
    st.sampled_from([*WORDS, " ", " ", "  ", ",", ", ", ":", ": ", "=", "#", "# ", "-", "."]), max_size=9
).map(lambda parts: "#" + "".join(parts))


def marker(comment, kind):
    found = [
        m for m in find_markers(Source("a.py", f"run(x)  {comment}\n".encode()), TESTS) if m.kind == kind
    ]
    return found[0] if found else None


@given(comments)
def test_nosec_means_what_it_means_to_bandit(comment):
    theirs = BANDIT._parse_nosec_comment(comment)
    ours = marker(comment, "nosec")
    if theirs is None:
        assert ours is None or ours.unread
    else:
        assert ours is not None
        assert not ours.unread
        if not ours.is_longer:  # such a one is never honoured, whatever it names
            assert (set(ours.rules), ours.blanket) == (theirs, not theirs)


@given(comments)
def test_nosemgrep_means_what_it_means_to_semgrep(comment):
    theirs = SEMGREP.NOSEM_INLINE_RE.search(f"run(x)  {comment}")
    ours = marker(comment, "nosemgrep")
    if theirs is None:
        assert ours is None or ours.unread
        return
    assert ours is not None
    assert not ours.unread
    if ours.is_longer:
        return  # never honoured, whatever it names
    ids = [word.strip().split(" ")[0] for word in (theirs["ids"] or "").split(",")]
    assert set(ours.rules) == {word for word in ids if word}
