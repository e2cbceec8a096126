"""The code of a file, line by line: what it does, without what people read beside it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gate.core.area.kinds import Kind, extension, kind_of
from gate.core.area.markup import template_code
from gate.core.area.notebook import notebook_code
from gate.core.lexer import CURLY, PHP, PYTHON, SCRIPT, Dialect, dialect_of

if TYPE_CHECKING:
    from collections.abc import Collection

_TEMPLATES = frozenset(
    [
        "html",
        "htm",
        "xhtml",
        "jinja",
        "jinja2",
        "j2",
        "tmpl",
        "tpl",
        "mustache",
        "hbs",
        "handlebars",
        "ejs",
        "pug",
        "haml",
        "slim",
        "twig",
        "liquid",
        "ftl",
        "jsp",
        "jspx",
        "asp",
        "aspx",
        "cshtml",
        "razor",
        "templ",
        "vue",
        "svelte",
        "astro",
        "erb",
        "phtml",
        "heex",
        "leex",
        "eex",
        "xml",
    ]
)
_SCRIPTS = frozenset(["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"])
#: Languages that the lexer has no dialect for, with comments like those of C.
_SLASHED = frozenset(["prisma", "cedar", "zig", "fs", "cr", "cypher", "psm1", "v", "d", "pas"])
#: Formats in which the text before the value is a name and the value is data.
_KEYED = frozenset(
    [
        "yml",
        "yaml",
        "toml",
        "json",
        "jsonc",
        "json5",
        "ini",
        "cfg",
        "conf",
        "config",
        "env",
        "properties",
        "service",
        "rc",
    ]
)
_KEY = re.compile(
    r"""^([ \t]*(?:-[ \t]+)?(?:export[ \t]+)?["']?[\w.$/-]+["']?[ \t]*[:=])(?!=)(.*)$""", re.MULTILINE
)
#: A sentence in a list of YAML: quoted, and four words or more.
_SENTENCE_ITEM = re.compile(
    r"""^([ \t]*-[ \t]+)(?:'(?:[^'\s]|'')+(?:[ \t]+(?:[^'\s]|'')+){3,}'|"[^"\s]+(?:[ \t]+[^"\s]+){3,}")""",
    re.MULTILINE,
)
#: What a middleware asks for by a string: `can:edit-posts`.
_GUARD = re.compile(r"(?:can|role|permission|ability|abilities|scopes?):[\w.,-]{1,60}")
#: A value that is a name itself; longer ones are sentences.
_NAME = re.compile(r"[^\W\d][\w.-]{0,40}")
#: Strings that hold a query are code of another language.
_QUERY = re.compile(
    r"\s*(?:select\b.*?\bfrom|insert\s+into|update\b.*?\bset|delete\s+from|grant\b|revoke\b|create\s+(?:table|policy|role|user)|"
    r"alter\s+(?:table|role|user)|drop\s+(?:table|column|policy|role|user)|truncate|with\s+\w+\s+as|where\b)",
    re.IGNORECASE | re.DOTALL,
)
_INTERPOLATED = re.compile(r"[$#]\{([^{}\n]{1,200})\}")
_BRACED = re.compile(r"\{([^{}\n]{1,200})\}")


class CodeReader:
    """Reads code. `literals` are strings that stay because they name a header, a scheme or an algorithm."""

    def __init__(self, literals: Collection[str]) -> None:
        self._literals = frozenset(literal.casefold() for literal in literals)

    def lines(self, path: str, text: str) -> list[str]:
        """Return the lines of `text` without comments and strings; as many as the text has.

        Of strings there stay: names of keys, known literals, queries, and what is put into a string by an
        expression. Of templates there stay expressions, directives and scripts; of configuration keys and
        values that are one word; of notebooks the code of their cells.
        """
        lines = self._lines(path, text)
        return lines if len(lines) == text.count("\n") + 1 else text.split("\n")

    def _lines(self, path: str, text: str) -> list[str]:
        ext = extension(path)
        if ext in _TEMPLATES and is_template_of_code(inner := path[: -len(ext) - 1]):
            return self._lines(inner, text)
        if path.casefold().endswith(".blade.php"):
            ext = "blade"
        if ext == "blade" or ext in _TEMPLATES or (ext == "php" and "?>" in text):
            return template_code(text, ext, self.code).split("\n")
        if (
            ext == "ipynb"
            and (cells := notebook_code(text, lambda cell: self.code(cell, PYTHON))) is not None
        ):
            return cells.split("\n")
        if kind_of(path) is Kind.CONFIG and (
            ext in _KEYED or not ext or path.rpartition("/")[2].startswith(".env")
        ):
            return self._keyed(text, ext).split("\n")
        first_line = text[: text.find("\n") + 1 or len(text)]
        code = self.code(text, CURLY if ext in _SLASHED else dialect_of(path, first_line))
        lines = code.split("\n")
        return [_without_page_text(line) for line in lines] if ext in _SCRIPTS else lines

    def code(self, text: str, dialect: Dialect) -> str:
        """Return `text` with comments blanked and strings reduced to what of them is code; same line ends."""
        keep = self._keep
        braced = dialect is PYTHON

        def reduced(found: re.Match[str]) -> str:
            part = found[0]
            if found.lastgroup == "comment" and not (dialect is PHP and part.startswith("#[")):
                return "\n" * part.count("\n") or " "
            if found.lastgroup == "comment":  # attributes of PHP, which older ones take for comments
                return part
            return keep(found, braced=braced)

        return _hideable(dialect).sub(reduced, text)

    def _keep(self, found: re.Match[str], *, braced: bool) -> str:
        part = found[0]
        quoted = part.lstrip("rRbBfFuUtT")
        formatted = braced and "f" in part[: len(part) - len(quoted)].lower()
        mark = quoted[:1]
        body = quoted[3:-3] if quoted[:3] in ('"""', "'''") else quoted[1:-1]
        name = body.strip()
        breaks = "\n" * part.count("\n")
        if name.casefold() in self._literals or (_NAME.fullmatch(name) and _is_key(found)):
            return " " + name.replace("-", "_").replace("/", "_") + " " + breaks
        if _GUARD.fullmatch(name):
            return " " + name.replace("-", "_") + " " + breaks
        if _QUERY.match(body):
            return " " + body + " " + breaks[body.count("\n") :]
        inner = _BRACED if formatted else _INTERPOLATED if mark in '`"' and not braced else None
        if inner is None:
            return '""' + breaks
        lines = [" " + " ".join(inner.findall(line)) + " " for line in body.split("\n")]
        return "\n".join(lines) + breaks[len(lines) - 1 :]

    def _keyed(self, text: str, ext: str) -> str:
        text = _comments_of(ext).sub(" ", text)

        def reduced(found: re.Match[str]) -> str:
            value = found[2].strip().rstrip(",;").strip("\"'")
            kept = value if _NAME.fullmatch(value) or value[:1] in "[{" else ""
            return f"{found[1]} {kept}".replace("-", "_")

        if ext in ("json", "jsonc", "json5"):  # whole lines can hold several keys
            return _JSON_STRING.sub(lambda s: s[0].replace("-", "_") if s[2] else '""', text)
        return _KEY.sub(reduced, _SENTENCE_ITEM.sub(r"\1", text) if ext in ("yml", "yaml") else text)


def is_template_of_code(path: str) -> bool:
    """Whether a template without its own extension is code or configuration: `page.js.erb`, `site.conf.j2`."""
    return (
        bool(inner := extension(path))
        and inner not in _TEMPLATES
        and kind_of(path) in (Kind.CODE, Kind.CONFIG)
    )


_JSON_STRING = re.compile(r'("(?:[^"\\\n]|\\.)*+")(\s*:)?')


def _comments_of(ext: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\S)//[^\n]*" if ext in ("jsonc", "json5") else r"(?<!\S)[#;][^\n]*")


@cache
def _hideable(dialect: Dialect) -> re.Pattern[str]:
    """The comments and strings of a dialect alone: what stands between them needs no look."""
    regexes = (
        r"|(?<=[=(,:\[!&|?{};])\s*/(?![/*])(?P<regex>(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\])++/)"
    )
    return re.compile(
        f"(?P<comment>{dialect.comments or '(?!)'})|(?P<string>{dialect.strings})"
        + (regexes if dialect is SCRIPT else "")
    )


#: Calls that reach a member by the string behind them: `setattr(user, "is_admin", True)`.
_BY_NAME = re.compile(
    r"(?<!\w)(?:[gs]etattr|hasattr|delattr|attrgetter|methodcaller|Reflect\.\w+|defineProperty|hasOwn\w*|get(?:Declared)?(?:Field|Method|Property)"
    r"|(?:public_)?send|instance_variable_[gs]et|method_exists|property_exists)\s*\([^()'\"`\n]*$"
)


def _is_key(found: re.Match[str]) -> bool:
    """Whether a string is the name of a member: `x["name"]`, `"name": …`, `"name" => …`."""
    text = found.string
    after = text[found.end() : found.end() + 4].lstrip()
    if after.startswith((":", "=>")) and not after.startswith("::"):
        return True
    if text[max(0, found.start() - 3) : found.start()].rstrip()[-1:] in ("(", ",") and _BY_NAME.search(
        text, max(0, found.start() - 80), found.start()
    ):
        return True
    return after.startswith("]") and text[found.start() - 1 : found.start()] == "["


# -- text of a page between tags of a script -----------------------------------------------------------

#: Longer lines are no lines of a page that people wrote.
MAX_PROSE = 1_000
_BETWEEN_TAGS = re.compile(r">[^<>{};()]*(?=</)")
_AFTER_TAG = re.compile(r"(?<=\w|\"|\}|')>\s*[\w ,.!?'’:-]* [\w ,.!?'’:-]*$")
_SENTENCE = re.compile(r"\s*[\w'’-]+(?:[ ,]+[\w'’-]+){2,}[.!?,:]*\s*")
_STATEMENT = re.compile(
    r"\s*(?:export|import|const|let|var|type|interface|class|function|async|return|case|default|else|throw|new|"
    r"await|yield|public|private|protected|static|readonly|extends|implements|declare|abstract|enum|from|get|set|if|for)\b"
)


def _without_page_text(line: str) -> str:
    if len(line) > MAX_PROSE:
        return line
    if "<" in line or ">" in line:
        return _AFTER_TAG.sub(">", _BETWEEN_TAGS.sub(">", line))
    if _SENTENCE.fullmatch(line) and not _STATEMENT.match(line):
        return ""
    return line
