"""One sentence a family on how such a weakness is usually fixed; see `gate.reports.messages`."""

from __future__ import annotations

from gate.reports.languages import said

#: Family → English. Families without one usual fix have no row.
HINTS: dict[str, str] = {
    "sql-injection": "Pass values as query parameters.",
    "nosql-injection": "Build the query from typed values.",
    "command-injection": "Call the program with a list of arguments and without a shell.",
    "code-injection": "Parse the value, or look it up in a fixed table, instead of running it.",
    "deserialization": "Read untrusted data with a format that makes plain values only, such as JSON.",
    "template-injection": "Keep templates constant and pass values to them.",
    "xss": "Let the template escape the value; do not mark it as safe.",
    "path-traversal": "Resolve the path and check that it stays inside the folder it belongs to.",
    "ssrf": "Allow known hosts only.",
    "open-redirect": "Redirect to paths of your own site only.",
    "xxe": "Switch external entities off, or use defusedxml.",
    "weak-hash": "Use SHA-256, or argon2, scrypt or bcrypt for passwords.",
    "weak-cipher": "Use AES-GCM or ChaCha20-Poly1305.",
    "weak-key": "Use RSA of 3072 bits or more, or an elliptic curve.",
    "weak-tls": "Require TLS 1.2 or newer.",
    "weak-random": "Use the operating system's random source, such as secrets.",
    "tls-verification": "Leave certificate checks on.",
    "cleartext": "Use the encrypted variant of the protocol.",
    "hardcoded-secret": "Read it from the environment or a secret store, and revoke this one.",
    "debug-enabled": "Switch debugging off by default.",
    "file-permissions": "Grant only what is needed.",
    "temp-file": "Use tempfile, which makes names nobody can guess.",
    "bind-all": "Listen on the address that is needed.",
    "authentication": "Check who is calling before anything else.",
    "authorization": "Check that the caller may act on this very object.",
    "csrf": "Require a token on requests that change state.",
    "workflow-injection": "Pass the value through an environment variable.",
    "log-injection": "Remove line breaks before logging.",
    "signature-check": "Verify the signature before using the content.",
    "timing": "Compare with a constant-time function.",
}


def hint(family: str, language: str) -> str:
    """Return how a weakness of `family` is usually fixed; empty for a family without a usual way."""
    usual = HINTS.get(family)
    return "" if usual is None else said(f"fix.{family}", usual, language)
