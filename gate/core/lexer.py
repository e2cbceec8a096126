"""A small lexer, one dialect per language family, so that ids do not change with an interpreter or a parser.

It knows comments, strings and words, and nothing of grammar. Unterminated strings and comments end at the
line's or the file's end: every character belongs to a token or is white space, and the time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    STRING = "string"
    COMMENT = "comment"
    OPERATOR = "operator"


_KINDS = {kind.value: kind for kind in Kind}


class Token(NamedTuple):
    """A piece of source text; `start` and `end` are offsets in code points, the end exclusive."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a family of languages writes comments and strings.

    `comments` and `strings` are the regular expressions of those alone. `quotes` are the characters that make
    interchangeable strings. `braces`: blocks are `{…}` and their headers name scopes. `regexes`: a slash can
    start a regular expression.
    """

    name: str
    pattern: re.Pattern[str]
    comments: str = ""
    strings: str = ""
    quotes: str = ""
    braces: bool = False
    regexes: bool = False


_DOUBLE = r'"(?:[^"\\\n]|\\[\s\S])*+"?'
_SINGLE = r"'(?:[^'\\\n]|\\[\s\S])*+'?"
# Lifetimes ('a) and digit separators (1'000) are no strings.
_CHARACTER = r"'(?:\\[^\n']{1,10}|\\'|[^'\\\n])'"
_BACKTICK = r"`(?:[^`\\]|\\[\s\S])*+`?"
_RAW_BACKTICK = r"`[^`]*+`?"
_TRIPLE = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?' + r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*+(?:''')?"
_TEXT_BLOCK = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?'
_HASH = r"#[^\n]*+"
_HASH_AFTER_SPACE = r"(?<!\S)#[^\n]*+"
_SLASHES = r"//[^\n]*+"
_BLOCK = r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_DASHES = r"--[^\n]*+"
_MARKUP = r"<!--(?:[^-]|-(?!->))*+(?:-->)?"

_OPERATORS = r"=>|->|::|:=|[=!]==?|<=|>=|&&|\|\||\?\?|\*\*|<-|\S"


def _dialect(
    name: str, *, comments: str, strings: str, quotes: str = "", braces: bool = False, regexes: bool = False
) -> Dialect:
    pattern = rf"(?P<comment>{comments or '(?!)'})|(?P<string>{strings})|(?P<word>\w+)|\\\r?\n|(?P<operator>{_OPERATORS})"
    return Dialect(
        name=name,
        pattern=re.compile(pattern),
        comments=comments,
        strings=strings,
        quotes=quotes,
        braces=braces,
        regexes=regexes,
    )


PYTHON = _dialect(
    "python",
    comments=_HASH,
    strings=rf"(?i:\b[rbfut]{{1,2}})?(?:{_TRIPLE}|{_DOUBLE}|{_SINGLE})",
    quotes="'\"",
)
SCRIPT = _dialect(  # JavaScript, TypeScript
    "script",
    comments=f"{_SLASHES}|{_BLOCK}",
    strings=f"{_DOUBLE}|{_SINGLE}|{_BACKTICK}",
    quotes="'\"",
    braces=True,
    regexes=True,
)
PHP = _dialect(
    "php",
    comments=f"{_SLASHES}|{_BLOCK}|{_HASH}",
    strings=f"{_DOUBLE}|{_SINGLE}|{_BACKTICK}",
    quotes="'\"",
    braces=True,
)
CURLY = _dialect(  # C, C++, C#, Java, Go, Rust, Kotlin, Scala, Swift: 'c' is a character
    "curly",
    comments=f"{_SLASHES}|{_BLOCK}",
    strings=f"{_TEXT_BLOCK}|{_DOUBLE}|{_CHARACTER}|{_RAW_BACKTICK}",
    braces=True,
)
HASH = _dialect(  # shell, Ruby, YAML, TOML, Dockerfile, properties
    "hash", comments=_HASH_AFTER_SPACE, strings=f"{_DOUBLE}|{_SINGLE}", quotes="'\""
)
TERRAFORM = _dialect("terraform", comments=f"{_HASH}|{_SLASHES}|{_BLOCK}", strings=_DOUBLE)
DASHES = _dialect("dashes", comments=f"{_DASHES}|{_BLOCK}", strings=f"{_DOUBLE}|{_SINGLE}")
MARKUP = _dialect("markup", comments=_MARKUP, strings=f"{_DOUBLE}|{_SINGLE}", quotes="'\"")
GRAPHQL = _dialect("graphql", comments=_HASH, strings=f"{_TEXT_BLOCK}|{_DOUBLE}")
PLAIN = _dialect("plain", comments="", strings=_DOUBLE)

_EXTENSIONS = {
    PYTHON: "py pyw pyi",
    SCRIPT: "js jsx mjs cjs ts tsx mts cts",
    PHP: "php phtml php5 php7",
    CURLY: "c h cc cpp cxx hh hpp hxx cs java go rs kt kts scala swift m mm dart groovy gradle sol proto",
    HASH: "sh bash zsh ksh rb rake gemspec yml yaml toml pl pm ps1 r ex exs conf cfg ini env properties mk cmake "
    "dockerfile jl tcl nim",
    GRAPHQL: "graphql gql",
    TERRAFORM: "tf tfvars hcl",
    DASHES: "sql lua hs elm ada vhd",
    MARKUP: "html htm xhtml xml svg vue svelte jsp erb ejs j2 jinja jinja2 hbs md",
}
_BY_EXTENSION = {word: dialect for dialect, words in _EXTENSIONS.items() for word in words.split()}
_BY_NAME = {"dockerfile": HASH, "makefile": HASH, "gemfile": HASH, "rakefile": HASH, "jenkinsfile": CURLY}
_BY_INTERPRETER = {"python": PYTHON, "node": SCRIPT, "deno": SCRIPT, "bun": SCRIPT, "php": PHP}


def dialect_of(path: str, first_line: str = "") -> Dialect:
    """Return the dialect of a file by its name, else by the interpreter that its first line names."""
    name = path.rsplit("/", 1)[-1].lower()
    if name in _BY_NAME:
        return _BY_NAME[name]
    _, dot, extension = name.rpartition(".")
    if dot and extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    if first_line.startswith("#!"):
        interpreter = re.search(r"(?:/|\benv\s+(?:-S\s+)?)(?!env\s)([a-z]+)[\d.]*(?:\s|$)", first_line[:200])
        return _BY_INTERPRETER.get(interpreter[1] if interpreter else "", HASH)
    return PLAIN


_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\]?)*+/?[a-z]*+")
_VALUE_ENDS = frozenset(")]}")
_BEFORE_REGEX = re.compile(r"return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield|instanceof")


def tokenize(text: str, dialect: Dialect, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield all tokens between two offsets in order, comments included, white space and line joins left out.

    The dialect's state is that of the beginning of a file: `start` must not stand inside a string or comment.
    """
    match = dialect.pattern.search
    previous: Token | None = None
    position, limit = start, len(text) if end is None else end
    while found := match(text, position, limit):
        position = found.end()
        kind = found.lastgroup
        if kind is None:
            continue
        token = Token(_KINDS[kind], found[0], found.start(), position)
        if dialect.regexes and token.text == "/" and not _ends_value(previous):
            regex = _REGEX.match(text, token.start, limit)
            if regex is not None:
                position = regex.end()
                token = Token(Kind.STRING, regex[0], token.start, position)
        yield token
        if token.kind is not Kind.COMMENT:
            previous = token


def _ends_value(token: Token | None) -> bool:
    """Whether a slash after `token` divides."""
    if token is None:
        return False
    if token.kind is Kind.WORD:
        return _BEFORE_REGEX.fullmatch(token.text) is None
    return token.kind is Kind.STRING or token.text in _VALUE_ENDS


_STRING = re.compile(r"""(?P<prefix>\w*)(?P<quote>'''|\"""|['"`/])(?P<body>[\s\S]*)\Z""")


def string_body(token: Token) -> tuple[int, int]:
    """Return the offsets of a string's text between its quotes; the end of the token if it has no end quote."""
    found = _STRING.match(token.text)
    if found is None:
        return token.start, token.end
    start, quote = token.start + found.start("body"), found["quote"]
    closed = found["body"].endswith(quote)
    return start, max(start, token.end - len(quote)) if closed else token.end


def _spelled(token: Token, quotes: str) -> str:
    """The text of a token; a string that could be written with either quote has double ones."""
    if token.kind is not Kind.STRING:
        return token.text
    start, end = string_body(token)
    opening, closing = token.text[: start - token.start], token.text[end - token.start :]
    body = token.text[start - token.start : end - token.start]
    if "'" not in opening or "'" not in quotes or not closing or any(c in body for c in "'\"\\"):
        return token.text
    return opening.replace("'", '"') + body + closing.replace("'", '"')


_CLOSERS = frozenset(")]}")


def code_of(tokens: Iterable[Token], dialect: Dialect) -> str:
    """Return the normalised text of `tokens`: no comments, no trailing commas, one blank between tokens."""
    words: list[str] = []
    for token in tokens:
        if token.kind is Kind.COMMENT:
            continue
        if token.text in _CLOSERS and words and words[-1] == ",":
            words.pop()
        words.append(_spelled(token, dialect.quotes))
    return " ".join(words)
