"""Masking of secrets in everything that is shown: known token shapes, and literals where they are the finding."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gate.core.lexer import Kind, string_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gate.core.source import Source

#: A literal shorter than this is not looked for in prose: it would be found in ordinary words.
_SHORTEST = 4
#: At most this many characters of one line are shown.
MAX_LINE = 400

# Prefixes as the issuers publish them. Bounded repeats keep the time linear.
_TOKENS = re.compile(
    r"""(?x)
    (?<![A-Za-z0-9])(?:
        (?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}                        # AWS access key id
      | gh[pousr]_[A-Za-z0-9]{20,255} | github_pat_\w{20,255}      # GitHub
      | gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{16,255}   # GitLab
      | xox[abeoprs]-[\w-]{10,255} | xapp-\d-[\w-]{10,255}         # Slack
      | AIza[\w-]{35} | ya29\.[\w-]{20,255} | GOCSPX-[\w-]{20,60}  # Google
      | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,255} | whsec_[A-Za-z0-9+/=]{20,255}   # Stripe
      | sk-(?:ant-|proj-|svcacct-)?[\w-]{20,255}                   # Anthropic, OpenAI
      | npm_[A-Za-z0-9]{30,60} | pypi-[\w-]{30,255} | dckr_pat_[\w-]{20,60}   # registries
      | hf_[A-Za-z0-9]{30,60} | do[opr]_v1_[a-f0-9]{40,80} | SG\.[\w-]{16,32}\.[\w-]{16,64}
      | hv[sb]\.[\w-]{20,255} | shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32} | dapi[a-f0-9]{32}
      | eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}(?:\.[\w-]{0,2000})?     # JSON web token
    )"""
)
_CREDENTIALS = re.compile(r"(?<=://)([^\s/:@'\"]{0,100}:)([^\s/@'\"]{1,200})(?=@)")
_KEY_BLOCK = re.compile(r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----)([^-]{0,20000})")
# A line of a key whose beginning is out of sight.
_ENCODED = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}+={0,2}")
_QUOTED = tuple(re.compile(rf"(?<!\w){quote}(.+){quote}(?!\w)", re.DOTALL) for quote in "'\"")
_MASKED = re.compile(r"‹secret, \d+ characters›")
_ASSIGNED = re.compile(r"(?P<before>[:=]\s*)(?P<value>[^\s#'\"]\S{3,}.*)$")
_BETWEEN_TAGS = re.compile(r"(?<=>)[^<>]{4,}+(?=<|$)")


def masked(length: int) -> str:
    """What stands in the place of a secret of so many characters."""
    return f"‹secret, {length} characters›"


@lru_cache(maxsize=1_000)  # a rule says the same about each of its thousand findings
def mask_tokens(text: str) -> str:
    """Return `text` without anything that has the shape of a known token, of a URL's password or private key.

    The number of lines stays as it is.
    """
    text = _TOKENS.sub(lambda found: masked(len(found[0])), text)
    text = _CREDENTIALS.sub(lambda found: found[1] + masked(len(found[2])), text)
    text = _KEY_BLOCK.sub(lambda found: found[1] + _mask_lines(found[2]), text)
    return _ENCODED.sub(_mask_mixed, text)


def _mask_lines(text: str) -> str:
    # In source code the line ends of a key may be written as \n.
    return "\n".join(masked(len(line)) if line.strip() else line for line in text.split("\n"))


def _mask_mixed(found: re.Match[str]) -> str:
    """Digests in hexadecimal and rows of one letter are shown."""
    kinds = (str.isupper, str.islower, str.isdigit)
    return masked(len(found[0])) if all(any(map(kind, found[0])) for kind in kinds) else found[0]


def mask_message(text: str, secrets: Iterable[str] = (), *, quoted: bool = False) -> str:
    """Return a scanner's message without `secrets` and token shapes.

    With `quoted` also without everything between the first and the last quote of a kind: scanners print a
    literal as it is, with quotes inside.
    """
    for secret in secrets:
        text = text.replace(secret, masked(len(secret)))
    if quoted:
        for pattern in _QUOTED:
            text = pattern.sub(_mask_quoted, text)
    return mask_tokens(text)


def _mask_quoted(found: re.Match[str]) -> str:
    inner = found[1]
    return found[0] if _MASKED.fullmatch(inner) else found[0][0] + masked(len(inner)) + found[0][-1]


def literals(source: Source, first: int, last: int) -> list[str]:
    """Return the texts of all string literals on these lines, longest first, without very short ones."""
    start, end = _span(source, first, last)
    found = {source.text[a:b] for a, b in _bodies(source, start, end)}
    return sorted((text for text in found if len(text) >= _SHORTEST), key=lambda text: (-len(text), text))


def snippet(source: Source, first: int, last: int, *, column: int = 1, hide: bool = False) -> tuple[str, ...]:
    """Return the lines `first` to `last` for people, without token shapes; with `hide` without any literal.

    A long line is cut around `column`, and no piece of a word is left at the cuts.
    """
    lines = []
    for number in range(first, min(last, source.line_count) + 1):
        start = source.line_starts[number - 1]
        end = source.line_end(number)
        if end - start > MAX_LINE:
            lines.append(_window(source, start, end, column, hide=hide))
        else:
            lines.append(_hidden(source, start, end) if hide else source.text[start:end])
    return tuple(mask_tokens("\n".join(lines)).split("\n")) if lines else ()


def _window(source: Source, start: int, end: int, column: int, *, hide: bool) -> str:
    left = max(start, min(start + column - 1 - MAX_LINE // 4, end - MAX_LINE))
    right = min(left + MAX_LINE, end)
    text = _hidden(source, left, right) if hide else source.text[left:right]
    if left > start:
        text = "…" + re.sub(r"\A[\w+/=.-]+", "", text)
    if right < end:
        text = re.sub(r"[\w+/=.-]+\Z", "", text) + "…"
    return text


def _hidden(source: Source, start: int, end: int) -> str:
    """The text between two offsets without the bodies of string literals, also those that go beyond it.

    Where values stand without quotes (configuration files, between tags) they are hidden too. Of a generated
    file nothing is shown: it is not known where its strings begin.
    """
    if source.is_generated:
        return masked(end - start)
    pieces, position = [], start
    for a, b in _bodies(source, start, end):
        a, b = max(a, start, position), min(b, end)  # noqa: PLW2901 - clipped to what is shown
        if a < b:
            pieces += [source.text[position:a], masked(b - a)]
            position = b
    text = "".join(pieces) + source.text[position:end]
    if source.dialect.name in ("hash", "plain"):
        text = _ASSIGNED.sub(lambda found: found["before"] + masked(len(found["value"])), text)
    elif source.dialect.name == "markup":
        text = _BETWEEN_TAGS.sub(lambda found: masked(len(found[0])), text)
    return text


def _bodies(source: Source, start: int, end: int) -> list[tuple[int, int]]:
    strings = [t for t in source.tokens_between(start, end) if t.kind is Kind.STRING]
    return [(a, b) for a, b in map(string_body, strings) if a < b]


def _span(source: Source, first: int, last: int) -> tuple[int, int]:
    last = min(last, source.line_count)
    if not 1 <= first <= last:
        return 0, 0
    return source.line_starts[first - 1], source.line_end(last)
