"""What counts as an approval on each forge: bound to a commit, by whom, with which right, on which branch."""

from __future__ import annotations

import pytest

from tests.forges.conftest import ACTIVE
from tests.forges.shop import POLICY, Publisher, Shop
from tests.support.fake_github import BOT, FakeGitHub, user
from tests.support.fake_gitlab import FakeGitLab
from tests.support.fake_gitlab import user as gitlab_user

OLD = "d" * 40
SHOP_DEV, SHOP_SEC1 = ("Dev", "dev@acme.example"), ("Sec One", "sec1@acme.example")


@pytest.fixture
def github(sensitive):
    with FakeGitHub(sensitive[0].head) as fake:
        yield fake, Publisher(fake, sensitive[0])
        assert fake.violations == []


@pytest.fixture
def gitlab(sensitive):
    with FakeGitLab(sensitive[0].head) as fake:
        yield fake, Publisher(fake, sensitive[0], forge="gitlab")
        assert fake.violations == []


def ignored(run) -> str:
    return "; ".join(f"{one.who}: {one.why}" for one in run.facts.signoff.ignored)


def no_permission(fake, shop):
    fake.approve("sec1", 11, commit=shop.head)
    del fake.permissions["sec1"]


def triage(fake, shop):
    fake.approve("sec1", 11, commit=shop.head)
    fake.permissions["sec1"] = {"permission": "read", "role_name": "triage"}


def retargeted(fake, shop, at):
    fake.approve("sec1", 11, commit=shop.head)
    fake.events.append({"event": "base_ref_changed", "created_at": at})


def pushed(fake, shop, actor):
    fake.approve("sec1", 11, commit=shop.head)
    fake.activity.append({"before": "0" * 40, "after": shop.head, "actor": actor, "activity_type": "push"})


def ruleset(fake, shop):
    fake.approve("sec1", 11, commit=shop.head)
    fake.protected.clear()
    fake.rules["main"] = [{"type": "pull_request"}]


def opened_by(fake, shop, account):
    fake.approve("sec1", 11, commit=shop.head)
    fake.pulls[7]["user"] = account


def asked_for(fake, shop, *actors, opener=BOT):
    """An agent's request: who set it to work, in this order."""
    opened_by(fake, shop, opener)
    fake.approve("sec2", 12, commit=shop.head)
    fake.events += [
        {"event": "copilot_work_started", "created_at": f"2026-01-01T00:00:0{number}Z", "actor": actor}
        for number, actor in enumerate(actors)
    ]


SEC1, DEV = user("sec1", 11), user("dev", 1)
GITHUB = {
    "another commit": (lambda f, s: f.approve("sec1", 11, commit=OLD), 3, "stale"),
    "no commit": (lambda f, s: f.approve("sec1", 11, commit=None), 3, "no commit id"),
    "a bot": (lambda f, s: f.approve("sec1", 11, commit=s.head, kind="Bot"), 3, "not a registered human"),
    "another number": (lambda f, s: f.approve("sec1", 99, commit=s.head), 3, "not a registered human"),
    "a stranger": (lambda f, s: f.approve("mallory", 66, commit=s.head), 3, "not a registered human"),
    "the author": (lambda f, s: f.approve("dev", 1, commit=s.head), 3, "of this change"),
    "no permission": (no_permission, 3, "no write permission"),
    "triage only": (triage, 3, "no write permission"),
    "a comment": (lambda f, s: f.approve("sec1", 11, commit=s.head, state="COMMENTED"), 3, ""),
    "a draft": (lambda f, s: f.approve("sec1", 11, commit=s.head, state="PENDING"), 3, ""),
    "dismissed": (lambda f, s: f.approve("sec1", 11, commit=s.head, state="DISMISSED"), 3, ""),
    "changes requested": (
        lambda f, s: (
            f.approve("sec2", 12, commit=s.head),
            f.approve("sec1", 11, commit=OLD, state="CHANGES_REQUESTED"),
        ),
        1,
        "",
    ),
    "retargeted after": (
        lambda f, s: retargeted(f, s, "2026-02-02T00:00:00Z"),
        3,
        "target branch was changed",
    ),
    "retargeted before": (lambda f, s: retargeted(f, s, "2026-01-02T00:00:00Z"), 0, ""),
    "pushed by the reviewer": (lambda f, s: pushed(f, s, user("sec1", 11)), 3, "pusher of this change"),
    "pushed by another": (lambda f, s: pushed(f, s, user("dev", 1)), 0, ""),
    "target not protected": (lambda f, s: (f.approve("sec1", 11, commit=s.head), f.protected.clear()), 4, ""),
    "protected by a ruleset": (ruleset, 0, ""),
    "opened by a bot, one sign-off": (lambda f, s: opened_by(f, s, BOT), 3, ""),
    "asked for by the reviewer": (lambda f, s: asked_for(f, s, SEC1), 0, "requester of this change"),
    "asked for by another": (lambda f, s: asked_for(f, s, DEV, SEC1), 0, ""),
    "asked for by nobody known": (lambda f, s: asked_for(f, s, BOT, None), 0, ""),
    "a person's, with help later": (lambda f, s: asked_for(f, s, SEC1, opener=DEV), 0, ""),
    "opened by a deleted account": (lambda f, s: opened_by(f, s, None), 3, ""),
}


@pytest.mark.parametrize("case", GITHUB)
def test_approvals_on_github(github, sensitive, case):
    (fake, publish), (shop, report) = github, sensitive
    act, code, why = GITHUB[case]
    act(fake, shop)
    done = publish(report)
    assert done.exit_code == code, (done.run.verdict, ignored(done.run))
    assert why in ignored(done.run)
    if not why:
        assert "requester" not in ignored(done.run)


@pytest.mark.parametrize(
    ("edit", "then", "code"),
    [
        (None, None, 0),  # the button, or git by hand: the same merge
        (None, "shop.py", 0),  # the author goes on after it
        ("shop.py", None, 3),  # something came along in the merge
    ],
    ids=["clean", "clean, and more from the author", "not clean"],
)
def test_who_only_updated_the_branch_can_still_sign(tmp_path, edit, then, code):
    shop = Shop(tmp_path)
    first = shop.change({"auth/login.py": ACTIVE}, author=SHOP_DEV)
    shop.repo.checkout("main")
    target = shop.repo.commit({"other.py": "A = 1\n"})
    shop.repo.git("update-ref", "refs/remotes/origin/main", target)
    shop.repo.checkout("topic")
    shop.head = merge = shop.repo.merge("main", author=SHOP_SEC1, files={edit: "B = 2\n"} if edit else None)
    if then:
        shop.change({then: "def total(prices):\n    return max(prices)\n"}, author=SHOP_DEV)
    with FakeGitHub(shop.head) as fake:
        fake.approve("sec1", 11, commit=shop.head)
        for before, after, who in [("0" * 40, first, DEV), (first, merge, SEC1), (merge, shop.head, DEV)]:
            if before != after:
                row = {"before": before, "after": after, "actor": who, "activity_type": "push"}
                fake.activity.append(row)
        done = Publisher(fake, shop)(shop.report())
        assert fake.violations == []
    assert done.exit_code == code, (done.run.verdict, ignored(done.run))
    assert ("of this change" in ignored(done.run)) == bool(code)


def test_what_a_person_did_last_counts_whatever_page_it_is_on(github, sensitive):
    (fake, publish), (shop, report) = github, sensitive
    for _ in range(150):
        fake.approve("sec1", 11, commit=shop.head, state="COMMENTED")
    fake.reviews[0]["state"] = "CHANGES_REQUESTED"
    assert publish(report).exit_code == 1
    fake.approve("sec1", 11, commit=shop.head)
    fake.reviews[-1]["submitted_at"] = "2026-02-02T00:00:00Z"
    assert publish(report).exit_code == 0


def later(fake, shop):
    """An approval, then a push that changed the content."""
    fake.approve("sec1", 11, at="2026-01-01T12:00:00.000Z")
    fake.versions[:] = [
        fake.version(2, shop.head, "2026-01-02T00:00:00.000Z"),
        fake.version(1, OLD, "2026-01-01T00:00:00.000Z"),
    ]


def requested(fake, shop):
    fake.approve("sec2", 12)
    fake.members[11] = {**gitlab_user("sec1", 11), "access_level": 40}
    fake.users[11] = {"bot": False}
    fake.reviewers.append(
        {"user": gitlab_user("sec1", 11), "state": "requested_changes", "created_at": "2026-01-01T00:00:00Z"}
    )


def with_bot(fake, shop):
    fake.approve("sec1", 11)
    fake.users[11] = {"bot": True}


def token_account(fake, shop):
    fake.approve("project_5_bot_x", 11)


def blocked_account(fake, shop):
    fake.approve("sec1", 11)
    fake.members[11]["state"] = "blocked"


def changed_target(fake, shop):
    fake.approve("sec1", 11)
    fake.add(
        "changed target branch from `release` to `main`",
        gitlab_user("dev", 1),
        system=True,
        created_at="2026-02-02T00:00:00.000Z",
    )


def talk_of_target(fake, shop):
    fake.approve("sec1", 11)
    fake.add(
        "changed target branch from `a` to `b`", gitlab_user("dev", 1), created_at="2026-02-02T00:00:00.000Z"
    )


GITLAB = {
    "for this version": (lambda f, s: f.approve("sec1", 11), 0, ""),
    "for an older version": (later, 3, "stale"),
    "no time, kept on push": (lambda f, s: f.approve("sec1", 11, at=None), 3, "no commit id"),
    "no time, reset on push": (
        lambda f, s: (f.approve("sec1", 11, at=None), setattr(f, "resets", True)),
        0,
        "",
    ),
    "a guest": (lambda f, s: f.approve("sec1", 11, level=10), 3, "no write permission"),
    "not a member": (lambda f, s: (f.approve("sec1", 11), f.members.clear()), 3, "no write permission"),
    "a bot": (with_bot, 3, "not a registered human"),
    "a token": (token_account, 3, "not a registered human"),
    "blocked": (blocked_account, 3, "account not active"),
    "the author": (lambda f, s: f.approve("dev", 1), 3, "of this change"),
    "requested changes": (requested, 1, ""),
    "retargeted": (changed_target, 3, "target branch was changed"),
    "a comment that says so": (talk_of_target, 0, ""),
    "not protected": (lambda f, s: (f.approve("sec1", 11), f.protected.clear()), 4, ""),
}


@pytest.mark.parametrize("case", GITLAB)
def test_approvals_on_gitlab(gitlab, sensitive, case):
    (fake, publish), (shop, report) = gitlab, sensitive
    act, code, why = GITLAB[case]
    act(fake, shop)
    done = publish(report)
    assert done.exit_code == code, (done.run.verdict, ignored(done.run))
    assert why in ignored(done.run)


TEAMS = POLICY.replace(
    "    - {id: sec1, github: sec1, github_id: 11, gitlab: sec1, gitlab_id: 11, emails: [sec1@acme.example]}\n",
    "",
).replace("reviewers: {auth: [sec1, sec2], gate: [sec1]}", "reviewers: {auth: [codeowners]}") + (
    "  humans_from: {github_teams: [acme/security], gitlab_groups: [acme/security]}\n"
)


@pytest.mark.parametrize("known", [True, False], ids=["readable", "not readable"])
def test_members_of_a_team_can_sign_if_the_forge_names_them(forge, open_fake, tmp_path, known):
    shop = Shop(tmp_path, policy=TEAMS)
    owners = shop.repo.commit({"CODEOWNERS": "auth/ @acme/security @sec1\n"})
    shop.repo.git("update-ref", "refs/remotes/origin/main", owners)
    shop.change({"auth/login.py": ACTIVE})
    fake, publish = open_fake(shop)
    if forge == "github":
        fake.approve("sec1", 11, commit=shop.head)
        if known:
            fake.teams["acme/security"] = [user("sec1", 11), BOT]
    else:
        fake.approve("sec1", 11)
        if known:
            fake.groups["acme/security"] = [gitlab_user("sec1", 11), gitlab_user("gone", 5, state="blocked")]
    done = publish(shop.report())
    assert done.exit_code == (0 if known else 4), done.run.verdict
    if not known:
        assert "acme/security" in done.run.verdict.reasons[0].because + done.run.verdict.reasons[0].to_pass
        fake.violations.clear()
