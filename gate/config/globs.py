"""Patterns with gitignore meaning, compiled to the regular expressions of the core."""

from __future__ import annotations

import functools
import re
import warnings
from dataclasses import dataclass
from typing import Any

from gate.core.glob import Glob
from gate.errors import ConfigError

# How pathspec ends a pattern: 0.12 writes the rest of the path out, 1.0 leaves it to `match`. Its `$` would
# also match before a newline at the end of a name, which git allows.
_ENDINGS = {
    "(?:(?P<ps_d>/)|$)": r"(?:/|\Z)",
    "(?:(?P<ps_d>/).*)?$": r"(?:/|\Z)",
    "(?P<ps_d>/).*$": "/",
    "(?P<ps_d>/)": "/",
    "/.*$": "/",
    "$": r"\Z",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolicyGlob(Glob):
    """A pattern of a policy file. `where` is file:line:column, `key` the key it stands in; both are for
    messages and make no difference between patterns.
    """

    where: str = ""
    key: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glob) and (self.text, self.regex) == (other.text, other.regex)

    def __hash__(self) -> int:
        return Glob.__hash__(self)


# A class that excludes must not match `/`, which git never lets a class do; pathspec does.
_NEGATED_CLASS = re.compile(r"(?<!\\)\[\^(?!/\])")
_OPEN_BRACKET = re.compile(r"(?<!\\)\[[!^]?\]?[^\]]*$")
_BRACKET_IN_BRACKETS = re.compile(r"(?<!\\)\[[^\]]*\[")


@functools.cache
def compile_glob(text: str) -> Glob:
    """Return the pattern for `re.search` with DOTALL on repository paths with `/`.

    A pattern that matches a folder matches all below it. `*` stops at `/`, also across newlines in names.
    Raises ConfigError for a pattern that is empty, negated, a comment, or that could match nothing at all.
    """
    if not text.strip():
        raise ConfigError("the pattern is empty")
    if text.startswith("!"):
        raise ConfigError(f"the pattern {text!r} is negated; patterns here only add ('\\!' is a plain '!')")
    if text.startswith("#"):
        raise ConfigError(f"the pattern {text!r} is a comment in gitignore ('\\#' is a plain '#')")
    if text != text.strip() and not text.endswith("\\ "):
        raise ConfigError(f"the pattern {text!r} has blanks around it")
    if not {"", ".", ".."}.isdisjoint(text.removeprefix("/").removesuffix("/").split("/")):
        raise ConfigError(f"the pattern {text!r} has an empty part, '.' or '..', which no path has")
    if _OPEN_BRACKET.search(text):
        raise ConfigError(f"the pattern {text!r} has '[' without ']' ('\\[' is a plain '[')")
    if _BRACKET_IN_BRACKETS.search(text):
        raise ConfigError(f"the pattern {text!r} has '[' inside brackets, which is not supported")
    try:
        with warnings.catch_warnings():
            # re warns of classes that it may read otherwise one day, such as `[a&&b]`.
            warnings.simplefilter("error")
            # git takes `a/**/` for the folders below `a`, pathspec for all below it.
            compiled = _pattern_class()(f"{text}*/" if text.endswith("/**/") else text)
            regex = compiled.regex.pattern if compiled.regex is not None else None
            if regex is not None:
                regex = _closed(regex)
                re.compile(regex, re.DOTALL)
    except (ValueError, re.error, Warning):
        regex = None
    if regex is None:
        raise ConfigError(f"the pattern {text!r} is not a gitignore pattern that could match anything")
    return Glob(text=text, regex=regex)


def _closed(regex: str) -> str:
    for theirs, ours in _ENDINGS.items():
        if regex.endswith(theirs):
            regex = regex.removesuffix(theirs) + ours
            break
    return _NEGATED_CLASS.sub("[^/", regex)


def _pattern_class() -> Any:
    try:
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # noqa: PLC0415 - 30 to 60 ms
    except ImportError:  # pathspec before 1.0
        import pathspec.patterns  # noqa: PLC0415

        return pathspec.patterns.GitWildMatchPattern  # type: ignore[attr-defined, unused-ignore]
    return GitIgnoreSpecPattern
