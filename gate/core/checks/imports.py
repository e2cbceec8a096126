"""What a file of Python, JavaScript, TypeScript or Go imports, with the place of each name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from gate.core.finding import Range
from gate.core.lexer import Kind, dialect_of, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gate.core.lexer import Token

PYTHON = "python"
JAVASCRIPT = "javascript"
GO = "go"

_EXTENSIONS = {
    "py": PYTHON,
    **dict.fromkeys(["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"], JAVASCRIPT),
    "go": GO,
}
#: Longer files are generated or bundled.
MAX_TEXT = 500_000
#: Every import of a file, and more: what stands in comments and texts, and after a word like these.
_PYTHON_NAMES = re.compile(
    r"\bfrom\b[ \t\f\\\r\n]*([\w.]*)(?:[ \t\f\\\r\n]*\bimport\b)?|\bimport\b[ \t\f]*((?:\\\r?\n|[^#;\n])*)"
)
_PYTHON_NAME = re.compile(r"(?<!\w)(?!as\b)\w[\w.]*")
_PYTHON_ALIAS = re.compile(r"\bas\b[ \t\f\\\r\n]+\w+")
_JS_NAMES = re.compile(
    r"""\b(?:import|require|from)(?:\s|//[^\n]*\n|/\*[^*]*\*+(?:[^*/][^*]*\*+)*/)*"""
    r"""(?:\((?:\s|//[^\n]*\n|/\*[^*]*\*+(?:[^*/][^*]*\*+)*/)*)?(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)')"""
)
_GO_BLOCK = re.compile(r"^import\s*(?:\(([^)]*)\)|((?:[\w.]+\s+)?\"[^\"\n]+\"))", re.MULTILINE)
_GO_SPEC = re.compile(r"^[ \t]*(?:[\w.]+[ \t]+)?\"([^\"\n]+)\"", re.MULTILINE)


class Import(NamedTuple):
    """One import: the module as it is written, and where."""

    name: str
    place: Range


def ecosystem(path: str) -> str:
    """Return whose imports a file has, or an empty string."""
    return _EXTENSIONS.get(path.rpartition(".")[2].lower(), "")


def imports_of(path: str, text: str, known: Callable[[str], bool] = lambda _: False) -> list[Import]:
    """Return the imports of a file that must succeed for it to work, each name once; relative ones are left out.

    Those that are `known` may be left out too: a file that can have no others is not parsed. A file that cannot be
    parsed has none; whether it could be read is for the scanners to say.
    """
    kind = ecosystem(path)
    if not kind or len(text) > MAX_TEXT:
        return []
    text = text.removeprefix("\ufeff")
    if kind in _MENTIONED and all(name.isascii() and known(name) for name in _MENTIONED[kind](text)):
        return []
    read = {PYTHON: _python, JAVASCRIPT: _javascript, GO: _go}[kind]
    found: dict[str, Import] = {}
    for one in read(path, text):
        found.setdefault(one.name, one)
    return list(found.values())


def _python_mentions(text: str) -> Iterator[str]:
    for source, names in _PYTHON_NAMES.findall(text):
        if source and source[0] != ".":
            yield source
        yield from _PYTHON_NAME.findall(_PYTHON_ALIAS.sub("", names)) if names else ()


def _javascript_mentions(text: str) -> Iterator[str]:
    return (double or single for double, single in _JS_NAMES.findall(text))


_MENTIONED = {PYTHON: _python_mentions, JAVASCRIPT: _javascript_mentions}


def _python(_path: str, text: str) -> Iterator[Import]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, _range(alias, text))
        elif isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                yield Import(node.module, _range(node, text))
        elif isinstance(node, ast.Try | ast.TryStar):
            # What fails here has somebody who catches it.
            guarded = any(_catches_imports(handler) for handler in node.handlers)
            waiting += node.orelse + node.finalbody
            waiting += [] if guarded else [*node.body, *(s for h in node.handlers for s in h.body)]
        elif isinstance(node, ast.With) and any("suppress" in ast.dump(item) for item in node.items):
            continue
        elif isinstance(node, ast.If):
            # Under a condition on types, platforms or versions the import may never run.
            if not _is_conditional(node.test):
                waiting += node.body
                waiting += node.orelse
        elif isinstance(node, ast.stmt | ast.Module | ast.match_case):
            for name in ("body", "orelse", "finalbody", "cases"):
                waiting += getattr(node, name, None) or []


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _is_conditional(test: ast.expr) -> bool:
    words = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    words |= {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    telling = (
        "TYPE_CHECKING",
        "version_info",
        "platform",
        "PY2",
        "PY3",
        "find_spec",
        "name",
        "implementation",
    )
    return any(word in telling or word.upper().startswith(("HAS_", "HAVE_", "IS_", "USE_")) for word in words)


def _range(node: ast.stmt | ast.alias, text: str) -> Range:
    line = text.split("\n", node.lineno)[node.lineno - 1]
    return Range(
        start_line=node.lineno,
        start_column=len(line.encode()[: node.col_offset].decode("utf-8", "ignore")) + 1,
        end_line=node.lineno,
        end_column=len(line) + 1,
    )


def _javascript(path: str, text: str) -> Iterator[Import]:
    tokens = [t for t in tokenize(text, dialect_of(path, "")) if t.kind is not Kind.COMMENT]
    for number, token in enumerate(tokens):
        if token.kind is not Kind.STRING or not number or token.text[:1] not in "\"'":
            continue
        before = tokens[number - 1].text
        if before == "(":
            call = tokens[number - 2].text if number > 1 else ""
            owner = tokens[number - 3].text if number > 2 else ""
            after = tokens[number + 1].text if number + 1 < len(tokens) else ""
            if call not in ("require", "import") or owner == "." or after != ")" or _in_try(tokens, number):
                continue
        elif before == "from":
            if not _is_import_clause(tokens, number - 1):
                continue
        elif before != "import" or (number > 1 and tokens[number - 2].text == "."):
            continue
        yield Import(token.text[1:-1], _at(text, token.start, token.end))


def _is_import_clause(tokens: list[Token], at: int) -> bool:
    """Whether the `from` at this place closes an import or export that is no matter of types alone."""
    for number in range(at - 1, max(at - 400, -1), -1):
        word = tokens[number]
        if word.text in ("import", "export"):
            return tokens[number + 1].text != "type" or tokens[number + 2].text in ("from", ",")
        if word.text in (";", "(", ")", "=") or word.kind is Kind.STRING:
            return False
    return False


def _in_try(tokens: list[Token], at: int) -> bool:
    """Whether a call stands in a block of `try`, where somebody catches its failure."""
    depth = 0
    for number in range(at, max(at - 200, 0), -1):
        word = tokens[number].text
        if word == "}":
            depth += 1
        elif word == "{":
            if depth == 0 and tokens[number - 1].text == "try":
                return True
            depth = max(depth - 1, 0)
    return False


def _go(_path: str, text: str) -> Iterator[Import]:
    if re.search(r"^//(?:go:build|\s*\+build)\s+ignore", text[:2000], re.MULTILINE):
        return
    for block in _GO_BLOCK.finditer(text):
        start = block.start(1) if block[1] is not None else block.start(2)
        for spec in _GO_SPEC.finditer(block[1] if block[1] is not None else block[2]):
            yield Import(spec[1], _at(text, start + spec.start(1), start + spec.end(1)))


def _at(text: str, start: int, end: int) -> Range:
    line = text.count("\n", 0, start) + 1
    first = text.rfind("\n", 0, start) + 1
    return Range(start_line=line, start_column=start - first + 1, end_line=line, end_column=end - first + 1)
