"""Blocks of Markdown. Everything given to them is Markdown already, nothing of it is escaped here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gate.reports.escape import Markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gate.reports.messages import Catalogue


def lines(*parts: str) -> Markdown:
    """Return Markdown of non-empty lines."""
    return Markdown("\n".join(part for part in parts if part))


def blocks(*parts: str) -> Markdown:
    """Return Markdown of non-empty blocks with an empty line between them."""
    return Markdown("\n\n".join(part for part in parts if part))


def details(title: str, body: str) -> Markdown:
    """Return a fold that is closed at first; `body` is Markdown. Both are nothing if `body` is nothing."""
    if not body:
        return Markdown("")
    return Markdown(f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Markdown:
    """Return a table of Markdown cells, or nothing without rows."""
    body = ["| " + " | ".join(row) + " |" for row in rows]
    if not body:
        return Markdown("")
    return Markdown("\n".join(("| " + " | ".join(header) + " |", "|---" * len(header) + "|", *body)))


def some(items: Sequence[str], say: Catalogue, *, most: int) -> Markdown:
    """Return Markdown items separated by commas, at most `most`, then how many more there are."""
    return Markdown(say.listed(items, most=most))


def more(total: int, say: Catalogue, *, most: int) -> Markdown:
    """Return a row that says how many of `total` items are missing after the first `most`, if any are."""
    left = total - most
    return Markdown(f"- {say('more', n=f'{left:,}')}" if left > 0 else "")


def capital(phrase: str) -> str:
    """Return a phrase of ours with a capital letter first."""
    return phrase[:1].upper() + phrase[1:]
