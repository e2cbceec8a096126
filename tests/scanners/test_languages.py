"""Which language a file is in."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from gate.scanners.languages import LANGUAGES, UNIVERSAL, covers, is_code, language, written_extension


@pytest.mark.parametrize(
    ("path", "executable", "data", "expected"),
    [
        ("a/b.py", False, b"", "python"),
        ("A.PY", False, b"", "python"),
        ("tool.pyw", False, b"", "python"),
        ("stub.pyi", False, b"", "python"),
        ("a.tsx", False, b"", "ts"),
        ("a.mts", False, b"", "ts"),
        ("Dockerfile", False, b"", "dockerfile"),
        ("deploy/Dockerfile.prod", False, b"", "dockerfile"),
        ("Containerfile", False, b"", "dockerfile"),
        ("prod.dockerfile", False, b"", "dockerfile"),
        ("myDockerfile", False, b"", ""),
        (".py", False, b"", ""),
        ("py", False, b"", ""),
        ("README.md", False, b"#!/usr/bin/env python3\n", ""),
        ("tool", False, b"#!/usr/bin/env python3\n", "python"),
        ("tool", True, b"#!/usr/bin/python3.11 -u\n", "python"),
        ("tool", True, b"#! /usr/bin/env -S uv run --script\n", "python"),
        ("tool", True, b"#!/usr/bin/env FOO=1 pypy3\r\n", "python"),
        ("tool", True, b"\xef\xbb\xbf#!/usr/bin/env python\n", "python"),
        ("tool.cgi", True, b"#!/usr/bin/python3\n", "python"),
        ("notes.txt", True, b"#!/usr/bin/python3\n", "python"),
        ("tool.sh", True, b"#!/usr/bin/env python3\n", "python"),
        ("tool.sh", False, b"#!/usr/bin/env python3\n", "bash"),
        ("tool.py", True, b"#!/bin/sh\n", "python"),
        ("tool", True, b"#!/usr/bin/env node\n", "js"),
        ("tool", True, b"#!/bin/bash -e\n", "bash"),
        ("tool", True, b"#!/usr/bin/perl\n", "perl"),
        ("x.py ", False, b"", "python"),
        ("x.py.", False, b"", "python"),
        ("x.js \t", False, b"", "js"),
        ("n.ipynb", False, b"{}", "notebook"),
        ("sub/Makefile", False, b"", "makefile"),
        ("CMakeLists.txt", False, b"", "cmake"),
        ("Jenkinsfile", False, b"", "groovy"),
        ("Rakefile", False, b"", "ruby"),
        ("site.pth", False, b"import os\n", "path file"),
        ("c.pyx", False, b"", "cython"),
        ("t.SQL", False, b"", "sql"),
        ("tool", True, b"#!\n", ""),
        ("a.yml", False, b"key: {{ .Values.x }}\n", "template"),
        ("a.yml", False, b"key: ${{ github.x }}\n", "yaml"),
        (".github/workflows/a.yml", False, b"# {{ x }}\n", "yaml"),
        ("sub/action.yaml", False, b"# {{ x }}\n", "yaml"),
        (".gitlab-ci.yml", False, b"# {% x %}\n", "yaml"),
        ("page.html", False, b"{{ x }}", "html"),
    ],
)
def test_language(path: str, *, executable: bool, data: bytes, expected: str) -> None:
    assert language(path, executable=executable, data=data) == expected


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("a.py", "python", ""),
        ("a.pyi", "python", ""),
        ("A.PY", "python", ".py"),
        ("tool.cgi", "python", ".py"),
        ("tool", "python", ".py"),
        ("a.mts", "ts", ".ts"),
        ("Dockerfile", "dockerfile", ""),
        ("Dockerfile.prod", "dockerfile", ".dockerfile"),
        ("README", "", ""),
        ("x.py ", "python", ".py"),
        ("Makefile", "makefile", ""),
    ],
)
def test_a_name_that_semgrep_would_not_select_gets_an_extension(
    name: str, language: str, expected: str
) -> None:
    assert written_extension(name, language) == expected


def test_rules_for_javascript_cover_typescript_and_universal_rules_cover_no_code() -> None:
    assert covers({"javascript"}, "ts")
    assert not covers({"ts"}, "js")
    assert not covers({"regex", "generic"}, "python")
    assert not covers({"python"}, "")
    assert is_code("python")
    assert is_code("notebook")
    assert not is_code("yaml")
    assert not is_code("")


def test_the_table_agrees_with_the_installed_semgrep() -> None:
    spec = importlib.util.find_spec("semgrep")
    assert spec is not None
    assert spec.origin is not None
    rows = json.loads((Path(spec.origin).parent / "semgrep_interfaces" / "lang.json").read_text())
    known: dict[str, set[str]] = {}
    left_out: dict[str, set[str]] = {}
    for row in rows:
        for key in row["keys"]:
            known.setdefault(key, set()).update(row["exts"])
            left_out.setdefault(key, set()).update(row.get("excluded_exts", ()))
    for name, entry in LANGUAGES.items():
        keys = entry.keys - UNIVERSAL
        assert keys <= known.keys(), name
        if keys:
            assert set(entry.extensions) <= set().union(*(known[key] for key in keys)), name
            # a rule of any of these words would silently pass such a file by
            skipped = set().union(*(left_out[key] for key in keys))
            assert {e for e in skipped if e.endswith(entry.extensions)} <= set(entry.left_out), name
    assert known.keys() >= UNIVERSAL
