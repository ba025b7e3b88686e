from __future__ import annotations

from search.text import addresses
from tests.cases import cases


@cases(
    "url, key",
    [
        ("HTTPS://www.Example.com/News", "example.com/news"), ("//example.com", "example.com"),
        ("www.www.example.com", "example.com"), ("feed+https://example.com", "example.com"),
        ("example.com/www.x", "example.com/www.x"), (" example.com/a  b ", "example.com/a b"), ("https://", ""),
        ("", ""), ("http://a/" + "x" * 498, "a/" + "x" * 498), ("http://a/" + "x" * 499, "a/" + "x" * 498),
    ],
)  # fmt: skip
def test_addresses_are_compared_without_scheme_and_case(url: str, key: str) -> None:
    assert addresses.key(url) == key
