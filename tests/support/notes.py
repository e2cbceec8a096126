"""Notes as git-ai and Agent Blame write them, for tests."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.repos import Repo

AI_REF = "refs/notes/ai"
BLAME_REF = "refs/notes/agentblame"
ANN = "Ann <ann@acme.example>"


def digits(text: str, number: int) -> str:
    """The first digits of the SHA-256 of a text, of which keys in notes consist."""
    return hashlib.sha256(text.encode()).hexdigest()[:number]


def session(tool: str, number: str = "1") -> str:
    """The id of a session."""
    return "s_" + digits(f"{tool}:{number}", 14)


def session_key(tool: str, number: str = "1") -> str:
    """A key of lines that a session wrote."""
    return f"{session(tool, number)}::t_{digits('trace', 14)}"


def prompt_key(tool: str, number: str = "1", length: int = 16) -> str:
    """A key of lines in the old form."""
    return digits(f"{tool}:{number}", length)


def person_key(name: str = ANN) -> str:
    """A key of lines that a person wrote."""
    return "h_" + digits(name, 14)


def agent(tool: str, number: str = "1", *, prompter: str | None = None, **more: Any) -> dict[str, Any]:
    """A record of a session or prompt."""
    record = {"agent_id": {"tool": tool, "id": number, "model": f"{tool}-large"}, **more}
    return record | ({"human_author": prompter} if prompter else {})


def git_ai(lines: Mapping[str, Mapping[str, str]], *, base: str = "", **metadata: Any) -> str:
    """A note: ranges by key by path; `sessions`, `prompts` and `humans` as given."""
    text = ""
    for path, entries in lines.items():
        text += f'"{path}"\n' if " " in path or "\t" in path else f"{path}\n"
        text += "".join(f"  {key} {ranges}\n" for key, ranges in entries.items())
    document = {
        "schema_version": "authorship/3.0.0",
        "git_ai_version": "1.4.5",
        "base_commit_sha": base,
        "prompts": {},
        **metadata,
    }
    return f"{text}---\n{json.dumps(document, indent=2)}"


def one_session(
    lines: Mapping[str, str], tool: str = "claude", *, prompter: str | None = None, base: str = ""
) -> str:
    """A note in which one session wrote all lines: ranges by path."""
    return git_ai(
        {path: {session_key(tool): ranges} for path, ranges in lines.items()},
        base=base,
        sessions={session(tool): agent(tool, prompter=prompter)},
    )


def agent_blame(rows: list[dict[str, Any]], *, version: int = 2) -> str:
    """A note of Agent Blame with these attributions."""
    return json.dumps({"version": version, "timestamp": "2026-01-14T19:07:42.773Z", "attributions": rows})


def blame_row(path: str, first: int, last: int, *, version: int = 2, **more: Any) -> dict[str, Any]:
    """One attribution in the spelling of a version."""
    start, end, provider = ("start_line", "end_line", "claude_code")
    if version == 2:
        start, end, provider = ("startLine", "endLine", "claudeCode")
    row = {"path": path, start: first, end: last, "category": "ai_generated", "provider": provider}
    return row | {"model": "claude", "confidence": 1} | more


def write_notes(repo: Repo, notes: Mapping[str, str | bytes], *, ref: str = AI_REF, fanout: int = 0) -> None:
    """Set a ref to a commit of a tree with these notes by commit id; `fanout` is the depth of its folders."""
    rows = []
    for sha, content in notes.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        blob = repo.git("hash-object", "-w", "--stdin", stdin=data)
        parts = [sha[2 * n : 2 * n + 2] for n in range(fanout)] + [sha[2 * fanout :]]
        rows.append(("/".join(parts), blob))
    set_tree(repo, rows, ref)


def set_tree(repo: Repo, rows: list[tuple[str, str]], ref: str) -> None:
    """Set a ref to a commit of a tree with these blobs by path."""
    stream = [
        b"feature done\n",
        f"commit {ref}\ncommitter Dev <dev@acme.example> 1767225600 +0000\ndata 0\n".encode(),
    ]
    stream += [b"deleteall\n", *(f"M 100644 {blob} {path}\n".encode() for path, blob in rows), b"done\n"]
    repo.git("fast-import", "--quiet", "--force", stdin=b"".join(stream))
