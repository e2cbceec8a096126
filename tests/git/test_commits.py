"""Commits: every field as it is stored, whatever stands in it, and which merges add no author."""

from __future__ import annotations

import random

import pytest

from gate.core.change import Person
from gate.errors import GitError
from gate.git import Repository, history, log
from tests.git.reading import assert_incomplete, change_of, topic


def commits(repo, revisions="main..topic"):
    with Repository.open(repo.path) as git:
        return list(git.commits(revisions))


def committed(repo, **facts):
    """The one commit of `topic` with these facts."""
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit({"a": "2\n"}, **facts)
    (found,) = commits(repo)
    assert found == change_of(repo).commits[0]
    return found


def test_all_fields_come_as_they_are_stored(repo):
    found = committed(
        repo,
        message="Subject\n\nBody\n\nCo-authored-by: X <x@y>\n",
        author=("Ann Author", "ann@x.example"),
        committer=("Carl", "carl@x.example"),
        date="1700000000 +0530",
    )
    assert found.author == Person(name="Ann Author", email="ann@x.example")
    assert found.committer == Person(name="Carl", email="carl@x.example")
    assert found.author_date == found.committer_date == "2023-11-15T03:43:20+05:30"
    assert found.parents == (repo.rev("main"),)
    assert found.subject == "Subject"
    assert found.message == "Subject\n\nBody\n\nCo-authored-by: X <x@y>\n"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "\n\n",
        "no line end",
        "%H%x00%an",
        "a\x01\x1b[31m\r\n",
        "commit " + "0" * 40 + "\nauthor X <x@y> 1 +0000\n",
        "caf\udce9 \udcff\n",
        "한글\n",
        "-" * 1_000_000 + "\nCo-authored-by: X <x@y>\n",
    ],
)
def test_any_message_is_read_whole(repo, message):
    assert committed(repo, message=message).message == message


@pytest.mark.parametrize("text", [b"\0" + b"1" * 40 + b"\0x\0y\0z", b"fix\n\0\0\0\0\0\0\0\0\0", b"\0"])
def test_nul_in_a_message_ends_it_and_forges_nothing(repo, text):
    found = committed(repo, message=text)
    assert found.message == text.partition(b"\0")[0].decode()
    assert found.author.name == "Dev"


def test_identities_need_not_be_valid(repo):
    found = committed(repo, author=("", ""), committer=("Jos\udce9 \u202e", "a b@\udcff"))
    assert found.author == Person(name="", email="")
    assert found.committer == Person(name="Jos\udce9 \u202e", email="a b@\udcff")


def raw(repo, head=b"", tail=b"x\n", author=b"author A <a@x> 1 +0000"):
    content = b"tree %s\nparent %s\n%s\n" % (repo.tree().encode(), repo.rev("main").encode(), author)
    return content + b"committer C <c@x> 1 +0000\n" + head + b"\n" + tail


@pytest.mark.parametrize(
    "author",
    [
        b"author",
        b"author A",
        b"author A <a@x>",
        b"author A <a@x> x y",
        b"author <<a>> 1 +0000",
        b"author A <a@x> 99999999999999999999 +9999",
        b"author A\0B <a@x> 1 +0000",
        b"x y",
    ],
)
def test_broken_commit_objects_are_read_or_refused_and_never_shift_fields(repo, author):
    repo.commit({"a": "1\n"})
    topic(repo)
    sha = repo.commit_object(raw(repo, author=author), ref="refs/heads/topic")
    with Repository.open(repo.path) as git:
        try:
            (found,) = git.commits("main..topic")
        except GitError:
            return
    assert (found.sha, found.parents) == (sha, (repo.rev("main"),))
    if author != b"author A\0B <a@x> 1 +0000":  # git reads the object up to NUL
        assert (found.committer.name, found.message) == ("C", "x\n")


@pytest.mark.parametrize("encoding", [b"UTF-7", b"UTF-16", b"nonsense", b"ISO-2022-KR"])
def test_a_claimed_encoding_forges_no_fields(repo, encoding):
    repo.commit({"a": "1\n"})
    topic(repo)
    tail = b"a +AAA- +AAA- +AAoA- b\n"
    sha = repo.commit_object(raw(repo, b"encoding %s\n" % encoding, tail), ref="refs/heads/topic")
    (found,) = commits(repo)
    assert (found.sha, found.author) == (sha, Person(name="A", email="a@x"))


def test_a_legacy_encoding_is_read(repo):
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit_object(raw(repo, b"encoding ISO-8859-1\n", b"caf\xe9\n"), ref="refs/heads/topic")
    assert commits(repo)[0].message == "café\n"


def test_signed_commits_show_no_signature_output(repo):
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.config("log.showSignature", "true")
    signature = b"gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n"
    repo.commit_object(raw(repo, signature), ref="refs/heads/topic")
    assert commits(repo)[0].message == "x\n"


def test_ranges_and_whole_histories_come_children_first(repo):
    first = repo.commit({"a": "1\n"}, date="1800000000 +0000")
    topic(repo)
    second = repo.commit({"a": "2\n"}, date="1700000000 +0000")
    third = repo.commit({"a": "3\n"}, date="1750000000 +0000")
    assert [c.sha for c in commits(repo)] == [third, second]
    assert [c.sha for c in commits(repo, "main..")] == [third, second]
    assert [c.sha for c in commits(repo, "..main")] == []
    assert [c.sha for c in commits(repo, "topic")] == [third, second, first]
    with pytest.raises(GitError) as error:
        commits(repo, "main...topic")
    assert_incomplete(error, "range", "two ends")


def test_t23_commits_behind_the_second_parent_belong_to_the_range(repo):
    base = repo.commit({"a": "1\n"})
    repo.branch("topic", base)
    repo.branch("side", base)
    repo.checkout("side")
    hidden = repo.commit({"b": "1\n"}, author=("Mallory", "m@x"))
    repo.checkout("topic")
    own = repo.commit({"c": "1\n"})
    merge = repo.merge("side")
    change = change_of(repo)
    assert {c.sha for c in change.commits} == {hidden, own, merge}
    assert not any(c.update_merge for c in change.commits)


def test_commits_by_id_come_in_the_order_asked_each_once(repo):
    shas = [repo.commit({"a": str(n)}) for n in range(3)]
    with Repository.open(repo.path) as git:
        assert [c.sha for c in git.commits_by_id([shas[0], shas[2], shas[0]])] == [shas[0], shas[2]]
        assert list(git.commits_by_id([])) == []
        for bad, message in (
            ("HEAD", "not a full commit id"),
            ("1" * 40, "git log ended"),
            ("--all", "not a full"),
        ):
            with pytest.raises(GitError) as error:
                list(git.commits_by_id([bad]))
            assert error.value.exit_code == 4
            assert message in error.value.message
        with pytest.raises(GitError):
            list(git.commits_by_id([repo.tree()]))
        repo.tag("v1", message="one")
        with pytest.raises(GitError):
            list(git.commits_by_id([repo.git("rev-parse", "v1")]))


# -- update merges -------------------------------------------------------------------------------------------


def diverged(repo):
    """Both sides changed other files since the fork, and `topic` is current."""
    base = repo.commit({"a": "1\n", "b": "1\n"})
    repo.branch("topic", base)
    repo.commit({"a": "main\n"})
    repo.checkout("topic")
    repo.commit({"b": "topic\n"})


def merge_of(repo):
    merge = change_of(repo).commits[0]
    assert len(merge.parents) == 2
    return merge


def test_t68_a_clean_update_from_the_target_adds_no_author(repo):
    diverged(repo)
    repo.merge("main", author=("Reviewer", "r@x"))
    assert merge_of(repo).update_merge
    repo.checkout("main")
    repo.commit({"a": "later\n"})
    assert merge_of(repo).update_merge


def test_t68_a_resolved_conflict_counts(repo):
    base = repo.commit({"a": "1\n"})
    repo.branch("topic", base)
    repo.commit({"a": "main\n"})
    repo.checkout("topic")
    repo.commit({"a": "topic\n"})
    repo.merge("main", files={"a": "both\n"})
    assert not merge_of(repo).update_merge


def test_an_update_merge_that_smuggles_a_line_counts(repo):
    diverged(repo)
    repo.merge("main", files={"c": "evil\n"})
    assert not merge_of(repo).update_merge


def test_a_merge_that_takes_one_side_whole_counts(repo):
    """`merge -s ours`: main's work is dropped without a trace in the diff to the branch."""
    diverged(repo)
    repo.commit(parents=["topic", "main"], tree=repo.tree("topic"))
    assert not merge_of(repo).update_merge


def test_several_update_merges_are_judged_each_by_itself(repo):
    diverged(repo)
    verdicts = []
    for number in range(6):
        repo.checkout("main")
        repo.commit({f"m{number}": "1\n", "a": f"main {number}\n"})
        repo.checkout("topic")
        evil = number % 3 == 1
        repo.merge("main", files={"evil": str(number)} if evil else None)
        verdicts.append(not evil)
    merges = [c for c in change_of(repo).commits if len(c.parents) == 2]
    assert [c.update_merge for c in merges] == verdicts[::-1]


def test_a_conflict_does_not_shift_the_verdicts_of_other_merges(repo):
    base = repo.commit({"a": "1\n", "new\nline": "1\n"})
    repo.branch("topic", base)
    repo.commit({"a": "main\n", "new\nline": "main\n"})
    repo.checkout("topic")
    repo.commit({"a": "topic\n", "new\nline": "topic\n"})
    repo.merge("main", files={"a": "both\n", "new\nline": "both\n"})
    repo.checkout("main")
    repo.commit({"z": "1\n"})
    repo.checkout("topic")
    repo.merge("main")
    assert [c.update_merge for c in change_of(repo).commits if len(c.parents) == 2] == [True, False]


def test_octopus_and_unrelated_merges_count(repo):
    base = repo.commit({"a": "1\n"})
    repo.branch("topic", base)
    main = repo.commit({"b": "1\n"})
    repo.checkout("topic")
    one = repo.commit({"c": "1\n"})
    two = repo.commit({"d": "1\n"}, parents=[base])
    repo.commit({"b": "1\n", "c": "1\n"}, parents=[two, one, main])
    assert not change_of(repo).commits[0].update_merge


# -- blame ---------------------------------------------------------------------------------------------------


def test_blame_names_commits_of_the_change_only(repo):
    repo.commit({"f.py": "1\n2\n3\n4\n5\n"})
    topic(repo)
    first = repo.commit({"f.py": "1\nB\n3\n4\n5\n6\n"})
    second = repo.commit({"f.py": "1\nB\n3\nD\n5\n6\n"})
    change = change_of(repo)
    with Repository.open(repo.path) as git:
        assert git.blame(change, "f.py", range(1, 7)) == {2: first, 4: second, 6: first}
        assert git.blame(change, "f.py", [4]) == {4: second}
        assert git.blame(change, "f.py", [1, 4, 99, 0, -1]) == {4: second}
        assert git.blame(change, "f.py", []) == {}
        assert git.blame(change, "gone.py", [1]) == {}
        assert git.blame(change, "f.py", range(1, 2000, 2)) == {}
        assert git.blame(change, "f.py", range(2, 2002, 2)) == {2: first, 4: second, 6: first}


def test_blame_follows_no_list_of_ignored_commits_and_no_replacement(repo):
    repo.commit({"f.py": "1\n2\n"})
    topic(repo)
    sha = repo.commit({"f.py": "1\nevil\n", ".git-blame-ignore-revs": "x"})
    ignored = repo.git_dir / "ignored"
    ignored.write_text(sha + "\n")
    repo.config("blame.ignoreRevsFile", str(ignored))
    change = change_of(repo)
    with Repository.open(repo.path) as git:
        assert git.blame(change, "f.py", [1, 2]) == {2: sha}


def test_blame_reaches_behind_a_merge(repo):
    base = repo.commit({"f.py": "1\n2\n3\n4\n5\n6\n7\n"})
    repo.branch("topic", base)
    repo.branch("side", base)
    repo.checkout("side")
    hidden = repo.commit({"f.py": "1\n2\n3\n4\n5\n6\nseven\n"})
    repo.checkout("topic")
    own = repo.commit({"f.py": "one\n2\n3\n4\n5\n6\n7\n"})
    repo.merge("side")
    change = change_of(repo)
    with Repository.open(repo.path) as git:
        assert git.blame(change, "f.py", range(1, 8)) == {1: own, 7: hidden}


def test_a_file_renamed_in_a_later_commit_keeps_the_author_of_its_lines(repo):
    repo.commit({"old.py": "1\n"})
    repo.branch("topic")
    repo.checkout("topic")
    first = repo.commit({"made.py": "".join(f"line {n}\n" for n in range(20))})
    second = repo.commit(
        {"made.py": None, "renamed.py": "".join(f"line {n}\n" for n in range(20)) + "more\n"}
    )
    with Repository.open(repo.path) as git:
        change = git.change("main", "topic")
        assert git.blame(change, "renamed.py", [1, 20, 21]) == {1: first, 20: first, 21: second}


@pytest.mark.parametrize("seed", range(4))
def test_the_one_commit_that_touches_a_file_is_whom_git_blames(repo, seed):
    """Where the answer is known without asking git, it is git's."""
    chance = random.Random(seed)
    texts = {name: [f"{name} {n}\n" for n in range(12)] for name in "abcdefghij"}
    repo.commit({name: "".join(lines) for name, lines in texts.items()})
    repo.branch("topic")
    repo.checkout("topic")
    for turn in range(5):
        for name in chance.sample(sorted(texts), 2):
            at = chance.randrange(len(texts[name]))
            texts[name][at : at + chance.randrange(3)] = [
                f"turn {turn} {n}\n" for n in range(chance.randrange(1, 4))
            ]
        repo.commit({name: "".join(lines) for name, lines in texts.items()})
    with Repository.open(repo.path) as git:
        change = git.change("main", "topic")
        sole = history.only_touched_by(git._view, change.commits)
        assert sole
        inside = {commit.sha for commit in change.commits}
        for name in (row.path for row in change.files):
            told = history.blame(git._view, change.merge_base, change.head, name, range(1, 60))
            assert git.blame(change, name, range(1, 60)) == {n: sha for n, sha in told if sha in inside}


def test_a_date_that_git_cannot_read_is_empty(repo):
    """git prints the name of its placeholder instead."""
    repo.commit({"a": "1\n"})
    topic(repo)
    repo.commit_object(raw(repo, author=b"author A <a@x> soon"), ref="refs/heads/topic")
    (found,) = commits(repo)
    assert (found.author_date, found.committer_date) == ("", "1970-01-01T00:00:01+00:00")
    assert found.message == "x\n"


def test_a_whole_history_is_complete_whatever_the_clocks_say(repo):
    """Children with a wrong clock come behind their parents."""
    for number, date in enumerate((9, 1, 8, 2, 7)):
        repo.commit({"a": f"{number}\n"}, date=f"{date}000000000 +0000")
        repo.branch(f"old{number}")
    repo.merge("old1")
    with Repository.open(repo.path) as git:
        found = [raw.sha.decode() for batch in git.commit_batches("HEAD") for raw in batch]
    assert sorted(found) == sorted(repo.git("rev-list", "HEAD").split())


def test_commits_that_git_leaves_out_are_missed(repo):
    shas = [repo.commit({"a": f"{number}\n"}) for number in range(3)]
    with Repository.open(repo.path) as git:
        (batch,) = git.commit_batches("HEAD")
    assert list(log.closed([batch])) == [batch]
    with pytest.raises(GitError) as error:
        list(log.closed([batch[:1], batch[2:]]))
    assert_incomplete(error, f"git log left out 1 commit, such as {shas[1]}", "git fsck")
