"""Single files, trees and blobs."""

from __future__ import annotations

import pytest

from gate.core.change import GITLINK, SYMLINK
from gate.errors import GitError
from gate.git import Repository, TreeEntry
from tests.git.reading import assert_incomplete


@pytest.fixture
def shop(repo):
    sub = repo.commit({"s": "1"}, parents=())
    repo.commit(
        {"b.py": "1\n", "a/x": "\r\n", "a.txt": "text", "s": None, "B": "", b"caf\xe9": b"\xff\0"},
        symlinks={"link": "a.txt"},
        gitlinks={"sub": sub},
        executable={"b.py"},
    )
    with Repository.open(repo.path) as git:
        yield git


def test_a_file_is_read_from_the_commit_and_not_from_the_work_tree(repo, shop):
    (repo.path / "b.py").write_text("other\n")
    assert shop.file_at("HEAD", "b.py") == b"1\n"
    assert shop.file_at("HEAD", "a/x") == b"\r\n"
    assert shop.file_at("HEAD", "B") == b""
    assert shop.file_at("HEAD", "caf\udce9") == b"\xff\0"


@pytest.mark.parametrize(
    "path", ["", "a", "a/", "link", "sub", "none", "b", "b.p*", "./b.py", "/b.py", "a//x", "../r/b.py"]
)
def test_what_is_no_regular_file_has_no_content(shop, path):
    assert shop.file_at("HEAD", path) is None
    assert shop.is_tracked("HEAD", path) is (path in {"link", "sub"})


def test_a_file_above_the_limit_is_incomplete(shop):
    assert shop.file_at("HEAD", "a.txt", max_bytes=4) == b"text"
    with pytest.raises(GitError) as error:
        shop.file_at("HEAD", "a.txt", max_bytes=3)
    assert_incomplete(error, "a.txt at HEAD has 4 bytes, more than the 3", "smaller")


def test_the_tree_lists_all_files_in_byte_order(repo, shop):
    tree = shop.tree("HEAD")
    assert [(e.path, e.mode, e.size) for e in tree] == [
        ("B", "100644", 0),
        ("a.txt", "100644", 4),
        ("a/x", "100644", 2),
        ("b.py", "100755", 2),
        ("caf\udce9", "100644", 2),
        ("link", SYMLINK, 5),
        ("sub", GITLINK, 0),
    ]
    assert tree[1] == TreeEntry("a.txt", "100644", repo.git("rev-parse", "HEAD:a.txt"), 4)
    assert shop.paths_at("HEAD") == tuple(e.path for e in tree)
    assert len(shop.tree("HEAD~1")) == 1


def test_an_empty_tree_is_empty(repo):
    repo.commit()
    with Repository.open(repo.path) as git:
        assert git.tree("HEAD") == git.paths_at("HEAD") == ()


def test_blobs_come_once_each_in_order_and_large_ones_not_at_all(repo, shop):
    one, two, three = (repo.blob(text) for text in ("x\n\0", "", "y" * 100))
    assert list(shop.blobs([two, three, one, two], max_bytes=99)) == [(two, b""), (one, b"x\n\0")]
    assert list(shop.blobs([three], max_bytes=99)) == []
    assert list(shop.blobs([], max_bytes=99)) == []


def test_a_missing_blob_is_incomplete_even_if_it_would_be_too_large(repo, shop):
    with pytest.raises(GitError) as error:
        list(shop.blobs([repo.blob("x"), "1" * 40], max_bytes=10))
    assert_incomplete(error, "1" * 40 + " is missing from this clone", "clone in full")
    with pytest.raises(GitError) as error:
        list(shop.blobs([repo.tree()], max_bytes=10))
    assert_incomplete(error, "is a tree where a file is expected", "clone")


def test_many_blobs_come_one_at_a_time(repo, shop):
    ids = [repo.blob(f"{number}" * 1000) for number in range(20)]
    stream = shop.blobs(ids, max_bytes=10_000)
    assert next(stream) == (ids[0], b"0" * 1000)
    assert [sha for sha, _ in stream] == ids[1:]


def test_a_stream_outlives_the_name_of_its_repository(repo):
    head = repo.commit({"a": "1\n"})
    ids = [repo.blob("x"), repo.blob("y")]
    assert [data for _, data in Repository.open(repo.path).blobs(ids, max_bytes=9)] == [b"x", b"y"]
    assert [c.sha for c in Repository.open(repo.path).commits_by_id([head])] == [head]
    assert [c.sha for c in Repository.open(repo.path).commits("HEAD")] == [head]
