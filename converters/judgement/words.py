"""What a word is. One function, used wherever words are counted or limited."""

from __future__ import annotations

from typing import Literal

import regex

__all__ = ["Count", "count_words"]

Count = Literal["words", "whitespace", "characters"]

# Scripts that are written without spaces between words. U+30FC is of script Common, though only Kana uses it.
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_CLUSTER = regex.compile(rf"(?={_UNSPACED})\X")
_SPACED = regex.compile(r"[\p{L}\p{N}]")


def count_words(text: str, count: Count = "words") -> int:
    """How many words ``text`` has.

    ``words``: a word is a run of non-white-space; within it, each grapheme cluster of a script that puts no spaces
    between words (Han, Kana, Thai, Lao, Khmer, Myanmar) is a word of its own, as is each stretch between them that
    has a letter or a number (so that punctuation beside them is none). ``whitespace``: ``len(text.split())``.
    ``characters``: grapheme clusters other than white space.
    """
    if count == "whitespace":
        return len(text.split())
    if count == "characters":
        return sum(not cluster.isspace() for cluster in regex.findall(r"\X", text))
    return sum(_words_of_run(run) for run in text.split())


def _words_of_run(run: str) -> int:
    if run.isascii():
        return 1
    between = _CLUSTER.split(run)
    if len(between) == 1:
        return 1
    return len(between) - 1 + sum(bool(_SPACED.search(part)) for part in between)
