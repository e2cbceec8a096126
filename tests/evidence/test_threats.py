"""What an attacker can do to records, and how each is noticed: none of it is a proof."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from gate.core.evidence.envelope import Envelope, read_envelope, write_envelope
from gate.core.evidence.record import write_record
from gate.errors import SigningError, UsageError
from gate.evidence.files import FileStore
from gate.git import Repository
from gate.pipeline.evidence import open_store, read_evidence
from gate.pipeline.proof import Keys as Trusted
from gate.signing import NAMESPACE
from tests.evidence.kit import NOW, Writer, make_store, record, trusted


@pytest.fixture
def store(tmp_path, keys) -> FileStore:
    """Four records, all signed by the machine `ci`."""
    found = make_store("files", tmp_path)
    for n in range(1, 5):
        found.append(Writer(keys).of(record(n)))
    return found


def file(store, number: int):
    path = store._folder / f"{number:09}.evidence.json"
    path.chmod(0o644)
    return path


def read(store, keys, **how):
    return read_evidence(store, how.pop("trusted", trusted(keys, "ci")), now=how.pop("now", NOW), **how)


def problems(evidence) -> dict[int, str]:
    return {one.record.number: one.problem for one in evidence.records if one.problem}


def test_what_nobody_touched_is_proven(store, keys):
    evidence = read(store, keys)
    assert evidence.is_whole
    assert problems(evidence) == {}
    assert {one.signer for one in evidence.records} == {"ci"}


def test_forged_by_somebody_without_a_listed_key(store, keys):
    store.append(Writer(keys, "mallory").of(record(5)))
    evidence = read(store, keys)
    assert list(problems(evidence)) == [5]
    assert "signed with a key that is not listed" in problems(evidence)[5]


def test_altered_with_the_signature_of_the_original(store, keys):
    envelope = read_envelope(file(store, 4).read_bytes())
    lie = envelope.payload.replace(b'"verdict":"passed"', b'"verdict":"blocked"')
    file(store, 4).write_bytes(write_envelope(replace(envelope, payload=lie)))
    assert "its content was changed after it was signed" in problems(read(store, keys))[4]


def test_altered_in_the_middle_breaks_the_chain_whoever_signs(store, keys):
    envelope = read_envelope(file(store, 2).read_bytes())
    lie = envelope.payload.replace(b'"verdict":"passed"', b'"verdict":"blocked"')
    file(store, 2).write_bytes(write_envelope(Writer(keys).envelope(lie)))
    evidence = read(store, keys)
    assert problems(evidence) == {}  # signed well, by a machine that was broken into
    assert not evidence.is_whole
    assert "was removed or altered" in evidence.chain.problems[0]


def test_truncated(store, keys):
    path = file(store, 4)
    path.write_bytes(path.read_bytes()[:-100])
    evidence = read(store, keys)
    assert [one.place for one in evidence.unreadable] == ["000000004.evidence.json"]
    assert not evidence.is_whole


def test_stripped_of_its_signature(store, keys):
    envelope = read_envelope(file(store, 4).read_bytes())
    file(store, 4).write_bytes(write_envelope(Envelope(payload=envelope.payload)))
    assert problems(read(store, keys)) == {4: "it is not signed"}


def test_replayed_under_another_number(store, keys):
    shutil.copy(file(store, 1), store._folder / "000000005.evidence.json")
    evidence = read(store, keys)
    assert not evidence.is_whole
    assert any("there 2 times" in problem for problem in evidence.chain.problems)


def test_reordered(store, keys):
    first, second = file(store, 1).read_bytes(), file(store, 2).read_bytes()
    file(store, 1).write_bytes(second)
    file(store, 2).write_bytes(first)
    problems_ = read(store, keys).chain.problems
    assert sum("put in another order" in problem for problem in problems_) == 2


def test_removed_from_the_middle(store, keys):
    file(store, 2).unlink()
    assert not read(store, keys).is_whole


def test_a_cut_tail_is_noticed_with_the_end_that_was_noted(store, keys):
    end = read(store, keys).chain.ends.digests
    file(store, 4).unlink()
    assert read(store, keys).is_whole  # by itself nothing tells
    evidence = read(store, keys, expected=end)
    assert "the newest records were cut off" in evidence.chain.problems[0]


def test_records_of_another_store_are_foreign(store, keys, tmp_path):
    other = FileStore(tmp_path / "other")
    for n in range(11, 17):
        other.append(Writer(keys).of(record(n, repo="host.example/evil/shop")))
    shutil.copy(file(other, 6), store._folder / "000000005.evidence.json")
    evidence = read(store, keys)
    assert not evidence.is_whole
    wanted = read(store, keys, wanted=lambda one: one.repo == "host.example/acme/shop")
    assert {one.record.repo for one in wanted.records} == {"host.example/acme/shop"}


@pytest.mark.parametrize(
    ("until", "now", "good"),
    [("2026-02-01", "2026-02-01T23:59:59Z", True), ("2026-01-31", "2026-02-01T00:00:00Z", False)],
)
def test_a_key_counts_until_its_last_day(until, now, good, store, keys):
    evidence = read(store, keys, trusted=trusted(keys, "ci", ci=until), now=now)
    assert (problems(evidence) == {}) is good
    if not good:
        assert "its key is not valid at this time" in problems(evidence)[1]


def test_a_revoked_key(store, keys):
    gone = replace(trusted(keys, "ci"), revoked=f"{keys.public('ci')}\n".encode())
    assert "its key was revoked" in problems(read(store, keys, trusted=gone))[1]


def test_a_sign_off_key_signs_no_record_and_a_record_key_nothing_else(store, keys):
    payload = write_record(record(5, previous=read(store, keys).chain.ends.digests, number=5))
    signature = keys.sign(payload, "ci", namespace=NAMESPACE)
    store.append(lambda _: write_envelope(Envelope(payload=payload, signature=signature)))
    assert "signed for 'gate-signoff' and not for gate-evidence" in problems(read(store, keys))[5]


def test_without_signers_nothing_is_a_proof(store, keys):
    evidence = read(store, keys, trusted=Trusted())
    assert set(problems(evidence)) == {1, 2, 3, 4}
    assert "no machine is named" in problems(evidence)[1]


def test_without_the_program_nothing_can_be_told(store, keys, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SigningError):
        read(store, keys)


def test_a_file_in_git_under_a_name_that_is_not_its_own(tmp_path, keys):
    found = make_store("git", tmp_path)
    left = found.append(Writer(keys).of(record(1)))
    found._commit(
        "x\n",
        found._tip(),
        (),
        [
            b"M 100644 inline ab/"
            + b"c" * 62
            + b".evidence.json\ndata %d\n" % len(left.data)
            + left.data
            + b"\n"
        ],
    )
    evidence = read(found, keys)
    (one,) = evidence.unreadable
    assert "its content has another digest" in one.why


def test_a_store_that_the_change_brings_along_is_refused(repo, tmp_path, keys):
    folder = repo.path / "records"
    FileStore(folder).append(Writer(keys).of(record(1)))
    content = {f"records/{path.name}": path.read_bytes() for path in folder.glob("*.json")}
    repo.commit(content | {"a.py": "x\n"})
    with Repository.open(repo.path) as repository, pytest.raises(UsageError, match="part of the commit"):
        open_store(f"files:{folder}", repository, head="HEAD")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mysql://x", "is no store of records"),
        ("files:", "names no place"),
        ("git:main", "must name a ref below"),
        ("git:refs/heads/../x", "must name a ref below"),
        ("git:refs/heads/a.lock", "must name a ref below"),
        ("git:refs/heads/a b", "must name a ref below"),
        ("git:refs/heads/-x", "must name a ref below"),
        ("git", "needs a repository"),
        ("", "is no store"),
    ],
)
def test_what_names_no_store_is_refused(text, told):
    with pytest.raises(UsageError, match=told):
        open_store(text)
