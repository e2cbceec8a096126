"""Phrases of the HTML report, English and Korean side by side; see `gate.reports.messages`."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    "page.skip": ("Skip to the findings", "발견 사항으로 건너뛰기"),
    "page.sections": ("Sections", "목차"),
    "page.filter": ("Show findings of", "발견 사항 거르기"),
    "page.severity": ("Severity", "심각도"),
    "page.decision": ("Decision", "판정"),
    "page.state": ("State", "상태"),
    "page.weakness": ("weakness", "취약점 유형"),
    "page.scope": ("inside", "범위"),
    "page.written_by": ("written by", "작성"),
    "page.hidden_by": ("hidden by", "억제 사유"),
    "page.more": ("to learn more", "자세히"),
    "page.commit": ("Commit", "커밋"),
    "page.verdict": ("Written by", "작성 주체"),
    "page.agent": ("Agent", "에이전트"),
    "page.read": ("Files read", "검사한 파일"),
    "page.gate": ("gate", "게이트"),
    "page.rules": ("rules", "규칙"),
    "page.registry": ("agent signatures", "에이전트 시그니처"),
    "page.digest": ("change", "변경"),
    "page.offline": (
        "This page loads nothing and runs no script.",
        "이 페이지는 외부에서 아무것도 불러오지 않으며 스크립트를 실행하지 않습니다.",
    ),
    "decision.block": ("blocks", "차단"),
    "decision.signoff": ("waits for sign-off", "승인 대기"),
    "decision.note": ("noted", "참고"),
    "decision.suppressed": ("suppressed", "억제"),
    "decision.waived": ("waived", "면제"),
    "state.new": ("new", "신규"),
    "state.existing": ("existing", "기존"),
    "state.moved": ("moved", "이동"),
    "state.unknown": ("unknown", "알 수 없음"),
}
