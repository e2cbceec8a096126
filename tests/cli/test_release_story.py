"""The whole story of a release, with the commands that people type: two releases on one line.

Three merge requests (one by an agent in an auth area), reviews, a direct push, a revert, a back-port. The first
release passes, the second one is blocked, signed and passes, and a second clone without the first sees the same.
"""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.test_signoff import at_terminal, gate
from tests.release.kit import CLAUDE, LOGIN, NOW, Keys, Story, person

TOKENS = "import secrets\n\n\ndef reset_token():\n    return secrets.token_urlsafe(16)\n"
BETTER = LOGIN.replace("return", "return user.ok and")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


def recorded(story: Story, tmp_path, *, approve: str | None, opener: str = "dev") -> str:
    """Judge `topic` with `gate check`, which leaves the record, and return the number of the request."""
    story.numbers += 1
    number = str(story.numbers)
    reviews = tmp_path / f"reviews-{number}.json"
    reviews.write_text(json.dumps(story._reviews(number, story.repo.rev("topic"), opener, approve)))
    done = gate(
        tmp_path,
        "check",
        *("--repo", story.repo.path, "--base", "main", "--head", "topic", "--target", "refs/heads/main"),
        *("--reviews", reviews, "--record", "--evidence-key", story.keys.private("ci"), "--now", NOW, "-q"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return number


def test_the_story_of_two_releases(repo, keys, tmp_path):
    story = Story(repo, keys, tmp_path).start(scan=True)

    # A merge request by a person, squashed; nothing else: the first release passes.
    story.branch()
    story.topic({"README": "a shop\nfor books\n"}, message="Say what is sold\n")
    story.merge(recorded(story, tmp_path, approve=None), "squash")
    story.tag("v1.1")
    place = ("--repo", repo.path, "--now", NOW, "-q")
    first = gate(tmp_path, "release", "v1.0..v1.1", *place)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.rstrip().endswith("✓ passed · exit 0 · next: ship v1.1")

    # An agent in the area auth, reviewed; a rebased request of two commits; a direct push; a revert; a back-port.
    story.branch()
    story.topic({"auth/login.py": BETTER}, message=f"Ask whether the account is open\n\n{CLAUDE}\n")
    ai = story.merge(recorded(story, tmp_path, approve="sec1"), "merge")
    story.branch()
    story.topic(
        {"auth/logout.py": "def logout(session):\n    session.clear()\n"}, message="Log out\n", who="bob"
    )
    story.topic({"shop.py": "PRICE = 3\n"}, message="A price\n", who="bob")
    story.merge(recorded(story, tmp_path, approve="sec2", opener="bob"), "rebase")
    direct = repo.commit(
        {"auth/tokens.py": TOKENS}, message="Tokens to reset a password\n", author=person("dev")
    )
    risky = repo.commit(
        {"auth/admin.py": "ADMIN = True\n"}, message="Everybody is admin\n", author=person("dev")
    )
    repo.commit(
        {"auth/admin.py": None},
        message=f"Take it back\n\nThis reverts commit {risky}.\n",
        author=person("dev"),
    )
    repo.checkout("main")
    story.tag("v1.2")

    waiting = gate(tmp_path, "release", "v1.1..v1.2", *place, "-o", "json=waiting.json", "-o", "text")
    assert waiting.returncode == 3, waiting.stdout + waiting.stderr
    steps = {step["sha"]: step for step in json.loads((tmp_path / "waiting.json").read_text())["steps"]}
    assert [sha for sha, step in steps.items() if step["state"] == "uncovered"] == [direct]
    assert (steps[ai]["state"], steps[ai]["ai"], steps[ai]["proof"]["people"]) == ("covered", True, ["sec1"])
    assert steps[risky]["state"] == "cancelled"
    assert "Tokens to reset a password" in waiting.stdout
    assert "auth: needs 1 of alice, sec1, sec2." in waiting.stdout

    # The person who wrote it cannot sign; a reviewer looks and does.
    sign = (
        "signoff",
        "create",
        "--release",
        "v1.1..v1.2",
        *place,
        "-o",
        "v1.2.signoff.json",
        "--color",
        "never",
    )
    own = at_terminal(tmp_path, "x", *sign, "--reviewer", "dev", "--key", keys.private("dev"))
    assert own[0] == 2
    assert "is author of this change" in own[1]
    head = repo.rev("v1.2")
    code, said = at_terminal(tmp_path, head[:7], *sign, "--reviewer", "sec1", "--key", keys.private("sec1"))
    assert code == 0, said
    assert "Tokens to reset a password" in said
    assert "secrets.token_urlsafe" in said
    assert "gate release v1.1..v1.2 --signoffs v1.2.signoff.json" in said

    reports = ("-o", "markdown=r.md", "-o", "html=r.html", "-o", "json=r.json", "-o", "text")
    attest = ("--attest", "v1.2.evidence.json", "--evidence-key", keys.private("ci"))
    passed = gate(
        tmp_path, "release", "v1.1..v1.2", *place, "--signoffs", "v1.2.signoff.json", *reports, *attest
    )
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "4 sensitive or AI-written steps answered for: 3 by a recorded verdict, 1 by signed" in " ".join(
        passed.stdout.split()
    )
    told = (tmp_path / "r.md").read_text()
    for words in (
        "Ask whether the account is open",
        "claude-code",
        "sec1",
        "Take it back",
        "PCI DSS 6.2.3.1",
    ):
        assert words in told
    page = (tmp_path / "r.html").read_text()
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    verified = gate(tmp_path, "signoff", "verify", "v1.2.signoff.json", "--release", "v1.1..v1.2", *place)
    assert verified.returncode == 0, verified.stdout + verified.stderr

    # What the agent wrote goes to the older line, too: the same content, judged already.
    repo.branch("v1.1.x", "v1.1")
    repo.checkout("v1.1.x")
    note = f"Ask whether the account is open\n\n(cherry picked from commit {ai})\n\n{CLAUDE}\n"
    repo.commit({"auth/login.py": BETTER}, message=note, author=person("dev"))
    story.tag("v1.1.1")
    back = gate(tmp_path, "release", "v1.1..v1.1.1", *place)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "cherry-picked, same content" in " ".join(back.stdout.split())

    # A second clone, and nothing of the first one is there any more.
    second = repo.clone(tmp_path / "second" / repo.path.name)
    away = ("--repo", second.path, "--now", NOW, "-q")
    absent = gate(tmp_path, "release", "v1.1..v1.2", *away, "--signoffs", "v1.2.signoff.json")
    assert absent.returncode == 3
    assert "git fetch origin refs/notes/gate-evidence:refs/notes/gate-evidence" in " ".join(
        absent.stdout.split()
    )
    second.git("fetch", "-q", "origin", "refs/notes/gate-evidence:refs/notes/gate-evidence")
    second.git("remote", "remove", "origin")
    shutil.rmtree(repo.path)
    (tmp_path / "signers").write_text(f'ci namespaces="gate-evidence" {keys.public("ci")}\n')
    deployed = ("evidence", "verify", "v1.2.evidence.json", "--signers", "signers", "--now", NOW)
    good = gate(tmp_path, *deployed, "--tag", "v1.2", "--commit", second.rev("v1.2"))
    assert good.returncode == 0, good.stdout + good.stderr
    assert gate(tmp_path, *deployed, "--tag", "v1.3").returncode == 3
    again = gate(
        tmp_path, "release", "v1.1..v1.2", *away, "--signoffs", "v1.2.signoff.json", "-o", "json=again.json"
    )
    assert again.returncode == 0, again.stdout + again.stderr
    here, there = (json.loads((tmp_path / name).read_text()) for name in ("r.json", "again.json"))
    assert there["steps"] == here["steps"]
    assert there["evidence"] == here["evidence"]
