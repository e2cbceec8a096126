"""Which language a file is in, and by which names Semgrep's rules and targets know that language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """`keys`: words in the `languages` of a Semgrep rule that make the rule run on this language.

    `extensions`: those by which Semgrep itself selects a file, case as written, the first is canonical.
    `others`: extensions that mean the language although Semgrep does not know them.
    `left_out`: endings that the experimental engine skips without a word, also where a file is named to it.
    `code`: whether a change to such a file counts as code that somebody should have scanned.
    """

    keys: frozenset[str]
    extensions: tuple[str, ...]
    others: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    code: bool = True


def _language(
    keys: str, extensions: str, others: str = "", *, left_out: str = "", code: bool = True
) -> Language:
    return Language(
        keys=frozenset(keys.split()),
        extensions=tuple(extensions.split()),
        others=tuple(others.split()),
        left_out=tuple(left_out.split()),
        code=code,
    )


#: Source: semgrep 1.185.0, semgrep_interfaces/lang.json, checked by a test against the installed one.
#: Rules for JavaScript also run on TypeScript; those for C++ also on headers.
LANGUAGES: Mapping[str, Language] = {
    "python": _language("py python python2 python3", ".py .pyi", ".pyw"),
    "js": _language("js javascript", ".js .jsx .cjs .mjs", left_out=".min.js"),
    "ts": _language("ts typescript js javascript", ".ts .tsx", ".mts .cts", left_out=".d.ts"),
    "go": _language("go golang", ".go"),
    "java": _language("java", ".java"),
    "ruby": _language("ruby", ".rb", ".rake .gemspec"),
    "php": _language("php", ".php .phtml"),
    "c": _language("c cpp c++", ".c .h"),
    "cpp": _language("cpp c++", ".cpp .cc .cxx .c++ .hpp .hh .hxx"),
    "csharp": _language("csharp c#", ".cs"),
    "kotlin": _language("kt kotlin", ".kt .kts"),
    "scala": _language("scala", ".scala"),
    "rust": _language("rust", ".rs"),
    "swift": _language("swift", ".swift"),
    "bash": _language("bash sh", ".sh .bash"),
    "lua": _language("lua", ".lua"),
    "elixir": _language("ex elixir", ".ex .exs"),
    "clojure": _language("clojure", ".clj .cljs .cljc"),
    "solidity": _language("solidity sol", ".sol"),
    "powershell": _language("powershell", ".ps1"),
    "vue": _language("vue", ".vue"),
    # Code that neither Semgrep nor Bandit reads, known only to be named.
    "notebook": _language("", "", ".ipynb"),
    "makefile": _language("", "", ".mk .make"),
    "perl": _language("", "", ".pl .pm .t"),
    "cython": _language("", "", ".pyx .pxd .pxi"),
    "path file": _language("", "", ".pth"),
    "sql": _language("", "", ".sql .psql .plsql"),
    "batch": _language("", "", ".bat .cmd"),
    "groovy": _language("", "", ".groovy .gradle"),
    "r": _language("", "", ".r"),
    "julia": _language("", "", ".jl"),
    "dart": _language("", "", ".dart"),
    "objective-c": _language("", "", ".m .mm"),
    "haskell": _language("", "", ".hs"),
    "ocaml": _language("", "", ".ml .mli"),
    "erlang": _language("", "", ".erl .hrl"),
    "f#": _language("", "", ".fs .fsx"),
    "visual basic": _language("", "", ".vb .vbs .bas"),
    "zig": _language("", "", ".zig"),
    "nim": _language("", "", ".nim"),
    "nix": _language("", "", ".nix"),
    "tcl": _language("", "", ".tcl"),
    "awk": _language("", "", ".awk"),
    "assembly": _language("", "", ".s .asm"),
    "cmake": _language("", "", ".cmake"),
    "svelte": _language("", "", ".svelte"),
    "astro": _language("", "", ".astro"),
    "coffeescript": _language("", "", ".coffee"),
    "dockerfile": _language("dockerfile docker", ".dockerfile .Dockerfile", code=False),
    "terraform": _language("tf hcl terraform", ".tf .tofu .hcl .tfvars", code=False),
    "yaml": _language("yaml", ".yaml .yml", code=False),
    "json": _language("json", ".json", code=False),
    "html": _language("html generic spacegrep", ".html .htm", code=False),
    "template": _language(
        "generic spacegrep",
        ".j2 .jinja .jinja2 .ejs .hbs .erb .njk .twig .mustache .gohtml .tmpl",
        code=False,
    ),
}

#: Rule languages that run on every file and therefore cover no language by themselves.
UNIVERSAL = frozenset({"generic", "spacegrep", "aliengrep", "regex", "none"})

_BY_EXTENSION = {
    extension.lower(): name
    for name, language in LANGUAGES.items()
    for extension in (*language.extensions, *language.others)
}
_DOCKERFILE = re.compile(r"(?i)(?:dockerfile|containerfile)(?:\.[\w-]+)?$")
#: Whole names, in lower case, that mean a language.
_BY_NAME = {
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "cmakelists.txt": "cmake",
    "jenkinsfile": "groovy",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "vagrantfile": "ruby",
    "podfile": "ruby",
    "fastfile": "ruby",
    ".bashrc": "bash",
    ".profile": "bash",
    ".envrc": "bash",
}
_INTERPRETERS = {
    "python": "python",
    "pypy": "python",
    "uv": "python",
    "pipx": "python",
    "sh": "bash",
    "bash": "bash",
    "node": "js",
    "nodejs": "js",
    "deno": "ts",
    "bun": "ts",
    "ts-node": "ts",
    "tsx": "ts",
    "ruby": "ruby",
    "php": "php",
    "lua": "lua",
    "perl": "perl",
    "rscript": "r",
    "awk": "awk",
    "gawk": "awk",
    "make": "makefile",
    "tclsh": "tcl",
    "groovy": "groovy",
}
#: What a first line that looks like a script's does not make a script of.
_NO_SCRIPTS = frozenset(
    {".txt", ".md", ".rst", ".in", ".sample", ".example", ".orig", ".rej", ".patch", ".diff"}
)
#: YAML that a CI system runs: always read as YAML, whatever its text looks like.
_PIPELINE_YAML = re.compile(
    r"(?:^|/)(?:\.github/workflows/[^/]+|action|\.gitlab-ci|\.gitlab/ci/.+|(?:docker-)?compose[^/]*)\.ya?ml$"
)
_TEMPLATE_MARK = re.compile(rb"(?<!\$)\{\{|\{%")


def language(path: str, *, executable: bool, data: bytes) -> str:
    """Return the language of a file, a key of LANGUAGES, or an empty string.

    By the usual names, by extension in any case, else by the interpreter on its first line. In an executable Python script that line wins over the extension of another language: it says
    what would run.
    YAML with the marks of a template (a Helm chart) is a template, except where a CI system reads it.
    """
    # A blank or a dot at the end hides the extension from tools, and from no interpreter.
    name = path.rpartition("/")[2].rstrip(" .\t\u00a0")
    extension = _extension(name)
    by_name = _BY_NAME.get(name.lower()) or _BY_EXTENSION.get(extension, "")
    if _DOCKERFILE.match(name):
        by_name = "dockerfile"
    if by_name == "yaml" and not _PIPELINE_YAML.search(path) and _TEMPLATE_MARK.search(data):
        return "template"
    if by_name and not (executable and by_name != "python"):
        return by_name
    script = _by_first_line(data) if executable or extension not in _NO_SCRIPTS else ""
    if script and (not by_name or script == "python"):
        return script
    return by_name


def written_extension(name: str, language: str) -> str:
    """Return the extension a file must get for Semgrep to select it, or an empty string if its name does.

    The experimental engine of 1.185.0 looks at the first line only of executable files without any
    extension, and knows there `python3` but not `python3.11`: `tool.cgi` would silently not be scanned.
    """
    known = LANGUAGES.get(language)
    if known is None or not known.extensions:
        return ""
    selected = name in {"Dockerfile", "dockerfile"} or name.endswith(known.extensions)
    if selected and not name.endswith(known.left_out):
        return ""
    return known.extensions[0]


def covers(keys: Container[str], language: str) -> bool:
    """Whether rules with these words in their `languages` read a file of this language."""
    known = LANGUAGES.get(language)
    return known is not None and any(key in keys for key in known.keys)


def is_code(language: str) -> bool:
    """Whether a file of this language is code that somebody should have scanned."""
    known = LANGUAGES.get(language)
    return known is not None and known.code


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f".{extension.lower()}" if dot and stem else ""


def _by_first_line(data: bytes) -> str:
    if not data.startswith((b"#!", b"\xef\xbb\xbf#!")):
        return ""
    line = data[:256].partition(b"\n")[0].partition(b"#!")[2].decode("ascii", "replace")
    for word in line.split():
        program = word.rpartition("/")[2]
        if program == "env" or word.startswith("-") or "=" in word:
            continue
        return _INTERPRETERS.get(program) or _INTERPRETERS.get(program.rstrip("0123456789."), "")
    return ""
