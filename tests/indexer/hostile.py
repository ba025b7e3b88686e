"""Files that mean harm, or look like it; made when they are needed, because they are large."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(4):
            packed.writestr(f"{number}.txt", b"a" * (30 * 1024 * 1024))
    return out.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "laughs.xml": lambda: f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{LAUGHS}]><nitf><body>&l9;</body></nitf>'.encode(),
    "quadratic.xml": lambda: (
        b'<!DOCTYPE rss [<!ENTITY a "'
        + b"a" * 50_000
        + b'">]><rss><channel><item><title>'
        + b"&a;" * 50_000
        + b"</title></item></channel></rss>"
    ),
    "xxe.xml": lambda: (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>'
        b"<title>x</title><description>&x;</description></item></channel></rss>"
    ),
    "deep.xml": lambda: b"<nitf><body>" + b"<p>" * 300_000 + b"deep",
    "deep.html": lambda: b"<!DOCTYPE html><html><body>" + b"<div>" * 300_000 + b"deep",
    "deep.json": lambda: b"[" * 300_000,
    "deep.ninjs.json": lambda: b'{"uri": "x", "headline": "x", "body_text": ' + b'{"a":' * 300_000,
    "paragraphs.html": lambda: b"<!DOCTYPE html><html><body>" + b"<p>" * 1_000_000,
    "paragraphs2.html": lambda: b"<!DOCTYPE html><html><body>" + b"<p>word word</p>" * 190_000 + b"</body></html>",
    "attributes.xml": lambda: (
        b"<nitf " + b" ".join(b'a%d="x"' % n for n in range(300_000)) + b"><body><body.content><p>x</p></body.content>"
    ),
    "line.txt": lambda: b"word " * 20_000_000,
    "line.jsonl": lambda: (
        b'{"id": "long", "text": "' + b"word " * 20_000_000 + b'"}\n{"id": "after", "text": "Good."}\n'
    ),
    "line.csv": lambda: b"id,title,text\nx,y," + b"word " * 20_000_000 + b"\n",
    "line.xml": lambda: b"<nitf><body><body.content><p>" + b"word " * 20_000_000 + b"</p></body.content></body></nitf>",
    "line.html": lambda: b"<html><body><p>" + b"word " * 20_000_000 + b"</p></body></html>",
    "line.sgm": lambda: b"<!DOCTYPE lewis>\n<REUTERS NEWID='1'><BODY>" + b"word " * 20_000_000,
    "quotes.csv": lambda: b"id,title,text\n" + b'x,"' * 1_000_000,
    "zeros.txt": lambda: b"\0" * 1_000_000,
    "zeros.jsonl": lambda: b"\0" * 1_000_000 + b'\n{"id": "z", "text": "Good."}\n',
    "zeros.xml": lambda: b"<nitf>" + b"\0" * 1_000_000,
    "mixed.txt": lambda: "Grüße aus Köln\n\n".encode() + "Grüße aus Köln".encode("cp1252"),
    "surrogates.jsonl": lambda: b'{"id": "s", "text": "lone \\ud800 surrogate"}\n',
    "tags.txt": lambda: b"<" * 3_000_000,
    "backslashes.json": lambda: b'{"text": "' + b"\\" * 3_000_001,
    "gzip.warc.gz": lambda: gzip.compress(
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nWARC-Target-URI: http://x/\r\n"
        b"Content-Length: 200000100\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"a" * 200_000_000,
        9,
    ),
    "instructions.xml": lambda: b"<?a?>" * 1_000 + b"x",
    "comments.xml": lambda: b"<!DOCTYPE a [ ]>" + b"<!-- a -->" * 500 + b"<<",
    "comments.html": lambda: b"<!-- a -->" * 400 + b"<div>",
    "bomb.zip": _zip_bomb,
    "bomb.jsonl.gz": lambda: gzip.compress(b"a" * 500_000_000, 9),
    "pdf.pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj << /Kids [1 0 R] >> endobj\n" * 50_000,
    "parquet.parquet": lambda: b"PAR1" + b"\xff" * 1_000_000 + b"\xff\xff\x00\x00PAR1",
    "alto.xml": lambda: (
        b"<alto><Layout><Page><PrintSpace>"
        + b'<TextBlock><TextLine><String CONTENT="x"/></TextLine></TextBlock>' * 200_000
    ),
    "page.xml": lambda: (
        b"<PcGts><Page>"
        + (
            b'<TextRegion id="a"><TextRegion id="a">' * 60
            + b"</TextRegion>" * 120
            + b"<TextRegion><TextLine/></TextRegion>"
        )
        * 600
        + b"</Page></PcGts>"
    ),
    "deep.hocr": lambda: (
        b"<html><meta name='ocr-system'/><p class='ocr_page'>"
        + (b"<i class='ocr_line'><i class='ocr_page'>" * 60 + b"word" + b"</i>" * 120) * 1_200
        + b"</p></html>"
    ),
}
"""Name → what makes the file."""
