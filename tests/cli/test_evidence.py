"""`gate check --record` and `gate evidence` as their users run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gate.core.evidence.envelope import Envelope, read_envelope, write_envelope
from gate.core.evidence.summary import Excused, Summary
from gate.core.review.statement import Statement
from gate.core.review.statement import payload as statement_payload
from gate.evidence.bundle import build, read_bundle
from tests.cli.test_signoff import environment, gate
from tests.evidence.kit import DIGEST, NOW, REF, Writer, make_store, record
from tests.signing.kit import Keys

if TYPE_CHECKING:
    from tests.support.repos import Repo

ROOT = str(Path(__file__).parents[2])
LOGIN = "def login(user, password):\n    return check(user, password)\n"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def shop(repo: Repo, keys: Keys) -> Repo:
    """A change of `topic` that nobody has to sign off, under a policy with the machine `ci`."""
    policy = (
        "version: 1\n"
        "evidence:\n"
        "  store: git\n"
        f"  signers: [{{id: ci, keys: ['{keys.public('ci')}']}}]\n"
        "signoff:\n"
        "  humans: [{id: dev, emails: [dev@acme.example]}, {id: sec1, emails: [sec1@acme.example]}]\n"
        "  reviewers: {auth: [sec1]}\n"
    )
    repo.commit({".gate.yml": policy, "README": "x\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"hello.py": "x = 1\n"}, message="Say hello")
    return repo


def check(shop: Repo, tmp_path, *more, key="", **variables):
    variables |= {"GATE_EVIDENCE_KEY": str(key)} if key else {}
    return gate(
        tmp_path,
        "check",
        "--repo",
        shop.path,
        "--base",
        "main",
        "--now",
        NOW,
        "-q",
        "--record",
        *more,
        **variables,
    )


def evidence(shop: Repo, tmp_path, *arguments):
    return gate(tmp_path, "evidence", *arguments, "--repo", shop.path, "--base", "main", "--now", NOW)


def test_a_verdict_leaves_a_record_that_verifies_by_this_program_and_by_ssh_keygen(shop, keys, tmp_path):
    done = check(shop, tmp_path, "-o", f"json={tmp_path}/r.json", key=keys.private("ci"))
    assert done.returncode == 0, done.stderr
    verified = evidence(shop, tmp_path, "verify")
    assert (verified.returncode, verified.stdout.splitlines()[0]) == (0, "✓ 1 record, signed by ci")
    told = json.loads(evidence(shop, tmp_path, "show", "1", "-o", "json").stdout)
    statement = told["statement"]
    assert told["signer"] == "ci"
    assert statement["subject"][0]["digest"] == {
        "gitCommit": shop.git("rev-parse", "topic"),
        "gitTree": shop.git("rev-parse", "topic^{tree}"),
    }
    said = statement["predicate"]
    assert (said["verdict"], said["exitCode"], said["target"]) == ("passed", 0, "refs/heads/main")
    digest = subprocess.run(
        ["sha256sum", tmp_path / "r.json"], capture_output=True, text=True, check=True
    ).stdout
    assert said["reportDigest"] == "sha256:" + digest.split()[0]

    exported = evidence(shop, tmp_path, "export", "--to", tmp_path / "out")
    assert exported.returncode == 0, exported.stderr
    (line,) = [one.strip() for one in exported.stdout.splitlines() if "ssh-keygen" in one]
    plain = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path / "out", capture_output=True, text=True, check=False
    )
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout.startswith('Good "gate-evidence" signature for ci')


def test_the_key_itself_can_stand_in_the_environment(shop, keys, tmp_path):
    done = check(shop, tmp_path, key=keys.private("ci").read_text())
    assert done.returncode == 0, done.stderr
    assert evidence(shop, tmp_path, "verify").returncode == 0


def test_a_key_on_the_command_line_is_refused(shop, keys, tmp_path):
    done = check(shop, tmp_path, "--evidence-key", keys.private("ci").read_text())
    assert done.returncode == 2
    assert "can be read in any list of processes" in done.stderr
    assert "PRIVATE KEY" not in done.stderr


def test_the_same_verdict_is_recorded_once_and_another_one_again(shop, keys, tmp_path):
    for _ in range(2):
        assert check(shop, tmp_path, key=keys.private("ci")).returncode == 0
    assert "1 record," in evidence(shop, tmp_path, "verify").stdout
    shop.commit({"auth/login.py": LOGIN}, message="Log in")
    waiting = check(shop, tmp_path, key=keys.private("ci"))
    assert waiting.returncode == 3
    listed = evidence(shop, tmp_path, "list").stdout
    assert [line.split()[3] for line in listed.splitlines()[:2]] == ["passed", "needs_signoff"]
    shown = evidence(shop, tmp_path, "show", shop.git("rev-parse", "topic")[:10]).stdout
    assert "area auth" in shown
    assert "auth/login.py" in shown


def test_a_policy_with_signers_takes_no_record_without_their_signature(shop, keys, tmp_path):
    missing = check(shop, tmp_path)
    assert missing.returncode == 2
    assert "GATE_EVIDENCE_KEY" in missing.stderr
    foreign = check(shop, tmp_path, key=keys.private("mallory"))
    assert foreign.returncode == 4
    assert "signed with a key that is not listed" in foreign.stderr
    assert shop.git("for-each-ref", REF) == ""


def test_signers_come_from_the_base_and_never_from_the_change(shop, keys, tmp_path):
    policy = shop.git("show", "main:.gate.yml").replace(keys.public("ci"), keys.public("mallory"))
    shop.commit({".gate.yml": policy}, message="Trust me")
    done = check(shop, tmp_path, key=keys.private("mallory"))
    assert done.returncode == 4
    assert "not listed" in done.stderr


def test_an_unsigned_record_informs_and_does_not_verify(repo, tmp_path):
    repo.commit({"README": "x\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 1\n"})
    done = check(repo, tmp_path, f"sqlite:{tmp_path}/e.db")
    assert done.returncode == 0, done.stderr
    assert evidence(repo, tmp_path, "list", f"sqlite:{tmp_path}/e.db").returncode == 0
    verified = evidence(repo, tmp_path, "verify", f"sqlite:{tmp_path}/e.db")
    assert verified.returncode == 3
    assert "it is not signed" in verified.stdout
    assert evidence(repo, tmp_path, "verify", f"sqlite:{tmp_path}/e.db", "--chain-only").returncode == 0


@pytest.mark.parametrize(
    ("store", "code", "told"),
    [
        ("files:/dev/null/x", 4, "records could not be"),
        ("sqlite:/dev/null/x.db", 4, "records could not be left"),
        ("postgresql://nobody@127.0.0.1:1/none", 4, "postgresql://nobody@127.0.0.1:1/none"),
        ("rubbish", 2, "is no store of records"),
    ],
)
def test_a_store_that_cannot_be_used_is_no_pass(store, code, told, shop, keys, tmp_path):
    done = check(shop, tmp_path, store, key=keys.private("ci"))
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_store_the_option_says_how_to_name_one(repo, tmp_path):
    repo.commit({"README": "x\n"})
    repo.branch("topic")
    repo.checkout("topic")
    repo.commit({"a.py": "x = 1\n"})
    done = check(repo, tmp_path)
    assert done.returncode == 2
    assert "the policy has none (evidence.store)" in done.stderr


def test_verify_tells_what_was_cut_off_what_is_foreign_and_what_cannot_be_told(shop, keys, tmp_path):
    store = make_store("git", tmp_path)
    for n in (1, 2, 3):
        store.append(Writer(keys).of(record(n)))
    shop.git("fetch", "-q", tmp_path / "store.git", f"{REF}:{REF}")
    good = evidence(shop, tmp_path, "verify")
    assert good.returncode == 0, good.stdout
    end = next(line.split()[-1] for line in good.stdout.splitlines() if "ends with" in line)
    assert evidence(shop, tmp_path, "verify", "--end", end).returncode == 0
    shop.git("update-ref", REF, f"{REF}~1")
    assert evidence(shop, tmp_path, "verify").returncode == 0
    cut = evidence(shop, tmp_path, "verify", "--end", end)
    assert cut.returncode == 3
    assert "the newest records were cut off" in cut.stdout
    assert evidence(shop, tmp_path, "verify", "--commit", f"{2:040x}").returncode == 0
    assert evidence(shop, tmp_path, "verify", "--commit", f"{9:040x}").returncode == 3
    assert evidence(shop, tmp_path, "verify", "--repository", "host.example/acme/other").returncode == 3
    absent = evidence(shop, tmp_path, "verify", "git:refs/heads/other")
    assert absent.returncode == 4
    assert "git fetch origin refs/heads/other:refs/heads/other" in absent.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("verify", "--end", "sha256:12"), "is no digest"),
        (("verify", "--commit", "HEAD"), "cannot be used"),
        (("verify", "--revoked", "x"), "--revoked goes with --signers"),
        (("verify", "--signers", "nowhere"), "nowhere: cannot be read"),
        (("verify", "--tag", "v1"), "the store: is not the evidence of a release, and --tag is for that"),
        (("verify", "--tag", ""), "--tag is empty"),
        (("verify", "--commit", ""), "--commit : cannot be used"),
        (("verify", "--repository", ""), "--repository is empty"),
        (("verify", "--signers", ""), "--signers is empty"),
        (("verify", "-o", "xml"), "unknown format"),
        (("show", "99"), "names no record"),
        (("export", "--to", "."), "is not empty"),
    ],
)
def test_options_that_fit_nothing(arguments, told, shop, keys, tmp_path):
    check(shop, tmp_path, key=keys.private("ci"))
    done = evidence(shop, tmp_path, *arguments)
    assert done.returncode == 2, done.stdout
    assert told in done.stderr


def summary(**changes) -> Summary:
    plain = {
        "repo": "host.example/acme/shop",
        "tag": "v1.2.0",
        "commit": "a" * 40,
        "tree": "b" * 40,
        "tag_object": "d" * 40,
        "previous": "v1.1.0",
        "previous_commit": "c" * 40,
        "verdict": "passed",
        "exit_code": 0,
        "verified_at": NOW,
        "policy_source": ".gate.yml at cccccccccccc",
        "policy_digest": DIGEST,
        "rulesets_digest": DIGEST,
        "gate_version": "1.0",
        "change_digest": DIGEST,
        "report_digest": DIGEST,
        "steps": {"covered": 2, "overridden": 1},
        "exceptions": (Excused(kind="override", by="sec1", until=NOW, reason="the shop was on fire"),),
        "inputs": (),
        "number": 2,
    }
    return Summary(**plain | changes)


@pytest.fixture
def released(keys, tmp_path):
    """The evidence of a release in a file, and a file with its signer; nothing else is there."""
    records = [Writer(keys).envelope(record(n)) for n in (1, 2)]

    def write(made: Summary | None = None, change=lambda raw: raw, statements=()):
        raw = build(
            made or summary(),
            records=records,
            statements=statements,
            sign=lambda payload: (keys.sign(payload, "ci", namespace="gate-evidence"), "SHA256:x"),
        )
        path = tmp_path / "v1.2.0.evidence.json"
        path.write_bytes(change(raw))
        (tmp_path / "signers").write_text(f'ci namespaces="gate-evidence" {keys.public("ci")}\n')
        return raw

    return write


def verify(tmp_path, *more):
    return gate(
        tmp_path, "evidence", "verify", "v1.2.0.evidence.json", "--signers", "signers", "--now", NOW, *more
    )


def test_a_deployer_verifies_a_release_with_one_command_and_no_repository(released, keys, tmp_path):
    raw = released()
    assert released() == raw  # the same bytes each time
    done = verify(tmp_path, "--tag", "v1.2.0", "--commit", "a" * 40, "--repository", "host.example/acme/shop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Release v1.2.0 of host.example/acme/shop: passed" in done.stdout
    assert "by sec1 until 2026-02-01T00:00:00Z: the shop was on fire" in done.stdout
    assert "rests on 2 records in this file, all of them verified" in done.stdout
    told = json.loads(verify(tmp_path, "-o", "json").stdout)
    assert (told["verified"], told["signer"], told["summary"]["tag"]) == (True, "ci", "v1.2.0")
    bundle = read_bundle(raw)
    several = gate(tmp_path, "evidence", "show", "v1.2.0.evidence.json", "--signers", "signers", "--now", NOW)
    assert several.returncode == 2
    assert "Say which: gate evidence show RECORD v1.2.0.evidence.json" in several.stderr
    (tmp_path / "one.json").write_bytes(write_envelope(bundle.records[0]))
    alone = gate(tmp_path, "evidence", "show", "one.json", "--signers", "signers", "--now", NOW)
    assert (alone.returncode, alone.stderr) == (0, "")
    (tmp_path / "s").write_bytes(bundle.summary.payload)
    (tmp_path / "s.sig").write_bytes(bundle.summary.signature)
    command = "ssh-keygen -Y verify -f signers -I ci -n gate-evidence -s s.sig < s"
    assert (
        subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    )
    document = json.loads(bundle.summary.payload)
    assert document["predicateType"] == "https://slsa.dev/verification_summary/v1"
    assert document["predicate"]["verificationResult"] == "PASSED"
    assert document["predicate"]["resourceUri"] == "git+https://host.example/acme/shop@refs/tags/v1.2.0"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--tag", "v1.3.0"), "about the tag v1.2.0, and not about v1.3.0"),
        (("--commit", "abcd"), "and not about abcd"),
        (("--repository", "host.example/evil/shop"), "and not about host.example/evil/shop"),
        (("--now", "2026-02-01T00:00:00Z", "--signers", "mallory"), "signed with a key that is not listed"),
    ],
)
def test_the_evidence_of_another_release_or_signer_does_not_verify(more, told, released, keys, tmp_path):
    released()
    (tmp_path / "mallory").write_text(f'mallory namespaces="gate-evidence" {keys.public("mallory")}\n')
    done = verify(tmp_path, *more)
    assert done.returncode == 3
    assert told in done.stdout


def without_record(raw: bytes) -> bytes:
    document = json.loads(raw)
    del document["records"][0]
    return json.dumps(document, sort_keys=True).encode()


def with_another_record(raw: bytes) -> bytes:
    document = json.loads(raw)
    document["records"][0]["payload"] = document["records"][0]["payload"][:-8] + "AAAAAAAA"
    return json.dumps(document, sort_keys=True).encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw[:-200], "it cannot be read"),
        (without_record, "the summary names it, and it is not in the file"),
        (with_another_record, "the summary does not name it"),
        (lambda raw: raw.replace(b'"mediaType":"', b'"mediaType":"x'), "of another kind or version"),
        (lambda raw: raw.replace(b'"records":', b'"more":1,"records":'), "does not have exactly the keys"),
    ],
)
def test_the_evidence_of_a_release_that_was_changed_does_not_verify(change, told, released, tmp_path):
    released(change=change)
    done = verify(tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert told in done.stdout


def test_a_release_that_did_not_pass_is_no_pass_however_well_signed(released, tmp_path):
    released(summary(verdict="needs_signoff", exit_code=3))
    done = verify(tmp_path)
    assert done.returncode == 3
    assert "the release did not pass: its verdict is needs_signoff" in done.stdout


@pytest.mark.parametrize("option", [("--end", DIGEST), ("--chain-only",), ("--change", "12")])
def test_options_of_stores_mean_nothing_for_a_release(option, released, tmp_path):
    released()
    done = verify(tmp_path, *option)
    assert done.returncode == 2
    assert "is for stores of records" in done.stderr


def test_records_of_a_release_can_be_listed_from_its_file(released, tmp_path):
    released()
    done = gate(tmp_path, "evidence", "list", "v1.2.0.evidence.json", "--signers", "signers", "--now", NOW)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("signed by ci") == 2


def test_a_single_record_in_a_file_is_verified(keys, tmp_path):
    path = tmp_path / "one.evidence.json"
    path.write_bytes(write_envelope(Writer(keys).envelope(record(1))))
    (tmp_path / "signers").write_text(
        f'ci namespaces="gate-evidence" {keys.public("ci")}\n*  ssh-ed25519 AAAA\n'
    )
    done = gate(tmp_path, "evidence", "verify", path, "--signers", "signers", "--now", NOW)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "signers:2: this line was refused: a wildcard" in done.stdout
    path.write_bytes(write_envelope(Envelope(payload=read_envelope(path.read_bytes()).payload)))
    assert gate(tmp_path, "evidence", "verify", path, "--signers", "signers").returncode == 3


def test_statements_of_people_are_verified_with_their_keys_and_vouched_for_without(released, keys, tmp_path):
    payload = statement_payload(
        Statement(
            decision="approve",
            reviewer="sec1",
            repo="host.example/acme/shop",
            commit="a" * 40,
            tree="b" * 40,
            target="refs/heads/main",
            base="c" * 40,
            change_digest=DIGEST,
            policy_digest=DIGEST,
            created_at=NOW,
            areas=("auth",),
        )
    )
    good = Envelope(payload=payload, signature=keys.sign(payload, "sec1"))
    released(statements=[good])
    vouched = verify(tmp_path)
    assert vouched.returncode == 0, vouched.stdout
    assert "that the summary vouches for: 1" in vouched.stdout
    with (tmp_path / "signers").open("a") as file:
        file.write(f'sec1 namespaces="gate-signoff" {keys.public("sec1")}\n')
    verified = verify(tmp_path)
    assert verified.returncode == 0, verified.stdout
    assert "2 records and 1 statement in this file, all of them verified" in verified.stdout
    forged = Envelope(payload=payload, signature=keys.sign(payload, "mallory"))
    released(statements=[forged])
    with (tmp_path / "signers").open("a") as file:
        file.write(f'sec1 namespaces="gate-signoff" {keys.public("sec1")}\n')
    refused = verify(tmp_path)
    assert refused.returncode == 3
    assert "signed with a key that is not listed for sec1" in refused.stdout


def test_verifying_one_file_loads_neither_git_nor_the_rules(keys, tmp_path):
    """A deployer's job waits for it: half of the program stays out."""
    path = tmp_path / "one.evidence.json"
    path.write_bytes(write_envelope(Writer(keys).envelope(record(1))))
    (tmp_path / "signers").write_text(f'ci namespaces="gate-evidence" {keys.public("ci")}\n')
    code = (
        "import sys; from gate.cli import run; "
        f"code = run(['evidence', 'verify', {str(path)!r}, '--signers', 'signers', '--now', {NOW!r}]); "
        "print(*sorted(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONPATH=ROOT),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {
        "cryptography", "git", "gate.core.policy", "gate.core.rules", "gate.git", "gate.scanners", "msgspec", "rich", "yaml",
    }  # fmt: skip
