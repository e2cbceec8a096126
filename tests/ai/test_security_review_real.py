"""The command that the CLI brings along, with the real program: what it sees, what it can reach, how it ends."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.ai.kit import BASE, CHANGE, KEY, SHELL, VERSIONS, attack, check, cli_folder, repository
from tests.support.fake_messages import Reply, finding, messages_api

pytestmark = pytest.mark.slow
POLICY = "ai: {enabled: true, engine: security-review, model: claude-test-1%s}"
TOKEN = "ghp_" + "b" * 36


@pytest.fixture(params=VERSIONS)
def path(request):
    return f"{cli_folder(request.param)}:"


def said(*findings) -> Reply:
    return Reply(tools=[("StructuredOutput", {"findings": list(findings)})])


def run(tmp_path, path, script, *, more="", arguments=(), environment=None, **changes):
    """Return the run and the model that was asked."""
    with messages_api(script) as model:
        repo = repository(tmp_path / "r", POLICY % more, **changes)
        given = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url} | (environment or {})
        return check(repo, tmp_path, "--no-cache", *arguments, path=path, **given), model


def texts(asked) -> str:
    """All words of a request's messages."""
    blocks = [
        block
        for message in json.loads(asked.body)["messages"]
        for block in (message["content"] if isinstance(message["content"], list) else [message])
    ]
    return "\n".join(str(block.get("text") or block.get("content") or "") for block in blocks)


def test_the_genuine_prompt_sees_the_change_and_its_answer_is_checked(tmp_path, path):
    gone = finding(file="old.py", quote="    verify_signature(x)", category="signature-check", cwe="")
    script = said(finding(quote=SHELL, line=1), gone, finding(quote="os.system(not_there_at_all)"))
    ran, model = run(tmp_path, path, script, message="CANARY-MESSAGE\n", author=("CANARY-A", "c@x.example"))
    assert (ran.ai["status"], ran.ai["engine"], ran.ai["isolation"]) == (
        "completed",
        "security-review",
        "verified",
    )
    assert [(s["path"], s["line"], s["scope"]) for s in ran.ai["sightings"]] == [
        ("app.py", 7, "changed"),
        ("old.py", 2, "removed"),
    ]
    assert ran.ai["rejected"] == {"quote": 1}
    (asked,) = model.messages
    sent = texts(asked)
    assert "senior security engineer conducting a focused security review" in sent
    assert f"+{SHELL}" in sent
    assert "-    verify_signature(x)" in sent
    assert "CANARY" not in asked.body.decode()
    assert [tool["name"] for tool in json.loads(asked.body)["tools"]] == ["Bash", "Read", "StructuredOutput"]
    assert "performed by security-review over 2 files" in ran.text


@pytest.mark.parametrize("credential", ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"])
def test_no_vector_of_the_target_branch_runs_sends_or_loads_anything(tmp_path, path, credential):
    canary = tmp_path / "canary"
    with messages_api(Reply(status=500)) as author:
        files = attack(str(canary), author.url)
        (tmp_path / ".claude").mkdir()
        (tmp_path / ".claude" / "settings.json").write_text(files[".claude/settings.json"])
        environment = {"ANTHROPIC_API_KEY": "", credential: KEY, "CI_JOB_TOKEN": "CANARY-TOKEN"}
        ran, model = run(
            tmp_path, path, said(), base={"app.py": "x = 1\n"} | files, environment=environment,
            change={"app.py": "from '@/lib/x' import y\nx = '@/etc/passwd'\n!id\n/help\n", "evil.sh": "#!/bin/sh\n"},
        )  # fmt: skip
    assert (ran.ai["status"], ran.ai["engine"]) == ("completed", "security-review"), ran.ai
    assert not canary.exists()
    assert not author.asked
    sent = model.everything().decode()
    for secret in ("root:", "CANARY-TEXT", "CANARY-TOKEN", "uid="):
        assert secret not in sent
    assert "+x = '@/etc/passwd'" in texts(model.messages[0])


def test_a_change_that_configures_agents_is_not_shown_to_the_command(tmp_path, path):
    canary = tmp_path / "canary"
    with messages_api(Reply(status=500)) as author:
        answer = Reply(tools=[("StructuredOutput", {"review_id": "{id}", "findings": []})])
        files = attack(str(canary), author.url)
        ran, _ = run(tmp_path, path, answer, base={"app.py": "x = 1\n"}, change={"app.py": "x = 2\n"} | files)
    assert (ran.ai["status"], ran.ai["engine"]) == ("completed", "claude")
    assert "the change configures agents, so the engine claude reviewed it" in ran.text
    assert not canary.exists()
    assert not author.asked


def test_attributes_that_hide_lines_hide_nothing(tmp_path, path):
    hidden = {".gitattributes": "*.py -diff\n* binary\n[attr]evil -diff\n*.py evil\n", **CHANGE}
    ran, model = run(tmp_path, path, said(), change=hidden)
    assert ran.ai["status"] == "completed"
    assert f"+{SHELL}" in texts(model.messages[0])


REACHES = (
    ("Bash", "touch {canary}"), ("Bash", "env"), ("Bash", "echo $ANTHROPIC_API_KEY"), ("Bash", "cat /proc/self/environ"),
    ("Bash", "cat {outside}"), ("Bash", "git diff --output={canary}"), ("Bash", "git diff --no-index /dev/null /etc/passwd"),
    ("Bash", "curl -s {author}"), ("Bash", "git -c core.pager='touch {canary}' -p log"), ("Bash", "sort -o {canary} app.py"),
    ("Bash", "GIT_EXTERNAL_DIFF='touch {canary}' git diff HEAD~1"), ("Bash", "git grep -O'touch {canary}' x"),
    ("Bash", "git fetch {author}/x"), ("Bash", "git config alias.x '!touch {canary}'"), ("Bash", "echo x > {canary}"),
    ("Bash", "find . -exec touch {canary} ;"), ("Bash", "cat ../cfg/*"), ("Read", "/etc/passwd"), ("Read", "{outside}"),
    ("Read", "/proc/self/environ"), ("Read", "link.py"), ("Read", "../out"), ("Write", "{canary}"), ("WebFetch", "{author}"),
    ("Agent", "{author}"),
)  # fmt: skip
ALLOWED = (
    ("Bash", "git show HEAD:same.py"), ("Bash", "git log -p --all"), ("Read", "same.py"),
    ("Read", "excluded.py"), ("Bash", "cat excluded.py"), ("Bash", "git show HEAD~1:excluded.py"),
)  # fmt: skip


def test_a_model_reaches_the_text_of_the_head_and_nothing_else(tmp_path, path):
    canary, outside = tmp_path / "canary", tmp_path / "outside.txt"
    outside.write_text("CANARY-OUTSIDE")
    with messages_api(Reply(status=500)) as author:
        places = {"canary": canary, "outside": outside, "author": author.url}

        def call(tool, text):
            filled = text.format(**places)
            inputs = {
                "Bash": {"command": filled},
                "Read": {"file_path": filled},
                "Write": {"file_path": filled, "content": "x"},
                "WebFetch": {"url": filled, "prompt": "x"},
                "Agent": {"prompt": filled, "description": "x"},
            }
            return tool, inputs[tool]

        def script(_asked, number):
            rows = (*REACHES, *ALLOWED)[number * 4 : number * 4 + 4]
            return Reply(tools=[call(*row) for row in rows]) if rows else said()

        ran, model = run(
            tmp_path, path, script, more=", exclude: [excluded.py]",
            base={**BASE, "same.py": f"kept = 1\ntoken = '{TOKEN}'\n", "excluded.py": "CANARY_EXCLUDED = 1\n"},
            environment={"CI_JOB_TOKEN": "CANARY-TOKEN"}, message="CANARY-MESSAGE\n",
            symlinks={"link.py": "/etc/passwd"},
        )  # fmt: skip
    assert ran.ai["reason"] == "undecodable", ran.ai  # of the link
    assert {row["path"] for row in ran.ai["unreviewed"]} == {"link.py"}
    assert ran.ai["tool_attempts"] == {"Agent": 1, "Bash": 17, "Read": 3, "WebFetch": 1, "Write": 1}
    assert "the model tried what it was not given or allowed" in ran.text
    assert not canary.exists()
    assert not author.asked
    sent = b"".join(asked.body for asked in model.asked).decode()
    assert "kept = 1" in sent
    for secret in (
        "root:", KEY, TOKEN, "CANARY-OUTSIDE", "CANARY-TOKEN", "CANARY_EXCLUDED = 1", "CANARY-MESSAGE",
    ):  # fmt: skip
        assert secret not in sent


def test_a_larger_change_is_asked_about_in_parts_that_are_seen_whole(tmp_path, path):
    change = {f"f{n}.py": "".join(f"value_{n}_{i} = {i}\n" for i in range(400)) for n in range(8)}
    change["large.py"] = "".join(f"large_{i} = {i}\n" for i in range(3_000))
    change["wide.py"] = "x = 1\n".encode("utf-16")
    change["crlf.py"] = "a = 1\r\nb = 2\r\n"
    change["umlaut-ä.py"] = "grüße = 'ß'\n"
    ran, model = run(tmp_path, path, said(), change=change)
    assert {row["path"]: row["reason"] for row in ran.ai["unreviewed"]} == {
        "large.py": "too-large",
        "wide.py": "undecodable",
    }
    assert (ran.ai["status"], len(model.messages)) == ("partial", ran.ai["batches"])
    assert ran.ai["batches"] > 1
    sent = [line for asked in model.messages for line in texts(asked).splitlines()]
    added = {line[1:].rstrip("\r") for line in sent if line.startswith("+") and not line.startswith("+++")}
    left_out = {row["path"] for row in ran.ai["unreviewed"]}
    texts_sent = [text for name, text in change.items() if name not in left_out]
    expected = {line for text in texts_sent for line in text.splitlines()}
    assert added == expected
    assert "+++ b/umlaut-ä.py" in sent


ENDS = {
    "auth": (Reply(status=401, error="authentication_error"), "auth"),
    "prose": (Reply(text="# No vulnerabilities found."), "no-structured-output"),
    "cut": (Reply(text="All is well. " * 20, cut=True), "no-structured-output"),
    "refusal": (Reply(text="No.", stop="refusal"), "refused"),
    "turns": (Reply(tools=[("Read", {"file_path": "app.py"})]), "max-turns"),
    "overloaded": (
        Reply(status=529, error="overloaded_error", headers={"retry-after": "0"}),
        "overloaded",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_an_end_without_an_answer_is_never_a_review(tmp_path, path, name):
    script, reason = ENDS[name]
    ran, model = run(tmp_path, path, script, more=", required: true")
    assert (ran.ai["status"], ran.ai["reason"], ran.code) == ("failed", reason, 4), ran.ai
    assert f"not performed ({reason})" in ran.text
    assert model.messages


def test_a_model_that_hangs_is_left_in_time_and_nothing_stays(tmp_path, path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    # An amount of its own tells this process from those of tests beside it.
    more = ", timeout: 12, max_usd: 2.41, jobs: 1"
    ran, model = run(tmp_path, path, Reply(hang=40), more=more, environment={"TMPDIR": str(folder)})
    assert (ran.ai["status"], ran.ai["reason"]) == ("failed", "timeout")
    assert "not performed (timeout)" in ran.text
    assert model.messages
    assert not list(folder.iterdir())
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "--max-budget-usd 2.41" not in running


def test_what_was_asked_once_is_not_asked_again(tmp_path, path):
    cache = ("--cache-dir", str(tmp_path / "cache"))
    with messages_api(said(finding(quote=SHELL))) as model:
        repo = repository(tmp_path / "r", POLICY % "")
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        first = check(repo, tmp_path, *cache, path=path, **environment)
        again = check(repo, tmp_path, *cache, path=path, **environment)
    assert (first.ai["cached"], again.ai["cached"], len(model.messages)) == (0, 1, 1)
    assert again.ai["sightings"] == first.ai["sightings"]
    assert again.ai["sightings"]


READS = (
    "grep -rn 'def ' .", "git diff origin/HEAD...", "find . -name '*.py'", "head -50 app.py", "cat app.py | head -3",
    "git log --oneline -5 && git status", "git show HEAD --stat", "git blame app.py", "git grep -n flask", "ls -R .",
    "sed -n '1,20p' app.py", "git ls-files",
)  # fmt: skip


def test_an_honest_reviewer_can_look_around(tmp_path, path):
    def script(_asked, number):
        rows = READS[number * 4 : number * 4 + 4]
        return Reply(tools=[("Bash", {"command": command}) for command in rows]) if rows else said()

    ran, model = run(tmp_path, path, script)
    assert (ran.ai["status"], ran.ai["tool_attempts"]) == ("completed", {})
    results = [
        block
        for message in json.loads(model.messages[-1].body)["messages"]
        for block in message["content"]
        if isinstance(block, dict) and block.get("type") == "tool_result"
    ]
    assert len(results) == len(READS)
    assert not [block for block in results if block.get("is_error")]


def test_a_recording_is_replayed_without_the_program(tmp_path, path):
    records = tmp_path / "records"
    gone = finding(file="old.py", quote="    verify_signature(x)", category="signature-check", cwe="")
    repo = repository(tmp_path / "r", POLICY % "")
    with messages_api(said(finding(quote=SHELL), gone)) as model:
        environment = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        first = check(repo, tmp_path, "--ai-record", str(records), path=path, **environment)
    config = tmp_path / "replay.yml"
    config.write_text(
        "version: 1\nscanners: {semgrep: {enabled: false}}\nai: {enabled: true, engine: replay}\n"
    )
    again = check(repo, tmp_path, "--config", str(config), "--ai-replay", str(records))
    assert (again.ai["status"], again.ai["engine"], again.ai["batches"]) == ("completed", "replay", 1)
    assert again.ai["sightings"] == first.ai["sightings"]
    assert again.ai["sightings"]
