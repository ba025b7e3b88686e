from __future__ import annotations

import random

from indexer.safe import utf_16
from tests import waiting
from tests.cases import cases

TEXTS = {
    "Chinese": "新华社北京电 记者获悉，经济运行总体平稳。\n这是第二段文字，一个一个地说明情况。",
    "one": "一一一一二三四五六七八九十人口手大小多少上中下",
    "Japanese": "東京都は、あたらしい政策についてはっぴょうした。カタカナもある。",
    "kana": "あたらしいせいさくについてはっぴょうした",
    "Korean": "서울에서 열린 회의에서 정부는 새로운 정책을 발표했다.",
    "English": "Bush hid the facts.",
    "Russian": "Москва, 5 мая. Правительство сообщило.",
    "German": "Grüße aus Köln – “heute”",
    "Arabic": "أعلنت الحكومة اليوم عن سياسة جديدة.",
    "table": "title,text\r\n中国,新华社北京电 记者\r\n",
    "JSON": '{"title": "中国", "text": "新华社"}',
    "pairs": "😀 " * 20,
}


@cases("text", TEXTS.values())
@cases("name", ["utf-16-le", "utf-16-be"])
def test_text_in_utf_16_is_known_by_its_first_bytes(text: str, name: str) -> None:
    data = (text * 300).encode(name)

    assert utf_16.encoding(text.encode(name)) == name
    assert all(utf_16.encoding(data[:end]) == name for end in (200, 201, 202, 4_095, 4_096, len(data)))
    assert utf_16.encoding("\ufeff".encode(name) + text.encode(name)) == "utf-16"


@cases("text", TEXTS.values())
@cases("name", ["utf-8", "cp1252", "gb18030", "big5", "shift-jis", "euc-jp", "euc-kr", "koi8-r", "cp1251", "utf-32-le"])
def test_text_in_another_encoding_is_not_utf_16(text: str, name: str) -> None:
    data = text.encode(name, "ignore")

    assert utf_16.encoding(data) is utf_16.encoding(data * 50) is None
    assert name == "utf-32-le" or utf_16.encoding(data[:40] + b"\x1a\0" + data * 4) is None


def test_few_characters_and_data_are_not_certain() -> None:
    dice = random.Random(1)

    assert utf_16.encoding("中国新华社".encode("utf-16-le")) is utf_16.encoding(b"") is utf_16.encoding(b"\0") is None
    assert not any(utf_16.encoding(dice.randbytes(200)) for _ in range(1_000))
    assert utf_16.encoding(b"PK\3\4" + bytes(60)) is None


def test_of_a_long_file_only_the_beginning_is_looked_at() -> None:
    assert waiting.grows_less(8, lambda size: lambda: utf_16.encoding(b"a\0" * size), 100_000, 400_000)
