"""What holds for every format."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from gate.core.verdict import Outcome
from gate.errors import UsageError
from gate.reports import (
    AREAS,
    AUTHORSHIP,
    FORMATS,
    SCAN,
    _load,
    render,
    render_areas,
    render_authorship,
    render_scan,
)
from gate.reports.messages import PHRASES, Catalogue
from tests.reports.other_samples import touches, tree
from tests.reports.scenarios import SCENARIOS
from tests.reports.shuffle import shuffled
from tests.reports.test_sentences import entries


@pytest.mark.parametrize("name", [*FORMATS])
@pytest.mark.parametrize("scenario", [*SCENARIOS])
def test_order_of_facts_has_no_effect(name, scenario):
    make, options = SCENARIOS[scenario]
    expected = render(name, make(), **options)
    for seed in range(1 if scenario == "huge" else 4):
        assert render(name, shuffled(make(), random.Random(seed)), **options) == expected


@pytest.mark.parametrize("name", [*FORMATS])
def test_time_a_tool_took_has_no_effect(name):
    make, options = SCENARIOS["blocked"]
    run = make()
    tools = tuple(replace(t, head=replace(t.head, seconds=99.5)) for t in run.facts.tools)
    # GitLab wants a time in its report; it is the run's one time and no measured one.
    now = run.facts.now if name == "gitlab-sast" else "2031-01-01T00:00:00Z"
    later = replace(run, facts=replace(run.facts, tools=tools, now=now))
    assert render(name, later, **options) == render(name, run, **options)


@pytest.mark.parametrize("name", [*FORMATS])
@pytest.mark.parametrize("scenario", [*SCENARIOS])
def test_every_report_is_utf8_and_ends_in_one_line_break(name, scenario):
    make, options = SCENARIOS[scenario]
    text = render(name, make(), **options)
    text.encode("utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\r" not in text


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "codequality"])  # a list of entries has no place
@pytest.mark.parametrize("scenario", [*SCENARIOS])
def test_every_report_says_the_verdict(name, scenario):
    make, options = SCENARIOS[scenario]
    assert make().verdict.outcome.word in render(name, make(), **options)


@pytest.mark.parametrize("registry", [FORMATS, SCAN, AREAS, AUTHORSHIP])
def test_every_row_of_a_registry_can_be_loaded(registry):
    for name in registry:
        assert callable(_load(registry, name))


@pytest.mark.parametrize(
    ("function", "value"),
    [(render, None), (render_scan, None), (render_areas, ()), (render_authorship, None)],
)
def test_an_unknown_format_is_a_usage_error(function, value):
    with pytest.raises(UsageError, match="unknown report format 'pdf'") as error:
        function("pdf", value)
    assert "json" in error.value.hint


def test_order_of_a_scan_has_no_effect():
    scan, other = tree(), tree()
    other = replace(other, findings=other.findings[::-1], tools=other.tools[::-1])
    for name in SCAN:
        assert render_scan(name, scan) == render_scan(name, other)


def test_order_of_touches_has_no_effect():
    for name in AREAS:
        assert render_areas(name, touches()) == render_areas(name, touches()[::-1])


def test_importing_the_package_imports_no_format():
    """A command that prints nothing pays for nothing."""
    code = (
        "import sys, gate.reports\n"
        "heavy = {'jinja2', 'msgspec', 'rich', 'yaml', 'json', 'urllib.parse', 'gate.reports.text', 'gate.reports.sarif'}\n"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


class TestPhrases:
    def test_every_phrase_has_the_same_fields_in_both_languages(self):
        from string import Formatter

        for key, english in PHRASES.items():
            # The singular may leave a field out.
            pair = (english, Catalogue("ko").template(key))
            fields = [{f for _, f, _, _ in Formatter().parse(text.rpartition("|")[2]) if f} for text in pair]
            assert fields[0] == fields[1], key

    def test_no_phrase_is_empty_or_without_korean(self):
        """A new phrase needs a row in gate.po; then `make catalogue`."""
        for key, english in PHRASES.items():
            assert english, key
            korean = Catalogue("ko").template(key)
            assert any("가" <= c <= "힣" for c in korean) or key == "wait.part", key

    def test_the_catalogue_holds_no_phrase_that_is_gone(self):
        from gate.reports.hints import HINTS

        known = {*PHRASES, *(f"fix.{family}" for family in HINTS), "sentence", "set-up"}
        for message in entries():
            assert message.context in known, message.context
            if message.context in PHRASES:
                assert message.id == PHRASES[message.context], message.context

    def test_every_phrase_is_used(self):
        from pathlib import Path

        import gate.reports

        folder = Path(gate.reports.__file__).parent
        source = "".join(p.read_text() for p in (*folder.glob("*.py"), *folder.glob("templates/*.j2")))
        for key in PHRASES:
            if key.startswith(("flag.", "how.", "decision.", "state.")) or key in [
                f"derive.{step}" for step in range(1, 8)
            ]:
                continue  # named by a rule, a forge, a finding or a step
            word = re.escape(key.removeprefix("n."))
            uses = re.findall(rf"""["']{word}["'](?!: \()""", source)
            assert uses or key in [outcome.word for outcome in Outcome], key

    def test_an_unknown_language_speaks_english(self):
        assert Catalogue("fr")("why") == "Why"

    @pytest.mark.parametrize(
        ("n", "text"), [(0, "0 findings"), (1, "1 finding"), (2, "2 findings"), (1234, "1,234 findings")]
    )
    def test_counts_agree_with_their_noun(self, n, text):
        assert Catalogue().count("findings", n) == text

    @pytest.mark.parametrize(
        ("people", "text"),
        [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")],
    )
    def test_alternatives(self, people, text):
        assert Catalogue().any_of(people) == text
