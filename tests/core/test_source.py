"""Statements, scopes and lines of source text."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gate.core.source import Source
from tests.core.test_merge_factories import place, source

PY = '''import os
@first(1)
@second
class K:
    # a comment
    def b(self, c="x"):  # why
        """doc"""
        if c:
            os.system(c); eval(
                'c',
            )  # after
        else:
            try: pass
            except Exception: pass
        def inner(): return 1
    # between
match x:
    case {"a": 1}: é = "ö"; eval(é)
'''


@pytest.mark.parametrize(
    ("line", "column", "scope", "code"),
    [
        (2, 0, "", "@ first ( 1 )"),
        (3, 2, "", "@ second"),
        (4, 0, "", "class _ :"),
        (5, 0, "K", "# a comment"),
        (6, 17, "K", 'def _ ( self , c = "x" ) :'),
        (7, 0, "K.b", '"""doc"""'),
        (8, 0, "K.b", "if c :"),
        (9, 1, "K.b", "os . system ( c )"),
        (9, 27, "K.b", 'eval ( "c" )'),
        (10, 0, "K.b", 'eval ( "c" )'),
        (11, 16, "K.b", 'eval ( "c" )'),
        (12, 0, "K.b", "else :"),
        (13, 0, "K.b", "try :"),
        (13, 18, "K.b", "pass"),
        (14, 0, "K.b", "except Exception :"),
        (15, 22, "K.b.inner", "return 1"),
        (16, 0, "", "# between"),
        (17, 0, "", "match x :"),
        (18, 0, "", 'case { "a" : 1 } :'),
        (18, 29, "", "eval ( é )"),
    ],
)
def test_python_statement(line, column, scope, code):
    found = source(PY).statement(place(line, column))
    assert found is not None
    assert (found.scope, found.code) == (scope, code)


def test_python_scopes():
    assert source(PY).scopes == {"", "K", "K.b", "K.b.inner"}


def test_ends_of_nested_definitions_at_one_place():
    text = "class A:\n    def b(self):\n        def c():\n            return 1\n# after\n"
    found = source(text).statement(place(5))
    assert found is not None
    assert found.scope == ""


JS = """const cp = require('child_process');
class K {
  b(cmd) {
    if (cmd) { run(cmd, {
      shell: true,
    }); }
  }
  async *gen() {
    z();
  }
}
const f = async (a, {b}) => {
  exec(a)
}
module.exports = {
  key: () => {
    k1()
  },
  other: function () {
    k2()
  },
}
app.get('/x', (req, res) => {
  exec(req.q)
})
function foo(a: string,
   b: number): Promise<void>
{
  z1()
}
const g: F<T> = (x): Y => {
  z2()
}
K.prototype.q = function (a) {
  z3(a,
     [1, 2])
}
while (x) {
  z4()
}
"""


@pytest.mark.parametrize(
    ("line", "scope", "code"),
    [
        (2, "", "class K {"),
        (3, "K", "b ( cmd ) {"),
        (4, "K.b", "if ( cmd ) { run ( cmd , { shell : true } ) ; }"),
        (9, "K.gen", "z ( ) ;"),
        (13, "f", "exec ( a )"),
        (17, "key", "k1 ( )"),
        (20, "other", "k2 ( )"),
        (23, "", 'app . get ( "/x" , ( req , res ) => {'),
        (24, "", "exec ( req . q )"),
        (29, "foo", "z1 ( )"),
        (32, "g", "z2 ( )"),
        (35, "q", "z3 ( a , [ 1 , 2 ] )"),
        (39, "", "z4 ( )"),
    ],
)
def test_script_statement(line, scope, code):
    found = source(JS, "a.ts").statement(place(line))
    assert found is not None
    assert (found.scope, found.code) == (scope, code)


@pytest.mark.parametrize(
    ("path", "text", "line", "scope"),
    [
        ("a.go", "func (k *K) b(c string) error {\n\tz()\n}\n", 2, "K.b"),
        ("a.go", "func (k *K[T]) b(c string) (int, error) {\n\tz()\n}\n", 2, "K.b"),
        ("a.go", "func G[T any](x T) {\n\tz()\n}\n", 2, "G"),
        ("a.go", "func f() {\n\tgo func(x int) error {\n\t\tz()\n\t}(1)\n}\n", 3, "f"),
        ("a.go", "func f() {\n\tx := Bar{\n\t\tA: z(),\n\t}\n}\n", 3, "f"),
        (
            "A.java",
            "@Foo(x)\npublic class A<T> extends B {\n  @Bar(1)\n  void m(int a)\n    throws E {\n    z();\n",
            6,
            "A.m",
        ),
        (
            "A.java",
            "class A {\n  void m() {\n    new T(new R() { public void run() {\n      z();\n",
            4,
            "A.m.run",
        ),
        ("A.java", "class A {\n  void m() {\n    synchronized (this) {\n      z();\n", 4, "A.m"),
        (
            "a.rs",
            "impl<T> Show for Foo {\n  pub unsafe fn f<'a>(x: &'a str) -> R<T> {\n    z()\n",
            3,
            "Show.f",
        ),
        ("a.c", "struct foo *bar(int x)\n{\n  z();\n", 3, "bar"),
        ("a.c", "static int\nbaz (int x)\n{\n  z();\n", 4, "baz"),
        ("a.cs", "namespace N\n{\n  class C\n  {\n    int F(int x)\n    {\n      z();\n", 7, "N.C.F"),
        ("a.php", "<?php\nfunction f($x) { # {\n  return z() ?: 1;\n", 3, "f"),
        ("a.js", "if (a) {\n  z()\n}\n", 2, ""),
        ("a.js", "x = foo()\n{\n  z()\n}\n", 3, ""),
        ("a.js", "const s = '{'; // {\nz()\n", 2, ""),
        ("a.rb", "def f\n  z\nend\n", 2, ""),
    ],
)
def test_scope_of_braces(path, text, line, scope):
    found = source(text, path).statement(place(line))
    assert found is not None
    assert found.scope == scope


def test_python_that_does_not_parse_is_read_by_lines():
    text = "def f(:\n    run(a,\n        b)  # x\n    print 1\n"
    found = source(text).statement(place(2, 5))
    assert found is not None
    assert (found.scope, found.code) == ("", "run ( a , b )")
    assert source(text).scopes == {""}


def test_a_logical_line_ends():
    text = "f(\n" + "  1,\n" * 200
    found = source(text, "a.yml").statement(place(1))
    assert found is not None
    assert found.range.last_line == 50


def test_inside_a_string_of_several_lines():
    found = source("x = `\n  secret\n`;\n", "a.js").statement(place(2))
    assert found is not None
    assert found.code == "secret"


@pytest.mark.parametrize(("line", "exists"), [(0, False), (1, True), (3, True), (4, False)])
def test_lines_that_do_not_exist(line, exists):
    src = source("a\n\n")
    assert (src.statement(place(line)) is not None) is exists
    assert bool(src.line_hash(line)) is exists


def test_lines_end_at_newline_only():
    src = source("a\x0cb\u2028c\r\nd\re\n")
    assert [src.line(n) for n in range(1, src.line_count + 1)] == ["a\x0cb\u2028c", "d\re", ""]


def test_byte_order_mark_is_no_column():
    with_mark = Source("a.py", b"\xef\xbb\xbfeval(x)\n")
    assert with_mark.statement(place(1, 1)) == source("eval(x)\n").statement(place(1, 1))


def test_lone_carriage_returns_end_lines_for_python_alone():
    found = Source("a.py", b"x = 1\ry = 2\nfoo(1)\rbar(2)\n").statement(place(2, 8))
    assert found is not None
    assert found.code == "bar ( 2 )"


def test_undecodable_bytes_keep_columns():
    found = Source("a.py", b"x = '\xff\xfe'; eval(y)\n").statement(place(1, 11))
    assert found is not None
    assert found.code == "eval ( y )"


def test_scopes_of_hostile_depth_stay_short():
    src = source("f(){" * 50_000, "a.js")
    assert max(map(len, src.scopes)) < 100
    src = source("".join(" " * i + f"def f{i}():\n" for i in range(90)) + " " * 90 + "x\n")
    assert max(map(len, src.scopes)) < 100


HOSTILE = {
    "brackets": "(" * 100_000,
    "balanced": "[" * 100_000 + "]" * 100_000,
    "braces": "f(){" * 100_000,
    "minus": "-" * 100_000 + "1",
    "sum": "1" + "+1" * 50_000,
    "elif": "if 1: pass\n" + "elif 1: pass\n" * 30_000,
    "attributes": "a" + ".b" * 50_000,
    "lambdas": "lambda:" * 60_000 + "1",
    "not ascii": "é;" * 50_000,
    "one long line": "a(" * 2_500_000,
    "nul": "a\0b\n" * 1000,
    "many lines": "a\n" * 50_000,
    "open calls": "foo(\n" * 30_000,
    "assignments": "x=" * 50_000 + "1",
}


@pytest.mark.parametrize("path", ["a.py", "a.js", "a.yml"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_linear_time(name, path):
    begin = time.perf_counter()
    src = source(HOSTILE[name], path)
    found = src.statement(place(1, 3))
    assert found is not None
    assert len(found.code) < 5_000
    assert src.scopes
    assert src.line_hash(1)
    assert time.perf_counter() - begin < 30


TOKENS = st.lists(
    st.sampled_from(
        [
            "def f():\n",
            "class K:\n",
            "  ",
            "\n",
            "\r",
            "@d\n",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "'",
            '"',
            "`",
            "#",
            "//",
            "x",
            "=",
            "=>",
            ";",
            ":",
            ",",
            "if x:\n",
            "\\",
            "é",
            "\ufeff",
            "/*",
            "function f(",
            "return ",
        ]
    )
).map("".join)


@given(
    st.one_of(TOKENS.map(lambda t: t.encode("utf-8", "surrogatepass")), st.binary()),
    st.sampled_from(["a.py", "a.js", "a.go", "a.sh", "a", "x.html", "q.sql"]),
    st.integers(0, 12),
    st.integers(0, 12),
)
@example(b"case:\n", "a.py", 1, 1)
@example(b"match x:\n case 1: pass\n", "a.py", 2, 0)
def test_nothing_raises(data, path, line, column):
    src = Source(path, data)
    found = src.statement(place(line, column))
    assert (found is None) == (not 1 <= line <= src.line_count)
    if found is not None:
        assert found.code
        assert found.scope in src.scopes
    src.line_hash(line)


def reference_hashes(data: bytes) -> dict[int, str]:
    """codeql-action's src/fingerprints.ts, line by line."""
    units = memoryview(data.decode("utf-8", "replace").encode("utf-16-le")).cast("H")
    size, mod = 100, 1 << 64
    first_mod = pow(37, size, mod)
    window, lines = [0] * size, [-1] * size
    counts: dict[str, int] = {}
    out: dict[int, str] = {}
    state = {"hash": 0, "index": 0, "line": 0, "start": True, "cr": False}

    def output():
        value = f"{state['hash']:x}"
        counts[value] = counts.get(value, 0) + 1
        out[lines[state["index"]]] = f"{value}:{counts[value]}"
        lines[state["index"]] = -1

    def update(current):
        begin = window[state["index"]]
        window[state["index"]] = current
        state["hash"] = (37 * state["hash"] + current - first_mod * begin) % mod
        state["index"] = (state["index"] + 1) % size

    def process(current):
        if current in (32, 9) or (state["cr"] and current == 10):
            state["cr"] = False
            return
        state["cr"] = current == 13
        if current == 13:
            current = 10
        if lines[state["index"]] != -1:
            output()
        if state["start"]:
            state["start"] = False
            state["line"] += 1
            lines[state["index"]] = state["line"]
        if current == 10:
            state["start"] = True
        update(current)

    for unit in units:
        process(unit)
    process(65535)
    for _ in range(size):
        if lines[state["index"]] != -1:
            output()
        update(0)
    return out


@given(st.text(alphabet="ab \t\n\ré😀\ufeff", max_size=400))
@example("")
@example("\n\n\n")
@example("x = 1\r\n \r \n\t y\n" * 20)
@example("a" * 300 + "\n" + "a" * 300)
def test_line_hash_is_githubs(text):
    data = text.encode()
    expected = reference_hashes(data)
    src = Source("a.py", data)
    github = 1  # GitHub ends lines at a lone \r too
    for number, line in enumerate(data.decode().split("\n"), 1):
        assert src.line_hash(number) == expected[github]
        github += 1 + line.removesuffix("\r").count("\r")


def test_line_hash_of_a_known_text():
    assert source("def a():\n    return 1\n").line_hash(1) == reference_hashes(b"def a():\n    return 1\n")[1]
    assert (
        source("x\n").line_hash(1)
        == f"{sum(u * 37 ** (99 - i) for i, u in enumerate((120, 10, 65535))) % 2**64:x}:1"
    )
