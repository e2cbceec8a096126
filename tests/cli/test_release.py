"""`gate release` as its users run it: what it says about options that cannot be used, before it scans anything."""

from __future__ import annotations

import json

import pytest

from gate.core.shard import Part
from gate.pipeline.check import check_share
from gate.pipeline.request import Request
from gate.pipeline.shards.document import document
from tests.cli.test_signoff import gate
from tests.release.kit import LOGIN, NOW, Keys, Story, person, quiet

OTHER = LOGIN.replace("return", "return user.ok and")


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def story(repo, keys, tmp_path) -> Story:
    story = Story(repo, keys, tmp_path).start()
    story.repo.commit({"auth/login.py": OTHER}, message="quick fix\n", author=person("dev"))
    story.tag()
    return story


def place(story: Story) -> tuple[str, ...]:
    return "--repo", str(story.repo.path), "--now", NOW, "-q"


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (("v1.1",), 2, "names one end only"),
        (("v1.0..v9",), 4, "v9 is no tag of this clone"),
        (("v1.0..v1.1", "--evidence", "nowhere"), 2, "is no store of records"),
        (("v1.0..v1.1", "--evidence", "files:/nope"), 4, "could not be read"),
        (("v1.0..v1.1", "--evidence", ""), 2, "--evidence is empty"),
        (("v1.0..v1.1", "--import", "zap"), 2, "is not NAME=PATH"),
        (("v1.0..v1.1", "--attest", "x.json"), 2, "there is no key to sign"),
        (("v1.0..v1.1", "--forge", "auto"), 2, "which forge to talk to is not known"),
        (("v1.0..v1.1", "--signoffs", "/nope"), 2, "no such file or folder"),
        (("v1.0..v1.1", "-o", "sarif"), 2, "Formats: text, json, markdown, html."),
        (("v1.1", "--baseline", "nope"), 4, "unknown revision"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(story, tmp_path, given, code, told):
    done = gate(tmp_path, "release", *given, *place(story))
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_first_release_says_how_to_sign_it_with_its_baseline(story, tmp_path):
    done = gate(tmp_path, "release", "v1.1", "--baseline", "v1.0", *place(story))
    assert done.returncode == 3
    short = story.repo.rev("v1.0")[:12]
    assert f"sign it with gate signoff create --release v1.1 --baseline {short}" in done.stdout


def test_observe_ends_with_0_and_keeps_the_verdict(story, tmp_path):
    done = gate(tmp_path, "release", "v1.0..v1.1", "--mode", "observe", *place(story))
    assert done.returncode == 0
    assert done.stdout.rstrip().split("\n")[-1].startswith("◷ needs_signoff · exit 0")


def test_shards_of_the_range_give_the_same_bytes_as_one_run(story, tmp_path):
    shards = tmp_path / "shards"
    shards.mkdir()
    request = Request(repo=story.repo.path, base="v1.0", head="v1.1", now=NOW)
    for number in (1, 2):
        made = check_share(request, Part(number=number, of=2), quiet)
        (shards / f"{number}.json").write_text(document(made, b""))
    once, joined = ("-o", "json=once.json"), ("-o", "json=joined.json", "--shards", shards)
    assert gate(tmp_path, "release", "v1.0..v1.1", *place(story), *once).returncode == 3
    assert gate(tmp_path, "release", "v1.0..v1.1", *place(story), *joined).returncode == 3
    assert (tmp_path / "once.json").read_bytes() == (tmp_path / "joined.json").read_bytes()
    assert json.loads((tmp_path / "once.json").read_text())["verdict"] == "needs_signoff"
    (shards / "2.json").unlink()
    assert gate(tmp_path, "release", "v1.0..v1.1", *place(story), *joined).returncode == 4
