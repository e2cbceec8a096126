"""The code inside templates: expressions, directives and scripts, never what a page says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gate.core.lexer import CURLY, HASH, PHP, SCRIPT, Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

_RUBY = frozenset({"erb", "haml", "slim"})
_PHP = frozenset({"php", "phtml", "blade"})
_BRACED = frozenset({"svelte", "astro"})
#: Directives that begin with an at sign: `@if (…)`.
_RAZOR = frozenset({"cshtml", "razor", "blade"})
#: Templates whose every line is code with a little text: tags are written without brackets.
_INDENTED = frozenset({"pug", "haml", "slim"})

# One pass, so that no piece is read twice; what matches none of these is text of the page.
_PIECES = re.compile(
    r"(?P<comment><!--(?:[^-]|-(?!->))*+(?:-->)?|\{#(?:[^#]|#(?!\})){0,2000}+#\}|<%--(?:[^-]|-(?!-%>))*+(?:--%>)?)"
    r"|(?P<script><script\b[^>]*+>(?:[^<]|<(?!/script))*+)"
    r"|(?P<style><style\b[^>]*+>(?:[^<]|<(?!/style))*+)"
    r"|(?P<php><\?(?:php|=)?(?:[^?]|\?(?!>))*+)"
    r"|(?P<embedded><%(?:[^%]|%(?!>))*+(?:%>)?)"
    r"|(?P<expression>\{\{(?:[^}]|\}(?!\}))*+(?:\}\})?|\{%(?:[^%]|%(?!\}))*+(?:%\})?|[$#@]\{[^{}]*+\})"
    r"|(?P<brace>\{[#:@]?[^{}\n]{1,300}\})"
    r"|(?P<front>\A---\n(?:[^\n]*+\n(?!---))*+[^\n]*+\n)"
    r"|(?P<razor>@[\w.]+(?: ?\((?:[^()\n]|\([^()\n]*+\))*+\))?)"
    r"|(?P<tag><[A-Za-z][\w:.-]*+(?:[^<>\"'{}]|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'|\{[^{}]{0,2000}+\})*+>)",
    re.IGNORECASE,
)
#: Attributes whose value is code, by the usual marks of frameworks; `name` and `action` say what a form does.
_DIRECTIVE = re.compile(
    r"""(?<!\S)(?:(?:v-|:|@|\*|\(|\[|\[\(|th:|ng-|x-|hx-|data-bind|bind:|on:|sec:|shiro:)[\w:.\-()\[\]]*|name|action|sandbox)"""
    r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|\{([^{}]*)\})""",
    re.IGNORECASE,
)


def template_code(text: str, ext: str, code: Callable[[str, Dialect], str]) -> str:
    """Return the code of a template, with the line ends of `text`. `ext` is the extension of its name."""
    if ext in _INDENTED:
        return code(text, HASH if ext in _RUBY else SCRIPT)
    inner = (
        HASH if ext in _RUBY else PHP if ext in _PHP else CURLY if ext in ("jsp", "jspx", "templ") else SCRIPT
    )
    parts = []
    end = 0
    for found in _PIECES.finditer(text):
        parts.append("\n" * text.count("\n", end, found.start()))
        parts.append(_code_of(found, ext, inner, code))
        end = found.end()
    parts.append("\n" * text.count("\n", end))
    return " ".join(parts)


def _code_of(found: re.Match[str], ext: str, inner: Dialect, code: Callable[[str, Dialect], str]) -> str:
    piece, kind = found[0], found.lastgroup
    if kind in ("comment", "style"):
        return "\n" * piece.count("\n")
    if kind == "script":
        start = piece.index(">") + 1
        return "\n" * piece.count("\n", 0, start) + code(piece[start:], SCRIPT)
    if kind == "front":
        return code(piece, SCRIPT)
    if kind == "php":
        return code(piece, PHP)
    if kind == "tag":
        return _directives(piece)
    if (kind == "razor" and ext not in _RAZOR) or (kind == "brace" and ext not in _BRACED):
        return ""
    return code(piece, inner)


def _directives(tag: str) -> str:
    """The values of a tag's attributes that are code; each stays on its line."""
    parts = []
    end = 0
    for found in _DIRECTIVE.finditer(tag):
        parts.append("\n" * tag.count("\n", end, found.start()))
        parts.append(" " + found[0] + " ")
        end = found.end()
    parts.append("\n" * tag.count("\n", end))
    return "".join(parts).replace("-", "_")
