"""A small file of each format."""
# ruff: noqa: E501

from __future__ import annotations

import gzip
import io
import zipfile
from email.message import EmailMessage

WORDS = "The cabinet met in Vienna on Monday and agreed on the budget, its speaker Ann Lee said."


def warc() -> bytes:
    page = f"<html><head><title>Budget</title></head><body><p>{WORDS}</p></body></html>".encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/a\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in (("a.txt", f"Budget\n\n{WORDS}"), ("b.jsonl", f'{{"text": "{WORDS}"}}\n')):
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # whose time is always the same
    return out.getvalue()


def mail() -> bytes:
    """A message with two texts and an attachment."""
    message = EmailMessage()
    message["From"], message["To"] = "Jürgen Klein <j@example.org>", "desk@example.org"
    message["Date"], message["Subject"] = "Thu, 2 Jan 2020 10:00:00 +0100", "Bücher – Budget"
    message.set_content(WORDS)
    message.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    message.set_boundary("inner-b0undary")  # of the texts, and below of all; else others each time
    message.add_attachment(b"abc", maintype="image", subtype="png", filename="é.png")
    message.set_boundary("b0undary")
    return message.as_bytes()


SAMPLES: dict[str, bytes] = {
    "a.txt": f"---\nsource: Wire\ndate: 2020-01-02\n---\nBudget\n\nVIENNA, Jan 2 - {WORDS}\n\n{WORDS}".encode(),
    "a.jsonl": f'{{"id": "a", "title": "Budget", "published": "2020-01-02", "text": "{WORDS}", "person": ["Ann"]}}\n'.encode()
    * 3,
    "a.json": f'[{{"id": "a", "title": "Budget", "text": "{WORDS}", "country": ["AT"], "topic": null}}]'.encode(),
    "a.csv": f'id,title,published,text,person\n1,"Bud""get",2020-01-02,"{WORDS}",Ann;Bo\n2,b,,"x\ny",\n'.encode(),
    "a.tsv": f"id\ttitle\ttext\n1\tBudget\t{WORDS}\n".encode(),
    "ninjs.json": (
        '{"uri": "urn:a:1", "type": "text", "versioncreated": "2020-01-01T10:00:00Z", "headline": "Budget", "body_xhtml": '
        f'"<p>{WORDS}</p>", "pubstatus": "usable", "embargoed": "2020-01-01T11:00:00Z", "version": "2", '
        '"person": [{"name": "Ann Lee"}], "subject": [{"code": "medtop:11000000", "name": "politics"}]}'
    ).encode(),
    "nitf.xml": (
        '<?xml version="1.0" encoding="UTF-8"?><nitf><head><title>Budget</title><docdata><doc-id id-string="a1"/>'
        '<date.issue norm="20200102T101500Z"/></docdata></head><body><body.head><hedline><hl1>Budget &amp; more</hl1></hedline>'
        f"<byline>By <person>Ann Lee</person></byline></body.head><body.content><p>{WORDS}</p></body.content></body></nitf>"
    ).encode(),
    "g2.xml": (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:a" version="3"><itemMeta><pubStatus qcode="stat:usable"/>'
        "<versionCreated>2020-01-02T10:00:00Z</versionCreated></itemMeta><contentMeta><headline>Budget</headline>"
        '<subject type="cpnat:person"><name>Ann Lee</name></subject></contentMeta><contentSet><inlineXML>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{WORDS}</p></body></html></inlineXML></contentSet></newsItem>'
    ).encode(),
    "newsml1.xml": (
        "<NewsML><NewsEnvelope><DateAndTime>20200102T101500Z</DateAndTime></NewsEnvelope><NewsItem><Identification>"
        "<NewsIdentifier><ProviderId>x</ProviderId><DateId>20200102</DateId><NewsItemId>a</NewsItemId><RevisionId "
        'PreviousRevision="0" Update="N">1</RevisionId><PublicIdentifier>urn:a</PublicIdentifier></NewsIdentifier>'
        "</Identification><NewsComponent><NewsLines><HeadLine>Budget</HeadLine></NewsLines><ContentItem><DataContent>"
        f"<p>{WORDS}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    ).encode(),
    "rss.xml": (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Wire</title><item>'
        "<title>Budget</title><link>http://example.org/a</link><guid>a</guid><pubDate>Thu, 02 Jan 2020 10:00:00 GMT</pubDate>"
        f"<description>{WORDS}</description><content:encoded><![CDATA[<p>{WORDS}</p>]]></content:encoded></item></channel></rss>"
    ).encode(),
    "atom.xml": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>a</id><title>Budget</title>'
        f'<updated>2020-01-02T10:00:00Z</updated><content type="html">&lt;p&gt;{WORDS}&lt;/p&gt;</content></entry></feed>'
    ).encode(),
    "reut.sgm": (
        '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="1"><DATE> 2-JAN-1987 10:00:00.00</DATE><TOPICS><D>trade'
        f"</D></TOPICS><PLACES><D>austria</D></PLACES><TEXT>&#2;<TITLE>BUDGET</TITLE><BODY>{WORDS}\n&#3;</BODY></TEXT></REUTERS>\n"
    ).encode(),
    "a.html": (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Budget - Wire</title><meta property="article:'
        'published_time" content="2020-01-02T10:00:00Z"><script type="application/ld+json">{"@type": "NewsArticle", "headline": '
        f'"Budget"}}</script></head><body><article><h1>Budget</h1><p>{WORDS * 3}</p><p>{WORDS * 2}</p></article></body></html>'
    ).encode(),
    "alto.xml": (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout><Page ID="P1"><PrintSpace><TextBlock ID="B1"><TextLine>'
        + "".join(f'<String CONTENT="{word}" WC="0.9"/><SP/>' for word in WORDS.replace('"', "").split())
        + "</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
    ).encode(),
    "page.xml": (
        "<PcGts><Page imageWidth='600' imageHeight='800'><TextRegion id='a'><TextLine><Coords points='1,2 30,40'/>"
        f"<TextEquiv><Unicode>{WORDS}</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    ).encode(),
    "page.hocr": (
        "<html><head><meta name='ocr-system' content='x'/></head><body><div class='ocr_page' title='bbox 0 0 600 800'>"
        f"<span class='ocr_line' title='bbox 1 2 30 40'>{WORDS}</span></div></body></html>"
    ).encode(),
    "a.eml": mail(),
    "a.mbox": (b"From ann@example.org Thu Jan  2 10:00:00 2020\n" + mail() + b"\n") * 2,
    "a.warc": warc(),
    "a.warc.gz": gzip.compress(warc(), mtime=0),
    "a.zip": zipped(),
    "a.jsonl.gz": gzip.compress(f'{{"text": "{WORDS}"}}\n'.encode(), mtime=0),
}
