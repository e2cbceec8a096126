"""The lines that commits added."""

from __future__ import annotations

import random

import pytest

from gate.core.ranges import size
from gate.git import Repository

LINES = "".join(f"line {number}\n" for number in range(1, 31))


def added(repo, *shas, **options):
    parents = {sha: len(repo.git("rev-parse", f"{sha}^@").split()) for sha in shas}
    with Repository.open(repo.path) as git:
        return git.added_lines(parents, **options)


def only(repo, sha, **options):
    return added(repo, sha, **options)[sha]


def test_a_root_commit_added_everything(repo):
    assert only(repo, repo.commit({"a": "1\n2\n", "b": "no end"})) == {"a": ((1, 2),), "b": ((1, 1),)}


def test_numbers_are_those_of_the_new_side(repo):
    repo.commit({"a": LINES})
    new = "first\n" + LINES.replace("line 5\n", "five\n5\n").replace("line 20\n", "") + "last"
    assert only(repo, repo.commit({"a": new})) == {"a": ((1, 1), (6, 7), (32, 32))}


def test_a_file_without_line_end_at_either_side(repo):
    repo.commit({"a": "1\n2"})
    assert only(repo, repo.commit({"a": "1\n2\n3"})) == {"a": ((2, 3),)}
    assert only(repo, repo.commit({"a": "0\n1\n2\n3"})) == {"a": ((1, 1),)}


@pytest.mark.parametrize(
    "name",
    [
        b"a b",
        b"\ttab",
        b'"quoted"',
        b"back\\slash",
        b"caf\xe9",
        "한글.py".encode(),
        b"line\nbreak",
        b"b/b/b",
        b"+++ b/x",
        b"-",
    ],
)
def test_every_name_of_a_file(repo, name):
    assert only(repo, repo.commit({name: "1\n"})) == {name.decode("utf-8", "surrogateescape"): ((1, 1),)}


def test_content_that_looks_like_a_patch_is_content(repo):
    text = (
        "@@ -0,0 +1,99 @@\n+++ b/other\ndiff --git a/x b/x\n"
        + "a" * 40
        + "\n--- a/x\n\\ No newline at end of file\n"
    )
    repo.commit({"a": text, "b": "1\n"})
    assert only(repo, repo.commit({"a": text.upper(), "b": text})) == {"a": ((2, 6),), "b": ((1, 6),)}


def test_a_renamed_file_adds_only_what_differs(repo):
    repo.commit({"old": LINES, "same": LINES + "x"})
    sha = repo.commit({"old": None, "new": LINES + "more\n", "same": None, "moved": LINES + "x"})
    assert only(repo, sha) == {"new": ((31, 31),)}


def test_modes_links_submodules_and_binary_files_add_nothing(repo):
    first = repo.commit({"run": "1\n", "b": b"\0\1", "to_link": "text\n"})
    sha = repo.commit(
        {"b": b"\0\2\n3\n", "to_link": None},
        executable=["run"],
        symlinks={"link": "run", "to_link": "run"},
        gitlinks={"sub": first},
    )
    assert only(repo, sha) == {}
    assert only(repo, repo.commit({"link": "a file now\n", "sub": "a file too\n"})) == {
        "link": ((1, 1),),
        "sub": ((1, 1),),
    }


def test_an_empty_commit_and_one_that_only_deletes_added_nothing(repo):
    repo.commit({"a": LINES})
    shas = [repo.commit({}), repo.commit({"a": LINES.removesuffix("line 30\n")}), repo.commit({"a": None})]
    assert added(repo, *shas) == {sha: {} for sha in shas}


def test_a_merge_added_what_no_parent_has(repo):
    repo.commit({"a": LINES, "b": "1\n"})
    repo.branch("side")
    repo.commit({"a": "mine\n" + LINES})
    repo.checkout("side")
    repo.commit({"a": LINES + "theirs\n", "b": "2\n"})
    repo.checkout("main")
    clean = repo.merge("side")
    assert only(repo, clean) == {}
    repo.branch("side")
    repo.commit({"b": "3\n"})
    repo.checkout("side")
    repo.commit({"b": "4\n"})
    repo.checkout("main")
    assert only(repo, repo.merge("side", files={"b": "3\n4\nboth\n"})) == {"b": ((3, 3),)}


def test_a_merge_that_takes_one_side_whole_added_nothing(repo):
    repo.commit({"b": "1\n"})
    repo.branch("side")
    repo.commit({"b": "2\n"})
    repo.checkout("side")
    repo.commit({"b": "3\n"})
    repo.checkout("main")
    assert only(repo, repo.merge("side", files={"b": "2\n"})) == {}


def test_files_above_the_limit_add_nothing_and_are_not_paired(repo):
    repo.commit({"big": "x\n" * 100, "a": "1\n"})
    sha = repo.commit({"big": None, "moved": "x\n" * 101, "a": "2\n"})
    assert only(repo, sha, max_bytes=100) == {"a": ((1, 1),)}
    assert only(repo, sha) == {"moved": ((101, 101),), "a": ((1, 1),)}


def test_attributes_of_the_repository_have_no_say(repo):
    repo.commit({".gitattributes": "* -diff\n*.py binary\n", "a.py": "1\n"})
    assert only(repo, repo.commit({"a.py": "1\n2\n"})) == {"a.py": ((2, 2),)}


def test_a_commit_of_missing_content_is_left_out_and_the_others_are_read(repo):
    good = repo.commit({"a": "1\n"})
    bad = repo.commit({"b": "something else\n"})
    last = repo.commit({"c": "3\n"})
    blob = repo.git("rev-parse", f"{bad}:b")
    packs = repo.git_dir / "objects" / "pack"
    for pack in list(packs.glob("*.pack")):
        moved = repo.path / pack.name
        pack.rename(moved)
        repo.git("unpack-objects", "-q", stdin=moved.read_bytes())
        pack.with_suffix(".idx").unlink()
    (repo.git_dir / "objects" / blob[:2] / blob[2:]).unlink()
    assert added(repo, good, bad, last) == {good: {"a": ((1, 1),)}, last: {"c": ((1, 1),)}}


def test_many_commits_agree_with_the_counts_of_git(repo):
    random.seed(4)
    files = {f"f{n}": [f"{n} {line}" for line in range(40)] for n in range(6)}
    shas = []
    for _ in range(60):
        for name in random.sample(sorted(files), 2):
            lines = files[name]
            at = random.randrange(len(lines) + 1)
            lines[at : at + random.randrange(4)] = [
                f"new {random.random()}" for _ in range(random.randrange(4))
            ]
        if random.random() < 0.2:
            name = random.choice(sorted(files))
            files[f"{name}+"] = files.pop(name)
        whole = {name: "\n".join(lines) + "\n" for name, lines in files.items()}
        tree = repo.git("mktree", stdin=b"")
        shas.append(repo.commit(whole, tree=tree))
    found = added(repo, *shas)
    for sha in shas:
        counts = repo.git("show", "--format=", "--numstat", "-M50%", sha).splitlines()
        assert sum(map(size, found[sha].values())) == sum(int(row.split()[0]) for row in counts)
        for path, ranges in found[sha].items():
            assert ranges[-1][1] <= len(repo.git("show", f"{sha}:{path}").splitlines())
