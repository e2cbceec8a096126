"""The sentences in which people say, at a line of their own, that a tool wrote or helped: patterns for any name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gate.core.authorship.patterns import Pattern, PatternError, leading_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_ADVERBS: Final = (
    "entirely", "fully", "completely", "largely", "mostly", "mainly", "primarily", "predominantly", "partly",
    "partially",
)  # fmt: skip
_VERBS: Final = (
    "created", "generated", "written", "implemented", "done", "developed", "built", "drafted", "authored", "coded",
    "made", "ported", "produced", "vibe coded", "vibe-coded",
)  # fmt: skip
_WORKS: Final = (
    "PR", "MR", "pull request", "merge request", "commit", "change", "changes", "patch", "code", "test", "tests",
    "unit tests", "implementation", "work", "fix", "refactoring", "documentation", "heavy lifting",
)  # fmt: skip
_PIECES: Final = (
    "Test",
    "Tests",
    "Unit test",
    "Unit tests",
    "Unit Tests",
    "PR",
    "Pull request",
    "Commit",
    "Patch",
)


def _one_of(words: tuple[str, ...]) -> str:
    return f"({'|'.join(words)})"


def _capital(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.capitalize() for word in words)


_ADVERB: Final = f"( {_one_of(_ADVERBS)})?"
_VERB: Final = _one_of(_VERBS)
_CHANGE: Final = "(PR|pull request|change|commit)"
_AMOUNT: Final = "(With|Some|Minor|Mild|Very mild|Light|Heavy|Full|Significant)"
#: A line that begins in lower case is the middle of a sentence, which may be about anything.
_DONE: Final = f"({_one_of(_capital(_ADVERBS))} {_VERB}|{_one_of(_capital(_VERBS))})"
_LEAD: Final = r"^[_*-]{0,2} ?"
#: Present tense says what software does, so only the past counts.
_WAS: Final = "(was|were|has been|have been)"
_SUBJECT: Final = (
    f"((This|These|The|All) {_one_of(_WORKS)}|This|{_one_of((*_PIECES, 'Code', 'Implementation'))})"
)
_END: Final = r"([_*.;:]|$| \(| and (Claude|Codex|Cursor|Copilot|Gemini|ChatGPT)\b| working with )"
_END_OR_COMMA: Final = _END.replace(".;:", ".,;:")
_TO_WRITE: Final = (
    "(help |assist |help with )?(write|writing|generate|generating|implement|create|creating|refactor|draft|port|translat|code"
    "|coding|develop)"
)


def wrote(name: str) -> Pattern:
    """Return the pattern of lines such as `Tests written by NAME.`

    `name` is a pattern, too, and begins with the name as it stands. Raises PatternError if it does not.
    """
    leading = leading_text(name)
    who = f" (by|with|using) {name}"
    sentences = (
        f"{_LEAD}{_DONE}{_ADVERB}{who}{_END_OR_COMMA}",
        f"{_LEAD}{_SUBJECT} {_WAS}{_ADVERB} {_VERB}{_ADVERB}{who}{_END}",
        f"{_LEAD}{_one_of(_PIECES)} {_VERB}{who}{_END}",
        rf"^[_*]?\((created|generated|written) by {name}\)",
    )
    return _pattern(sentences, (f" {word} {leading}" for word in ("by", "with", "using")))


def helped(name: str) -> Pattern:
    """Return the pattern of lines such as `Written with the help of NAME` or the answer `Which tools? NAME`.

    `name` as above.
    """
    leading = leading_text(name)
    done = f"({_SUBJECT} ({_WAS} )?{_VERB}|{_DONE})"
    sentences = (
        f"{_LEAD}{done} (with|with the|with some) ((help|assistance|aid) (from|of)|AI assistance (using|from)) {name}\\b",
        f"{_LEAD}Assisted by:? {name}([_*.;:]|$| \\()",
        f"^(AI \\()?{name}\\)? was used (to|for) {_TO_WRITE}",
        f"^((I|We) used|Used) {name} (to|for) {_TO_WRITE}",
        f"^(Note: u|U)sed {name}{_END}",
        rf"^([-*] |\d\. )?Which (AI )?tools\? ({name}|{name.lower()})\b",
    )
    needles = ["assisted by", "tools? "]
    needles += [f"{word} {leading}" for word in ("from", "of", "using", "used")]
    needles += [
        f"{leading}{more} was used" for more in ("", ")", " code", " cli", " ai", " ide", " agent", " chat")
    ]
    return _pattern(sentences, needles)


def labelled(word: str) -> Pattern:
    """Return the pattern of lines such as `This PR is almost 100% AI-generated` or `Some AI assistance.`, where no
    tool is named; `word` is `AI` or the like. Raises PatternError if it is not a word.
    """
    if not word.isalpha():
        raise PatternError("is not a word")
    label = f"{word}[ -](generated|assisted)([.,:;_*]|$| with )"
    share = f"(almost |nearly )?(({'|'.join(_ADVERBS)}|\\d\\d%|\\d\\d\\d%) )?"
    ticked = r"^[-*] \[[xX]\] "
    sentences = (
        f"{_LEAD}{_SUBJECT} (is|are|was|were|has been|have been) {share}{label}",
        f"{_LEAD}{_one_of((*_capital(_ADVERBS), 'Heavily'))} {label}",
        f"{_LEAD}{word}[ -]assisted( coding)?([.,;_*]|$)",
        f"{ticked}(This|The) {_CHANGE} contains {word}[ -](generated|assisted) ",
        f"{_LEAD}{_AMOUNT} {word} assistance([.,:;_*]|$| \\()",
    )
    low = word.lower()
    needles = [f"{low}{joint}{verb}" for joint in " -" for verb in ("generated", "assist")]
    return _pattern(sentences, needles)


def _pattern(sentences: Iterable[str], needles: Iterable[str]) -> Pattern:
    return Pattern(text="|".join(sentences), needles=tuple(needles))
