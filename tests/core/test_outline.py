"""Outlines: what a change leaves alone is left out, and nothing that it could matter to."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.change import Hunk
from gate.core.source import outline as module
from gate.core.source.outline import outline


@pytest.fixture(autouse=True)
def _small_files_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_SAVED", 0)


def hunks_between(old: str, new: str) -> tuple[Hunk, ...]:
    a, b = old.split("\n"), new.split("\n")
    return tuple(
        Hunk(
            old_start=i1 + 1 if i2 > i1 else i1,
            old=tuple(a[i1:i2]),
            new_start=j1 + 1 if j2 > j1 else j1,
            new=tuple(b[j1:j2]),
        )
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        if tag != "equal"
    )


def hidden(old: str, new: str, language: str = "python") -> set[str]:
    """The lines of `old` that the outline leaves out, without blanks around them."""
    found = outline(old.encode(), hunks_between(old, new), language)
    if found is None:
        return set()
    assert found.data.count(b"\n") == old.count("\n")
    return {text.strip() for n, text in enumerate(old.split("\n"), 1) if found.hides(n)}


PYTHON = '''\
import os
import yaml

LIMIT = 3
TWICE = LIMIT * 2


@app.route("/a")
def first(request):
    """Read it."""
    return yaml.load(request.data)


def second(
    a,
    b: int = 2,
) -> None:
    for x in range(TWICE):
        os.remove(x)


class View(Base):
    allowed = ["x"]

    def get(self):
        return run(self.allowed)

    async def post(self):
        return 1


def last():
    import json

    return json.loads(LIMIT)
'''


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("return 1", "return 2", {"return 1"}),
        ("import yaml", "import ruamel as yaml", {"return yaml.load(request.data)"}),
        ("LIMIT = 3", "LIMIT = 4", {"for x in range(TWICE):", "os.remove(x)"}),
        ('allowed = ["x"]', 'allowed = ["y"]', {"return run(self.allowed)", "return 1"}),
        ("class View(Base):", "class View(Other):", set()),
        ('@app.route("/a")', '@login\n@app.route("/a")', {"return yaml.load(request.data)"}),
        ('@app.route("/a")\n', "", {"return yaml.load(request.data)"}),
        ("    b: int = 2,", "    b: int = 3,", {"for x in range(TWICE):", "os.remove(x)"}),
        ("import os\n", "import os\nimport sys\n", set()),
        ("import os\nimport yaml\n", "import yaml\nimport os\n", set()),
        ("        os.remove(x)\n", "        os.remove(x)\n    log(x)\n", {"os.remove(x)"}),
        ("def last", "def os():\n    pass\n\n\ndef last", {"os.remove(x)"}),
    ],
    ids=[
        "the function itself",
        "an import",
        "a constant, by way of another",
        "an attribute of its class",
        "another base class",
        "a decorator more",
        "a decorator less",
        "its signature",
        "an unrelated import",
        "imports in another order",
        "a line added at its end",
        "a function that takes a name",
    ],
)
def test_python(old: str, new: str, shown: set[str]) -> None:
    assert PYTHON.count(old) == 1
    everything = {"return yaml.load(request.data)", "os.remove(x)", "return run(self.allowed)", "return 1"}
    out = hidden(PYTHON, PYTHON.replace(old, new))
    assert not out & shown
    assert out >= everything - shown - ({"return run(self.allowed)", "return 1"} if "class" in old else set())
    assert "import json" not in out  # others may rely on what a function imports
    assert not any(line.startswith(("def ", "class ", "@", "LIMIT", "import ")) for line in out)


def test_an_import_whose_names_are_not_on_its_line_can_change_everything() -> None:
    assert not hidden(PYTHON, PYTHON.replace("import os\n", "from lib import *\n"))
    several = PYTHON.replace("import os\n", "from lib import (\n    os,\n)\n")
    assert not hidden(several, several.replace("from lib", "from other"))
    assert "return yaml.load(request.data)" in hidden(PYTHON, several)
    several = TYPESCRIPT.replace("import { exec }", "import {\n  exec,\n}")
    assert not hidden(several, several.replace("'child_process'", "'./mine'"), "ts")
    assert "expect(limit).toBe(3)" in hidden(TYPESCRIPT, several, "ts")


def test_what_is_left_parses_and_keeps_every_line_in_its_place() -> None:
    new = PYTHON.replace("return 1", "return 2").replace("import os", "# a\n# b\nimport os")
    found = outline(PYTHON.encode(), hunks_between(PYTHON, new), "python")
    assert found
    names = {n.name: n.lineno for n in ast.walk(ast.parse(found.data)) if isinstance(n, ast.FunctionDef)}
    whole = {n.name: n.lineno for n in ast.walk(ast.parse(PYTHON)) if isinstance(n, ast.FunctionDef)}
    assert names == whole
    # A line of the head is found again in the base, two lines further up.
    head_line = new.split("\n").index("        os.remove(x)") + 1
    base_line = found.base_line(head_line)
    assert base_line is not None
    assert PYTHON.split("\n")[base_line - 1] == "        os.remove(x)"
    assert found.base_line(1) is None


TYPESCRIPT = """\
import { exec } from 'child_process'
import express from 'express'

const app = express()

app.get('/a', (req, res) => {
  exec(req.query.a)
})

export async function build(
  name: string,
): Promise<void> {
  await exec(name)
}

describe('all', () => {
  const limit = 3

  it('one', async () => {
    expect(limit).toBe(3)
  })

  it('two', async () => {
    expect(1).toBe(1)
  })
})
"""


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("await exec(name)", "await exec('x')", {"await exec(name)"}),
        ("from 'child_process'", "from './mine'", {"exec(req.query.a)", "await exec(name)"}),
        ("const limit = 3", "const limit = 4", {"expect(limit).toBe(3)"}),
        ("toBe(1)", "toBe(2)", {"expect(1).toBe(1)"}),
        ("  it('two'", "  it('new', () => {\n    done()\n  })\n\n  it('two'", set()),
    ],
    ids=[
        "the function itself",
        "an import from elsewhere",
        "a variable around it",
        "one test of many",
        "a test more",
    ],
)
def test_typescript(old: str, new: str, shown: set[str]) -> None:
    assert TYPESCRIPT.count(old) == 1
    everything = {"exec(req.query.a)", "await exec(name)", "expect(limit).toBe(3)"}
    out = hidden(TYPESCRIPT, TYPESCRIPT.replace(old, new), "ts")
    assert not out & shown
    assert out >= everything - shown


def test_go() -> None:
    old = (
        'package a\n\nimport (\n\t"html/template"\n)\n\nfunc (s *S) A(w W) error {\n\tif w != nil {\n\t\treturn nil\n'
        '\t}\n\treturn template.New("a")\n}\n\nfunc B() {\n\tC()\n}\n'
    )
    assert hidden(old, old.replace("C()", "D()"), "go") >= {"if w != nil {", "return nil"}
    # The same name from another package is another thing.
    assert hidden(old, old.replace("html/template", "text/template"), "go") == {"C()"}


def test_java() -> None:
    old = (
        "package a;\n\nimport x.Y;\n\npublic class A {\n    private final Y y;\n\n    @Get\n    public void a(int b) throws E {\n"
        "        run(b);\n    }\n\n    void c() {\n        y.d();\n    }\n}\n"
    )
    assert hidden(old, old.replace("y.d();", "y.e();"), "java") == {"run(b);"}
    # A member of the class touches all of its methods.
    assert hidden(old, old.replace("final Y y", "final Z y"), "java") == set()
    assert hidden(old, old.replace("import x.Y;", "import z.*;"), "java") == set()


@pytest.mark.parametrize(
    ("text", "language"),
    [("def f():\r\n    a()\r\n", "python"), ("def f()\n  a()\nend\n", "ruby"), ("a\n" * 60_000, "python")],
    ids=["other line ends", "a language that is not known", "more lines than are read"],
)
def test_read_as_a_whole(text: str, language: str) -> None:
    assert outline(text.encode(), hunks_between("", "b"), language) is None


def test_hunks_of_another_file_are_no_reason_to_leave_anything_out() -> None:
    hunks = (Hunk(old_start=900, old=("x",), new_start=900, new=("y",)),)
    found = outline(PYTHON.encode(), hunks, "python")
    assert found is None or not found.bodies


def test_deep_nesting_takes_linear_time() -> None:
    text = "\n".join(" " * n + f"def f{n}():" for n in range(3_000)) + "\n" + " " * 3_000 + "pass\n\nx = 1\n"
    outline(text.encode(), hunks_between("x", "y"), "python")
    braces = "\n".join(" " * n + f"function f{n}() {{" for n in range(3_000))
    outline(braces.encode(), hunks_between("x", "y"), "js")


PIECES = st.lists(
    st.sampled_from(
        [
            "import os",
            "from a import b",
            "X = 1",
            "",
            "def f(a):",
            "    return X",
            "    os.x(b)",
            "class A:",
            "    y = 1",
            "    def g(self):",
            "        return self.y",
            "    # note",
            '    """text',
            'text"""',
            "@d",
            "function f() {",
            "  go(X)",
            "}",
            "  if (x) {",
            "  }",
        ]
    ),
    max_size=40,
)


@given(PIECES, PIECES, st.sampled_from(["python", "js", "go", "java", "ts"]))
def test_what_is_left_out_stands_in_the_head_just_so(old: list[str], new: list[str], language: str) -> None:
    before, after = "\n".join(old), "\n".join(new)
    found = outline(before.encode(), hunks_between(before, after), language)
    if found is None:
        return
    left = found.data.decode().split("\n")
    a, b = before.split("\n"), after.split("\n")
    assert len(left) == len(a)
    for body in found.bodies:
        assert a[body.first - 1 : body.last] == b[body.first - 1 + body.shift : body.last + body.shift]
        for line in range(body.first, body.last + 1):
            assert found.hides(line)
            assert found.base_line(line + body.shift) == line
    for number, (text, shown) in enumerate(zip(a, left, strict=True), 1):
        assert found.hides(number) or text == shown
