"""Shared by the commands: common arguments, reading text and writing data."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterable, Sequence

import click
from msgspec.json import format

from service.values.shared_values import encode

INDEX = click.argument("index", metavar="INDEX")
MOST_NAMED = 10
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Refused(click.ClickException):
    """Prints a sentence on stderr and exits with 2."""

    exit_code = 2


def decoded(value: str) -> str:
    """An argument as valid text: UTF-8, or else in the encoding of the locale; invalid bytes are replaced."""
    try:
        return os.fsencode(value).decode("utf-8")
    except UnicodeDecodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def user() -> str:
    """The user of this machine who runs a command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return "command line"


def counted(number: int, noun: str) -> str:
    """A number with its noun, with an `s` in the plural."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def named(ids: Sequence[str]) -> str:
    """Some ids, of which only the first are named."""
    more = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def write(chunks: Iterable[bytes]) -> None:
    """Write data to stdout chunk by chunk."""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def write_json(value: object) -> None:
    """Write a value to stdout as indented JSON."""
    write([format(encode(value), indent=2), b"\n"])
