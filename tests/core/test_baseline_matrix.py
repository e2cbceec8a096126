"""The edit matrix: what keeps an id and what state follows, in Python, JavaScript and Go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from gate.core.baseline import compare
from gate.core.finding import InDiff, State
from tests.core.test_merge_factories import change, compared, findings

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Language:
    """A base file with one sink in function `a` and two identical ones in method `K.b`, and how to write things."""

    path: str
    sink: str
    text: str
    lone: str
    twin: str
    function: str
    next_line: str
    comment: str
    split: str
    wrapped: tuple[str, str]
    renamed_class: tuple[str, str]
    extracted: str
    extracted_call: str
    other_function: str

    @property
    def other_path(self) -> str:
        return "sub/other." + self.path.split(".")[1]


PYTHON = Language(
    path="app.py",
    sink="os.system",
    text="""import os


def a(cmd):
    log(cmd)
    os.system('ls ' + cmd)
    return 1


class K:
    def b(self, cmd):
        os.system(cmd, 'x')
        other()
        os.system(cmd, 'x')
        done()


def last(cmd):
    return cmd
""",
    lone="    os.system('ls ' + cmd)\n",
    twin="        os.system(cmd, 'x')\n",
    function="def a(cmd):\n    log(cmd)\n    os.system('ls ' + cmd)\n    return 1\n",
    next_line="    return 1\n",
    comment="  # why",
    split='    os.system(\n        "ls " + cmd,\n    )\n',
    wrapped=("    if cmd:\n        os.system('ls ' + cmd)\n", "if cmd:"),
    renamed_class=("class K:", "class Renamed:"),
    extracted="\n\ndef fresh(cmd):\n    os.system('ls ' + cmd)\n",
    extracted_call="    fresh(cmd)\n",
    other_function="    return cmd\n",
)
SCRIPT = Language(
    path="app.js",
    sink="exec",
    text="""const { exec } = require("child_process");

function a(cmd) {
  log(cmd);
  exec('ls ' + cmd);
  return 1;
}

class K {
  b(cmd) {
    exec(cmd, 'x');
    other();
    exec(cmd, 'x');
    done();
  }
}

const last = (cmd) => {
  return cmd;
};
""",
    lone="  exec('ls ' + cmd);\n",
    twin="    exec(cmd, 'x');\n",
    function="function a(cmd) {\n  log(cmd);\n  exec('ls ' + cmd);\n  return 1;\n}\n",
    next_line="  return 1;\n",
    comment="  // why",
    split='  exec(\n    "ls " + cmd,\n  );\n',
    wrapped=("  if (cmd) {\n    exec('ls ' + cmd);\n  }\n", "if"),
    renamed_class=("class K {", "class Renamed {"),
    extracted="\nfunction fresh(cmd) {\n  exec('ls ' + cmd);\n}\n",
    extracted_call="  fresh(cmd);\n",
    other_function="  return cmd;\n",
)
GO = Language(
    path="app.go",
    sink="run",
    text="""package main

func a(cmd string) int {
\tlog(cmd)
\trun("ls " + cmd)
\treturn 1
}

type K struct{}

func (k *K) b(cmd string) {
\trun(cmd, "x")
\tother()
\trun(cmd, "x")
\tdone()
}

func last(cmd string) string {
\treturn cmd
}
""",
    lone='\trun("ls " + cmd)\n',
    twin='\trun(cmd, "x")\n',
    function='func a(cmd string) int {\n\tlog(cmd)\n\trun("ls " + cmd)\n\treturn 1\n}\n',
    next_line="\treturn 1\n",
    comment=" // why",
    split='\trun(\n\t\t"ls " + cmd,\n\t)\n',
    wrapped=('\tif cmd != "" {\n\t\trun("ls " + cmd)\n\t}\n', "if"),
    renamed_class=("K", "Renamed"),
    extracted='\nfunc fresh(cmd string) {\n\trun("ls " + cmd)\n}\n',
    extracted_call="\tfresh(cmd)\n",
    other_function="\treturn cmd\n",
)
LANGUAGES = [pytest.param(language, id=language.path) for language in (PYTHON, SCRIPT, GO)]


def once(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def on_top(lang: Language) -> str:
    first, _, rest = lang.text.partition("\n")
    mark = lang.comment.strip().split()[0]
    return first + "\n" + f"{mark} a line\n" * 40 + rest


def twin_before(lang: Language) -> str:
    return once(lang.text, lang.twin, lang.twin * 2)


def twin_after(lang: Language) -> str:
    at = lang.text.rfind(lang.twin)
    return lang.text[:at] + lang.twin + lang.text[at:]


def function_moved(lang: Language) -> str:
    return once(lang.text, lang.function, "") + "\n\n" + lang.function


def argument_edited(lang: Language) -> str:
    return once(lang.text, lang.lone, lang.lone.replace("cmd", "cmd + cmd"))


def sink_to_other_function(lang: Language) -> str:
    return once(once(lang.text, lang.lone, ""), lang.other_function, lang.lone + lang.other_function)


EDITS: dict[str, tuple[Callable[[Language], str], int, dict[str, int]]] = {
    "40 lines inserted on top": (on_top, 3, {"existing": 3}),
    "white space and a trailing comment": (
        lambda v: once(v.text, v.lone, v.lone.replace("(", "( ").replace("\n", f"{v.comment}\n")),
        3,
        {"existing": 3},
    ),
    "following line edited": (
        lambda v: once(v.text, v.next_line, v.next_line.replace("1", "2")),
        3,
        {"existing": 3},
    ),
    "text appended at the end": (lambda v: v.text + v.comment.strip() + "\n", 3, {"existing": 3}),
    "formatter": (lambda v: once(v.text, v.lone, v.split), 3, {"existing": 3}),
    "CRLF": (lambda v: v.text.replace("\n", "\r\n"), 3, {"existing": 3}),
    "function moved inside the file": (function_moved, 3, {"existing": 3}),
    "sink wrapped in if": (lambda v: once(v.text, v.lone, v.wrapped[0]), 3, {"existing": 3}),
    "third identical sink before": (twin_before, 3, {"existing": 3, "new": 1}),
    "third identical sink after": (twin_after, 3, {"existing": 3, "new": 1}),
    "one of the identical removed": (lambda v: once(v.text, v.twin, ""), 2, {"existing": 2, "fixed": 1}),
    "function renamed": (
        lambda v: once(v.text, v.function, v.function.replace(" a(", " renamed(")),
        2,
        {"existing": 2, "moved": 1},
    ),
    "sink extracted into a new function": (
        lambda v: once(v.text, v.lone, v.extracted_call) + v.extracted,
        2,
        {"existing": 2, "moved": 1},
    ),
    "class renamed": (lambda v: v.text.replace(*v.renamed_class), 1, {"existing": 1, "moved": 2}),
    "argument edited": (argument_edited, 2, {"existing": 2, "new": 1, "fixed": 1}),
    "sink moved between functions that both existed": (
        sink_to_other_function,
        2,
        {"existing": 2, "new": 1, "fixed": 1},
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("edit", EDITS)
def test_edit(edit: str, lang: Language):
    make, kept, states = EDITS[edit]
    head = make(lang)
    result = compared({lang.path: lang.text}, {lang.path: head}, lang.sink)
    base_ids = {f.id for f in findings({lang.path: lang.text}, lang.sink)}
    assert len(base_ids) == 3
    assert Counter(f.state.value for f in (*result.findings, *result.fixed)) == states
    assert len(base_ids & {f.id for f in result.findings}) == kept
    assert not result.unfixable
    assert {f.matched for f in result.findings if f.state in (State.EXISTING, State.MOVED)} <= base_ids


@pytest.mark.parametrize("lang", LANGUAGES)
def test_third_identical_sink_is_the_new_one(lang: Language):
    """The state goes to the added line, wherever the ordinals went."""
    for head in (twin_before(lang), twin_after(lang)):
        result = compared({lang.path: lang.text}, {lang.path: head}, lang.sink)
        (new,) = [f for f in result.findings if f.state is State.NEW]
        assert new.in_diff is InDiff.ADDED
        assert all(f.in_diff is not InDiff.ADDED for f in result.findings if f is not new)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_function_moved_to_another_file(lang: Language):
    base = {lang.path: lang.text, lang.other_path: lang.other_function}
    head = {
        lang.path: once(lang.text, lang.function, ""),
        lang.other_path: lang.other_function + lang.function,
    }
    if lang is PYTHON:
        base[lang.other_path], head[lang.other_path] = "x = 1\n", "x = 1\n\n\n" + lang.function
    result = compared(base, head, lang.sink)
    assert Counter(f.state.value for f in (*result.findings, *result.fixed)) == {"existing": 2, "moved": 1}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("added", ["", "top"])
def test_file_renamed(lang: Language, added: str):
    head = {lang.other_path: on_top(lang) if added else lang.text}
    result = compared({lang.path: lang.text}, head, lang.sink, renames={lang.path: lang.other_path})
    base_ids = {f.id for f in findings({lang.path: lang.text}, lang.sink)}
    assert Counter(f.state.value for f in (*result.findings, *result.fixed)) == {"existing": 3}
    assert {f.matched for f in result.findings} == base_ids
    assert not base_ids & {f.id for f in result.findings}
    assert all(f.in_diff is InDiff.OUTSIDE for f in result.findings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_file_copied(lang: Language):
    result = compared({lang.path: lang.text}, {lang.path: lang.text, lang.other_path: lang.text}, lang.sink)
    assert Counter((f.path, f.state.value) for f in result.findings) == {
        (lang.path, "existing"): 3,
        (lang.other_path, "new"): 3,
    }
    assert not result.fixed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_new_finding_on_an_unchanged_line(lang: Language):
    """A source added far away makes an old line dangerous: new, though nothing near it changed."""
    head = {lang.path: on_top(lang)}
    found = compare(
        findings(head, lang.sink),
        (),
        change=change({lang.path: lang.text}, head),
        scanned_base=lambda _: True,
        scanned_head=lambda _: True,
        head_sources={},
        base_sources={},
    ).findings
    assert {f.state for f in found} == {State.NEW}
    assert all(f.in_diff is not InDiff.ADDED for f in found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_base_not_scanned(lang: Language):
    result = compared(
        {lang.path: lang.text}, {lang.path: on_top(lang)}, lang.sink, unscanned_base=[lang.path]
    )
    assert {f.state for f in result.findings} == {State.UNKNOWN}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_head_not_scanned(lang: Language):
    result = compared(
        {lang.path: lang.text}, {lang.path: on_top(lang)}, lang.sink, unscanned_head=[lang.path]
    )
    assert result.findings == result.fixed == ()
    assert len(result.unfixable) == 3
