"""What the HTML template is given. Texts in it are still hostile: the template escapes everything it prints."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from gate.core.finding import Decision, Severity
from gate.core.verdict import Outcome
from gate.reports import ai_parts, html_source, links, machine, order, summary
from gate.reports.escape import http_url
from gate.reports.files import file_rows
from gate.reports.hints import hint
from gate.reports.html_signoff import signoff
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
_ACTED_ON = (Decision.BLOCK, Decision.SIGNOFF)


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
        **signoff(run, say, options),
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
        ("signoff", values["areas"] or values["near"]),
        ("findings", True),
        ("unscanned", values["missed"]),
        ("suppressions", values["suppressions"]),
        ("authorship", True),
        ("tools", True),
    ):
        if shown:
            yield anchor, say(anchor)


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
        "lines": list(html_source.snippet(finding)),
        "hint": hint(finding.family, options.language),
        "suppression": finding.suppression or "",
        "family": finding.family,
        "cwe": sorted(finding.cwe),
        "witnesses": [{"name": name, "url": url} for name, url in names],
        "scope": finding.scope,
        "commit": commit,
    }


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
            ai_parts.remedy(run.facts.ai, say),
            *ai_parts.unreviewed(run.facts.ai, say),
            *ai_parts.details(run.facts.ai, say),
        )
        yield say("ai"), _joined(told, *rows)
    yield say("page.digest"), run.facts.change.change_digest[:19]
