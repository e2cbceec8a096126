"""Who wrote a change, from all that a run is told: real repositories, events and review files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from gate.core.review import ForgeFacts
from gate.core.review.model import Account
from gate.forges.environment import Login, MergeRequest
from gate.git import Repository
from gate.pipeline import inputs
from gate.pipeline.attribution import attribute_change
from gate.pipeline.request import Request

if TYPE_CHECKING:
    from gate.core.authorship import Authorship
    from tests.support.repos import Repo

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"


@pytest.fixture
def attribute(repo: Repo):
    """The attribution of topic against main."""

    def judge(**told: Any) -> Authorship:
        registry = inputs.registry(inputs.load_policy(None, None, Request()))
        with Repository.open(repo.path) as repository:
            change = repository.change("main", "topic")
            facts = {"request": None, "reviews": None} | told
            return attribute_change(repository, change, registry, **facts)

    return judge


@pytest.fixture
def topic(repo: Repo) -> str:
    repo.commit({"a.py": "1\n"}, message="Start")
    repo.checkout("topic", create=True)
    return repo.commit({"a.py": "1\n2\n"}, message="Add two")


def request(**told: Any) -> MergeRequest:
    return MergeRequest(forge="github", **told)


def test_nothing_is_asked_where_nobody_tells(topic, attribute):
    found = attribute()
    assert found.verdict == "undeclared"
    assert {name: found.sources[name] for name in ("mr_body", "account", "branch", "mr_commits")} == {
        "mr_body": "not_asked",
        "account": "not_asked",
        "branch": "not_asked",
        "mr_commits": "present",
    }
    assert found.fetches == ()


def test_an_agents_account_that_opened_the_request_wrote_the_change(topic, attribute):
    found = attribute(request=request(opener=Login("Copilot", bot=True, number=198982749)))
    assert (found.verdict, found.agents) == ("declared_ai", ("copilot",))
    assert found.commits[0].verdict == "undeclared"
    assert [(e.signature, e.role, e.grade, e.source, e.text) for e in found.evidence] == [
        ("account", "authored", "A", "account", "Copilot")
    ]


@pytest.mark.parametrize(
    "opener",
    [
        Login("claude", bot=False),
        Login("Copilot", bot=False, number=198982749),
        Login("dependabot[bot]", bot=True, number=49699333),
    ],
)
def test_other_accounts_say_nothing(topic, attribute, opener):
    found = attribute(request=request(opener=opener))
    assert (found.verdict, found.evidence, found.hints) == ("undeclared", (), ())
    assert found.sources["account"] == "present"


def test_a_bot_on_no_list_is_a_hint(topic, attribute):
    for login in ("new-agent[bot]", "project_12_bot"):
        [hint] = attribute(request=request(opener=Login(login, bot=True))).hints
        assert (hint.source, hint.field, hint.remark) == ("account", "account", "unlisted bot")


def test_a_reviews_file_tells_the_same_and_comes_first(topic, attribute):
    reviews = ForgeFacts(
        opener=Account(account="github:devin-ai-integration[bot]", kind="bot"),
        branch="claude/x",
        body=f"Does it\n\n{CLAUDE}",
    )
    told = request(opener=Login("jane", bot=False), body="nothing", branch="fix")
    found = attribute(request=told, reviews=reviews)
    assert set(found.agents) == {"devin", "claude-code"}
    assert [hint.source for hint in found.hints] == ["branch"]


def test_an_event_that_cannot_be_read_leaves_its_sources_unreadable(topic, attribute):
    found = attribute(request=request(problem="event.json: not valid"))
    assert {found.sources[name] for name in ("mr_body", "account", "branch")} == {"unreadable"}
    assert found.remarks == ("event.json: not valid",)


def test_a_description_that_was_cut_is_said_to_be(topic, attribute):
    found = attribute(request=request(body="Begins", body_cut=True))
    assert "only the beginning of the description" in found.remarks[0]


def test_what_an_amended_message_dropped_is_found_in_an_earlier_head(repo, topic, attribute):
    """`git commit --amend -m` drops the trailer; the commit of the earlier head still has it."""
    tree = repo.tree("topic")
    earlier = repo.commit(tree=tree, message=f"Add two\n\n{CLAUDE}\n", parents=[repo.rev("main")])
    repo.git("update-ref", "refs/heads/topic", topic)
    assert attribute().verdict == "undeclared"
    found = attribute(reviews=ForgeFacts(earlier_heads=(earlier,), opener=None))
    assert (found.verdict, found.agents) == ("declared_ai", ("claude-code",))
    assert [(e.source, e.sha) for e in found.commits[0].evidence] == [("mr_commit", earlier)]


def test_what_a_rebase_dropped_is_found_and_other_changes_of_earlier_heads_are_not(repo, attribute):
    repo.commit({"a.py": "1\n"}, message="Start")
    repo.checkout("old", create=True)
    dropped = repo.commit(
        {"b.py": "1\n"}, message="Dropped", author=("claude[bot]", "claude[bot]@users.noreply.github.com")
    )
    earlier = repo.commit({"c.py": "1\n"}, message=f"Kept\n\n{CLAUDE}\n")
    repo.checkout("main")
    repo.commit({"d.py": "1\n"}, message="Other work")
    repo.checkout("topic", create=True)
    repo.commit({"c.py": "1\n"}, message="Kept")
    found = attribute(reviews=ForgeFacts(earlier_heads=(earlier, "0" * 40)))
    assert [e.sha for e in found.commits[0].evidence] == [earlier]
    assert dropped not in str(found)


def test_settings_that_switch_attribution_off_are_read_on_both_sides(repo, attribute):
    forbids = "# Rules\n\n- Never add Co-Authored-By lines to commits.\n"
    repo.commit(
        {"CLAUDE.md": forbids, "crush.json": '{"options": {"attribution": {"trailer_style": "none"}}}'}
    )
    repo.checkout("topic", create=True)
    repo.commit(
        {
            ".claude/settings.json": '{"attribution": {"commit": ""}}',
            ".aider.conf.yml": "attribute-author: false\nattribute-committer: no\nattribute-co-authored-by: false\n",
            ".cursor/rules/git.mdc": "Do not mention AI in commit messages.\n",
            "crush.json": None,
        }
    )
    found = attribute()
    assert found.suppressed
    assert found.commits[0].suppressed
    assert [(m.file, m.agent, m.side, m.line) for m in found.markers] == [
        (".aider.conf.yml", "aider", "head", 0),
        (".claude/settings.json", "claude-code", "head", 0),
        (".cursor/rules/git.mdc", "any", "head", 1),
        ("CLAUDE.md", "any", "both", 3),
        ("crush.json", "crush", "base", 0),
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".claude/settings.json", "{"),
        (".claude/settings.json", "[1]"),
        (".claude/settings.json", "[" * 50_000),
        (".claude/settings.json", b"\xff\xfe{}"),
        (".aider.conf.yml", "a: [\n"),
        (".aider.conf.yml", "!!python/object/apply:os.system [id]\n"),
        ("crush.json", "x" * 1_000_001),
    ],
)
def test_a_settings_file_that_cannot_be_read_is_said_to_be_unknown(repo, attribute, path, content):
    repo.commit({"a": "1"})
    repo.checkout("topic", create=True)
    repo.commit({path: content})
    found = attribute()
    assert not found.suppressed
    [remark] = found.remarks
    assert remark.startswith(
        f"{path} at the head cannot be read, so whether it switches attribution off is unknown"
    )


def test_a_link_in_the_place_of_settings_is_not_followed(repo, attribute):
    repo.commit({"evil.json": '{"includeCoAuthoredBy": false}', "CLAUDE.md": "x"})
    repo.checkout("topic", create=True)
    repo.commit(
        {"b": "1", "CLAUDE.md": None},
        symlinks={".claude/settings.json": "../evil.json", "CLAUDE.md": "AGENTS.md"},
    )
    found = attribute()
    assert not found.suppressed


def test_an_event_is_read_beside_an_explicit_base(repo, topic, tmp_path):
    event = tmp_path / "event.json"
    event.write_text(
        json.dumps(
            {
                "pull_request": {
                    "base": {"ref": "elsewhere"},
                    "head": {"ref": "claude/x", "sha": "f" * 40},
                    "body": None,
                    "user": {"login": "jane", "type": "User", "id": 7},
                }
            }
        )
    )
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
    }
    with Repository.open(repo.path) as repository:
        ends = inputs.find_ends(repository, Request(base="main", head="topic", environment=environment))
        assert (ends.base, ends.head, ends.target) == (repo.rev("main"), topic, None)
        assert (ends.request.branch, ends.request.opener) == ("claude/x", Login("jane", bot=False, number=7))
        event.write_text("{")
        broken = inputs.find_ends(repository, Request(base="main", environment=environment))
        assert "could not be read" in broken.request.problem
        elsewhere = Request(base="main", repo=repo.path, environment=environment)
        assert inputs.find_ends(repository, elsewhere).request is None


def test_a_check_reads_squashed_requests_and_originals_of_picks_too(repo, attribute):
    repo.commit({"a.py": "1\n"}, message="Start")
    repo.checkout("feature", create=True)
    first = repo.commit({"b.py": "1\n"}, message=f"First\n\n{CLAUDE}\n")
    head = repo.commit({"b.py": "2\n"}, message="Second")
    repo.git("update-ref", "refs/remotes/origin/pull/7", head)
    repo.checkout("main")
    repo.checkout("topic", create=True)
    repo.commit({"b.py": "2\n"}, message="Add b (#7)")
    repo.commit({"b.py": "1\n"}, message=f"First\n\n(cherry picked from commit {first})\n")
    found = attribute()
    assert [(c.verdict.value, [(e.source, e.sha) for e in c.evidence]) for c in found.commits] == [
        ("declared_ai", [("cherry_pick", first)]),
        ("declared_ai", [("mr_commit", first)]),
    ]
    assert found.share_commits == 1


def test_requests_that_this_clone_lacks_are_said_with_the_command_that_brings_them(repo, topic, attribute):
    repo.commit({"a.py": "3\n"}, message="Add three (#7)")
    assert attribute().fetches == ("git fetch origin '+refs/pull/*/head:refs/remotes/origin/pull/*'",)


def test_refs_are_not_listed_where_no_message_names_a_request(repo, topic):
    with Repository.open(repo.path) as repository:
        change = repository.change("main", "topic")
        registry = inputs.registry(inputs.load_policy(None, None, Request()))
        attribute_change(repository, change, registry, request=None, reviews=None)
        assert "request_heads" not in vars(repository)
