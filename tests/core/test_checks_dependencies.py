"""Imports and requirements that nothing declares, judged on real repositories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gate.core.checks.imports import imports_of
from gate.core.checks.near import near_miss
from gate.core.policy import Policy
from gate.git import Repository
from gate.pipeline.checks import run_checks
from tests.support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PYPROJECT = '[project]\nname = "shop"\ndependencies = ["requests>=2", "python-dateutil", "PyYAML", "google-cloud-storage"]\n'
PACKAGE = '{"name": "shop", "dependencies": {"express": "^4", "@acme/ui": "1"}, "devDependencies": {"@types/estree": "1"}}\n'
GO_MOD = "module example.com/shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.9.0\n)\n"


def found(
    tmp_path: Path,
    files: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    *,
    known: tuple[str, ...] = (),
) -> list[tuple[str, str, int]]:
    repo = Repo(tmp_path / "r")
    first = repo.commit({"README": "x\n", **(base or {})})
    second = repo.commit(dict(files))
    policy = Policy()
    policy = replace(policy, findings=replace(policy.findings, known_packages=known))
    with Repository.open(repo.path) as opened:
        run = run_checks(opened, opened.change(first, second), policy)
    assert run.head.status.value == "completed"
    return [
        (s.rule_id.removeprefix("gate.dependency-"), s.path, s.range.start_line) for s in run.head.sightings
    ]


@pytest.mark.parametrize(
    ("manifest", "text", "path", "code", "seen"),
    [
        ("pyproject.toml", PYPROJECT, "app.py", "import os\nimport flask_smart_cache\n", ("undeclared", 2)),
        (
            "requirements.txt",
            "requests\n",
            "src/a/b.py",
            "def f():\n    from aws_helper_utils.s3 import put\n",
            ("undeclared", 2),
        ),
        ("requirements.txt", "requests\n", "app.py", "import reqeusts\n", ("near-miss", 1)),
        ("README", "x\n", "app.py", "import beautifulsuop4\n", ("near-miss", 1)),
        (
            "package.json",
            PACKAGE,
            "src/a.ts",
            "import x from 'express';\nimport { y } from 'express-jwt-guardian';\n",
            ("undeclared", 2),
        ),
        ("package.json", PACKAGE, "a.js", "const c = require('@acme/secrets/load');\n", ("undeclared", 1)),
        ("package.json", PACKAGE, "a.mjs", "const m = await import('expresss');\n", ("near-miss", 1)),
        ("package.json", PACKAGE, "a.tsx", "export * from 'react-magic-grid';\n", ("undeclared", 1)),
        (
            "go.mod",
            GO_MOD,
            "main.go",
            'package main\n\nimport (\n\t"fmt"\n\t"github.com/fast/jsonx"\n)\n',
            ("undeclared", 5),
        ),
        (
            "go.mod",
            GO_MOD,
            "main.go",
            'package main\n\nimport "github.com/gin-gonic/gim"\n',
            ("near-miss", 3),
        ),
    ],
)
def test_a_package_that_nothing_names_is_a_finding(
    tmp_path: Path, manifest: str, text: str, path: str, code: str, seen: tuple[str, int]
) -> None:
    assert found(tmp_path, {manifest: text, path: code}) == [(seen[0], path, seen[1])]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"requirements.txt": "djangoo==4\n"}, "near-miss"),
        ({"package.json": '{"dependencies": {"expresss": "^4"}}\n'}, "near-miss"),
        (
            {
                "package.json": '{"dependencies": {"left-padder": "^4"}}\n',
                "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/express": {"version": "1"}}}\n',
            },
            "unlocked",
        ),
        (
            {
                "pyproject.toml": PYPROJECT,
                "uv.lock": '[[package]]\nname = "pyyaml"\n\n[[package]]\nname = "python-dateutil"\n\n[[package]]\nname = "google-cloud-storage"\n',
            },
            "unlocked",
        ),
    ],
)
def test_a_requirement_that_is_not_what_it_seems(tmp_path: Path, files: Mapping[str, str], why: str) -> None:
    assert [rule for rule, _, _ in found(tmp_path, files)] == [why]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"app.py": "import flask_smart_cache\n"}, id="no manifest at all"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "import yaml, dateutil.tz\nfrom google.cloud import storage\n"}, id="module named unlike its distribution"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "try:\n    import ujson_fast\nexcept ImportError:\n    ujson_fast = None\n"}, id="optional"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from _typeshed import X\n    import some_stubs_only\n"}, id="for type checkers"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "import sys\nif sys.version_info < (3, 11):\n    import tomli_backport\n"}, id="for an older interpreter"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "from . import thing\nfrom .deep.thing import x\n"}, id="relative"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "import shop_core.deep\n", "libs/core/src/shop_core/deep.py": "\n"}, id="namespace package elsewhere in the tree"),
        pytest.param({"pyproject.toml": PYPROJECT, "a.py": "import vendored_thing\n", "vendor/vendored_thing.py": "\n"}, id="vendored"),
        pytest.param({"pyproject.toml": PYPROJECT, "uv.lock": '[[package]]\nname = "urllib3"\n\n[[package]]\nname = "requests"\n[[package]]\nname = "pyyaml"\n[[package]]\nname = "python-dateutil"\n[[package]]\nname = "google-cloud-storage"\n', "a.py": "import urllib3\n"}, id="locked for another one"),
        pytest.param({"setup.py": "from setuptools import setup\nDEPS = ['rare_thing>=1']\nsetup(install_requires=DEPS)\n", "a.py": "import rare_thing\n"}, id="in setup.py"),
        pytest.param({"requirements.txt": "requests\n", "requirements/dev.txt": "rare-thing\n", "tests/a.py": "import rare_thing\n"}, id="in another requirements file"),
        pytest.param({"requirements.txt": "requests\n", ".github/workflows/ci.yml": "run: pip install rare-thing\n", "a.py": "import rare_thing\n"}, id="installed by a workflow"),
        pytest.param({"requirements.txt": "requests\n", "run.py": '# /// script\n# dependencies = ["rare-thing>=1"]\n# ///\nimport rare_thing\n'}, id="declared in the script"),
        pytest.param({"requirements.txt": "requests\n", "broken.py": "import (\n"}, id="broken file"),
        pytest.param({"package.json": PACKAGE, "a.ts": "import fs from 'node:fs';\nimport p from 'path';\nimport a from './a';\nimport b from '@/b';\nimport c from '~/c';\nimport d from '#d';\nimport e from '$lib/e';\nimport f from 'virtual:x';\nimport 'https://x/y.js';\n"}, id="builtin, relative and marked aliases"),
        pytest.param({"package.json": PACKAGE, "tsconfig.json": '{\n// comment\n"compilerOptions": {"paths": {"@core/*": ["src/core/*"], "tools": ["x"]}}}\n', "a.ts": "import x from '@core/x';\nimport y from 'tools/y';\n"}, id="aliases of tsconfig"),
        pytest.param({"package.json": PACKAGE, "src/components/b.ts": "\n", "a.ts": "import x from 'components/b';\n"}, id="baseUrl"),
        pytest.param({"package.json": PACKAGE, "packages/kit/package.json": '{"name": "@shop/kit"}\n', "a.ts": "import x from '@shop/kit/deep';\n"}, id="workspace package"),
        pytest.param({"package.json": PACKAGE, "a.ts": "import type { N } from 'estree';\nimport type { M } from 'not-installed';\n"}, id="types alone"),
        pytest.param({"package.json": PACKAGE, "a.js": "// import x from 'nothing-here'\nconst s = `import y from 'nothing-either'`;\nconst t = \"require('nope-nope')\";\nlet o; try { o = require('optional-thing'); } catch {}\n"}, id="comments, texts and optional"),
        pytest.param({"go.mod": GO_MOD, "main.go": 'package main\n\nimport (\n\t"net/http"\n\tg "github.com/gin-gonic/gin/binding"\n\t"example.com/shop/internal/x"\n)\n'}, id="modules and packages in them"),
        pytest.param({"go.mod": GO_MOD, "gen.go": '//go:build ignore\n\npackage main\n\nimport "github.com/no/where"\n'}, id="script that is not built"),
        pytest.param({"go.mod": GO_MOD, "vendor/github.com/a/b/b.go": "package b\n", "main.go": 'package main\n\nimport "github.com/a/b"\n'}, id="vendored module"),
        pytest.param({"package.json": '{"dependencies": {"preact": "1", "tslint": "1", "mysql2": "1", "colors": "1", "vue": "1"}}\n', "requirements.txt": "boto\nhttpie\npika\nurllib2\npytest-env\n"}, id="well-known names near each other"),
    ],
)  # fmt: skip
def test_what_is_there_is_none(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert found(tmp_path, files) == []


def test_a_team_vouches_for_names(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "requests\n",
        "a.py": "import acme_auth\nimport acme_core.x\nimport other_thing\n",
    }
    assert [line for _, _, line in found(tmp_path, files, known=("acme-*", "other_thing"))] == []


def test_what_the_base_imports_without_declaring_it_is_known_there_too(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    first = repo.commit({"requirements.txt": "requests\n", "a.py": "import rare_thing\n"})
    second = repo.commit({"a.py": "import os\nimport rare_thing\n"})
    with Repository.open(repo.path) as opened:
        run = run_checks(opened, opened.change(first, second), Policy())
    assert run.base is not None
    assert [s.range.start_line for s in run.head.sightings] == [2]
    assert [s.range.start_line for s in run.base.sightings] == [1]


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("reqeusts", "requests"),
        ("requets", "requests"),
        ("requestss", "requests"),
        ("requests", None),
        ("requests2", None),
        ("vequests", None),
        ("numpi", None),
    ],
)
def test_one_slip_of_the_pen(name: str, close: str | None) -> None:
    assert near_miss(name, {"requests", "numpy"}) == close


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a.py", "import os, \\\n    json, zzz\n"),
        ("a.py", "import os as o, zzz as y; x = 1\n"),
        ("a.py", "x = 1;import zzz\n"),
        ("a.py", "if x: import zzz.sub\n"),
        ("a.py", "from\\\n zzz.a import(b,\n c)\n"),
        ("a.py", "from zzz import a\n# import os\n"),
        ("a.py", "from zzz\\\n  import a\n"),
        ("a.py", "from.b import c\nimport\tzzz\n"),
        ("a.py", "from os import path; import zzz # os\n"),
        ("a.py", "\f\nimport zzz\r\n"),
        ("a.py", "\ufeffimport zzz\n"),
        ("a.py", "import os, \uff5a\uff5a\uff5a\n"),
        ("a.js", "import a, {b} from /* c */ 'zzz'\n"),
        ("a.js", "import // why\n  'zzz'\n"),
        ("a.js", "const z = require ( /* x */ 'zzz' )\n"),
        ("a.js", "const z = import(/* webpackChunkName: 'os' */ \"zzz\")\n"),
        ("a.ts", "export * from 'zzz'\n"),
        ("a.tsx", "import {\n  a,\n} from 'zzz'\nimport b from './b'\n"),
    ],
)
def test_no_way_to_write_an_import_is_overlooked(path: str, code: str) -> None:
    found = imports_of(path, code, lambda name: name.partition(".")[0] != "zzz")
    assert "zzz" in {one.name.partition(".")[0] for one in found}


def test_a_file_whose_imports_are_all_known_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.core.checks.imports.ast.parse", lambda _: pytest.fail("parsed"))
    code = "import os, json as j\nfrom zzz import (a,\n  b)\nfrom . import c\nTEXT = 'import zzz'\n"
    assert imports_of("a.py", code, {"os", "json", "zzz"}.__contains__) == []
