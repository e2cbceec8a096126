"""The text of a first policy: few keys, each with what it is for, and people as proposals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gate.pipeline.identities import Identity
    from gate.pipeline.init.look import Look

#: Areas that are given reviewers; the other shipped ones take theirs from these.
REVIEWED = ("auth", "crypto", "data", "gate")
#: People who are proposed; a longer list nobody reads.
MOST_PEOPLE = 40

_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9.-]*")
#: What YAML readers take for a flag or for nothing.
_NO_TEXTS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def policy_text(look: Look, *, preset: str, mode: str, reviewers: Sequence[str], read: Sequence[str]) -> str:
    """Return the text of `.gate.yml`. `reviewers` are logins, `read` the languages that rules exist for."""
    parts = [
        _HEAD.format(preset=preset, mode=mode),
        _scanners(look, read),
        _signoff(look, reviewers),
    ]
    return "\n".join(parts)


_HEAD = """\
# Policy of the merge gate: what blocks a merge, what waits for a person, and who that person is.
# The gate reads it on the target branch, so a change cannot loosen the rules that it is judged by.
# After an edit run `gate doctor`. Every key: docs/policy.md of ai-merge-gate.

# Version of this file format.
version: 1

# Shipped values for every key that is not given here: observe (reports only), balanced, strict.
extends: {preset}

# enforce: a blocked or waiting change fails the check. observe: it is only reported.
mode: {mode}

findings:
  # New findings of this severity or above block: critical, high, medium or low.
  fail_level: high
"""


def _scanners(look: Look, read: Sequence[str]) -> str:
    found = ", ".join(f"{name} ({counted(number, 'file')})" for name, number in look.languages.items())
    unread = [name for name in look.languages if name not in read]
    lines = ["scanners:"]
    lines.append(f"  # Code found here: {found}." if found else "  # No code was found here yet.")
    if unread:
        lines.append(
            f"  # Nobody looks for weaknesses in {', '.join(unread)}. A report of another scanner closes"
        )
        lines.append("  # that gap: sarif: [{name: mytool, path: mytool.sarif}], see docs/policy.md.")
    lines.append("  # Paths that are not scanned, as in .gitignore; the report names each changed one.")
    if look.foreign:
        folders = ", ".join(f"/{folder}/" for folder in look.foreign)
        lines.append(
            f"  # Found here and probably other people's code, which you may want to leave out: {folders}"
        )
    lines.append("  exclude: []")
    return "\n".join(lines) + "\n"


def _signoff(look: Look, reviewers: Sequence[str]) -> str:
    lines = [
        "signoff:",
        "  # Sign-offs that a change in a sensitive area (auth, crypto, data, ...) needs ...",
        "  min: 1",
        "  # ... and that it needs if an AI wrote some of it.",
        "  ai_min: 1",
        "  # Every person who commits or reviews: id, account, addresses used in commits. Whom the gate does not",
        "  # know cannot sign off, and an author whom it does not know makes a change need two sign-offs.",
    ]
    people, left = _people(look, reviewers)
    active = [row for is_active, row in people if is_active]
    proposed = [row for is_active, row in people if not is_active]
    if active:
        lines.append("  # The addresses come from the history: check that each is really that person's.")
        lines += ["  humans:", *(f"    - {row}" for row in active)]
    else:
        lines.append("  humans: []")
    if proposed:
        lines.append(
            "  # These committed lately. Move those that are people of the team up, with their accounts:"
        )
        lines += [f"  #  - {row}" for row in proposed]
        if left:
            lines.append(f"  #  and {left} more")
    elif look.why_no_people:
        lines.append(f"  # No people can be proposed: {look.why_no_people}.")
    lines.append(
        "  # Who can sign off which area; without a name a change there waits until somebody is named."
    )
    if reviewers:
        names = ", ".join(map(_word, reviewers))
        lines += ["  reviewers:", *(f"    {area}: [{names}]" for area in REVIEWED)]
    else:
        lines += [
            "  reviewers: {}",
            "  # For example, with ids from `humans` (authz follows auth, supply and opaque follow gate):",
            *(f"  #  {area}: [alice, bob]" for area in REVIEWED),
        ]
    return "\n".join(lines) + "\n"


def _people(look: Look, reviewers: Sequence[str]) -> tuple[list[tuple[bool, str]], int]:
    """Rows for people, whether each is in force, and how many are left out."""
    rows: list[tuple[bool, str]] = []
    ids = {login.casefold() for login in reviewers}
    used: set[str] = set()
    for login in reviewers:
        emails = [
            e
            for one in look.people
            if login.casefold() in (one.login.casefold(), _id(one))
            for e in _emails(one)
        ]
        used.update(emails)
        rows.append((True, _row(login, f"{look.forge}: {_word(login)}", list(dict.fromkeys(emails)))))
    proposed = 0
    for one in look.people:
        emails = [e for e in _emails(one) if e not in used]
        identifier = _id(one)
        if not emails or not identifier or proposed >= MOST_PEOPLE:
            continue
        while identifier in ids:
            identifier += "-2"
        ids.add(identifier)
        used.update(emails)
        account = one.login if look.forge == "github" and one.login else "LOGIN"
        rows.append((False, _row(identifier, f"{look.forge}: {account}", emails)))
        proposed += 1
    return rows, len(look.people) - proposed if proposed == MOST_PEOPLE else 0


def _row(identifier: str, account: str, emails: Sequence[str]) -> str:
    tail = f", emails: [{', '.join(emails)}]" if emails else ""
    return f"{{id: {_word(identifier)}, {account}{tail}}}"


def _word(text: str) -> str:
    """A name as YAML must write it to stay a text."""
    plain = re.fullmatch(r"[A-Za-z][\w.-]*", text) and text.casefold() not in _NO_TEXTS
    return text if plain else f'"{text}"'


def _emails(one: Identity) -> list[str]:
    return [email for email in one.emails if _PLAIN_EMAIL.fullmatch(email)]


def _id(one: Identity) -> str:
    """A short id from the account or the first address: what stands before the `@`."""
    text = one.login.casefold() or one.emails[0].partition("@")[0].partition("+")[0]
    return text if _ID.fullmatch(text) and text != "codeowners" else ""
