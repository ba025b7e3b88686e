"""`opensearch+https://host:9200/name`: the machines and the index; credentials come from the environment.

Users and passwords are never part of an address, since addresses appear in messages, logs and process lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from search.errors import IndexProblem
from search.text.numbers import whole_number

PREFIX = "DATELINE_OPENSEARCH_"
_ADDRESS = re.compile(r"opensearch\+(https?)://([^/?#@]+)/([a-z0-9][a-z0-9_-]{0,99})/?")
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_FORM = "opensearch+https://host:9200/name; a name has a–z, 0–9, - and _; several hosts are separated by commas"
DEFAULT_PORT = 9200


@dataclass(frozen=True, slots=True)
class Address:
    """The location of an index.

    Attributes:
        place: as written.
        hosts: the machines with their ports, any of which can be used.
        name: of the index.
    """

    place: str
    hosts: tuple[tuple[str, int], ...]
    tls: bool
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """How to connect to a cluster; each field is set by `DATELINE_OPENSEARCH_` and its name in capitals.

    Attributes:
        user, password: the credentials; "" for a cluster without authentication.
        ca_file: the CA certificate of the cluster, if the system does not trust it.
        timeout_s: timeout of a request, in seconds.
        shards, replicas: of an index that is created.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout_s: int = 30
    shards: int = 1
    replicas: int = 1


def is_address(place: object) -> bool:
    """True if a place is an address rather than a directory."""
    return "://" in str(place)


def read(place: str) -> Address:
    """Parse an address. Raises IndexProblem if it is invalid."""
    if "@" in place:  # must not be repeated in the message
        raise IndexProblem(
            f"An address contains no user. Set {PREFIX}USER and {PREFIX}PASSWORD, and remove the part before “@”."
        )
    match = _ADDRESS.fullmatch(place)
    if match is None:
        raise IndexProblem(f"“{place}” is not an address of an index. Write {_FORM}.")
    hosts: list[tuple[str, int]] = []
    for text in match[2].split(","):
        host = _HOST.fullmatch(text)
        if host is None or not 0 < int(host[2] or DEFAULT_PORT) < 65536:
            raise IndexProblem(f"“{text}” in “{place}” is not a host. Write {_FORM}.")
        hosts.append((host[1].strip("[]"), int(host[2] or DEFAULT_PORT)))
    return Address(place, tuple(hosts), match[1] == "https", match[3])


def access(environment: Mapping[str, str]) -> Access:
    """Read users and certificates from the environment. Raises IndexProblem if a number is invalid."""

    def number(name: str, default: int, least: int) -> int:
        text = environment.get(PREFIX + name, "").strip()
        found = whole_number(text) if text else default
        if found is None or found < least:
            raise IndexProblem(f"{PREFIX}{name} is “{text}”. It must be a whole number, {least} or more.")
        return found

    return Access(
        user=environment.get(f"{PREFIX}USER", ""),
        password=environment.get(f"{PREFIX}PASSWORD", ""),
        ca_file=environment.get(f"{PREFIX}CA_FILE", ""),
        timeout_s=number("TIMEOUT_S", 30, 1),
        shards=number("SHARDS", 1, 1),
        replicas=number("REPLICAS", 1, 0),
    )
