"""Records in git that several clones leave and share through a remote."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gate.core.evidence.chain import check_chain
from gate.errors import EvidenceError
from gate.git import Repository
from gate.git.fetch import Fetcher
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


def test_what_was_left_in_the_clone_only_is_shared_later(origin):
    one = clone(origin, "one")
    store(one, push=False).append(Writer().of(record(1)))
    there = Repository.open(origin).evidence_at(REF)
    assert not there.exists
    store(one).share()
    assert commits(there) == {1}
    assert [len(store(clone(origin, "two")).newest(5)), len(store(one).newest(5))] == [1, 1]


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


class _Backend(BaseHTTPRequestHandler):
    """git's own smart server over HTTP; `root` holds the repositories, `header` is what it wants to be sent."""

    root: Path
    header = "Basic eDp5"

    def _serve(self) -> None:
        if self.headers.get("Authorization") != self.header:
            self.send_error(401)
            return
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
        done = subprocess.run(
            ["git", "-c", "http.receivepack=true", "http-backend"],
            input=body,
            capture_output=True,
            check=True,
            env=git_environment()
            | {
                "GIT_PROJECT_ROOT": str(self.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_USER": "x",
            },
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _serve  # noqa: N815 - the names are those of http.server

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(origin):
    """The address of `origin` over HTTP."""
    handler = type("Handler", (_Backend,), {"root": origin.parent})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{origin.name}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("ref", [REF, "refs/heads/gate-evidence"])
def test_a_job_without_a_clone_pushes_back_to_where_it_fetched_from(origin, served, tmp_path, ref):
    """Nothing of a fetched repository outlives the job: its records have to go back."""
    git = Repo(tmp_path / "work")
    git.commit({"README": "x\n"})
    git.git("push", "-q", str(origin), "main")
    for number in (1, 2):
        fetcher = Fetcher(
            tmp_path / f"job{number}" / "objects.git", served, header="Authorization: Basic eDp5"
        )
        fetcher.fetch({"refs/heads/main": "refs/remotes/origin/main"}, optional=("refs/notes/*",))
        with Repository.open(tmp_path / f"job{number}" / "objects.git") as repository:
            repository.evidence_at(ref, fetcher.shared()).append(Writer().of(record(number)))
    there = Repository.open(origin).evidence_at(ref)
    assert commits(there) == {1, 2}
    assert check_chain(links(there)).beginnings == 1


def test_a_token_that_may_not_write_is_told_and_shown_to_nobody(origin, served, tmp_path):
    Repo(tmp_path / "work").git("push", "-q", str(origin), "HEAD:refs/heads/main", check=False)
    fetcher = Fetcher(tmp_path / "job" / "objects.git", served, header="Authorization: Basic c2VjcmV0")
    with Repository.open(tmp_path / "job" / "objects.git") as repository:
        store_ = repository.evidence_at(REF, fetcher.shared())
        with pytest.raises(EvidenceError) as caught:
            store_.append(Writer().of(record(1)))
    assert "contents: write" in caught.value.hint
    assert "c2VjcmV0" not in caught.value.message
