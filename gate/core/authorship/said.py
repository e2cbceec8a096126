"""The sentences in which people say, at a line of their own, that a tool wrote or helped: patterns for any name."""

from __future__ import annotations

from typing import Final

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


def wrote(name: str) -> str:
    """Return the pattern of lines such as `Tests written by NAME.`; `name` is a pattern without `^` and `$`."""
    sentences = []
    for word in ("by", "with", "using"):
        # Outside of a group, so that only messages with these words are read.
        who = f" {word} {name}{_END}"
        sentences += [
            f"{_LEAD}{_DONE}{_ADVERB} {word} {name}{_END_OR_COMMA}",
            f"{_LEAD}{_SUBJECT} {_WAS}{_ADVERB} {_VERB}{_ADVERB}{who}",
            f"{_LEAD}{_one_of(_PIECES)} {_VERB}{who}",
        ]
    sentences.append(rf"^[_*]?\((created|generated|written) by {name}\)")
    return "|".join(sentences)


def helped(name: str) -> str:
    """Return the pattern of lines such as `Written with the help of NAME` or the answer `Which tools? NAME`."""
    done = f"({_SUBJECT} ({_WAS} )?{_VERB}|{_DONE})"
    sentences = [
        f"{_LEAD}{done} (with|with the|with some) {word} {name}\\b"
        for word in (
            "help from",
            "help of",
            "assistance from",
            "assistance of",
            "aid of",
            "AI assistance using",
            "AI assistance from",
        )
    ]
    sentences += [
        f"{_LEAD}Assisted by:? {name}([_*.;:]|$| \\()",
        f"^(AI \\()?{name}\\)? was used (to|for) {_TO_WRITE}",
    ]
    sentences.append(f"^(Note: u|U)sed {name}{_END}")
    sentences += [f"^{used} {name} (to|for) {_TO_WRITE}" for used in ("I used", "We used", "Used")]
    sentences += [
        rf"^([-*] |\d\. )?{asked}( were used| did you use)?\? ({name}|{name.lower()})\b"
        for asked in ("Which tools", "Which AI tools")
    ]
    return "|".join(sentences)


def labelled(word: str) -> str:
    """Return the pattern of lines such as `This PR is almost 100% AI-generated` or `Some AI assistance.`, where no
    tool is named; `word` is `AI` or the like.
    """
    share = f"(almost |nearly )?(({'|'.join(_ADVERBS)}|\\d\\d%|\\d\\d\\d%) )?"
    sentences = []
    for joint in " -":
        for verb in ("generated", "written", "authored", "assisted", "guided"):
            what = f"{word}{joint}{verb}([.,:;_*]|$| with )"
            sentences += [
                f"{_LEAD}{_SUBJECT} (is|are|was|were|has been|have been) {share}{what}",
                f"{_LEAD}{_one_of((*_capital(_ADVERBS), 'Heavily'))} {what}",
            ]
        sentences.append(f"{_LEAD}{word}{joint}assisted( coding)?([.,;_*]|$)")
    ticked = r"^[-*] \[[xX]\] "
    sentences += [
        rf"{ticked}(This|The) {_CHANGE} contains {word}[ -](generated|assisted) ",
        rf"{ticked}Parts of this {_CHANGE} were (created|written|generated) (with|by) (the help of )?(an )?{word}\b",
    ]
    amount = "(With|Some|Minor|Mild|Very mild|Light|Heavy|Full|Significant)"
    sentences += [f"{_LEAD}{amount} {word} {noun}([.,:;_*]|$| \\()" for noun in ("assistance", "help", "use")]
    sentences += [
        f"^{used} {word}( assistant| agent| tool| tools)? (to|for) {_TO_WRITE}"
        for used in ("I used", "We used", "Used", "I used an", "We used an", "Used an")
    ]
    return "|".join(sentences)
