"""What the HTML template is given. Texts in it are still hostile: the template escapes everything it prints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from gate.core.finding import Decision, Severity
from gate.core.verdict import Outcome
from gate.reports import ai_parts, links, machine, order, signoff_parts, summary
from gate.reports.escape import code_line, http_url
from gate.reports.files import file_rows
from gate.reports.hints import hint
from gate.reports.terminal import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gate.core.authorship import CommitAuthorship
    from gate.core.facts import Run
    from gate.core.finding import Finding
    from gate.core.suppression import Suppression
    from gate.reports.messages import Catalogue
    from gate.reports.options import Options

#: More rows than this make a page that no browser scrolls well; the rest is counted.
MOST_FINDINGS = 3_000
MOST_COMMITS = 500
MOST_SPOTS, MOST_LINES = 5, 20
_ACTED_ON = (Decision.BLOCK, Decision.SIGNOFF)


class Source(str):
    """One line of source, made visible already: its blanks stay as they are."""

    __slots__ = ()


class Line(NamedTuple):
    """A line of a snippet; `kind` is its class: marked, plus, minus or none."""

    text: Source
    kind: str


def page(run: Run, say: Catalogue, options: Options) -> dict[str, Any]:
    """Return the values of the template."""
    facts = run.facts
    sign, _ = OUTCOMES[run.verdict.outcome]
    found = order.findings(facts.findings)
    missed = summary.missed(run, say)
    values = {
        "title": summary.title(run, say),
        "sign": sign,
        "outcome": run.verdict.outcome.word,
        "headline": summary.headline(run, say),
        "next": summary.next_step(run, say),
        "exit_code": run.exit_code,
        "change": facts.change,
        "target": facts.change.target.removeprefix("refs/heads/"),
        "size": _size(run, say),
        "reasons": [
            {
                "sign": OUTCOMES[r.outcome][0],
                "outcome": r.outcome.word,
                "because": r.because,
                "rule": r.rule,
                "to_pass": "" if r.outcome is Outcome.PASSED else r.to_pass,
            }
            for r in run.verdict.reasons
        ],
        **_signoff(run, say, options),
        "counts": _joined(
            say.count("findings", len(found)) if found else "",
            summary.severities(found),
            summary.states(found),
            say("findings.fixed", n=f"{len(facts.fixed):,}") if facts.fixed else "",
        ),
        "filters": list(_filters(found, say)),
        "findings": [
            _finding(own, f, run, say, options) for own, f in machine.with_ids(found[:MOST_FINDINGS])
        ],
        "left": say("omitted", n=f"{len(found) - MOST_FINDINGS:,}") if len(found) > MOST_FINDINGS else "",
        "missed": missed,
        "missed_files": say.count("files", len({m.path for m in missed})),
        "suppressions": [_suppression(s, say) for s in order.suppressions(facts.suppressions)],
        **_authorship(run, say),
        "tools": list(_tools(run)),
        "versions": list(_versions(run, say)),
        "notes": [*run.notes, *facts.change.notes, *facts.policy.warnings],
        "version": run.stamp.version,
        "report_url": http_url(options.report_url),
    }
    values["sections"] = list(_sections(values, say))
    return values


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _size(run: Run, say: Catalogue) -> str:
    rows = file_rows(run.facts.change)
    return _joined(
        say.count("commits", len(run.facts.change.commits)),
        say.count("files", len(rows)),
        f"+{sum(row.added for row in rows):,} −{sum(row.removed for row in rows):,}",
    )


def _sections(values: dict[str, Any], say: Catalogue) -> Iterator[tuple[str, str]]:
    for anchor, shown in (
        ("why", True),
        ("signoff", values["areas"]),
        ("findings", True),
        ("unscanned", values["missed"]),
        ("suppressions", values["suppressions"]),
        ("authorship", True),
        ("tools", True),
    ):
        if shown:
            yield anchor, say(anchor)


def _signoff(run: Run, say: Catalogue, options: Options) -> dict[str, Any]:
    facts = run.facts.signoff
    waiting = summary.unanswered(facts)
    areas = order.by_area(t for group in facts.areas.values() for t in group)
    rows = []
    for area, touches in areas.items():
        spots, left = signoff_parts.spots(run.facts.change, touches, most=MOST_SPOTS, most_lines=MOST_LINES)
        done = area not in waiting
        eligible = facts.eligible.get(area, ())
        answered = facts.served.get(area, ()) or set(eligible).intersection(facts.accepted)
        rows.append(
            {
                "name": area,
                "done": done,
                "who": ", ".join(sorted(answered if done else eligible)) or ("" if done else say("nobody")),
                "barred": ", ".join(f"{b.who} ({b.why})" for b in facts.barred.get(area, ()) if not done),
                "left": say.count("more_spots", left) if left else "",
                "spots": [
                    {
                        "place": f"{spot.path}:{spot.line}" if spot.line else spot.path,
                        "url": links.spot_url(run.facts.change, options, spot),
                        "reasons": signoff_parts.reasons(spot, say),
                        "lines": list(_changed(spot.lines)),
                    }
                    for spot in spots
                ],
            }
        )
    made = say("made" if facts.roles else "authors")
    return {
        "areas": rows,
        "signoff_state": say("signoff.state", n=len(facts.accepted), needed=facts.needed),
        "people": [
            (say("accepted"), ", ".join(sorted(facts.accepted))),
            (say("objections"), ", ".join(sorted(facts.objections))),
            (say("unresolved"), ", ".join(sorted(facts.unresolved))),
            (made, ", ".join(signoff_parts.makers(facts)) if waiting else ""),
        ],
        "how": [line.replace("`", "") for line in signoff_parts.how(run, say)],
        "ignored": sorted(facts.ignored),
    }


def _changed(lines: Sequence[signoff_parts.Line]) -> Iterator[Line]:
    width = max((len(str(line.number)) for line in lines), default=1)
    for line in lines:
        text = f"{line.sign} {line.number:>{width}} │ {code_line(line.text)}"
        yield Line(Source(text), "plus" if line.sign == "+" else "minus")


def _filters(
    found: Sequence[Finding], say: Catalogue
) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
    severities = Counter(f.severity for f in found)
    decisions = Counter(f.decision for f in found)
    states = Counter(f.state for f in found)
    yield (
        say("page.severity"),
        "severity",
        [(s.word, s.word, f"{severities[s]:,}") for s in sorted(Severity, reverse=True) if severities[s]],
    )
    yield (
        say("page.decision"),
        "decision",
        [(d.value, say(f"decision.{d.value}"), f"{decisions[d]:,}") for d in order.DECISIONS if decisions[d]],
    )
    yield (
        say("page.state"),
        "state",
        [(s.value, say(f"state.{s.value}"), f"{states[s]:,}") for s in order.STATES if states[s]],
    )


def _finding(own: str, finding: Finding, run: Run, say: Catalogue, options: Options) -> dict[str, Any]:
    title = finding.title or finding.family or "finding"
    names = dict.fromkeys(
        (f"{w.tool} {w.rule_id}", http_url(w.url)) for w in order.witnesses(finding.witnesses)
    )
    commit = f"{finding.commit[:10]} ({finding.author_kind})" if finding.commit else ""
    return {
        "anchor": own,
        "short": finding.id.rpartition(":")[2][:8],
        "open": finding.decision in _ACTED_ON,
        "severity": finding.severity.word,
        "decision": finding.decision.value,
        "state": finding.state.value,
        "decision_word": say(f"decision.{finding.decision.value}"),
        "state_word": say(f"state.{finding.state.value}"),
        "title": title,
        "place": summary.place(finding),
        "url": links.line_url(run.facts.change, options, finding.path, finding.range.start_line),
        "message": summary.message(finding),
        "lines": list(_snippet(finding)),
        "hint": hint(finding.family, options.language),
        "suppression": finding.suppression or "",
        "family": finding.family,
        "cwe": sorted(finding.cwe),
        "witnesses": [{"name": name, "url": url} for name, url in names],
        "scope": finding.scope,
        "commit": commit,
    }


def _snippet(finding: Finding) -> Iterator[Line]:
    first = finding.snippet_start or 1
    width = len(str(first + len(finding.snippet) - 1))
    for number, text in enumerate(finding.snippet, first):
        marked = finding.range.start_line <= number <= finding.range.last_line
        yield Line(Source(f"{number:>{width}} │ {code_line(text)}"), "marked" if marked else "")


def _suppression(item: Suppression, say: Catalogue) -> dict[str, str]:
    state = say("waits" if item.needs_signoff else "effective" if item.effective else "ineffective")
    rules = say("blanket") if item.blanket else ", ".join(item.rules)
    return {
        "place": f"{item.path}:{item.line}" if item.line else item.path or "?",
        "what": f"{item.kind} {rules}".rstrip(),
        "state": _joined(state, say("added_here") if item.introduced else ""),
        "reason": _joined(
            item.owner or "", f"≤ {item.expires}" if item.expires else "", item.reason, item.why
        ),
    }


def _authorship(run: Run, say: Catalogue) -> dict[str, Any]:
    facts = run.facts.authorship
    own = [c for c in facts.commits if not c.merge] or list(facts.commits)
    told = say("authorship.commits", ai=f"{sum(c.verdict.is_ai for c in own):,}", all=f"{len(own):,}")
    lines = ""
    if facts.share_lines is not None:
        lines = say("authorship.lines", share=summary.percent(facts.share_lines))
    left = len(facts.commits) - MOST_COMMITS
    return {
        "authorship_sums": _joined(facts.verdict.value, told if own else say("authorship.none"), lines),
        "commits": [_commit(c) for c in facts.commits[:MOST_COMMITS]],
        "commits_left": say("more", n=f"{left:,}") if left > 0 else "",
    }


def _commit(commit: CommitAuthorship) -> dict[str, str]:
    return {
        "sha": commit.sha[:10],
        "subject": commit.subject,
        "verdict": commit.verdict.value,
        "agents": ", ".join(commit.agents),
        "evidence": "; ".join(_evidence(commit)),
    }


def _evidence(commit: CommitAuthorship) -> Iterable[str]:
    return dict.fromkeys(f"{e.grade}: {e.text}" for e in commit.evidence[:3])


def _tools(run: Run) -> Iterator[dict[str, str]]:
    for tool in order.tools(run.facts.tools):
        head = tool.head
        yield {
            "name": f"{head.tool} {head.version}".rstrip(),
            "status": head.status.value,
            "read": f"{len(head.scanned):,} / {len(head.targets):,}",
            "reason": head.reason,
        }


def _versions(run: Run, say: Catalogue) -> Iterator[tuple[str, str]]:
    stamp = run.stamp
    yield say("page.gate"), stamp.version
    yield say("policy"), _joined(stamp.policy_source, run.facts.policy.mode.value, stamp.policy_digest[:19])
    yield say("page.rules"), stamp.rulesets_digest[:19]
    yield say("page.registry"), _joined(stamp.registry_version, stamp.registry_digest[:19])
    if told := ai_parts.line(run.facts, say):
        rows = (
            ai_parts.remedy(run.facts.ai),
            *ai_parts.details(run.facts.ai),
            *ai_parts.unreviewed(run.facts.ai, say),
        )
        yield say("ai"), _joined(told, *rows)
    yield say("page.digest"), run.facts.change.change_digest[:19]
