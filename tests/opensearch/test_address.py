from __future__ import annotations

import pytest

import search
from search.errors import IndexProblem
from search.opensearch.address import Access, Address, access, read
from search.opensearch.cluster import ClusterUnavailable
from tests.cases import cases


@cases(
    "place, hosts, tls, name",
    [
        ("opensearch+http://127.0.0.1:9200/news", (("127.0.0.1", 9200),), False, "news"),
        ("opensearch+https://search.example.org/news-2024", (("search.example.org", 9200),), True, "news-2024"),
        ("opensearch+http://a:1,b:2/n_1/", (("a", 1), ("b", 2)), False, "n_1"),
        ("opensearch+http://[::1]:9201/news", (("::1", 9201),), False, "news"),
    ],
)
def test_an_address_names_hosts_and_an_index(place: str, hosts: object, tls: bool, name: str) -> None:
    assert read(place) == Address(place, hosts, tls, name)  # type: ignore[arg-type]


@cases(
    "place",
    [
        "http://127.0.0.1:9200/news", "opensearch+ftp://a/news", "opensearch+http://a:9200", "opensearch+http://a/News",
        "opensearch+http://a/_all", "opensearch+http://a/news,old", "opensearch+http://a/news*", "opensearch+http:///news",
        "opensearch+http://a:99999/news", "opensearch+http://a/news?x=1", "opensearch+http://a b/news",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_the_form(place: str) -> None:
    with pytest.raises(IndexProblem, match="opensearch\\+https://host:9200/name"):
        search.open(place)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(IndexProblem, match="DATELINE_OPENSEARCH_PASSWORD") as refused:
        search.open("opensearch+https://anna:geheim@host/news")

    assert "geheim" not in str(refused.value)


def test_users_and_certificates_come_from_the_environment() -> None:
    said = access({"DATELINE_OPENSEARCH_USER": "anna", "DATELINE_OPENSEARCH_PASSWORD": "geheim",
                   "DATELINE_OPENSEARCH_SHARDS": "6"})  # fmt: skip

    assert (said.user, said.password, said.shards, said.replicas) == ("anna", "geheim", 6, 1)
    assert "geheim" not in repr(said)
    assert access({}) == Access()


def test_nobody_there_is_said_so() -> None:
    with pytest.raises(ClusterUnavailable, match="cannot be reached"):
        search.open("opensearch+http://127.0.0.1:9/news")


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(IndexProblem, match="DATELINE_OPENSEARCH_SHARDS is “many”"):
        access({"DATELINE_OPENSEARCH_SHARDS": "many"})
