"""Completion in bash, which takes a value as it is typed: with a backslash before spaces and other signs."""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem

_SIGN = re.compile(r"[^\w@%+=:,./-]")


class Bash(BashComplete):
    """Writes each value so that bash reads it as one word."""

    def format_completion(self, item: CompletionItem) -> str:
        """A line for the script of the shell, whose `read` leaves one of two backslashes."""
        words, at = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        quoted = at < len(words) and words[at].startswith(('"', "'"))
        value = item.value if quoted else _SIGN.sub(r"\\\\\g<0>", item.value)
        return f"{item.type},{value}"
