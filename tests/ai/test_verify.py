"""What a claim of a model is worth: its quote must stand in the change, and nothing else of it is believed."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate import config
from gate.core.ai import Scope
from gate.core.ai.files import ChangedText
from gate.core.ai.verify import Verifier
from gate.core.change import Hunk
from gate.core.family import build_families
from tests.support.fake_messages import finding

ID = "f" * 32
NEW = "import os\n\ndef run(name):\n    os.system('ping ' + name)\n    return 1\n\ndef other():\n    os.system('ping ' + name)\n"
OLD = "import os\n\ndef run(name):\n    check_owner(name)\n    return 1\n\ndef other():\n    os.system('ping ' + name)\n"
FILE = ChangedText(
    path="app.py",
    hunks=(
        Hunk(
            old_start=4, old=("    check_owner(name)",), new_start=4, new=("    os.system('ping ' + name)",)
        ),
    ),
    new=NEW,
    old=OLD,
)
SECRET = "s3cr3t-of-the-job"
VERIFIER = Verifier(
    files={"app.py": FILE},
    families=build_families(config.load_families()),
    categories={"rce": "code-injection"},
    secrets=(SECRET,),
)
LINE = "    os.system('ping ' + name)"


def verify(*entries, review_id=ID, **more):
    return VERIFIER.verify([{"review_id": review_id, "findings": list(entries), **more}], ID)


def one(**changed):
    found = verify(finding(quote=LINE, **changed))
    assert not found.rejected
    return found.findings[0]


@pytest.mark.parametrize("claimed", [-5, 0, 4, 8, 9_999])
def test_a_line_of_the_change_wins_over_every_claimed_number(claimed):
    found = one(line=claimed)
    assert (found.line, found.scope, found.family, found.severity.word) == (
        4,
        Scope.CHANGED,
        "command-injection",
        "high",
    )


@pytest.mark.parametrize(
    "quote", [LINE, LINE.strip(), "+" + LINE, f"{LINE}\r", "os.system('ping '", f"def run(name):\n{LINE}"]
)
def test_a_quote_may_come_as_a_model_copies_it(quote):
    assert verify(finding(quote=quote)).findings[0].last_line == 4


def test_removed_code_is_quoted_at_the_merge_base():
    found = verify(finding(quote="-    check_owner(name)", category="authorization", cwe="")).findings[0]
    assert (found.line, found.scope, found.family) == (4, Scope.REMOVED, "authorization")


def test_an_unchanged_line_is_context():
    assert verify(finding(quote="    return 1")).findings[0].scope is Scope.CONTEXT


@pytest.mark.parametrize(
    ("cause", "changed"),
    [
        ("path", {"file": "../app.py"}),
        ("path", {"file": "/etc/passwd"}),
        ("path", {"file": "./app.py"}),
        ("path", {"file": "App.py"}),
        ("path", {"file": "app.py\0"}),
        ("quote", {"quote": "subprocess.run(name, shell=True)"}),
        ("quote", {"quote": "ping"}),
        ("quote", {"quote": ""}),
        ("quote", {"quote": "\n\n"}),
        ("quote", {"quote": f"{LINE}\n    return 2"}),
        ("schema", {"line": True}),
        ("schema", {"line": "4"}),
        ("schema", {"line": 10**400}),
        ("schema", {"severity": "CRITICAL"}),
        ("schema", {"severity": ["HIGH"]}),
        ("schema", {"confidence": 1.1}),
        ("schema", {"confidence": float("nan")}),
        ("schema", {"confidence": 10**400}),
        ("schema", {"confidence": True}),
        ("schema", {"false_positive": True}),
        ("schema", {"description": None}),
        ("schema", {"cwe": 78}),
    ],
)
def test_what_cannot_be_shown_is_rejected_and_counted_and_costs_its_neighbours_nothing(cause, changed):
    found = verify(finding(quote=LINE) | changed, finding(quote=LINE, category="other"))
    assert (len(found.findings), dict(found.rejected)) == (1, {cause: 1})


def test_findings_of_an_answer_with_a_wrong_id_stay_and_the_answer_does_not_count():
    found = verify(finding(quote=LINE), review_id="0" * 32)
    assert (len(found.findings), found.answered) == (1, False)


def test_an_answer_that_takes_everything_back_takes_nothing_back():
    answers = [{"review_id": ID, "findings": [finding(quote=LINE)]}, {"review_id": ID, "findings": []}]
    found = VERIFIER.verify(answers, ID)
    assert (len(found.findings), found.answered) == (1, True)


def test_a_flood_is_cut_and_says_so():
    lines = "".join(f"value_{n:04} = request(n)\n" for n in range(100))
    file = ChangedText(path="app.py", hunks=(), new=lines)
    verifier = Verifier(files={"app.py": file}, families=VERIFIER.families, categories={})
    entries = [finding(quote=f"value_{n:04} = request(n)") for n in range(100)]
    found = verifier.verify([{"review_id": ID, "findings": entries * 30}], ID)
    assert (len(found.findings), found.capped) == (50, True)
    assert found.rejected["cap"] == 50 + 1_000


def test_texts_lose_what_cannot_be_seen_and_every_secret():
    found = one(
        description=f"\x1b[31mred\x1b[0m \u202eevil\u202c \U000e0041tag {SECRET} ghp_{'a' * 36}\n/approve",
        category="<b>\x07x</b>",
    )
    assert found.message.startswith("red evil tag ‹secret, 17 characters› ‹secret, 40 characters› /approve")
    assert found.category == "<b>x</b>"


def test_areas_need_a_quote_too():
    row = {"area": "authz", "file": "app.py", "line": 1, "quote": "def run(name):"}
    found = verify(areas=[row, row | {"quote": "nothing like it"}, row | {"area": "root"}, 3])
    assert ([(a.area, a.line) for a in found.areas], dict(found.rejected)) == (
        [("authz", 3)],
        {"quote": 1, "schema": 2},
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(answers=st.lists(JSON, max_size=4), changed=st.dictionaries(st.sampled_from(sorted(finding())), JSON))
def test_no_answer_raises_and_every_kept_finding_has_its_line(answers, changed):
    entries = [{"review_id": ID, "findings": [finding(quote=LINE) | changed, *answers], "areas": answers}]
    found = VERIFIER.verify([*answers, *entries], ID)
    for kept in found.findings:
        lines = FILE.old_lines if kept.scope is Scope.REMOVED else FILE.new_lines
        assert kept.path == "app.py"
        assert "".join(lines[kept.line - 1 : kept.last_line]).strip()
    json.dumps([kept.message for kept in found.findings])


HIDING = {
    "a zero-width space": "    os.system('pi\u200bng ' + name)",
    "an odd blank": "    os.system(\u00a0'ping\u3000' + name)",
    "a tab": "    os.system('ping '\t+\tname)",
    "decomposed letters": "    os.system('caf\u0065\u0301 ' + name)",
    "wide letters": "    os.\uff53ystem('ping ' + name)",
}


@pytest.mark.parametrize("how", HIDING)
def test_no_line_hides_from_a_quote_by_what_nobody_sees(how):
    line = HIDING[how]
    file = ChangedText(
        path="app.py",
        hunks=(Hunk(old_start=0, old=(), new_start=1, new=(line, "x = 1")),),
        new=f"{line}\nx = 1\n",
    )
    quote = " ".join(unicodedata.normalize("NFKC", line.replace("\u200b", "")).split())
    verifier = Verifier(files={"app.py": file}, families=VERIFIER.families, categories={})
    found = verifier.verify([{"review_id": ID, "findings": [finding(quote=quote)]}], ID)
    assert [(f.line, f.scope) for f in found.findings] == [(1, Scope.CHANGED)]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a\u200bpp.py", "a\\u200bpp.py"),
        ("a\u200bpp.py", "app.py"),
        ("app.py ", "app.py"),
        ("\u1112\u1161\u11ab.py", "\ud55c.py"),
        ("a\npp.py", "a\\npp.py"),
    ],
)
def test_no_file_hides_from_a_model_by_its_name(path, told):
    file = ChangedText(path=path, hunks=FILE.hunks, new=NEW, old=OLD)
    verifier = Verifier(files={path: file}, families=VERIFIER.families, categories={})
    found = verifier.verify([{"review_id": ID, "findings": [finding(file=told, quote=LINE)]}], ID)
    assert [f.path for f in found.findings] == [path]


def test_a_name_that_two_files_could_have_is_neither():
    files = {path: ChangedText(path=path, hunks=FILE.hunks, new=NEW, old=OLD) for path in ("a.py ", " a.py")}
    verifier = Verifier(files=files, families=VERIFIER.families, categories={})
    found = verifier.verify([{"review_id": ID, "findings": [finding(file="a.py", quote=LINE)]}], ID)
    assert found.rejected == {"path": 1}


def test_a_flood_of_quotes_that_stand_nowhere_is_thrown_away_in_time():
    lines = [f"    value_{n} = compute_something(request_{n}, other)" for n in range(20_000)]
    text = "\n".join(lines)
    hunk = Hunk(old_start=0, old=(), new_start=1, new=tuple(lines))
    file = ChangedText(path="app.py", hunks=(hunk,), new=text, old=text)
    verifier = Verifier(files={"app.py": file}, families=VERIFIER.families, categories={})
    flood = [finding(quote=f"+nothing like this stands there {n}") for n in range(1_000)]
    started = time.process_time()
    found = verifier.verify([{"review_id": ID, "findings": flood}], ID)
    assert found.rejected == {"quote": 1_000}
    part = [finding(quote=" = compute_something(request_", line=n) for n in range(1_000)]
    found = verifier.verify([{"review_id": ID, "findings": part}], ID)
    assert found.findings[0].line <= 200
    assert (
        time.process_time() - started < 15
    )  # looking at every line and every place takes more than twice that
