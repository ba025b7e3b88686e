"""`opensearch+https://host:9200/news`: which machines, which index; and from the environment, who asks.

Users and passwords are never part of an address, since addresses are shown in messages, logs and lists of processes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from search.errors import IndexProblem

PREFIX = "DATELINE_OPENSEARCH_"
_ADDRESS = re.compile(r"opensearch\+(https?)://([^/?#@]+)/([a-z0-9][a-z0-9_-]{0,99})/?")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_FORM = "opensearch+https://host:9200/name; a name has a–z, 0–9, - and _; several hosts are separated by commas"
DEFAULT_PORT = 9200


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is.

    Attributes:
        place: as it was written.
        hosts: any of which can be asked, with their ports.
        name: of the index.
    """

    place: str
    hosts: tuple[tuple[str, int], ...]
    tls: bool
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """How a cluster is reached; each field is set by `DATELINE_OPENSEARCH_` and its name in capitals.

    Attributes:
        user, password: what the cluster knows the caller by; "" where it asks nobody.
        ca_file: the certificate that the cluster's is signed with, where the system does not know it.
        timeout_s: seconds after which a request has failed.
        shards, replicas: of an index that is made.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout_s: int = 30
    shards: int = 1
    replicas: int = 1


def is_address(place: object) -> bool:
    """Whether a place is an address rather than a directory."""
    return "://" in str(place)


def read(place: str) -> Address:
    """The address that is written so.

    Raises:
        IndexProblem: when it is none.
    """
    if "@" in place:  # not to be repeated
        raise IndexProblem(
            f"An address names no user. Set {PREFIX}USER and {PREFIX}PASSWORD, and leave out what is before “@”."
        )
    match = _ADDRESS.fullmatch(place)
    if match is None:
        raise IndexProblem(f"“{place}” is no address of an index. Write {_FORM}.")
    hosts: list[tuple[str, int]] = []
    for text in match[2].split(","):
        host = _HOST.fullmatch(text)
        if host is None or not 0 < int(host[2] or DEFAULT_PORT) < 65536:
            raise IndexProblem(f"“{text}” in “{place}” is no host. Write {_FORM}.")
        hosts.append((host[1].strip("[]"), int(host[2] or DEFAULT_PORT)))
    return Address(place, tuple(hosts), match[1] == "https", match[3])


def access(environment: Mapping[str, str]) -> Access:
    """What an environment says of users and certificates.

    Raises:
        IndexProblem: for a number that is none.
    """

    def number(name: str, default: int, least: int) -> int:
        text = environment.get(PREFIX + name, "").strip()
        if text and not (text.isdecimal() and int(text) >= least):
            raise IndexProblem(f"{PREFIX}{name} is “{text}”. It is a whole number, {least} or more.")
        return int(text) if text else default

    return Access(
        user=environment.get(f"{PREFIX}USER", ""),
        password=environment.get(f"{PREFIX}PASSWORD", ""),
        ca_file=environment.get(f"{PREFIX}CA_FILE", ""),
        timeout_s=number("TIMEOUT_S", 30, 1),
        shards=number("SHARDS", 1, 1),
        replicas=number("REPLICAS", 1, 0),
    )
