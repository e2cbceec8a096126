"""`gate signoff` as its users run it: at a terminal, in a pipeline, and where it must refuse."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.signing.kit import NOW, Keys, Shop

GATE = (sys.executable, "-m", "gate")
PROMPT = b"anything else to stop"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def shop(repo, keys, tmp_path) -> Shop:
    return Shop(repo, keys, tmp_path / "signoffs")


def environment(tmp_path, **more: str) -> dict[str, str]:
    """Without the variables of a CI system, or of the agent that may run these tests."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GATE_NO_CACHE": "1", "TERM": "dumb", **more}


def gate(tmp_path, *arguments, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GATE, *map(str, arguments)],
        cwd=tmp_path,
        env=environment(tmp_path, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def at_terminal(tmp_path, answer: str, *arguments, **more: str) -> tuple[int, str]:
    """Run the command on a terminal of its own and answer its question; returns exit code and all that it said."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(tmp_path)
        os.execve(GATE[0], [*GATE, *map(str, arguments)], environment(tmp_path, **more))
    said, asked = b"", False
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
        if PROMPT in said and not asked:
            asked = True
            os.write(terminal, answer.encode() + b"\n")
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said.decode(errors="replace").replace("\r\n", "\n")


def range_of(shop: Shop) -> tuple[str, ...]:
    return "--repo", str(shop.repo.path), "--base", "main", "--head", "topic", "--now", NOW, "-q"


def create(shop: Shop, *more: str, who: str = "sec1") -> tuple[str, ...]:
    key = shop.keys.private(who)
    return (
        "signoff",
        "create",
        *range_of(shop),
        "--reviewer",
        who,
        "--key",
        str(key),
        "-o",
        "x.signoff.json",
        *more,
    )


def test_create_shows_the_hunks_asks_for_the_commit_and_signs_what_counts(shop, tmp_path):
    head = shop.start().change().head
    code, said = at_terminal(tmp_path, head[:7], *create(shop, "--reason", "I read it", "--color", "never"))
    assert code == 0, said
    assert "auth/login.py:2" in said
    assert "+ 2 │     return user.ok and check(user, password)" in said
    assert said.index("user.ok and check") < said.index(f"Type {head[:7]} to sign this as sec1")
    assert "I read it" in said
    bundle = json.loads((tmp_path / "x.signoff.json").read_text())
    assert set(bundle) == {"payload", "payloadType", "signatures"}

    verified = gate(tmp_path, "signoff", "verify", "x.signoff.json", *range_of(shop))
    assert (verified.returncode, verified.stderr) == (0, "")
    assert verified.stdout.startswith("✓ x.signoff.json  sec1 approve  counts · ")

    checked = gate(tmp_path, "check", *range_of(shop), "--signoffs", "x.signoff.json")
    assert checked.returncode == 0, checked.stdout
    assert "signed off by sec1" in checked.stdout


def test_a_clone_without_an_origin_is_told_what_its_name_is_worth(shop, tmp_path):
    shop.start().change()
    asked = create(shop)
    _, said = at_terminal(tmp_path, "", *asked)
    assert "counts in clones of that name only" in " ".join(said.split())
    _, said = at_terminal(tmp_path, "", *asked, "--repository", "git.acme.example/shop")
    assert "of that name only" not in " ".join(said.split())


def test_what_was_signed_can_be_checked_with_ssh_keygen_alone(shop, tmp_path):
    from base64 import b64decode

    head = shop.start().change().head
    assert at_terminal(tmp_path, head[:7], *create(shop))[0] == 0
    bundle = json.loads((tmp_path / "x.signoff.json").read_text())
    payload = b64decode(bundle["payload"])
    (tmp_path / "sig").write_bytes(b64decode(bundle["signatures"][0]["sig"]))
    (tmp_path / "signers").write_text(f'sec1 namespaces="gate-signoff" {shop.keys.public("sec1")}\n')
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "sec1", "-n", "gate-signoff", "-s", "sig"]
    subprocess.run(command, cwd=tmp_path, input=payload, check=True, capture_output=True)
    statement = json.loads(payload)
    assert statement["subject"][0]["digest"]["gitCommit"] == head
    assert "auth" in statement["predicate"]["areas"]


@pytest.mark.parametrize("answer", ["", "y", "yes", "0000000"])
def test_another_answer_signs_nothing(shop, tmp_path, answer):
    shop.start()
    code, said = at_terminal(tmp_path, answer, *create(shop))
    assert code == 2
    assert "nothing was signed" in said
    assert not (tmp_path / "x.signoff.json").exists()


@pytest.mark.parametrize(
    "name", ["CLAUDECODE", "CLAUDE_CODE_REMOTE", "CURSOR_AGENT", "CODEX_INTERNAL_ORIGINATOR_OVERRIDE"]
)
def test_t72_an_agent_cannot_sign(shop, tmp_path, name):
    shop.start()
    code, said = at_terminal(tmp_path, "", *create(shop), **{name: "1"})
    assert code == 2
    assert f"{name} is set: this shell belongs to a coding agent" in said


def test_t72_without_a_terminal_nothing_is_signed(shop, tmp_path):
    shop.start()
    done = gate(tmp_path, *create(shop))
    assert done.returncode == 2
    assert "there is no terminal" in done.stderr


@pytest.mark.parametrize(
    ("more", "who", "told"),
    [
        ((), "stranger", "not in signoff.humans"),
        ((), "dev", "is author of this change"),
        (("--areas", "auth,data"), "sec1", "--areas data: this change does not touch it"),
        (("--decision", "override"), "sec1", "needs --reason and --expires"),
        (
            ("--decision", "override", "--reason", "a long enough reason", "--expires", "2026-02-02"),
            "sec1",
            "may not override",
        ),
        (("--expires", "soon"), "sec1", "not a time"),
        (("--expires", "2020-01-01"), "sec1", "--expires 2020-01-01T00:00:00Z: is over already"),
    ],
)
def test_what_could_never_count_is_refused_before_it_is_signed(shop, tmp_path, more, who, told):
    shop.start()
    code, said = at_terminal(tmp_path, "", *create(shop, *more, who=who))
    assert code == 2
    assert told in " ".join(said.split())


@pytest.mark.parametrize(
    ("who", "told"),
    [("sec2", "is signed with a key of sec2"), ("mallory", "a key that is not listed for sec1")],
)
def test_the_key_of_somebody_else_signs_nothing(shop, tmp_path, who, told):
    head = shop.start().change().head
    more = ("--key", str(shop.keys.private(who)))
    code, said = at_terminal(tmp_path, head[:7], *create(shop, *more))
    assert code == 2
    assert told in " ".join(said.split())
    assert not (tmp_path / "x.signoff.json").exists()


def test_a_key_that_does_not_sign_leaves_no_file(shop, tmp_path):
    head = shop.start().change().head
    (tmp_path / "broken").write_text("no key\n")
    code, said = at_terminal(tmp_path, head[:7], *create(shop), "--key", str(tmp_path / "broken"))
    assert code == 2
    assert "nothing was signed" in said
    assert not (tmp_path / "x.signoff.json").exists()


def test_verify_says_why_a_statement_does_not_count(shop, tmp_path):
    shop.start().signed("sec1", key="mallory")
    done = gate(tmp_path, "signoff", "verify", "signoffs/a.signoff.json", *range_of(shop))
    assert done.returncode == 3
    assert "does not count: it is signed with a key that is not listed for sec1" in " ".join(
        done.stdout.split()
    )


def test_verify_of_what_is_no_statement(shop, tmp_path):
    shop.start()
    (tmp_path / "x.signoff.json").write_text("{")
    done = gate(tmp_path, "signoff", "verify", "x.signoff.json", *range_of(shop))
    assert (done.returncode, "it is not JSON, or it is cut" in done.stdout) == (3, True)
    missing = gate(tmp_path, "signoff", "verify", "nowhere.signoff.json", *range_of(shop))
    assert missing.returncode == 2
    assert "nowhere.signoff.json: no such file" in missing.stderr


def test_verify_with_an_old_ssh_keygen_cannot_tell(shop, tmp_path):
    shop.start().signed("sec1")
    old = tmp_path / "bin" / "ssh-keygen"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'unknown option -- Y' >&2\necho 'usage: ssh-keygen [-q]' >&2\nexit 1\n")
    old.chmod(0o755)
    path = f"{old.parent}:{os.environ['PATH']}"
    done = gate(tmp_path, "signoff", "verify", "signoffs/a.signoff.json", *range_of(shop), PATH=path)
    assert done.returncode == 4, done.stdout + done.stderr
    told = " ".join(done.stdout.split())
    assert "signed statements cannot be verified: this ssh-keygen is too old. Install OpenSSH 8.9" in told
    checked = gate(tmp_path, "check", "--signoffs", "signoffs", *range_of(shop), PATH=path)
    assert checked.returncode == 4


def test_list_shows_the_fate_of_each_statement(shop, tmp_path):
    shop.start().signed("sec1")
    shop.signed("sec2", name="b", expires_at="2026-01-21T00:00:00Z")
    shop.note(shop.keys.bundle(shop.statement("sec2", target="refs/tags/v1"), "sec2"), "topic")
    done = gate(tmp_path, "signoff", "list", "--signoffs", "signoffs", *range_of(shop))
    assert done.returncode == 0
    rows = [" ".join(row.split()) for row in done.stdout.splitlines()]
    assert rows[0].startswith("✓ a.signoff.json sec1 approve counts")
    assert rows[1].startswith("✗ b.signoff.json sec2 approve does not count: expired at 2026-01-21T00:00:00Z")
    assert rows[2].startswith("✗ note on ")
    assert "it is for refs/tags/v1" in " ".join(rows)
    document = gate(tmp_path, "signoff", "list", "--signoffs", "signoffs", *range_of(shop), "-o", "json")
    assert [one["counts"] for one in json.loads(document.stdout)["signoff"]["statements"]] == [
        True,
        False,
        False,
    ]


def test_an_override_passes_and_nobody_can_miss_it(shop, tmp_path):
    head = shop.start(more="  break_glass: {people: [sec2], max_hours: 48}\n").change().head
    more = ("--decision", "override", "--reason", "Login is down, OPS-7", "--expires", "2026-02-02T00:00:00Z")
    assert at_terminal(tmp_path, head[:7], *create(shop, *more, who="sec2"))[0] == 0
    arguments = ("check", *range_of(shop), "--signoffs", "x.signoff.json")
    done = gate(tmp_path, *arguments, "-o", "markdown=x.md", "-o", "json=x.json", "-o", "text")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "✓ OVERRIDDEN by sec2  A missing sign-off was overridden until 2026-02-02T00:00:00Z:"
    )
    assert "Login is down, OPS-7" in done.stdout
    assert (tmp_path / "x.md").read_text().startswith("### ✓ OVERRIDDEN by sec2 – ")
    report = json.loads((tmp_path / "x.json").read_text())
    assert report["signoff"]["override"]["by"] == "sec2"
    reason = next(r for r in report["reasons"] if r["rule"] == "signoff.required")
    assert reason["because"].startswith(
        "OVERRIDDEN by sec2 until 2026-02-02T00:00:00Z: Login is down, OPS-7."
    )
    korean = gate(tmp_path, *arguments, "--lang", "ko")
    assert korean.stdout.startswith("✓ sec2 님이 강제 통과시킴")


def test_the_whole_derivation_is_printed(shop, tmp_path):
    shop.start().signed("sec1", key="mallory")
    done = gate(tmp_path, "check", *range_of(shop), "--signoffs", "signoffs", "--explain-signoff")
    assert done.returncode == 3
    told = " ".join(done.stdout.split())
    for sentence in (
        "1 What was compared",
        "a policy in the change itself has no say",
        "L1.word · its path is named like this area",
        "dev: author, cannot sign off",
        "Nothing says that an AI took part.",
        "4 How many must sign 1 (policy: signoff.min 1, signoff.ai_min 1)",
        "auth · reviewers: alice, dev, sec1, sec2",
        "auth · dev cannot: author of this change",
        "sec1, approve: does not count, it is signed with a key that is not listed for sec1",
        "auth: nobody answered for it yet",
        "→ needs_signoff",
    ):
        assert sentence in told


def test_a_folder_that_is_not_there_is_a_usage_error(shop, tmp_path):
    shop.start()
    done = gate(tmp_path, "check", *range_of(shop), "--signoffs", "nowhere")
    assert done.returncode == 2
    assert "nowhere: no such file or folder" in done.stderr
