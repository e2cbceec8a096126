"""What notes come to on a commit and on a change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.authorship import AuthorVerdict, attribute
from gate.core.authorship.model import LineCounts
from gate.core.authorship.notes import FoundNote, LineShare, Note, NoteFacts, Writer
from gate.core.ranges import merged
from tests.rulesets_agents.kit import commit, registry, trailer

A, B, C = "a" * 40, "b" * 40, "c" * 40
CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
BOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"
ADDED = {"f.py": ((1, 10),)}


def writer(tool="claude", lines=None, **more):
    return Writer(tool=tool, lines=lines or {"f.py": ((1, 4),)}, **more)


def note(*writers, people=None, source="notes_ai", patch_of=None, **more):
    return FoundNote(
        source=source, note=Note(writers=writers, people=people or {}, **more), patch_of=patch_of
    )


def judge(*notes, message="Change the parser", added=ADDED, **identities):
    facts = NoteFacts(notes={A: notes}, added={} if added is None else {A: added})
    return attribute([commit(message, sha=A, **identities)], registry(), notes=facts).commits[0]


def test_an_ai_line_among_the_added_ones_declares_with_grade_a():
    found = judge(note(writer(prompter="Ann <ann@x.example>", models=("opus",))))
    assert (found.verdict, found.role, found.agent) == (
        AuthorVerdict.DECLARED_AI,
        "co_authored",
        "claude-code",
    )
    assert found.certainty == "certain"
    (piece,) = found.evidence
    assert (piece.signature, piece.source, piece.field, piece.place) == (
        "note.git-ai",
        "notes_ai",
        "note",
        "note",
    )
    assert (piece.grade, piece.registry_grade, piece.line, piece.sha) == ("A", "A", 0, None)
    assert piece.prompter == "Ann <ann@x.example>"
    assert piece.text == "claude (opus): 4 lines in 1 file"
    assert piece.remark is None
    assert found.lines == LineCounts(added=10, ai=4, human=0)


def test_a_note_that_claims_more_than_the_commit_added_says_how_much_is_there():
    (piece,) = judge(note(writer(lines={"f.py": ((8, 106),), "g.py": ((1, 1),)}))).evidence
    assert piece.grade == "A"
    assert piece.text == "claude: 100 lines in 2 files, of which the commit added 3"


@pytest.mark.parametrize("lines", [{"f.py": ((11, 99),)}, {"other.py": ((1, 9),)}])
def test_lines_elsewhere_declare_with_grade_b_and_say_so(lines):
    found = judge(note(writer(lines=lines)))
    assert (found.verdict, found.certainty) == (AuthorVerdict.DECLARED_AI, "probable")
    assert found.evidence[0].grade == "B"
    assert found.evidence[0].remark == "none of its lines is among those that the commit added"
    assert found.lines == LineCounts(added=10, ai=0, human=0)


def test_each_tool_fits_for_itself():
    found = judge(note(writer(), writer("codex", {"f.py": ((50, 60),)})))
    assert {e.agent: e.grade for e in found.evidence} == {"claude-code": "A", "codex": "B"}
    assert found.agents == ("claude-code", "codex")


def test_a_note_at_another_commit_with_the_same_patch_is_named_and_its_lines_mean_nothing():
    found = judge(note(writer(), patch_of=B))
    (piece,) = found.evidence
    assert (piece.grade, piece.sha) == ("B", B)
    assert piece.remark == "the note stands at another commit with the same patch"
    assert found.lines == LineCounts(added=10, ai=0, human=0)
    assert not judge(note(people={"f.py": ((1, 10),)}, patch_of=B)).verdict.is_ai
    assert judge(note(people={"f.py": ((1, 10),)}, patch_of=B)).verdict is AuthorVerdict.UNDECLARED


def test_lines_that_nobody_compared_prove_nothing_of_their_place():
    found = judge(note(writer()), added=None)
    assert (found.evidence[0].grade, found.evidence[0].remark, found.lines) == ("B", None, None)


@pytest.mark.parametrize(
    ("tool", "agent", "name"),
    [
        ("claude", "claude-code", None),
        ("codex-cloud", "codex", None),
        ("github-copilot-cli", "copilot", None),
        ("gemini", "gemini-cli", None),
        ("roo-background", "roo-code", None),
        ("mock_ai", "other", "mock_ai"),
        ("Claude", "other", "Claude"),
        (None, "other", None),
    ],
)
def test_words_of_tools_name_agents_of_the_registry(tool, agent, name):
    (piece,) = judge(note(writer(tool))).evidence
    assert (piece.agent, piece.agent_name) == (agent, name)
    assert agent == "other" or agent in {a.id for a in registry().agents}


def test_agent_blame_has_a_signature_of_its_own():
    found = judge(note(writer("claude_code"), source="notes_agentblame"), note(writer("claude")))
    assert {e.signature for e in found.evidence} == {"note.agentblame", "note.git-ai"}
    assert found.agents == ("claude-code",)
    assert found.lines.ai == 4


def test_people_named_for_every_added_line_are_attested():
    whole = {"f.py": ((1, 10),), "g.py": ((5, 5),)}
    found = judge(note(people=whole), added=whole)
    assert (found.verdict, found.role, found.agents) == (AuthorVerdict.ATTESTED_HUMAN, None, ())
    assert found.lines == LineCounts(added=11, ai=0, human=11)


@pytest.mark.parametrize(
    ("people", "added"),
    [
        ({"f.py": ((1, 9),)}, ADDED),
        ({"f.py": ((1, 10),)}, ADDED | {"g.py": ((1, 1),)}),
        ({"f.py": ((1, 10),)}, {}),
        ({"f.py": ((1, 10),)}, None),
    ],
    ids=["a line is missing", "a file is missing", "nothing was added", "nobody looked"],
)
def test_nobody_is_attested_for_less(people, added):
    assert judge(note(people=people), added=added).verdict is AuthorVerdict.UNDECLARED


def test_attested_people_lower_nothing():
    people = note(people={"f.py": ((1, 10),)})
    assert judge(people, message=trailer(CLAUDE)).verdict is AuthorVerdict.DECLARED_AI
    assert judge(people, author=BOT).verdict is AuthorVerdict.BOT
    assert judge(people, note(writer(lines={"x": ((1, 1),)}))).verdict is AuthorVerdict.DECLARED_AI


def test_an_ai_wins_where_it_and_a_person_are_named():
    found = judge(note(writer(), people={"f.py": ((3, 6),)}))
    assert found.lines == LineCounts(added=10, ai=4, human=2)
    assert found.verdict is AuthorVerdict.DECLARED_AI


def test_two_notes_are_united():
    found = judge(note(writer()), note(writer("cursor", {"f.py": ((3, 8),)})))
    assert found.lines == LineCounts(added=10, ai=8, human=0)
    assert found.agents == ("claude-code", "cursor")


def test_the_note_of_a_bots_commit_declares():
    assert judge(note(writer()), author=BOT).verdict is AuthorVerdict.DECLARED_AI


def test_notes_and_trailers_are_united_and_the_commit_comes_first():
    found = judge(note(writer("codex")), message=trailer(CLAUDE))
    assert found.agents == ("claude-code", "codex")
    assert [e.source for e in found.evidence] == ["commit", "notes_ai"]


def test_what_a_note_does_not_say_is_told_in_remarks():
    found = judge(note(problem="it is not valid JSON"), note(writer(), patch_of=B, remarks=("odd",)))
    assert found.remarks == (
        "note in refs/notes/ai: not read, it is not valid JSON",
        f"note in refs/notes/ai at {B[:12]}: odd",
    )


def test_suppressed_is_not_said_of_attested_commits():
    facts = NoteFacts(notes={A: [note(people={"f.py": ((1, 10),)})]}, added={A: ADDED})
    (found,) = attribute([commit(sha=A)], registry(), notes=facts, suppressed=True).commits
    assert (found.verdict, found.suppressed) == (AuthorVerdict.ATTESTED_HUMAN, False)


def test_the_change_tells_states_and_remarks_of_its_notes():
    facts = NoteFacts(states={"notes_ai": "unreadable", "notes_agentblame": "absent"}, remarks=("why",))
    found = attribute([commit()], registry(), notes=facts)
    assert found.sources["notes_ai"] == "unreadable"
    assert found.remarks == ("why",)
    assert not found.lacks_notes
    both = replace(facts, states={"notes_ai": "absent", "notes_agentblame": "absent"})
    assert attribute([commit()], registry(), notes=both).lacks_notes
    assert not attribute([commit()], registry()).lacks_notes


def test_one_undeclared_commit_beside_attested_ones_makes_the_change_undeclared():
    facts = NoteFacts(notes={A: [note(people=ADDED)]}, added={A: ADDED})
    assert attribute([commit(sha=A)], registry(), notes=facts).verdict is AuthorVerdict.ATTESTED_HUMAN
    both = attribute([commit(sha=A), commit(sha=B)], registry(), notes=facts)
    assert both.verdict is AuthorVerdict.UNDECLARED


LINES = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5)).map(lambda r: (r[0], r[0] + r[1]))).map(
    merged
)


@given(LINES, LINES, LINES)
def test_counts_are_those_of_plain_sets_and_an_ai_line_never_lowers(ai, people, added):
    def lines(ranges):
        return {n for first, last in ranges for n in range(first, last + 1)}

    claims = (writer(lines={"f": ai}),) if ai else ()
    found = judge(note(*claims, people={"f": people}), added={"f": added})
    inside = lines(added)
    assert found.lines == LineCounts(
        added=len(inside), ai=len(inside & lines(ai)), human=len((inside & lines(people)) - lines(ai))
    )
    assert found.verdict.is_ai == bool(ai)
    assert (found.verdict is AuthorVerdict.ATTESTED_HUMAN) == (
        not ai and bool(inside) and inside <= lines(people)
    )


def share(*rows):
    """Share and method of commits as (verdict, merge, lines by a note, added lines)."""
    sums = LineShare()
    for number, (ai, merge, noted, own) in enumerate(rows):
        entry = attribute([commit(trailer(CLAUDE) if ai else "x", sha=f"{number:040x}")], registry()).commits[
            0
        ]
        counts = None if noted is None else LineCounts(added=own, ai=noted, human=0)
        sums.add(entry._replace(merge=merge, lines=counts), {"f": ((1, own),)} if own else {})
    return sums.share, sums.method


def test_a_fitting_note_counts_its_lines_and_any_other_ai_commit_all_of_its_own():
    assert share((True, False, 5, 10)) == (0.5, "notes")
    assert share((True, False, None, 10), (False, False, None, 30)) == (0.25, "commits")
    assert share((True, False, 5, 10), (True, False, 0, 10)) == (0.75, "mixed")
    assert share((False, False, None, 10)) == (0, "commits")


def test_merges_and_commits_without_lines_have_no_share():
    assert share((True, True, 5, 10)) == (None, None)
    assert share((True, False, None, 0)) == (None, None)
    assert share() == (None, None)


def test_a_cherry_pick_brings_the_note_of_its_original():
    facts = NoteFacts(notes={B: [note(writer())]}, added={B: ADDED})
    pick = commit(f"Fix\n\n(cherry picked from commit {B})", sha=A)
    found = attribute([pick, commit(sha=B)], registry(), notes=facts).commits[0]
    assert (found.verdict, found.agent) == (AuthorVerdict.DECLARED_AI, "claude-code")
    assert [(e.source, e.sha) for e in found.evidence] == [("cherry_pick", B)]


def test_a_revert_of_noted_ai_work_is_no_ai_work():
    facts = NoteFacts(notes={B: [note(writer())]}, added={B: ADDED})
    found = attribute(
        [commit(f'Revert "x"\n\nThis reverts commit {B}.', sha=A), commit(sha=B)], registry(), notes=facts
    )
    assert found.commits[0].verdict is AuthorVerdict.UNDECLARED
