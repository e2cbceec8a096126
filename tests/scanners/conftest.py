"""One real scan of one awkward tree per tool and engine, shared by all tests that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gate.scanners.bandit import Bandit
from gate.scanners.semgrep import Semgrep
from tests.scanners.kit import CALL, RULES, SEMGREP, TOOL, rules_of, script, slots, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gate.core.scan import ScanReport
    from gate.scanners import TargetTree

SHEBANG = b"#!/usr/bin/env python3\n"

#: Names that scanners misread, places that they skip by default, content that they read wrongly.
AWKWARD: dict[str, bytes | tuple[str, bytes]] = {
    "src/plain.py": CALL,
    "src/new\nline.py": CALL,
    'src/it\'s "quoted".py': CALL,
    "src/with space.py": CALL,
    "src/\udcff.py": CALL,
    "-dash.py": CALL,
    "src/CVS/a.py": CALL,
    "src/Case.py": CALL,
    "src/case.py": CALL,
    "tests/a_test.py": CALL,
    "node_modules/a.py": CALL,
    "vendor/a.py": CALL,
    ".venv/a.py": CALL,
    ".github/ci.py": CALL,
    "hidden/a.py": CALL,
    "hidden/.semgrepignore": b"*\n",
    "hidden/.bandit": b"[bandit]\nskips: B605\nexclude: /\n",
    ".semgrepignore": b"*\n",
    ".gitignore": b"*\n",
    ".bandit": b"[bandit]\nskips: B605\nlevel: 3\n",
    "pyproject.toml": b'[tool.bandit]\nskips = ["B605"]\nexclude_dirs = ["/"]\n',
    "setup.cfg": b"[bandit]\nskips = B605\n",
    "link.py": ("120000", b"src/plain.py"),
    "bom.py": b"\xef\xbb\xbfos.system(x)\nos.system(y)\n",
    "columns.py": 'é = "😀"; os.system(x)\nos.system("😀é", é)\n'.encode(),
    "latin.py": b"# coding: latin-1\ne = '\xe9'; os.system(x)\n",
    "returns.py": b"import os\rx = 1\ros.system(x)\r",
    "crlf.py": b"import os\r\nos.system(x)\r\n",
    "formfeed.py": b"import os\n\x0cos.system(x)\n",
    "lines.py": b"import os\nos.system(\n    x,\n)\n",
    "wide.py": "import os\nos.system(x)\n".encode("utf-16"),
    "large.py": CALL + b"#" * 5_000_001,
    "million.py": CALL + b"# padding padding padding\n" * 60_000,
    "broken.py": b"<<<<<<< ours\nos.system(x)\n=======\n>>>>>>> theirs\n",
    "newer.py": b"type X[T = int] = list[T]\nos.system(x)\n",
    "deep.py": b"x = " + b"+".join([b"1"] * 20_000) + b"\n",
    "empty.py": b"",
    "bin/script": ("100755", SHEBANG + CALL),
    "bin/versioned": ("100755", b"#!/usr/bin/python3.11\n" + CALL),
    "bin/tool.cgi": ("100755", SHEBANG + CALL),
    "bin/plain": SHEBANG + CALL,
    "gui.pyw": CALL,
    "SHOUT.PY": CALL,
    "login.py": b"login(user)\n",
    "app.js": b"eval(x)\n",
    "app.ts": b"eval(x)\n",
    "Dockerfile": b"FROM a\nUSER root\n",
    "Dockerfile.prod": b"FROM a\nUSER root\n",
    ".github/workflows/ci.yml": b"permissions: write-all\n",
    "chart/templates/a.yaml": b"{{ if .x }}\na: [{{ .y }\n",
    "main.go": b"package main\n",
    "notes.txt": b"os.system(x)\n",
    "marked.py": b"import os\nos.system(a)  # nosem\nos.system(b)  # nosemgrep: shell\nos.system(c)  # nosemgrep: other\n"
    b"# NOSEMGREP\nos.system(d)\nos.system('# nosemgrep')\nos.system(e)  # nosemgrepx\n",
    "waved.py": b"import os\nos.system(a)  # nosec\nos.system(b)  # nosec B605\nos.system(c)  # nosec B101\n"
    b"os.system(d)  # NOSEC\nos.system('# nosec')\nos.system(e)  # nosecurity review\nos.system(f)  # nosec B999\n",
}


@pytest.fixture(scope="session")
def awkward() -> Iterator[TargetTree]:
    with tree_of(AWKWARD) as files:
        yield files


@pytest.fixture(scope="session")
def experimental(awkward: TargetTree) -> ScanReport:
    return Semgrep().scan([awkward], TOOL, rules_of(RULES), slots())[0]


@pytest.fixture(scope="session")
def classic(awkward: TargetTree, tmp_path_factory: pytest.TempPathFactory) -> ScanReport:
    """The classic engine: the experimental one dies at once."""
    dies = f'#!/bin/sh\ncase " $* " in *" --experimental "*) exit 2;; esac\nexec "{SEMGREP}" "$@"\n'
    fake = script(tmp_path_factory.mktemp("fake"), dies, "semgrep")
    return Semgrep(fake).scan([awkward], TOOL, rules_of(RULES), slots())[0]


@pytest.fixture(scope="session")
def bandit(awkward: TargetTree) -> ScanReport:
    return Bandit().scan([awkward], TOOL, rules_of(), slots())[0]
