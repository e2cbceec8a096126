"""Records in git that several clones leave and share through a remote."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gate.core.evidence.chain import check_chain
from gate.errors import EvidenceError
from gate.git import Repository
from tests.evidence.kit import REF, Writer, record
from tests.evidence.test_stores import commits, links
from tests.support.repos import Repo, git_environment


@pytest.fixture
def origin(tmp_path) -> Path:
    path = tmp_path / "origin.git"
    Repo(path, bare=True)
    return path


def clone(origin: Path, name: str) -> Path:
    path = origin.with_name(name)
    subprocess.run(
        ["git", "clone", "-q", origin, path], check=True, env=git_environment(), capture_output=True
    )
    return path


def store(path: Path, *, push: bool = True, ref: str = REF):
    repository = Repository.open(path)
    return repository.evidence_at(ref, repository.remote("origin") if push else None)


@pytest.mark.parametrize("ref", [REF, "refs/heads/gate-evidence"])
def test_a_record_counts_as_left_when_the_remote_has_it(origin, ref):
    one, two = clone(origin, "one"), clone(origin, "two")
    store(one, ref=ref).append(Writer().of(record(1)))
    store(two, ref=ref).append(Writer().of(record(2)))
    store(one, ref=ref).append(Writer().of(record(3)))
    there = Repository.open(origin).evidence_at(ref)
    assert commits(there) == {1, 2, 3}
    chain = check_chain(links(there))
    assert (chain.problems, chain.beginnings, chain.ends.number) == ((), 1, 3)


def test_histories_that_grew_apart_are_joined_and_the_next_record_names_both_ends(origin):
    one, two = clone(origin, "one"), clone(origin, "two")
    store(one).append(Writer().of(record(1)))
    store(two, push=False).append(Writer().of(record(2)))
    store(two, push=False).append(Writer().of(record(3)))
    store(two).append(Writer().of(record(4)))
    there = Repository.open(origin).evidence_at(REF)
    assert commits(there) == {1, 2, 3, 4}
    chain = check_chain(links(there))
    assert (chain.problems, chain.beginnings, chain.ends.number) == ((), 2, 3)
    (last,) = [link for link in links(there) if link.record.commit.endswith("4")]
    assert len(last.record.previous) == 2
    assert chain.ends.digests == (last.digest,)


_PUSHER = """
import sys
from pathlib import Path
from tests.evidence.test_sharing import store
from tests.evidence.kit import Writer, record
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 5):
    store(Path(sys.argv[1])).append(Writer().of(record(number)))
"""


def test_clones_that_push_at_the_same_time_lose_nothing(origin):
    clones = [clone(origin, f"clone{n}") for n in range(4)]
    pushers = [
        subprocess.Popen(
            [sys.executable, "-c", _PUSHER, path, str(1 + 5 * n)],
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
            text=True,
        )
        for n, path in enumerate(clones)
    ]
    for pusher in pushers:
        _, said = pusher.communicate(timeout=300)
        assert pusher.returncode == 0, said
    there = Repository.open(origin).evidence_at(REF)
    assert commits(there) == set(range(1, 21))
    assert check_chain(links(there)).problems == ()


def test_a_remote_that_takes_nothing_is_an_error_and_the_record_stays_in_the_clone(origin):
    one = clone(origin, "one")
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'evidence is not welcome' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(EvidenceError, match="cannot be pushed to origin") as caught:
        store(one).append(Writer().of(record(1)))
    assert "may write to the repository" in caught.value.hint
    assert commits(store(one, push=False)) == {1}
    hook.unlink()
    store(one).append(Writer().of(record(2)))
    assert commits(Repository.open(origin).evidence_at(REF)) == {1, 2}


def test_a_remote_that_is_gone_is_an_error(origin):
    one = clone(origin, "one")
    shutil.rmtree(origin)
    with pytest.raises(EvidenceError, match="cannot be fetched from origin"):
        store(one).append(Writer().of(record(1)))


def test_no_hook_of_the_clone_runs(origin):
    one = clone(origin, "one")
    for name in ("pre-push", "reference-transaction", "post-update"):
        hook = one / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {one}/ran-{name}\nexit 1\n")
        hook.chmod(0o755)
    store(one).append(Writer().of(record(1)))
    assert not list(one.glob("ran-*"))


def test_a_clone_without_the_ref_says_how_to_fetch_it(origin):
    store(clone(origin, "one")).append(Writer().of(record(1)))
    with pytest.raises(EvidenceError, match="does not have the ref") as caught:
        list(store(clone(origin, "two"), push=False).read())
    assert f"git fetch origin {REF}:{REF}" in caught.value.hint
