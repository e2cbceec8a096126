"""The fixed phrases of reports for people, English and Korean side by side.

Keys, codes, rule ids, severities and states are never translated. Reasons are sentences of the core and are said
again by `gate.reports.sentences`. `{name}` is filled in by the report; `one|many` holds singular and plural (Korean needs none).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gate.reports.html_messages import PHRASES as HTML_PHRASES
from gate.reports.signoff_messages import PHRASES as SIGNOFF_PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LANGUAGES = ("en", "ko")

PHRASES: dict[str, tuple[str, str]] = {
    # Verdicts
    "passed": ("PASSED", "통과"),
    "needs_signoff": ("WAITING FOR SIGN-OFF", "승인 대기"),
    "blocked": ("BLOCKED", "차단"),
    "incomplete": ("INCOMPLETE", "검사 미완료"),
    # Who must do what
    "passed.who": ("Nothing is left to do.", "더 할 일이 없습니다."),
    "passed.signed": (
        "Nothing is left to do; signed off by {people}.",
        "더 할 일이 없습니다. 승인: {people}.",
    ),
    "blocked.findings": ("The author must fix {findings}.", "작성자가 {findings}을 고쳐야 합니다."),
    "blocked.objection": (
        "{people} asked for changes; only {people} can clear that.",
        "{people} 님이 변경을 요청했습니다. 본인만 해제할 수 있습니다.",
    ),
    "blocked.reasons": (
        "The author must resolve the reasons below.",
        "작성자가 아래 사유를 해결해야 합니다.",
    ),
    "wait.all": ("{people} must sign off ({areas}).", "{people} 님의 승인이 필요합니다 ({areas})."),
    "wait.some": ("Sign-off is needed: {parts}.", "승인 필요: {parts}."),
    "wait.part": ("{area} by {people}", "{area} → {people}"),
    "wait.nobody": (
        "Nobody can sign off {areas} yet.",
        "{areas} 영역을 승인할 수 있는 사람이 아직 없습니다.",
    ),
    "wait.more": ("{approvals} needed.", "승인 {approvals}이 더 필요합니다."),
    "wait.reasons": (
        "A reviewer must sign off; see why below.",
        "검토자의 승인이 필요합니다. 아래 사유를 보십시오.",
    ),
    "incomplete.who": (
        "Not everything could be checked; whoever runs the pipeline must clear {reasons}.",
        "일부를 검사하지 못했습니다. 파이프라인 담당자가 사유 {reasons}을 해결해야 합니다.",
    ),
    "also.blocked": ("Also blocking: {findings}.", "차단 대상도 있습니다: {findings}."),
    "observe": ("Observe mode: the job does not fail.", "관찰 모드: 작업은 실패하지 않습니다."),
    # What to do next
    "next": ("next", "다음"),
    "exit": ("exit {code}", "종료 코드 {code}"),
    "next.passed": ("merge when you are ready", "준비되면 병합하십시오"),
    "next.fix": ("fix {place}, then push again", "{place}을(를) 고친 뒤 다시 푸시하십시오"),
    "next.fix_many": (
        "fix the {findings}, {place} first, then push again",
        "{findings}을 고친 뒤 다시 푸시하십시오. 첫 위치: {place}",
    ),
    "next.ask": ("ask {people} to approve this change", "{people} 님에게 승인을 요청하십시오"),
    "next.objection": ("settle it with {people}", "{people} 님과 협의하십시오"),
    "next.name": (
        "name a reviewer for {areas} in the policy of the target branch",
        "대상 브랜치의 정책에 {areas} 영역의 검토자를 지정하십시오",
    ),
    "next.reasons": ("do what the first reason says", "첫 번째 사유가 말하는 대로 하십시오"),
    # Sections
    "why": ("Why", "사유"),
    "to_pass": ("to pass", "해결"),
    "passed_rules": ("Also checked", "그 밖의 점검"),
    "all_reasons": ("All reasons", "모든 사유"),
    "signoff": ("Sign-off", "승인"),
    "signoff.state": ("{n} of {needed} accepted", "{needed}건 중 {n}건 인정"),
    "can_sign": ("can sign", "승인 가능"),
    "nobody": (
        "no eligible reviewer (none is configured, or all of them wrote this change)",
        "승인할 수 있는 검토자가 없음 (지정되지 않았거나 모두 이 변경의 작성자)",
    ),
    "accepted": ("accepted", "인정"),
    "not_counted": ("does not count", "인정 안 됨"),
    "objections": ("asked for changes", "변경 요청"),
    "authors": ("cannot sign (authors)", "승인 불가 (작성자)"),
    "unresolved": ("unknown people", "확인되지 않은 사람"),
    "findings": ("Findings", "발견 사항"),
    "findings.none": ("none", "없음"),
    "findings.fixed": ("{n} fixed by this change", "이 변경으로 {n}건 해결"),
    "blocking": ("Blocking", "차단"),
    "waiting": ("Waiting for sign-off", "승인 대기"),
    "noted": ("Noted, not blocking", "참고 (차단 아님)"),
    "hidden": ("Suppressed or waived", "억제 또는 면제"),
    "advice": ("Source and advice", "소스와 조치"),
    "fix": ("fix", "수정"),
    "seen": ("seen by", "탐지"),
    "suppressions": ("Suppressions and waivers", "억제와 면제"),
    "added_here": ("added by this change", "이 변경에서 추가됨"),
    "effective": ("in effect", "적용됨"),
    "ineffective": ("no effect", "효과 없음"),
    "waits": ("waits for sign-off", "승인 대기"),
    "blanket": ("everything", "전체"),
    "authorship": ("Authorship", "작성 주체"),
    "authorship.commits": ("{ai} of {all} commits by AI, merges left out", "커밋 {all}건 중 AI {ai}건"),
    "authorship.none": ("no commits", "커밋 없음"),
    "authorship.agents": ("agents: {agents}", "에이전트: {agents}"),
    "authorship.suppressed": (
        "attribution is switched off in the tree, so nothing declared proves nothing",
        "저장소에서 AI 표기가 꺼져 있어 선언이 없다는 것은 아무 증거가 되지 않습니다",
    ),
    "authorship.introduced": ("set by this change", "이 변경에서 설정됨"),
    "authorship.base_only": ("at the base only", "기준 커밋에만 있음"),
    "authorship.intent": (
        "the tool does not read it from a repository",
        "도구는 저장소의 이 설정을 읽지 않음",
    ),
    "authorship.advice": (
        "To count undeclared commits as AI, set this in the policy: {setting}",
        "선언 없는 커밋을 AI로 세려면 정책에 다음을 설정하십시오: {setting}",
    ),
    "authorship.request": ("said of the merge request itself: {places}", "병합 요청 자체의 정보: {places}"),
    "authorship.account": ("opened by {account}", "{account} 계정이 생성"),
    "authorship.body": ("line {line} of its description", "설명 {line}번째 줄"),
    "authorship.no_requests": (
        "messages name merge requests whose commits this clone does not have; this fetches them",
        "메시지가 가리키는 병합 요청의 커밋이 이 사본에 없습니다. 다음 명령으로 가져오십시오",
    ),
    "authorship.squash": (
        "squash of {request}: {ai} of {all} commits by AI",
        "{request} 스쿼시: 커밋 {all}건 중 AI {ai}건",
    ),
    "authorship.squash_differs": ("and it changes other files", "변경한 파일이 서로 다름"),
    "authorship.registry": ("signatures", "시그니처"),
    "authorship.added": ("the team adds {ids}", "팀 추가: {ids}"),
    "authorship.disabled": ("the team disables {ids}", "비활성화: {ids}"),
    "authorship.reverts": ("reverts {sha}", "{sha} 되돌림"),
    "authorship.unreadable": ("could not be read: {sources}", "읽을 수 없음: {sources}"),
    "authorship.agent": ("By agent", "에이전트별"),
    "authorship.month": ("By month", "월별"),
    "authorship.all": ("commits", "커밋"),
    "authorship.first": ("first", "처음"),
    "authorship.last": ("last", "마지막"),
    "authorship.before": ("before", "이전"),
    "authorship.share": ("share", "비율"),
    "authorship.none_ai": (
        "No commit says that an agent took part.",
        "에이전트 참여를 밝힌 커밋이 없습니다.",
    ),
    "authorship.list": (
        "{commits} are not listed: --list shows them, --ai those by AI, -o csv or -o json writes them",
        "{commits} 목록 생략: --list 전체 표시, --ai AI 커밋만 표시, -o csv / -o json 저장",
    ),
    "authorship.sources": ("sources", "출처"),
    "authorship.lines": ("{share} of the added lines", "추가된 줄의 {share}"),
    "authorship.no_notes": (
        "no notes on single lines in this clone; if there are any, this fetches them",
        "이 사본에는 줄 단위 노트가 없습니다. 있다면 다음 명령으로 가져오십시오",
    ),
    "unscanned": ("Not scanned", "검사하지 않음"),
    "unscanned.excluded": ("excluded by the policy ({glob})", "정책에서 제외됨 ({glob})"),
    "unscanned.uncovered": ("no scanner reads this language", "이 언어를 읽는 스캐너가 없음"),
    "unscanned.unopened": ("could not be opened", "열 수 없음"),
    "unscanned.installed": (
        "installed packages, left out; to scan them, give this folder as PATH",
        "설치된 패키지라 제외함. 검사하려면 이 폴더를 PATH로 지정하십시오",
    ),
    "unscanned.base": ("{reason} (base side)", "{reason} (기준 쪽)"),
    "tools": ("Tools", "도구"),
    "ai": ("AI review", "AI 검토"),
    "ai.performed": ("performed by {engine} over {files}", "{engine} 수행, {files}"),
    "ai.not_performed": ("not performed ({reason})", "수행되지 않음 ({reason})"),
    "ai.incomplete": (
        "incomplete ({n} of {of} files not reviewed, {reason})",
        "미완료 (파일 {of}개 중 {n}개 검토되지 않음, {reason})",
    ),
    "ai.runs": ("runs {n}", "실행 {n}"),
    "ai.agreement": ("agreement {share}", "일치도 {share}"),
    "ai.unreviewed": ("not reviewed", "검토되지 않음"),
    "tools.none": ("no scanner ran", "실행된 스캐너 없음"),
    "tools.files": ("{scanned} of {targets} read", "파일 {targets}개 중 {scanned}개 검사"),
    "tools.covered": (
        "not counted, for our rules look for the same and found nothing: {rules}",
        "집계 제외(같은 문제를 보는 자체 규칙이 아무것도 찾지 못함): {rules}",
    ),
    "policy": ("policy", "정책"),
    "notes": ("Notes", "참고"),
    "areas": ("Sensitive areas", "민감 영역"),
    "areas.none": ("No sensitive area is touched.", "민감 영역을 건드리지 않았습니다."),
    "areas.context": (
        "Near a sensitive area, but nobody has to sign:",
        "민감 영역에 가깝지만 승인이 필요 없습니다:",
    ),
    "areas.context.test": ("tests", "테스트"),
    "areas.context.documentation": ("documentation", "문서"),
    "areas.context.format": ("layout and comments only", "서식과 주석만 바뀜"),
    "areas.context.rename": ("names of variables only", "변수 이름만 바뀜"),
    "areas.context.generated": ("generated code", "생성된 코드"),
    "where": ("Where", "위치"),
    "what": ("What", "내용"),
    "severity": ("Severity", "심각도"),
    "state": ("State", "상태"),
    "file": ("File", "파일"),
    "reason": ("Reason", "이유"),
    "area": ("Area", "영역"),
    "evidence": ("Evidence", "근거"),
    "by_family": ("By family", "유형별"),
    "by_folder": ("By folder", "폴더별"),
    "worst": ("Worst first", "심각한 순서"),
    "scan": ("Scan of {place}", "{place} 검사"),
    "worst.new": ("New, worst first", "새 발견 사항, 심각한 순서"),
    "worst.known": ("Known from the baseline", "기준 파일에 있는 항목"),
    "gone": ("Gone since the baseline", "기준 파일 이후 사라진 항목"),
    "unsure": ("In the baseline, and nobody can say whether they are gone", "사라졌는지 확인할 수 없는 항목"),
    "all": ("all", "합계"),
    "files": ("files", "파일"),
    "in_tests": ("{n} of them in tests", "그중 {n}건은 테스트 코드"),
    "scan.incomplete": (
        "{tools}. What is missing here is not known to be absent.",
        "{tools}. 여기에 없는 것이 실제로 없다는 뜻은 아닙니다.",
    ),
    "scan.new": ("{findings} not in the baseline", "기준 파일에 없는 {findings}"),
    "scan.known": ("{n} known from the baseline", "기준 파일에 있는 항목 {n}건"),
    "scan.gone": ("{n} gone since then", "사라진 항목 {n}건"),
    "scan.unsure": ("{n} that could not be looked for again", "다시 확인하지 못한 항목 {n}건"),
    "scan.unknown": (
        "{n} of those shown may be older: the baseline could not know them",
        "표시된 항목 중 {n}건은 이전부터 있었을 수 있음 (기준 파일이 알 수 없던 곳)",
    ),
    "baseline": ("baseline", "기준 파일"),
    "nothing_read": ("No file was read", "읽은 파일이 없습니다"),
    "nothing_read.empty": ("the folder is empty", "빈 폴더"),
    "nothing_read.tools": ("no scanner did its work", "검사를 마친 스캐너 없음"),
    "nothing_read.language": (
        "none is in a language that a scanner knows",
        "스캐너가 아는 언어로 된 파일이 없음",
    ),
    "nothing_read.code": (
        "No code was read: only rules for every language looked at these files",
        "읽은 코드 없음: 모든 언어용 규칙만 이 파일들을 검사함",
    ),
    "nothing_read.missed": ("see below why", "이유는 아래 참조"),
    "files.all": ("{n} in all", "모두 {n}개"),
    "files.read": ("{n} read", "{n}개 검사"),
    "files.missed": ("{n} not fully read", "{n}개 일부 또는 전부 검사 못 함"),
    "files.also_read": ("{n} only by rules for every language", "{n}개 모든 언어용 규칙으로만 검사"),
    "files.uncovered": ("{n} in languages without rules", "{n}개 규칙이 없는 언어"),
    "files.others": ("{n} in no language that a scanner knows", "{n}개 스캐너가 모르는 언어"),
    "files.links": ("{n} links not followed", "링크 {n}개 따라가지 않음"),
    "uncovered": ("Nobody looked for weaknesses in: {files}", "취약점을 찾지 않은 파일: {files}"),
    "seen.alone": ("{tools} alone {n}", "{tools} 단독 {n}"),
    "scan.more": ("{n} more: {severities}", "{n}건 더 있음: {severities}"),
    "scan.info": ("{n} of level info, only counted", "info 수준 {n}건은 개수만 표시"),
    "scan.next": (
        "To see every finding with its source: {all}. For programs: {programs}.",
        "모든 항목을 소스와 함께 보기: {all}. 프로그램용: {programs}.",
    ),
    "scan.adopt": (
        "To accept what is there today: {write}; then {read} shows only what is new.",
        "오늘의 상태를 기준으로 삼기: {write}. 이후 {read}: 새 항목만 표시.",
    ),
    "more.rows": ("{n} more: {findings}", "{n}개 더 있음: {findings}"),
    "full_report": ("Full report", "전체 보고서"),
    # Counts and cuts
    "n.findings": ("{n} finding|{n} findings", "발견 사항 {n}건"),
    "n.reasons": ("{n} reason|{n} reasons", "{n}건"),
    "n.commits": ("{n} commit|{n} commits", "커밋 {n}건"),
    "n.files": ("{n} file|{n} files", "파일 {n}개"),
    "n.more_places": ("and {n} more place|and {n} more places", "외 {n}곳"),
    "n.approvals": ("{n} more approval|{n} more approvals", "{n}건"),
    "n.merges": ("{n} merge|{n} merges", "병합 {n}건"),
    "n.hinted": (
        "{n} commit without an AI verdict carries a hint|{n} commits without an AI verdict carry hints",
        "AI 판정 없는 커밋 {n}건에 단서 있음",
    ),
    "n.pieces": ("{n} piece of evidence|{n} pieces of evidence", "근거 {n}건"),
    "more": ("{n} more in the JSON report", "JSON 보고서에 {n}건 더 있음"),
    "more.here": ("and {n} more", "외 {n}건"),
    "omitted": (
        "{n} omitted here; the JSON report has them all.",
        "{n}건 생략됨. JSON 보고서에 모두 있습니다.",
    ),
    "or": (" or ", " 또는 "),
    **SIGNOFF_PHRASES,
    **HTML_PHRASES,
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The phrases of one language; an unknown language speaks English."""

    language: str = "en"

    def __call__(self, key: str, **values: str | int) -> str:
        """Return phrase `key` with its fields filled in. Raises KeyError for a key or field that is missing."""
        return PHRASES[key][self.language == "ko"].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a phrase of this name."""
        return key in PHRASES

    def template(self, key: str) -> str:
        """Return phrase `key` with its fields still open."""
        return PHRASES[key][self.language == "ko"]

    def count(self, key: str, n: int) -> str:
        """Return phrase `n.key` for `n` things, with thousands separated."""
        one, _, many = PHRASES[f"n.{key}"][self.language == "ko"].partition("|")
        return (one if n == 1 or not many else many).format(n=f"{n:,}")

    def any_of(self, people: Sequence[str]) -> str:
        """Return `a`, `a or b`, `a, b or c`."""
        if len(people) < 2:
            return "".join(people)
        return ", ".join(people[:-1]) + self("or") + people[-1]

    def listed(self, items: Iterable[str], *, most: int) -> str:
        """Return `a, b, c and 4 more`, at most `most` of them."""
        every = list(items)
        shown = ", ".join(every[:most])
        return shown if len(every) <= most else f"{shown} {self('more.here', n=f'{len(every) - most:,}')}"
