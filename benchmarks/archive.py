"""A synthetic archive in every format: the same reports, built from the sentences of `seeds/`.

`write(folder, form, articles)` writes them in one of `FORMS`; the tests mix them.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import zstandard

ROOT = Path(__file__).parent.parent
PER_FILE = 250
"""Articles per file, for formats whose files hold several."""


@dataclass(frozen=True, slots=True)
class Report:
    """A synthetic report."""

    id: str
    title: str
    text: str
    day: date

    @property
    def paragraphs(self) -> list[str]:
        """Its paragraphs."""
        return self.text.split("\n\n")


def reports(count: int, name: str = "r", words: int = 300, seed: int = 7) -> Iterator[Report]:
    """Reports of some length, each of random sentences from all of `seeds/` and its own numbers."""
    draw = random.Random(seed)
    sentences = _sentences()
    for number in range(count):
        paragraphs: list[str] = []
        length = 0
        while length < words:
            chosen = [draw.choice(sentences) for _ in range(3)]
            paragraphs.append(" ".join(chosen) + f" That made {draw.randrange(10**6)} in all.")
            length += len(paragraphs[-1].split())
        title = " ".join(draw.choice(sentences).split()[:9]).strip(".,")
        day = date(1970, 1, 1) + timedelta(days=draw.randrange(18_000))
        yield Report(f"{name}-{number:06}", title, "\n\n".join(paragraphs), day)


def strange(count: int, words: int = 300, seed: int = 7) -> Iterator[Report]:
    """Reports of some length in no language: sentences of 20,000 words that are made of random syllables."""
    draw = random.Random(seed)
    syllables = [first + vowel + last for first in "bcdfghjklmnprstvwxz" for vowel in "aeiou" for last in ("", *"nrsl")]
    lexicon = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(20_000)]
    for number in range(count):
        sentences = [" ".join(draw.choices(lexicon, k=12)).capitalize() + "." for _ in range(-(-words // 12))]
        day = date(1970, 1, 1) + timedelta(days=draw.randrange(18_000))
        yield Report(f"s-{number:06}", sentences[0][:60], " ".join(sentences), day)


def _sentences() -> list[str]:
    found: set[str] = set()
    for file in sorted((ROOT / "seeds").glob("[12]*/*.txt")):
        body = file.read_text("utf-8").rpartition("---\n")[2]
        for paragraph in body.split("\n\n")[1:]:
            found |= {s.strip() + "." for s in " ".join(paragraph.split()).split(". ") if 8 < len(s.split()) < 40}
    return sorted(found)


def write(folder: Path, form: str, articles: Sequence[Report]) -> int:
    """Write reports as files of a form into a folder. Returns the number of files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = 0
    for name, data in FORMS[form](articles):
        (folder / name).write_bytes(data)
        files += 1
    return files


Files = Iterator[tuple[str, bytes]]


def _each(suffix: str, made: Callable[[Report], str]) -> Callable[[Sequence[Report]], Files]:
    """One file per article."""
    return lambda articles: ((f"{a.id}{suffix}", made(a).encode()) for a in articles)


def _several(suffix: str, made: Callable[[Sequence[Report]], bytes]) -> Callable[[Sequence[Report]], Files]:
    """One file for several articles."""

    def files(articles: Sequence[Report]) -> Files:
        for first in range(0, len(articles), PER_FILE):
            some = articles[first : first + PER_FILE]
            yield f"{some[0].id}{suffix}", made(some)

    return files


def _text(a: Report) -> str:
    return f"---\nid: {a.id}\npublished: {a.day}\n---\n{a.title}\n\n{a.text}\n"


def _json(a: Report) -> str:
    return json.dumps({"id": a.id, "title": a.title, "text": a.text, "published": str(a.day)}, ensure_ascii=False)


def _lines(some: Sequence[Report]) -> bytes:
    return "".join(_json(a) + "\n" for a in some).encode()


def _html(a: Report) -> str:
    paragraphs = "".join(f"<p>{html.escape(p)}</p>\n" for p in a.paragraphs)
    title = html.escape(a.title)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - The Paper</title>'
        f'<meta property="og:title" content="{title}"><meta property="article:published_time" content="{a.day}">'
        f'<link rel="canonical" href="https://paper.example/{a.id}"></head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{title}</h1>\n{paragraphs}</article><footer>All rights reserved</footer></body></html>"
    )


def _ninjs(a: Report) -> str:
    record = {"uri": f"urn:x:{a.id}", "type": "text", "versioncreated": f"{a.day}T12:00:00Z", "headline": a.title}
    return json.dumps({**record, "body_text": a.text}, ensure_ascii=False)


def _xml_paragraphs(a: Report) -> str:
    return "".join(f"<p>{escape(p)}</p>" for p in a.paragraphs)


def _nitf(a: Report) -> str:
    return (
        f'<?xml version="1.0"?><nitf><head><title>{escape(a.title)}</title><docdata>'
        f'<doc-id id-string="{a.id}"/><date.issue norm="{a.day:%Y%m%d}T120000Z"/></docdata></head><body><body.head>'
        f"<hedline><hl1>{escape(a.title)}</hl1></hedline></body.head>"
        f"<body.content>{_xml_paragraphs(a)}</body.content></body></nitf>"
    )


def _newsml_g2(a: Report) -> str:
    return (
        '<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" '
        f'guid="urn:x:{a.id}" version="1"><itemMeta><itemClass qcode="ninat:text"/>'
        f"<versionCreated>{a.day}T12:00:00Z</versionCreated></itemMeta><contentMeta>"
        f"<headline>{escape(a.title)}</headline></contentMeta><contentSet><inlineXML contenttype="
        '"application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"{_xml_paragraphs(a)}</body></html></inlineXML></contentSet></newsItem>"
    )


def _newsml1(a: Report) -> str:
    return (
        '<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope><DateAndTime>'
        f"{a.day:%Y%m%d}T120000Z</DateAndTime></NewsEnvelope><NewsItem><Identification><NewsIdentifier>"
        f"<ProviderId>x</ProviderId><DateId>{a.day:%Y%m%d}</DateId><NewsItemId>{a.id}</NewsItemId>"
        '<RevisionId PreviousRevision="0" Update="N">1</RevisionId></NewsIdentifier></Identification>'
        f'<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>{a.day:%Y%m%d}T120000Z</FirstCreated>'
        f"<ThisRevisionCreated>{a.day:%Y%m%d}T120000Z</ThisRevisionCreated>"
        '<Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines><HeadLine>'
        f'{escape(a.title)}</HeadLine></NewsLines><ContentItem><MediaType FormalName="Text"/><DataContent>'
        f"{_xml_paragraphs(a)}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    )


def _item(a: Report, more: str = "") -> str:
    return (
        f"<item><title>{escape(a.title)}</title><link>https://paper.example/{a.id}</link>"
        f'<guid isPermaLink="false">{a.id}</guid><pubDate>{a.day:%a, %d %b %Y} 12:00:00 +0000</pubDate>'
        f"<content:encoded><![CDATA[{_xml_paragraphs(a)}]]></content:encoded>{more}</item>\n"
    )


def _rss(some: Sequence[Report]) -> bytes:
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Paper</title>'
    return f'<?xml version="1.0"?>{head}{"".join(map(_item, some))}</channel></rss>'.encode()


def _atom(some: Sequence[Report]) -> bytes:
    entries = "".join(
        f"<entry><title>{escape(a.title)}</title><id>urn:x:{a.id}</id><updated>{a.day}T12:00:00Z</updated>"
        f'<content type="html">{escape(_xml_paragraphs(a))}</content></entry>\n'
        for a in some
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>{entries}</feed>'.encode()


def _wxr(some: Sequence[Report]) -> bytes:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    items = "".join(
        _item(a, f"<wp:post_id>{n}</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>")
        for n, a in enumerate(some, 1)
    )
    channel = f"<title>Paper</title><wp:wxr_version>1.2</wp:wxr_version>{items}"
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{channel}</channel></rss>'.encode()


def _table(separator: str) -> Callable[[Sequence[Report]], bytes]:
    def made(some: Sequence[Report]) -> bytes:
        out = io.StringIO()
        rows = csv.writer(out, delimiter=separator)
        rows.writerow(["id", "title", "text", "published"])
        rows.writerows([a.id, a.title, a.text, str(a.day)] for a in some)
        return out.getvalue().encode()

    return made


def _warc(some: Sequence[Report]) -> bytes:
    return b"".join(map(_warc_record, some))


def _warc_record(a: Report) -> bytes:
    page = _html(a).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{a.id}>\r\nWARC-Date: {a.day}T12:00:00Z\r\n"
        f"WARC-Target-URI: https://paper.example/{a.id}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def _warc_gz(some: Sequence[Report]) -> bytes:
    return b"".join(gzip.compress(_warc_record(a), 6, mtime=0) for a in some)


def _reuters(some: Sequence[Report]) -> bytes:
    items = "".join(
        f'<REUTERS TOPICS="NO" NEWID={quoteattr(a.id)}><DATE>{a.day:%d-%b-%Y} 12:00:00.00</DATE><TEXT>'
        f"<TITLE>{escape(a.title)}</TITLE><BODY>{escape(a.text)}</BODY></TEXT></REUTERS>\n"
        for a in some
    )
    return f'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n{items}'.encode()


def _parquet(some: Sequence[Report]) -> bytes:
    import pyarrow  # an extra of the project
    import pyarrow.parquet

    rows = [{"id": a.id, "title": a.title, "text": a.text, "published": str(a.day)} for a in some]
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), out)
    return out.getvalue()


def _alto(a: Report) -> str:
    lines = []
    for paragraph in (a.title, *a.paragraphs):
        words = paragraph.split()
        rows = [words[n : n + 8] for n in range(0, len(words), 8)]
        text = "".join(
            f"<TextLine>{''.join(f'<String CONTENT={quoteattr(w)}/><SP/>' for w in row)}</TextLine>" for row in rows
        )
        lines.append(f"<TextBlock>{text}</TextBlock>")
    layout = f"<Layout><Page><PrintSpace>{''.join(lines)}</PrintSpace></Page></Layout>"
    return f'<?xml version="1.0"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">{layout}</alto>'


def _mail(a: Report) -> bytes:
    message = EmailMessage()
    message["Message-ID"] = f"<{a.id}@paper.example>"
    message["From"] = "The Desk <desk@paper.example>"
    message["Date"] = f"{a.day:%a, %d %b %Y} 12:00:00 +0000"
    message["Subject"] = a.title
    message.set_content(a.text)
    return message.as_bytes()


def _mails(articles: Sequence[Report]) -> Files:
    return ((f"{a.id}.eml", _mail(a)) for a in articles)


def _mbox(some: Sequence[Report]) -> bytes:
    return b"".join(b"From desk@paper.example Thu Jan  1 00:00:00 1970\n" + _mail(a) + b"\n" for a in some)


def _zip(some: Sequence[Report]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for a in some:
            archive.writestr(f"{a.id}.txt", _text(a))
    return out.getvalue()


def _tar_gz(some: Sequence[Report]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for a in some:
            data = _html(a).encode()
            member = tarfile.TarInfo(f"{a.id}.html")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


FORMS: dict[str, Callable[[Sequence[Report]], Files]] = {
    "text": _each(".txt", _text),
    "json": _each(".json", _json),
    "jsonl": _several(".jsonl", _lines),
    "csv": _several(".csv", _table(",")),
    "tsv": _several(".tsv", _table("\t")),
    "html": _each(".html", _html),
    "ninjs": _each(".json", _ninjs),
    "nitf": _each(".xml", _nitf),
    "newsml-g2": _each(".xml", _newsml_g2),
    "newsml1": _each(".xml", _newsml1),
    "rss": _several(".rss", _rss),
    "atom": _several(".xml", _atom),
    "wxr": _several(".xml", _wxr),
    "warc": _several(".warc", _warc),
    "warc.gz": _several(".warc.gz", _warc_gz),
    "alto": _each(".xml", _alto),
    "reuters": _several(".sgm", _reuters),
    "eml": _mails,
    "mbox": _several(".mbox", _mbox),
    "parquet": _several(".parquet", _parquet),
    "zip of text": _several(".zip", _zip),
    "tar.gz of html": _several(".tar.gz", _tar_gz),
    "jsonl.gz": _several(".jsonl.gz", lambda some: gzip.compress(_lines(some))),
    "jsonl.bz2": _several(".jsonl.bz2", lambda some: bz2.compress(_lines(some))),
    "jsonl.xz": _several(".jsonl.xz", lambda some: lzma.compress(_lines(some))),
    "jsonl.zst": _several(".jsonl.zst", lambda some: zstandard.ZstdCompressor().compress(_lines(some))),
}
"""Form → the files for some reports, by name."""
