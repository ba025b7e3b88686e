from __future__ import annotations

import io

from indexer.readers.scans import issues
from indexer.readers.shared.record import Item, Origin
from search import Article
from search.values.printed import unpack
from tests import printed_page
from tests.cases import cases
from tests.indexer.readers.scans.test_issues import beside


def read(page: str, name: str = "1899-02-03.xml", **files: str) -> list[Item]:
    return list(issues.read(io.BytesIO(page.encode()), Origin("news", name, name), beside(files)))


def page(*regions: str, order: str = "") -> str:
    stated = f"<ReadingOrder><OrderedGroup>{order}</OrderedGroup></ReadingOrder>" if order else ""
    return f"<PcGts><Page imageWidth='600' imageHeight='800'>{stated}{''.join(regions)}</Page></PcGts>"


def region(name: str, *texts: str, more: str = "", kind: str = "paragraph") -> str:
    lines = "".join(f"<TextLine>{equivalent(text)}</TextLine>" for text in texts)
    return f"<TextRegion id='{name}' type='{kind}'>{lines}{more}</TextRegion>"


def equivalent(text: str) -> str:
    return f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv>"


def ref(name: str, index: int, more: str = "") -> str:
    return f"<RegionRefIndexed regionRef='{name}' index='{index}'/>{more}"


ONE, TWO, THREE = region("a", "one"), region("b", "two"), region("c", "three")


@cases("data, text", [
    (page(ONE, TWO), "one\n\ntwo"),
    (page(ONE, TWO, order=ref("b", 0) + ref("a", 1)), "two\n\none"),
    (page(ONE, TWO, order=ref("a", 1) + ref("b", 0)), "two\n\none"),
    (page(ONE, TWO, THREE, order=ref("c", 0)), "three\n\none\n\ntwo"),
    (page(region("a", "one", more=TWO), THREE, order=ref("c", 0) + ref("a", 1)), "three\n\none\n\ntwo"),
    (page(f"<TableRegion id='t'>{TWO}</TableRegion>", ONE, order=ref("a", 0) + ref("t", 1)), "one\n\ntwo"),
    (page(ONE, TWO, THREE, order="<OrderedGroupIndexed index='1'>" + ref("b", 0) + "</OrderedGroupIndexed>"
          + ref("c", 0) + ref("a", 2)), "three\n\ntwo\n\none"),
    (page(region("a", "the har-", "bour  here")), "the harbour here"),
    (page(f"<TextRegion>{equivalent('a region alone')}</TextRegion>"), "a region alone"),
])  # fmt: skip
def test_regions_are_read_in_the_order_that_is_stated(data: str, text: str) -> None:
    (found,) = read(data)

    assert isinstance(found, Article)
    assert (found.text, found.title, found.published) == (text, "", "1899-02-03")


@cases("outline", [
    "<Coords points='10,20 40,20 40,50 10,50'/>",
    "<Coords><Point x='10' y='20'/><Point x='40' y='50'/></Coords>",
    "<Coords points='10,20 x,1 40,50 7'/>",
])  # fmt: skip
def test_words_of_a_line_are_where_it_is(outline: str) -> None:
    (found,) = read(page(f"<TextRegion><TextLine>{outline}{equivalent('one two')}</TextLine></TextRegion>"))

    assert isinstance(found, Article)
    assert [word[2:6] for word in unpack(found.scan[0].text)] == [(10, 20, 30, 30)] * 2


def test_the_number_of_a_page_is_its_label() -> None:
    (found,) = read(page(region("n", "12", kind="page-number"), ONE))

    assert isinstance(found, Article)
    assert found.extra["page"] == "12"


def test_an_issue_has_pages_in_it() -> None:
    words = printed_page.drawn(*printed_page.BLOCKS)
    data = {"mets_xml": printed_page.mets(printed_page.ARTICLES), "page1_xml": printed_page.page_xml(words)}

    ferry, bridge = read(data["mets_xml"], "mets.xml", **data)
    assert isinstance(ferry, Article)
    assert isinstance(bridge, Article)
    assert bridge.text == "The mayor opened a bridge over the river before a great crowd"
    assert (ferry.title, ferry.scan[0].label) == ("Ferry sinks", "7")
    assert read(data["page1_xml"], "page1.xml", **data) == []
