"""One sentence a family on how such a weakness is usually fixed, English and Korean side by side."""

from __future__ import annotations

#: Family → (English, Korean). Families without one usual fix have no row.
HINTS: dict[str, tuple[str, str]] = {
    "sql-injection": ("Pass values as query parameters.", "값은 쿼리 매개변수로 전달하십시오."),
    "nosql-injection": ("Build the query from typed values.", "형식이 정해진 값으로 쿼리를 만드십시오."),
    "command-injection": (
        "Call the program with a list of arguments and without a shell.",
        "셸 없이 인자 목록으로 프로그램을 호출하십시오.",
    ),
    "code-injection": (
        "Parse the value, or look it up in a fixed table, instead of running it.",
        "값을 실행하지 말고 해석하거나 고정된 표에서 찾으십시오.",
    ),
    "deserialization": (
        "Read untrusted data with a format that makes plain values only, such as JSON.",
        "신뢰할 수 없는 데이터는 JSON처럼 단순한 값만 만드는 형식으로 읽으십시오.",
    ),
    "template-injection": (
        "Keep templates constant and pass values to them.",
        "템플릿은 고정하고 값만 넘기십시오.",
    ),
    "xss": (
        "Let the template escape the value; do not mark it as safe.",
        "템플릿이 값을 이스케이프하게 하고 안전하다고 표시하지 마십시오.",
    ),
    "path-traversal": (
        "Resolve the path and check that it stays inside the folder it belongs to.",
        "경로를 해석한 뒤 정해진 폴더 안에 있는지 확인하십시오.",
    ),
    "ssrf": ("Allow known hosts only.", "알려진 호스트만 허용하십시오."),
    "open-redirect": ("Redirect to paths of your own site only.", "자기 사이트의 경로로만 이동시키십시오."),
    "xxe": (
        "Switch external entities off, or use defusedxml.",
        "외부 엔터티를 끄거나 defusedxml을 사용하십시오.",
    ),
    "weak-hash": (
        "Use SHA-256, or argon2, scrypt or bcrypt for passwords.",
        "SHA-256을, 비밀번호에는 argon2, scrypt, bcrypt를 사용하십시오.",
    ),
    "weak-cipher": ("Use AES-GCM or ChaCha20-Poly1305.", "AES-GCM이나 ChaCha20-Poly1305를 사용하십시오."),
    "weak-key": (
        "Use RSA of 3072 bits or more, or an elliptic curve.",
        "RSA 3072비트 이상이나 타원 곡선을 사용하십시오.",
    ),
    "weak-tls": ("Require TLS 1.2 or newer.", "TLS 1.2 이상을 요구하십시오."),
    "weak-random": (
        "Use the operating system's random source, such as secrets.",
        "secrets처럼 운영 체제의 난수원을 사용하십시오.",
    ),
    "tls-verification": ("Leave certificate checks on.", "인증서 검증을 켜 두십시오."),
    "cleartext": ("Use the encrypted variant of the protocol.", "암호화된 프로토콜을 사용하십시오."),
    "hardcoded-secret": (
        "Read it from the environment or a secret store, and revoke this one.",
        "환경 변수나 비밀 저장소에서 읽고, 이 값은 폐기하십시오.",
    ),
    "debug-enabled": ("Switch debugging off by default.", "디버그를 기본으로 끄십시오."),
    "file-permissions": ("Grant only what is needed.", "필요한 권한만 주십시오."),
    "temp-file": ("Use tempfile, which makes names nobody can guess.", "tempfile을 사용하십시오."),
    "bind-all": ("Listen on the address that is needed.", "필요한 주소에서만 수신하십시오."),
    "authentication": ("Check who is calling before anything else.", "가장 먼저 호출자를 확인하십시오."),
    "authorization": (
        "Check that the caller may act on this very object.",
        "호출자가 바로 그 객체를 다룰 권한이 있는지 확인하십시오.",
    ),
    "csrf": ("Require a token on requests that change state.", "상태를 바꾸는 요청에 토큰을 요구하십시오."),
    "workflow-injection": (
        "Pass the value through an environment variable.",
        "값을 환경 변수로 전달하십시오.",
    ),
    "log-injection": ("Remove line breaks before logging.", "로그에 쓰기 전에 줄바꿈을 제거하십시오."),
    "signature-check": (
        "Verify the signature before using the content.",
        "내용을 쓰기 전에 서명을 검증하십시오.",
    ),
    "timing": ("Compare with a constant-time function.", "상수 시간 비교 함수를 사용하십시오."),
}


def hint(family: str, language: str) -> str:
    """Return how a weakness of `family` is usually fixed; empty for a family without a usual way."""
    pair = HINTS.get(family)
    return "" if pair is None else pair[language == "ko"]
