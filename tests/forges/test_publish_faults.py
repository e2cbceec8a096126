"""What happens when a call fails: the verdict stays, nothing is posted twice, and the log says what happened."""

from __future__ import annotations

import pytest

from gate.errors import ForgeError

#: Where each forge takes a comment, a status, comments on lines.
PLACES = {
    "github": {
        "comment": "/issues/7/comments$",
        "status": "/statuses/",
        "lines": "/pulls/7/reviews$",
        "edit": "PATCH",
    },
    "gitlab": {"comment": "/notes$", "status": "/statuses/", "lines": "/discussions$", "edit": "PUT"},
}
LOST = [
    {"status": 502, "apply": True},
    {"status": 502, "apply": False},
    {"cut": True, "apply": True},
    {"cut": True, "apply": False},
]
LOST_IDS = ["502 after commit", "502 before", "cut after commit", "cut before"]


def posted(fake) -> tuple[int, int, int]:
    return len(fake.statuses), len(fake.comments), len(fake.inline)


@pytest.mark.parametrize("channel", ["comment", "status", "lines"])
@pytest.mark.parametrize("how", LOST, ids=LOST_IDS)
def test_a_lost_answer_to_a_post_never_makes_two(forge, open_fake, flawed, channel, how):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge][channel], **how)
    done = publish(report)
    assert (done.word, done.exit_code, done.failed) == ("blocked", 1, frozenset()), done.log
    assert posted(fake) == (1, 1, 1)
    fake.forget()
    publish(report)
    assert fake.writes == []


@pytest.mark.parametrize("channel", ["comment", "lines"])
@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_channel_that_fails_for_good_changes_no_verdict_and_stops_no_other(
    forge, open_fake, flawed, channel, status
):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge][channel], status=status, times=99)
    done = publish(report)
    assert (done.word, done.exit_code, done.failed) == ("blocked", 1, {channel}), done.log
    assert any(f"{channel}: not posted" in line and str(status) in line for line in done.log)
    kept = {"comment": (1, 0, 1), "lines": (1, 1, 0)}[channel]
    assert posted(fake) == kept
    if status != 500:
        assert sum(1 for call in fake.writes if call.path.endswith(PLACES[forge][channel].strip("$"))) == 1


@pytest.mark.parametrize("status", [403, 404, 500])
def test_without_a_status_nobody_knows_the_answer_so_the_job_is_incomplete(forge, open_fake, flawed, status):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge]["status"], status=status, times=99)
    done = publish(report)
    assert (done.word, done.exit_code, done.failed) == ("blocked", 4, {"status"})
    assert posted(fake) == (0, 1, 1)


def test_a_wait_that_the_forge_asks_for_is_kept(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge]["comment"], status=429, headers={"Retry-After": "7"})
    done = publish(report)
    assert done.exit_code == 1
    assert 7.0 in publish.waits
    assert posted(fake) == (1, 1, 1)


def test_a_wait_of_an_hour_ends_the_channel_and_not_the_job(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge]["comment"], status=429, headers={"Retry-After": "3600"}, times=9)
    done = publish(report)
    assert (done.exit_code, done.failed) == (1, {"comment"})
    assert 3600.0 not in publish.waits


def test_a_comment_that_is_too_long_is_made_shorter(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("POST", PLACES[forge]["comment"], status=413)
    done = publish(report)
    assert "comment: too long for the forge, made shorter" in done.log
    assert posted(fake) == (1, 1, 1)


def test_lines_that_the_forge_does_not_show_are_left_to_the_comment(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop, shown=set())
    done = publish(report)
    assert (done.exit_code, done.failed, posted(fake)) == (1, frozenset(), (1, 1, 0)), done.log
    assert "comment" in next(line for line in done.log if line.startswith("lines:"))


@pytest.mark.parametrize("channel", ["comment", "status", "lines"])
def test_nothing_is_posted_once_the_head_moved(forge, open_fake, flawed, channel):
    shop, report = flawed
    fake, publish = open_fake(shop)
    # The head moves while the list before that write is read.
    lists = {
        "github": {"comment": "/issues/7/comments$", "status": "/statuses$", "lines": "/pulls/7/comments$"},
        "gitlab": {"comment": "/discussions$", "status": "/statuses$", "lines": "/notes$"},
    }[forge][channel]
    method = "POST" if (forge, channel) == ("gitlab", "lines") else "GET"
    if method == "GET":
        fake.fault(method, lists, status=200, raw=b"[]", then=fake.move)
    else:
        fake.fault(method, lists, status=201, raw=b"{}", apply=True, then=fake.move)
    done = publish(report)
    assert (done.word, done.exit_code) == ("superseded", 4)
    assert posted(fake) == {"status": (0, 0, 0), "comment": (1, 0, 0), "lines": (1, 1, 0)}[channel]


@pytest.mark.parametrize(
    "answer", [b"", b"<html>login</html>", b"[1,2]", b'{"sha": 5}', b"{}", b"[" * 100_000]
)
def test_an_answer_that_is_none_ends_the_job_and_posts_nothing(forge, open_fake, flawed, answer):
    shop, report = flawed
    fake, publish = open_fake(shop)
    fake.fault("GET", "/(pulls|merge_requests)/7$", status=200, raw=answer, times=9)
    with pytest.raises(ForgeError):
        publish(report)
    assert fake.writes == []


def test_a_wrong_token_is_said_with_the_name_of_its_variable_and_without_its_value(forge, open_fake, flawed):
    shop, report = flawed
    _, publish = open_fake(shop)
    publish.settings = type(publish.settings)(
        **{name: getattr(publish.settings, name) for name in publish.settings.__slots__ if name != "token"},
        token="hunter2-value",
    )
    with pytest.raises(ForgeError) as error:
        publish(report)
    told = f"{error.value.message} {error.value.hint} {publish.settings!r}"
    assert "GATE_TOKEN" in told
    assert "hunter2" not in told


READS = {
    "github": ["/reviews$", "/collaborators/", "/branches/|/rules/"],
    "gitlab": ["/approvals$", "/members/", "/repository/branches/", "/versions$", "/reviewers$"],
}


@pytest.mark.parametrize(("forge", "path"), [(f, p) for f, paths in READS.items() for p in paths])
def test_a_fact_that_cannot_be_read_makes_a_sensitive_change_incomplete(forge, open_fake, sensitive, path):
    shop, report = sensitive
    fake, publish = open_fake(shop)
    if forge == "github":
        fake.approve("sec1", 11, commit=shop.head)
    else:
        fake.approve("sec1", 11)
    fake.fault("GET", path, status=500, times=999)
    done = publish(report)
    assert (done.word, done.exit_code) == ("incomplete", 4), done.run and done.run.verdict
    assert fake.statuses[-1]["description"].startswith("Incomplete: ")


def test_a_report_without_a_sensitive_area_needs_no_review_facts(forge, open_fake, flawed):
    shop, report = flawed
    fake, publish = open_fake(shop)
    for path in READS[forge]:
        fake.fault("GET", path, status=500, times=999)
    fake.faults = [f for f in fake.faults if "versions" not in f.path.pattern]
    assert publish(report).word == "blocked"
