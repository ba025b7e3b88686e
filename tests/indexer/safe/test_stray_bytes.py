from __future__ import annotations

from indexer.safe.stray_bytes import decoded
from tests import waiting
from tests.cases import cases


@cases("text", ["Grüße aus Köln – “heute”", "", "plain", "Élysée"])
def test_text_is_utf_8_or_windows_1252(text: str) -> None:
    assert decoded(text.encode()) == decoded(text.encode("cp1252")) == text


def test_a_cut_or_stray_byte_does_not_spoil_the_rest() -> None:
    assert decoded("Привет, мир".encode()[:-1]).startswith("Привет, ми")
    assert decoded("Äpfel und Grüße: ".encode() + b"Caf\xe9") == "Äpfel und Grüße: Café"


@cases("encoding", ["koi8-r", "shift-jis", "cp1252"])
def test_another_encoding_takes_no_longer_than_in_proportion(encoding: str) -> None:
    text = ("й" if encoding == "koi8-r" else "テ" if encoding == "shift-jis" else "é") * 100
    assert waiting.grows_less(8, lambda size: lambda: decoded(text.encode(encoding) * size), 10_000, 40_000)
