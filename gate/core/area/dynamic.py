"""Lines that run a text as code: what they do stands in no line, and a payload that is decoded is read by nobody."""

from __future__ import annotations

import re

from gate.core.area.kinds import extension

_REMARK = re.compile(r"\s*(?:#|//|\*|/\*|--|;)")
_PYTHON = re.compile(
    r"(?<![\w.\"'`])(?:exec|eval)\s*\((?!\s*(?:[rbuRBU]?[\"'][^{}]*[\"']\s*[,)]|\)))|\bmarshal\.loads\s*\(|\bbuiltins\.(?:exec|eval)\b"
    r"|\bgetattr\s*\(\s*(?:builtins|__builtins__)\b|__builtins__\s*\["
)
_SCRIPT = re.compile(
    r"(?<![\w.\"'`])eval\s*\((?!\s*(?:[\"'][^\"']*[\"']\s*\)|\)))|\b(?:window|globalThis|global|self)\.eval\s*\(|(?<![\w.\"'`])(?:new\s+)?Function\s*\(\s*[^)\s]"
    r"|\.constructor\s*\(\s*[\"'`]return\b|\bvm\.run\w+\s*\("
)
_PHP = re.compile(
    r"(?<![\w>:$\"'`])(?:eval|create_function|assert)\s*\(\s*(?:\$|base64_decode|gz|str_rot13|hex2bin|\?)|\bpreg_replace\s*\(\s*[\"'].*/\w*e\w*[\"']"
)
_RUBY = re.compile(r"(?<![\w.:\"'`])eval\s*\(?\s*(?![\"'\s=])|\beval\b.*\b(?:decode64|unpack1?)\b")
_SHELL = re.compile(
    r"\b(?:base64\s+(?:-\w*d|-D|--decode)|xxd\s+-r|openssl\s+(?:enc|base64)\s[^|]*-d)\b[^\n]*\|\s*(?:sudo\s+)?(?:(?:ba|z|da|k)?sh|python[\d.]*|perl|node)\b"
    r"|\b(?:eval|(?:ba|z|da|k)?sh\s+-c)\b[^\n]*\b(?:base64\s+(?:-\w*d|-D|--decode)|xxd\s+-r)"
    r"|(?i:\s-e(?:nc(?:odedcommand)?)?\s+[A-Za-z0-9+/=]{40,}|FromBase64String[^\n]*\|\s*(?:iex|invoke-expression))"
)
_BY_EXTENSION = {
    **dict.fromkeys(["py", "pyw", "pyi"], _PYTHON),
    **dict.fromkeys(
        ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "html", "htm", "ejs"], _SCRIPT
    ),
    **dict.fromkeys(["php", "phtml"], _PHP),
    **dict.fromkeys(["rb", "rake", "erb"], _RUBY),
}


def runs_text(line: str, path: str) -> str:
    """Return that a line of the program `path` runs a text as code, else ''."""
    if _REMARK.match(line):
        return ""
    own = _BY_EXTENSION.get(extension(path))
    return "runs a text as code" if _SHELL.search(line) or (own is not None and own.search(line)) else ""
