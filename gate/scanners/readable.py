"""Source in the form in which Semgrep can parse it: what it cannot read and means nothing is blanked.

Every character stays where it is, so that places need no correction.
"""

from __future__ import annotations

import re

#: `await importOriginal<typeof import('x')>()`, usual where modules are mocked: a type, erased before anything
#: runs, which Semgrep 1.185.0 does not parse between `<` and `>()`.
_IMPORTED_TYPE = re.compile(
    rb"""<\s*typeof\s+import\(\s*(?:'[^'"`\\\n]*'|"[^'"`\\\n]*")\s*,?\s*\)\s*>(?=\s*\()"""
)
_INK = re.compile(rb"[^\s]")


def readable(content: bytes, language: str) -> bytes:
    """Return the content of a file, of the same length and with the same lines, for scanners to parse.

    The same object, if nothing had to be blanked. Only TypeScript is touched: in JavaScript the same words
    are a comparison, and run.
    """
    if language != "ts" or b"typeof" not in content:
        return content
    blanked, count = _IMPORTED_TYPE.subn(lambda found: _INK.sub(b" ", found[0]), content)
    return blanked if count else content
