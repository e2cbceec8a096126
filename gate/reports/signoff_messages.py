"""Phrases about sign-off, English and Korean side by side; part of `messages.PHRASES`."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "overridden": ("OVERRIDDEN by {who}", "{who} 님이 강제 통과시킴"),
    "overridden.who": (
        "A missing sign-off was overridden until {until}: {reason}",
        "누락된 승인을 {until}까지 강제로 통과시켰습니다. 이유: {reason}",
    ),
    "overridden.recent": ("{n} overrides in 90 days.", "90일 동안 강제 통과 {n}건."),
    "overridden.missing": ("Not signed off: {missing}", "승인되지 않은 것: {missing}"),
    # Why a place was flagged
    "flag.L0.gate-file": ("part of the gate's own configuration", "게이트 자체의 설정 파일"),
    "flag.L0.owners": ("says who owns or signs code", "코드의 소유자나 서명자를 정하는 파일"),
    "flag.L0.ci": ("runs in the pipeline", "파이프라인에서 실행되는 파일"),
    "flag.L0.git": (
        "changes what git and its tools show of the code",
        "git과 도구가 보여 주는 내용을 바꾸는 파일",
    ),
    "flag.L0.agent": ("instructs or configures coding agents", "코딩 에이전트를 지시하거나 설정하는 파일"),
    "flag.L0.scanner": ("configures a scanner or a hook", "스캐너나 훅을 설정하는 파일"),
    "flag.L0.gitlink": ("a submodule: its code is not in this change", "서브모듈 (코드는 이 변경에 없음)"),
    "flag.L0.symlink": ("a symbolic link", "심볼릭 링크"),
    "flag.L0.exec": ("became executable, or no longer is", "실행 권한이 바뀜"),
    "flag.L0.binary": ("content that cannot be read as text", "텍스트로 읽을 수 없는 내용"),
    "flag.L0.size": ("too large to be read", "너무 커서 읽을 수 없음"),
    "flag.L0.minified": ("a line too long to be reviewed", "검토하기에 너무 긴 줄"),
    "flag.L0.path": ("a name with characters that mislead", "오해를 일으키는 문자가 있는 이름"),
    "flag.L0.bidi": ("invisible or direction-changing characters", "보이지 않거나 방향을 바꾸는 문자"),
    "flag.suppression.added": (
        "a comment that hides a finding was added",
        "발견 사항을 숨기는 주석이 추가됨",
    ),
    "flag.L1": ("its path is named like this area", "경로 이름이 이 영역에 해당함"),
    "flag.L1.text": ("its path is named like this area ({text})", "경로 이름이 이 영역에 해당함 ({text})"),
    "flag.L1.site-path": (
        "the policy names its path ({text})",
        "정책에서 지정한 경로 ({text})",
    ),
    "flag.L2": ("a changed line speaks of {word}", "바뀐 줄에 {word} 관련 코드가 있음"),
    "flag.L3": ("code that the rule {rule} looks for", "규칙 {rule}에 해당하는 코드"),
    "flag.L4": ("a dependency of this area changed", "이 영역의 의존성이 바뀜"),
    "flag.ai": ("a model named this place", "모델이 지적한 곳"),
    "flag.other": ("rule {rule}", "규칙 {rule}"),
    "n.more_spots": (
        "{n} more place in the JSON report|{n} more places in the JSON report",
        "그 밖의 {n}곳은 JSON 보고서 참조",
    ),
    "n.more_lines": (
        "{n} more changed line here|{n} more changed lines here",
        "여기에 바뀐 줄 {n}개 더 있음",
    ),
    "flagged": ("What was flagged", "지적된 코드"),
    # Who, and how
    "cannot_sign": ("cannot sign", "승인 불가"),
    "made": ("cannot sign, for they made it", "승인 불가 (변경을 만든 사람)"),
    "how": ("how", "방법"),
    "how.github": (
        "{people}: open the pull request, Files changed, Review changes, Approve. Then run this job again.",
        "{people}: 풀 리퀘스트에서 Files changed → Review changes → Approve를 누른 뒤 이 작업을 다시 실행하십시오.",
    ),
    "how.gitlab": (
        "{people}: open the merge request and press Approve. Then run this job again.",
        "{people}: 머지 리퀘스트에서 Approve를 누른 뒤 이 작업을 다시 실행하십시오.",
    ),
    "how.forge": (
        "{people}: approve the merge request. Then run the gate again.",
        "{people}: 머지 리퀘스트를 승인한 뒤 게이트를 다시 실행하십시오.",
    ),
    "how.sign": (
        "{people}, with a key: {command}. Then run the gate again with --signoffs and the file that it writes.",
        "{people}, 서명 키 사용: {command}. 그런 다음 생성된 파일을 --signoffs로 지정해 게이트를 다시 실행하십시오.",
    ),
    "statement.counts": ("counts", "인정됨"),
    "statement.none": ("There is no signed statement.", "서명된 승인서가 없습니다."),
    "statement.no_area": (
        "No sensitive area is touched, so no statement is needed and none was read.",
        "민감 영역을 건드리지 않아 승인서가 필요 없으며 읽지 않았습니다.",
    ),
    "statement.not_signed": ("not part of this signature", "이 서명에 포함되지 않음"),
    "statement.says": ("What you are about to sign", "서명할 내용"),
    "how.no_key": (
        (
            "{people}: approve the merge request, and give its reviews with --reviews FILE; or list a key of theirs "
            "(signoff.humans[].keys) on the target branch, and they can sign without a forge."
        ),
        (
            "{people}: 머지 리퀘스트를 승인하고 그 리뷰를 --reviews FILE로 지정하십시오. 또는 대상 브랜치의 정책에 "
            "서명 키(signoff.humans[].keys)를 등록하면 포지 없이 서명할 수 있습니다."
        ),
    ),
    # The derivation
    "derive": ("How the sign-off was decided", "승인 판정 과정"),
    "derive.1": ("What was compared", "비교 대상"),
    "derive.2": ("Sensitive areas", "민감 영역"),
    "derive.3": ("Who made the change", "변경을 만든 사람"),
    "derive.4": ("How many must sign", "필요한 승인 수"),
    "derive.5": ("Whose word counts", "승인할 수 있는 사람"),
    "derive.6": ("What was said", "제출된 의견"),
    "derive.7": ("Result", "결과"),
    "derive.base": ("base {sha}, going to {target}", "기준 {sha}, 대상 {target}"),
    "derive.head": ("head {sha}, content {digest}", "헤드 {sha}, 내용 {digest}"),
    "derive.policy": (
        "policy: {source} (a policy in the change itself has no say)",
        "정책: {source} (변경 안의 정책은 적용되지 않음)",
    ),
    "derive.none": ("None is touched, so nobody has to sign.", "해당 없음. 승인이 필요하지 않습니다."),
    "derive.made": ("{who}: {role}, cannot sign off", "{who}: {role}, 승인할 수 없음"),
    "derive.nobody": ("nobody is known to have made it", "만든 사람을 알 수 없음"),
    "derive.ai": (
        "An AI took part: its commits, trailers or account say so.",
        "AI가 참여함 (커밋, 트레일러 또는 계정에 표시됨).",
    ),
    "derive.no_ai": ("Nothing says that an AI took part.", "AI가 참여했다는 표시가 없음."),
    "derive.accountable": (
        "Accountable, as the forge itself authenticated them: {people}",
        "포지가 인증한 책임자: {people}",
    ),
    "derive.not_accountable": (
        "No listed human is known to have opened, requested or pushed this.",
        "이 변경을 열거나 요청하거나 푸시한 등록된 사람이 확인되지 않음.",
    ),
    "derive.unresolved": ("Unknown people: {people}", "확인되지 않은 사람: {people}"),
    "derive.pushers": ("Who pushed the branch is not known.", "브랜치를 푸시한 사람을 알 수 없음."),
    "derive.needed": (
        "{needed} (policy: signoff.min {min}, signoff.ai_min {ai_min})",
        "{needed}명 (정책: signoff.min {min}, signoff.ai_min {ai_min})",
    ),
    "derive.because": ("raised because {reason}", "늘어난 이유: {reason}"),
    "derive.reviewers": ("reviewers: {people}", "검토자: {people}"),
    "derive.owners": (
        "owners of {paths}: {needed} of {people}",
        "{paths}의 소유자: {people} 중 {needed}명",
    ),
    "derive.barred": ("{who} cannot: {why}", "{who} 불가: {why}"),
    "derive.not_asked": (
        "No forge was asked for reviews; signed statements alone can count.",
        "포지에서 리뷰를 가져오지 않음. 서명된 승인서만 인정될 수 있음.",
    ),
    "derive.asked": ("Reviews come from: {forge}", "리뷰 출처: {forge}"),
    "derive.accepted": ("{who}: counts", "{who}: 인정"),
    "derive.carried": (
        "{who}: counts, given for an earlier commit with the same content",
        "{who}: 인정 (내용이 같은 이전 커밋에 대한 승인)",
    ),
    "derive.ignored": ("{who}: does not count, {why}", "{who}: 인정 안 됨, {why}"),
    "derive.objected": ("{who}: asked for changes", "{who}: 변경 요청"),
    "derive.silent": ("nothing", "없음"),
    "derive.statement": ("statement {id} ({source})", "승인서 {id} ({source})"),
    "derive.served": ("{area}: answered for by {people}", "{area}: {people} 님이 승인"),
    "derive.waiting": ("{area}: nobody answered for it yet", "{area}: 아직 승인 없음"),
    "derive.partly": (
        "{area}: {people} signed, and that is not enough",
        "{area}: {people} 님이 승인했으나 부족함",
    ),
    "derive.count": ("{n} of {needed} people signed", "{needed}명 중 {n}명 승인"),
    "derive.missing": ("missing: {what}", "남은 것: {what}"),
    "derive.unweighed": (
        "Approvals were not weighed: facts are missing.",
        "필요한 정보가 없어 승인을 판정하지 않음.",
    ),
}
