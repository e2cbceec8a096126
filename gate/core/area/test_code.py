"""Lines of a program that run what only its name makes a test. Tests ask for nobody, so these have to."""

from __future__ import annotations

import re

from gate.core.area.kinds import Kind, extension, kind_of

_MODULE = r"(?:test_\w+|\w+_tests?|conftest|tests|testdata|e2e|__(?:tests|mocks)__)"
_FOLDER = r"(?:tests?|spec|e2e|cypress|testdata|__tests__|__mocks__)/"
#: What loads a program by a path: `require("../test/x")`, `run_path("tests/x.py")`, `<script src="/tests/x.js">`.
_LOADS = r"(?<!\w)(?:import|from|require\w*|include\w*|load\w*|source|run_path|run_module|execfile|src=)"
_READS = r"(?<!\w)(?:open|read\w*|exec\w*|Path|glob)"
_PROGRAM = r"\.(?:pyw?|[cm]?[jt]sx?|rb|php|p[lm]|sh|lua)"
_BETWEEN = r"(?:[^'\"\w][^'\"]{0,80})?['\"](?:[^'\"\s]*/)?"
_IN_CODE = re.compile(
    rf"\s*(?:from\s+[\w.]*?\b{_MODULE}\b[\w.]*\s+import\b|from\s+[\w.]+\s+import\b[^#]*\b(?:test_\w+|\w+_tests?|conftest)\b"
    rf"|import\s+[\w.]*?\b{_MODULE}\b)"
    rf"|{_LOADS}{_BETWEEN}{_FOLDER}[^'\"\s]*['\"]"
    rf"|{_READS}{_BETWEEN}{_FOLDER}[^'\"\s]*{_PROGRAM}['\"]"
    r"|\b(?:import|from|require\w*)\b[^'\"]{0,80}['\"]\.{1,2}/(?:[^'\"]*/)?(?:test_[^/'\"]*|[^/'\"]*[._-](?:test|spec))(?:\.\w+)?['\"]"
    # modules by name in a string: settings, plug-ins
    r"|['\"](?:\w+\.)+(?:tests|testdata|e2e)(?:\.\w+)+(?::\w+)?['\"]|['\"](?:\w+\.)+(?:test_\w+|conftest)(?:\.\w+|:\w+)['\"]"
    r"|\b(?:import_module|__import__|import_string|load_module|find_spec)\(\s*['\"](?:\w+\.)*(?:tests?|test_\w+|\w+_tests?|conftest|e2e)\b"
)
_PLACES = {
    "go": re.compile(
        r'\s*(?:import\s+)?(?:[\w.]+\s+)?"[\w.-]+/(?:[\w./-]+/)?(?:tests?|testdata|e2e)(?:/[\w./-]+)?"\s*(?://.*)?$'
    ),
    "php": re.compile(r"\s*use\s+(?:function\s+|const\s+)?\\?(?:\w+\\)*Tests?\\", re.IGNORECASE),
    "cs": re.compile(r"\s*(?:global\s+)?using\s+(?:static\s+|\w+\s*=\s*)?(?:\w+\.)*Tests?\b"),
    "rb": re.compile(
        r".*?\b(?:require_relative|require|load|autoload|Dir|glob)\b[^'\"]{0,40}['\"](?:[^'\"\s]*/)?(?:tests?|spec)/"
    ),
    "json": re.compile(
        r'(?:.{0,200}?[{,])?\s*"(?:main|module|browser|bin|exports|start|serve|default|import|require|entry|\.)"\s*:\s*"[^"]*(?<![\w-])(?:tests?|spec|e2e|__tests__)/[^"]*"'
    ),
    "toml": re.compile(r"\s*[\w.\"'-]+\s*=\s*[\"'](?:\w+\.)+(?:tests?|e2e|test_\w+|conftest)(?:\.\w+)*:\w+"),
}
_PLACES |= {
    **dict.fromkeys(
        ["c", "h", "cc", "cpp", "cxx", "hh", "hpp", "m", "mm"],
        re.compile(r"\s*#\s*(?:include|import)\s*[\"<](?:[^\">]*/)?(?:(?:tests?|testdata)/|[^/\">]*_test\.)"),
    ),
    **dict.fromkeys(["jsonc", "json5"], _PLACES["json"]),
    "": re.compile(
        r"(?:\s*(?:CMD|ENTRYPOINT)\b|(?:web|worker|release|clock):\s)(?!.*\b(?:pytest|jest|mocha|phpunit|vitest|rspec|unittest)\b).*(?<![\w-])(?:tests?|spec|e2e)/[\w./-]*\.(?:py|js|mjs|cjs|ts|rb|php|pl|sh)\b"
    ),
}


_WHAT = "runs code that only its name makes a test"


def runs_tests(line: str, path: str) -> str:
    """Return what a line of the program or configuration `path` does with a test, else ''."""
    place = _PLACES.get(extension(path))
    found = (place is not None and place.match(line)) or (
        kind_of(path) is Kind.CODE and _IN_CODE.search(line)
    )
    return _WHAT if found else ""
