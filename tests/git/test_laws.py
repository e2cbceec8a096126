"""Laws of the comparison, over generated trees."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.change import Content, split_lines
from gate.git import Repository
from tests.git.reading import as_rows, rows_by_listing
from tests.support.repos import Repo

FOLDERS = ["", "d/", "d/e/", "-o/"]
NAME_BYTES = [*b"ab-.\n\t \"\\'*?[:!\xff\xe9\x01", *"é한".encode()]
LINES = [
    "a",
    "b",
    "c",
    "",
    " ",
    "\r",
    "-x",
    "+x",
    "@@ -1 +1 @@",
    "\\ No newline at end of file",
    "diff --git a/0 b/0",
]

names = (
    st.lists(st.sampled_from(NAME_BYTES), min_size=1, max_size=5)
    .map(bytes)
    .filter(lambda name: name not in {b".", b".."})
)
file_paths = st.tuples(st.sampled_from(FOLDERS), names).map(lambda pair: pair[0].encode() + b"f" + pair[1])
texts = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(st.sampled_from(LINES), max_size=12),
    st.sampled_from(["\n", ""]),
)
contents = st.one_of(
    texts.map(str.encode),
    texts.map(lambda text: text.encode("utf-16")),
    st.binary(max_size=6),
)
entries = st.one_of(
    st.tuples(st.just("file"), contents),
    st.tuples(st.just("executable"), contents),
    st.tuples(st.just("link"), st.just(b"target")),
    st.tuples(st.just("gitlink"), st.just(b"")),
)
trees = st.dictionaries(file_paths, entries, max_size=6)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """One repository for all examples, its reader, and a commit that gitlinks name."""
    repo = Repo(tmp_path_factory.mktemp("laws") / "r")
    sub = repo.commit({"s": "1"})
    with Repository.open(repo.path) as git:
        yield repo, git, sub


def commit(repo, sub, tree, **facts):
    """Commit exactly this tree."""
    of_kind = lambda *kinds: {path: content for path, (kind, content) in tree.items() if kind in kinds}  # noqa: E731
    return repo.commit(
        of_kind("file", "executable"),
        executable=of_kind("executable").keys(),
        symlinks=of_kind("link"),
        gitlinks=dict.fromkeys(of_kind("gitlink"), sub),
        tree=repo.empty_tree,
        **facts,
    )


def text_of(content):
    marks = {
        b"\xff\xfe\0\0": "utf-32",
        b"\0\0\xfe\xff": "utf-32",
        b"\xff\xfe": "utf-16",
        b"\xfe\xff": "utf-16",
    }
    encodings = [encoding for mark, encoding in marks.items() if content.startswith(mark)]
    for encoding in [*encodings, "utf-8"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def applied(old: tuple[str, ...], hunks) -> tuple[str, ...]:
    """The old lines with the hunks applied; every old line of a hunk must stand where it says."""
    new: list[str] = []
    at = 0
    for hunk in hunks:
        start = hunk.old_start - 1 if hunk.old else hunk.old_start
        new += old[at:start]
        assert old[start : start + len(hunk.old)] == hunk.old
        assert len(new) == (hunk.new_start - 1 if hunk.new else hunk.new_start)
        new += hunk.new
        at = start + len(hunk.old)
    return tuple(new) + old[at:]


@settings(max_examples=40)
@given(old=trees, new=trees, common=trees)
def test_rows_equal_two_listings_and_hunks_turn_old_lines_into_new_ones(lab, old, new, common):
    repo, git, sub = lab
    before, after = {**old, **common}, {**common, **new}
    base = commit(repo, sub, before, parents=())
    head = commit(repo, sub, after, parents=[base])
    change = git.change(base, head)
    assert as_rows(change) == rows_by_listing(repo, base, head)
    for file in change.files:
        path = file.path.encode("utf-8", "surrogateescape")
        sides = []
        for tree, content in ((before, file.old_content), (after, file.new_content)):
            kind, data = tree.get(path, ("absent", b""))
            readable = kind in {"file", "executable"} and content in {Content.TEXT, Content.WIDE_TEXT}
            sides.append(split_lines(text_of(data)) if readable else ())
        assert applied(sides[0], file.hunks) == sides[1]
    deleted = {f.path for f in change.files if f.new_mode == "000000"}
    added = {f.path for f in change.files if f.old_mode == "000000"}
    for rename in change.renames:
        assert rename.old_path in deleted
        assert rename.new_path in added


@settings(max_examples=25)
@given(tree=trees.filter(bool), change=st.data())
def test_law_7_any_byte_mode_or_path_changes_the_digest_and_no_name_or_message_does(lab, tree, change):
    repo, git, sub = lab
    base = commit(repo, sub, {}, parents=())
    head = commit(repo, sub, tree, parents=[base])
    digest = git.change_digest(base, head)

    middle = commit(repo, sub, {}, parents=[base], message="other", author=("Other", "o@x"))
    again = commit(
        repo, sub, tree, parents=[middle], message="new words", committer=("C", "c@x"), date="1 +0100"
    )
    assert git.change_digest(base, again) == digest
    assert git.change(base, again).change_digest == digest

    path = change.draw(st.sampled_from(sorted(tree)))
    kind, content = tree[path]
    other = dict(tree)
    match change.draw(st.sampled_from(["byte", "mode", "path", "gone"])):
        case "byte":
            other[path] = ("file" if kind == "gitlink" else kind, content + b"x")
        case "mode":
            other[path] = (
                change.draw(st.sampled_from(sorted({"file", "executable", "link"} - {kind}))),
                content + b"x",
            )
        case "path":
            other[path + b"x"] = other.pop(path)
        case "gone":
            del other[path]
    if other != tree and not set(other) - set(tree) & set(tree):
        changed = commit(repo, sub, other, parents=[base])
        assert git.change_digest(base, changed) != digest


def test_law_7_the_order_of_merge_bases_has_no_effect_but_each_counts(lab):
    from gate.core.change import FileChange, change_digest

    rows = [
        [FileChange(path=path, old_mode="100644", old_blob="a" * 40, new_mode="100644", new_blob=blob * 40)]
        for path, blob in itertools.product("xy", "bc")
    ]
    assert len({change_digest(order) for order in itertools.permutations(rows)}) == 1
    assert len({change_digest(some) for n in range(5) for some in itertools.combinations(rows, n)}) == 16


def test_t13_t14_a_clean_rebase_keeps_the_digest_and_an_indentation_does_not(tmp_path):
    repo = Repo(tmp_path / "r")
    fork = repo.commit({"a.py": "def f(x):\n    if x:\n        y()\n    z()\n", "other": "1\n"})
    edited = "def f(x):\n    if x:\n        y(1)\n    z()\n"
    topic = repo.commit({"a.py": edited}, parents=[fork])
    repo.git("update-ref", "refs/heads/main", fork)
    main = repo.commit({"other": "2\n"})
    rebased = repo.commit({"a.py": edited}, parents=[main], tree=repo.tree(main), committer=("R", "r@x"))
    indented = repo.commit(
        {"a.py": edited.replace("    z()", "        z()")}, parents=[main], tree=repo.tree(main)
    )
    with Repository.open(repo.path) as git:
        assert git.change_digest(main, rebased) == git.change_digest(main, topic)
        assert git.change_digest(main, indented) != git.change_digest(main, topic)
