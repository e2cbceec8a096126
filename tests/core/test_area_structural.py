"""Layer L0: places and forms that are sensitive whatever the content says."""

from __future__ import annotations

import pytest

from gate.core.area.forms import MAX_LINE_CHARACTERS
from gate.core.area.structural import MAX_READ_BYTES
from gate.core.change import EXECUTABLE, GITLINK, REGULAR, SYMLINK, Content
from tests.core.test_threats_factories import areas_of, changed, rules_of, swapped, touches_of

PLACES = {
    "L0.gate-file": [".gate.yml", ".gate", ".gate/waivers.yml", ".GATE.YML", ".gat\u0435.yml"],
    "L0.owners": [
        "CODEOWNERS",
        ".github/CODEOWNERS",
        ".gitlab/CODEOWNERS",
        "docs/CODEOWNERS",
        "keys/allowed_signers",
    ],
    "L0.ci": [
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        ".gitlab/ci/build.yml",
        "Jenkinsfile",
        "build/Jenkinsfile.release",
        ".circleci/config.yml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        ".drone.yml",
        ".buildkite/pipeline.yml",
        ".travis.yml",
        ".gitea/workflows/ci.yml",
        ".woodpecker/build.yml",
        "cloudbuild.yaml",
        ".azure-pipelines/build.yml",
        "tools/release/action.yml",
        "ci/backend.gitlab-ci.yml",
        "deploy/build.jenkinsfile",
        ".mergify.yml",
        "renovate.json",
    ],
    "L0.git": [
        ".lfsconfig",
        ".gitattributes",
        "deep/er/.gitattributes",
        ".gitmodules",
        "deep/.gitmodules",
        ".mailmap",
    ],
    "L0.agent": [
        "CLAUDE.md",
        "packages/api/CLAUDE.md",
        "Claude.MD",
        "CLAUDE.local.md",
        ".claude/settings.json",
        "packages/api/.claude/skills/x/SKILL.md",
        ".claude-plugin/plugin.json",
        ".mcp.json",
        ".cursor/mcp.json",
        ".vscode/mcp.json",
        "AGENTS.md",
        "GEMINI.md",
        ".cursorrules",
        ".codex/config.toml",
        ".gemini/settings.json",
        ".github/copilot-instructions.md",
        ".github/instructions/x.instructions.md",
        ".vscode/settings.json",
        "app/.vscode/tasks.json",
        "opencode.json",
        "opencode.jsonc",
        ".amp/settings.json",
        ".aider.conf.yml",
        ".windsurfrules",
        ".clinerules",
        ".clinerules-code/x.md",
        ".junie/guidelines.md",
        ".devcontainer/devcontainer.json",
        ".roo/rules/x.md",
        ".kiro/steering/x.md",
        ".goosehints",
        ".windsurf/rules/x.md",
        "AGENT.md",
        "QWEN.md",
        ".opencode/agent/x.md",
        ".agents/skills/x/SKILL.md",
        "shop.code-workspace",
    ],
    "L0.scanner": [
        ".semgrepignore",
        ".semgrep.yml",
        ".semgrep/x.yml",
        ".bandit",
        ".pre-commit-config.yaml",
        ".husky/x",
        "lefthook.yml",
        ".githooks/pre-push",
        ".gitleaksignore",
        ".trivyignore",
        "config/brakeman.ignore",
        ".coderabbit.yaml",
    ],
}


@pytest.mark.parametrize(("rule", "path"), [(rule, path) for rule, paths in PLACES.items() for path in paths])
def test_controls_of_the_gate_are_of_area_gate(rule, path):
    assert rule in rules_of(changed(path))
    assert "gate" in areas_of(changed(path, new=None))


@pytest.mark.parametrize(
    "path", ["src/gate.yml", "claude.py", "docs/codeowners.md", ".gatekeeper/x.py", "vscode/settings.json"]
)
def test_names_that_only_resemble_controls_are_not(path):
    assert "gate" not in areas_of(changed(path))


def test_paths_that_the_policy_names_are_of_area_gate():
    named = ("./ci/rules/", "ci/Waivers.yml")
    for path in ("ci/rules/sql.yaml", "ci/waivers.yml", "CI/rules", "c\u0456/rules/x"):
        assert "gate" in areas_of(changed(path), gate_paths=named)
    assert areas_of(changed("ci/rules.md"), gate_paths=named) == set()


@pytest.mark.parametrize("mode", [GITLINK, SYMLINK])
@pytest.mark.parametrize("side", ["old_mode", "new_mode"])
def test_submodules_and_links_count_on_either_side(mode, side):
    area = {GITLINK: "supply", SYMLINK: "opaque"}[mode]
    assert areas_of(changed("vendor/x", **{side: mode})) == {area}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (changed("run", "x\n", "x\n", old_mode=REGULAR, new_mode=EXECUTABLE, shebang="/bin/sh"), {"opaque"}),
        (changed("run.sh", "x\n", "x\n", new_mode=EXECUTABLE), {"opaque"}),
        (changed("run", "#!/bin/sh\n", "x\n", new_mode=EXECUTABLE), {"opaque"}),
        (changed("run", "#!/bin/sh\n", "x\n#!/bin/sh\n", new_mode=EXECUTABLE), {"opaque"}),
        (changed("run.sh", None, "x\n", new_mode=EXECUTABLE), set()),
        (changed("notes", "x\n", "x\n", new_mode=EXECUTABLE), set()),
        (changed("run.sh", "x\n", "y\n", old_mode=EXECUTABLE, new_mode=EXECUTABLE), set()),
    ],
)
def test_a_changed_executable_bit_counts_on_scripts(file, expected):
    assert areas_of(file) == areas_of(swapped(file)) == expected


@pytest.mark.parametrize(
    ("path", "fields", "expected"),
    [
        ("a.bin", {"new_content": Content.BINARY}, {"opaque"}),
        ("a.png", {"new_content": Content.MEDIA}, set()),
        ("a.png", {"new_content": Content.MEDIA, "new_mode": EXECUTABLE}, {"opaque"}),
        ("a.py", {"new_content": Content.WIDE_TEXT}, set()),
        ("a.py", {"new_content": Content.LARGE}, {"opaque"}),
        ("a.py", {"new_size": MAX_READ_BYTES}, set()),
        ("a.py", {"new_size": MAX_READ_BYTES + 1}, {"opaque"}),
        ("bin/tool", {"new_size": MAX_READ_BYTES + 1}, {"opaque"}),
        ("a.md", {"new_size": MAX_READ_BYTES + 1}, set()),
        ("a.md", {"new_content": Content.LARGE}, set()),
        ("a.bin", {"new_content": Content.LARGE}, {"opaque"}),
        ("a.png", {"new_content": Content.LARGE}, {"opaque"}),
        ("tests/test_a.py", {"new_size": MAX_READ_BYTES + 1}, set()),
    ],
)
def test_blobs_that_cannot_be_read_are_opaque(path, fields, expected):
    file = changed(path, **fields)
    assert areas_of(file) == areas_of(swapped(file)) == expected


@pytest.mark.parametrize(
    ("path", "expected"), [("a.js", {"opaque"}), ("a.json", {"opaque"}), ("a.md", set())]
)
def test_a_line_that_nobody_can_read_is_opaque(path, expected):
    long = "x" * (MAX_LINE_CHARACTERS + 1) + "\n"
    assert areas_of(changed(path, None, long)) == areas_of(changed(path, long, None)) == expected
    assert areas_of(changed(path, None, long[1:])) == set()


def test_the_evidence_names_the_line():
    (touch,) = touches_of(changed("a.js", "a\n", "a\nb\n" + "x" * 3000 + "\n"))
    assert (touch.rule, touch.line, touch.side, touch.text) == (
        "L0.minified",
        3,
        "new",
        "a line of 3,000 characters",
    )


@pytest.mark.parametrize(
    ("path", "odd"),
    [
        ("caf\udce9.py", True),
        ("a\tb.py", True),
        ("a\u202eb.py", True),
        ("a\u200bb.py", True),
        ("\u0430uth/x.py", True),
        ("\u03b1bc.py", True),
        ("\u043f\u0440\u0438\u0432\u0435\u0442/x.py", False),
        ("docs/\u043f\u0440\u0438\u0432\u0435\u0442.py", False),
        ("\uc778\uc99d.py", False),
        ("\u0438\u043c\u044f.py", False),
        ("caf\u00e9.py", False),
    ],
)
def test_paths_that_deceive_the_eye_are_opaque(path, odd):
    # a Cyrillic folder beside a Latin one is fine, and so is the extension of a Cyrillic name
    expected = odd or path.rsplit(".", 1)[0].rsplit("/", 1)[-1] in {
        "\u043f\u0440\u0438\u0432\u0435\u0442",
        "\u0438\u043c\u044f",
    }
    assert ("L0.path" in rules_of(changed(path))) == expected


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("if a\u202e(b)", True),
        ("x = 'a\u200bb'", True),
        ("x = 'a\u200db'", True),
        ("x = '\u00e9\u200db'", True),
        ("x = 'a\u200fb'", True),
        ("x\ufeff", True),
        ("\u2066x", True),
        ("x = '\U0001f469\u200d\U0001f4bb'", False),
        ("x = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'", False),
        ("x = '\u05d0\u200f!'", False),
        ("x = '\uc548\ub155'", False),
    ],
)
def test_invisible_controls_on_changed_lines_are_opaque(line, hidden):
    for old, new in (("a\n", f"a\n{line}\n"), (f"a\n{line}\n", "a\n")):
        assert ("L0.bidi" in rules_of(changed("a.py", old, new))) == hidden


def test_a_byte_order_mark_is_not_hidden_text():
    assert rules_of(changed("a.py", None, "\ufeffx = 1\n")) == set()
    assert rules_of(changed("a.py", None, "a\n\ufeffx = 1\n")) == {"L0.bidi"}


PYPROJECT = b'[project]\nname = "x"\n[tool.bandit]\nskips = ["B101"]\n'


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        (PYPROJECT, PYPROJECT.replace(b'"x"', b'"y"'), False),
        (PYPROJECT, PYPROJECT.replace(b"B101", b"B102"), True),
        (PYPROJECT, b'[project]\nname = "x"\n', True),
        (PYPROJECT, PYPROJECT.replace(b"[tool.bandit]\nskips", b"[tool]\nbandit.skips"), False),
        (b"", b"tool = {semgrep = {x = 1}}", True),
        (b"", b"[tool.ruff]\n", False),
        (b"", b"[tool.gate]\n", True),
        (b"[tool.ruff]\n", b"[tool.ruff\n", True),
        (b"", b"\xff", True),
        (b"", b"tool = 3", True),
        (None, PYPROJECT, True),
        (PYPROJECT, None, True),
    ],
)
def test_pyproject_counts_only_if_its_scanner_tables_change(old, new, touched):
    file = changed("sub/pyproject.toml", None if old is None else "o\n", None if new is None else "n\n")
    assert (areas_of(file, manifests={file.path: (old, new)}) == {"gate"}) == touched


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        (b"[metadata]\nname = x\n", b"[metadata]\nname = y\n", False),
        (b"[bandit]\nskips = B101\n", b"[bandit]\nskips = B102\n", True),
        (b"[tool:bandit]\nx = 1\n[flake8]\ny = 1\n", b"[tool:bandit]\nx = 1\n[flake8]\ny = 2\n", False),
        (b"[Semgrep]\n", b"", True),
    ],
)
def test_setup_cfg_counts_only_if_its_scanner_sections_change(old, new, touched):
    assert (areas_of(changed("setup.cfg"), manifests={"setup.cfg": (old, new)}) == {"gate"}) == touched


def test_without_contents_a_manifest_counts_unless_its_hunks_hold_all_of_it():
    assert rules_of(changed("pyproject.toml")) == {"L0.scanner"}
    assert rules_of(changed("pyproject.toml", None, "[project]\n")) == set()
    assert rules_of(changed("pyproject.toml", None, "[tool.bandit]\nskips = []\n")) == {"L0.scanner"}
    assert rules_of(changed("setup.cfg", "[bandit]\n", None)) == {"L0.scanner"}


@pytest.mark.parametrize(
    ("path", "line", "runs"),
    [
        ("app/__init__.py", "from app.test_utils import *", True),
        ("app/views.py", "from . import test_auth", True),
        ("app/views.py", "import app.tests.helpers as h", True),
        ("src/login.ts", "import { check } from './login.test'", True),
        ("src/login.js", "const check = require('../test/check')", True),
        ("app/views.py", "from django.test import Client", False),
        ("app/views.py", "from app.latest import news", False),
        ("src/login.ts", "import { contest } from './contest'", False),
        ("app/settings.py", 'MIDDLEWARE = ["shop.tests.mw.Middleware"]', True),
        ("app/a.py", 'x = importlib.import_module("shop.tests.mw")', True),
        ("app/a.py", 'exec(open("tests/mw.py").read())', True),
        ("lib/a.rb", 'require_relative "spec/login"', True),
        ("src/a.php", "use App\\Tests\\Login;", True),
        ("Shop/A.cs", "using Shop.Tests.Login;", True),
        ("a.go", '\t_ "x.org/a/testdata"', True),
        ("src/a.c", '#include "login_test.c"', True),
        ("web/a.html", '<script src="/tests/login.js"></script>', True),
        ("package.json", '  "main": "test/index.js",', True),
        ("package.json", '{"name": "shop", "main": "test/index.js"}', True),
        ("pyproject.toml", 'shop = "shop.tests.cli:main"', True),
        ("Dockerfile", "CMD python tests/app.py", True),
        ("package.json", '  "test": "jest test/index.js",', False),
        ("pyproject.toml", 'DJANGO_SETTINGS_MODULE = "shop.tests.settings"', False),
        ("Dockerfile", "CMD pytest tests/test_app.py", False),
        ("app/a.py", 'rows = read_csv("tests/data.csv")', False),
        ("app/a.py", 'host = "api.test.example"', False),
        ("a.go", 'told := tr("install.test_git_failed", err)', False),
        ("app/settings.py", 'BACKEND = "shop.test_auth.Backend"', True),
        ("tsconfig.json", '  "include": ["tests/**/*.ts"],', False),
        ("app/tests/test_views.py", "from app.test_utils import *", False),
        ("docs/guide.md", "from app.test_utils import *", False),
    ],
)
def test_code_that_runs_what_only_a_name_makes_a_test(path: str, line: str, runs: bool) -> None:
    assert ("L0.test-code" in rules_of(changed(path, new=f"{line}\n"))) is runs


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n"


@pytest.mark.parametrize(
    "path", ["app/login.py", "deploy/values.yml", "model.onnx", "app/data.bin", "style.css"]
)
def test_a_pointer_to_content_in_lfs_cannot_be_judged(path):
    one, other = POINTER.format("a" * 64), POINTER.format("b" * 64)
    for old, new in ((None, one), (one, None), (one, other), ("x = 1\n", one)):
        assert ("opaque", "L0.lfs") in {(t.area, t.rule) for t in touches_of(changed(path, old, new))}


@pytest.mark.parametrize("path", ["docs/guide.md", "img/a.png"])
def test_pictures_and_texts_in_lfs_are_no_code(path):
    assert "L0.lfs" not in rules_of(changed(path, None, POINTER.format("a" * 64)))


def test_a_file_that_only_speaks_of_lfs_is_none():
    assert "L0.lfs" not in rules_of(
        changed("a.py", None, 'x = "version https://git-lfs.github.com/spec/v1"\n')
    )


@pytest.mark.parametrize(
    ("path", "line", "odd"),
    [
        ("a.py", "# note\rskip()", True),
        ("a.js", "// note\rskip()", True),
        ("a.py", "x = 1\r", False),
        ("a.js", "x = check\\u0050assword(u)", True),
        ("a.ts", "x = u.is\\u{41}dmin", True),
        ("a.js", "x = '\\u0050assword'", False),
        ("a.js", "x = /[\\u0041-\\u005a]/", False),
        ("A.java", "// note \\u000a skip();", True),
        ("A.java", "x = check\\u0050assword(u);", True),
        ("A.java", 'x = "caf\\u00e9 \\u0041";', False),
        ("a.py", "# -*- coding: utf-7 -*-", True),
        ("a.py", "# -*- coding: latin-1 -*-", False),
        ("a.sql", "SELECT 1; /*!50000 GRANT ALL ON *.* TO x */;", True),
        ("a.sql", "/* only a note */", False),
        ("a.c", "  // go on \\", True),
        ("a.c", '  puts("http://x\\n");', False),
    ],
)
def test_a_line_that_a_compiler_reads_otherwise_than_people_is_opaque(path, line, odd):
    assert ("L0.disguise" in rules_of(changed(path, new=f"{line}\n"))) is odd


@pytest.mark.parametrize(
    ("path", "line", "active"),
    [
        ("logo.svg", '<svg><script>fetch("/x")</script></svg>', True),
        ("logo.svg", '<svg onload="go()"/>', True),
        ("logo.svg", '<svg><path d="M0 0"/></svg>', False),
        ("docs/a.mdx", "export const check = () => true", True),
        ("docs/a.mdx", "export const meta = {title: 'Login'}", False),
        ("bin/LICENSE", "#!/bin/sh", True),
        ("docs/a.md", "# How to log in", False),
    ],
)
def test_a_text_or_picture_that_is_a_program_is_opaque(path, line, active):
    assert ("L0.active" in rules_of(changed(path, None, f"{line}\n"))) is active


def test_an_executable_text_is_opaque():
    assert "L0.active" in rules_of(changed("run.md", None, "passwd -d root\n", new_mode=EXECUTABLE))


@pytest.mark.parametrize(
    ("path", "odd"),
    [
        (".gate.yml::$DATA", True),
        ("GITHUB~1/workflows/a.yml", True),
        (".github /workflows/a.yml", True),
        (".gate.yml.", True),
        ("auth\\login.py", True),
        ("docs/a b.md", False),
        ("src/../a.py", False),
        ("pages/[id]/a.b.ts", False),
        ("backup~/a.py", False),
    ],
)
def test_names_under_which_some_systems_open_another_file_are_opaque(path, odd):
    assert ("L0.path" in rules_of(changed(path))) is odd


@pytest.mark.parametrize(
    ("path", "line", "runs"),
    [
        ("a.py", 'exec(base64.b64decode("cGFzcw=="))', True),
        ("a.py", "eval(text)", True),
        ("a.py", "x = marshal.loads(data)", True),
        ("a.js", 'eval(atob("cGFzcw=="))', True),
        ("a.ts", "const f = new Function(text)", True),
        ("a.php", "eval(base64_decode($x));", True),
        ("a.rb", "eval(Base64.decode64(x))", True),
        ("Makefile", "\techo cGFzcw== | base64 -d | sh", True),
        ("run.sh", 'eval "$(echo cGFzcw== | base64 --decode)"', True),
        ("a.py", "model.eval()", False),
        ("a.py", "x = ast.literal_eval(text)", False),
        ("a.py", "# exec(text) is not used here", False),
        ("a.py", "frame.eval(expression)", False),
        ("a.js", "const found = pattern.exec(text)", False),
        ("a.ts", "type F = (f: Function) => void", False),
        ("a.rb", "instance_eval(&block)", False),
        ("run.sh", 'eval "$(ssh-agent)"', False),
        ("tests/test_a.py", "exec(text)", False),
    ],
)
def test_what_runs_a_text_as_code_is_opaque(path, line, runs):
    for old, new in (("a\n", f"a\n{line}\n"), (f"a\n{line}\n", "a\n")):
        assert ("L0.dynamic" in rules_of(changed(path, old, new))) is runs


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        (".github/ISSUE_TEMPLATE/bug.yml", False),
        (".github/PULL_REQUEST_TEMPLATE.md", False),
        (".github/CONTRIBUTING.md", False),
        (".github/FUNDING.yml", False),
        (".gitlab/merge_request_templates/Default.md", False),
        (".github/ISSUE_TEMPLATE/run.sh", True),
        (".github/dependabot.yml", True),
        (".github/copilot-instructions.md", True),
        (".github/workflows/readme.md", True),
    ],
)
def test_texts_that_a_forge_only_shows_ask_for_nobody(path, asks):
    assert ("gate" in areas_of(changed(path))) is asks


def test_a_text_of_the_forge_that_becomes_a_program_or_a_link_asks():
    for mode in (EXECUTABLE, SYMLINK):
        assert areas_of(changed(".github/CONTRIBUTING.md", new_mode=mode))
