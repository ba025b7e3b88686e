from __future__ import annotations

from indexer.readers.shared.subjects import Named, country, fields, in_order, topic, without_short
from tests.cases import cases


@cases("name, codes, code", [
    ("", ("medtop:11000000",), "medtop:11000000"),
    ("", ("http://cv.iptc.org/newscodes/mediatopic/15000000",), "medtop:15000000"),
    ("", ("subj:15054000",), "medtop:15000000"),
    ("", ("http://cv.iptc.org/newscodes/subjectcode/04005000",), "medtop:04000000"),
    ("Teknologi", ("13010000",), "medtop:13000000"),
    ("Sport", (), "medtop:15000000"),
    ("Health", ("acme:12345",), "medtop:07000000"),
    ("", ("acme:15000000",), None), ("", ("18000000",), None), ("", ("medtop:29999999",), None), ("Gossip", (), None),
    ("15", (), None),
])  # fmt: skip
def test_topics_are_known_by_code_then_by_label(name: str, codes: tuple[str, ...], code: str | None) -> None:
    assert topic(name, codes) == code


def test_a_media_topic_below_the_vocabulary_counts_as_the_one_above() -> None:
    found = topic("", ("medtop:20001065",))  # soccer

    assert found is not None
    assert found in ("medtop:20001065", "medtop:15000000")


@cases("name, codes, language, code", [
    ("", ("iso3166-1a2:DE",), "", "DE"),
    ("Italy", ("http://cvx.iptc.org/iso3166-1a2/it",), "", "IT"),
    ("", ("iso3166-1a3:USA",), "", "US"),
    ("Nevada", ("iso3166-1a2:US-NV",), "", "US"),
    ("German Democratic Republic", ("DDDE",), "", "DDDE"),
    ("Britain", (), "", "GB"), ("Sverige", (), "sv", "SE"), ("Norge", (), "nb-NO", "NO"),
    ("Deutschland", (), "de-AT", "DE"), ("Tyskland", (), "xx", None), ("Paris (France)", (), "", "FR"),
    ("US", (), "", "US"), ("California", ("CA",), "", None), ("Portland (Me)", (), "", None),
    ("Georgia", (), "", None), ("Georgia", ("iso3166-1a2:GE",), "", "GE"), ("Berlin", (), "de", None),
    ("", (), "", None),
])  # fmt: skip
def test_countries_are_known_by_code_then_by_name(
    name: str, codes: tuple[str, ...], language: str, code: str | None
) -> None:
    assert country(name, codes, language) == code


def test_a_subject_is_a_country_only_by_its_main_name() -> None:
    assert country("Japan", (), "", is_place=False) == "JP"
    assert country("America", (), "", is_place=False) is None


@cases("printed, spoken", [
    ("Biden, Joseph R Jr", "Joseph R. Biden Jr."),
    ("King, Martin Luther Jr", "Martin Luther King Jr."),
    ("Sheikh, Hussein al-", "Hussein al-Sheikh"),
    ("REAGAN, RONALD WILSON (PRES)", "Ronald Wilson Reagan"),
    ("Santos, George (1988- )", "George Santos"),
    ("Trump, Donald J", "Donald J. Trump"), ("Xi Jinping", "Xi Jinping"), ("Face (Rapper)", "Face"),
    ("Pius XII", "Pius XII"), ("Davis, Sammy, Jr", "Sammy Davis Jr."), ("", ""),
])  # fmt: skip
def test_names_of_an_index_are_put_in_order(printed: str, spoken: str) -> None:
    assert in_order(printed) == spoken


def test_a_last_name_alone_goes_with_the_full_name() -> None:
    assert without_short(["Roy Keane", "Keane", "Pelé", "Roy Keane"]) == ["Roy Keane", "Pelé"]


def stated(value: str, text: str) -> dict[str, object]:
    """The evidence of a value that the input states."""
    return {"value": value, "start": None, "end": None, "text": text, "rule": "input", "confidence": 1.0}


def test_fields_keep_where_values_came_from() -> None:
    found = fields(
        [
            Named("person", "Steve Cram", ("acme:1",)),
            Named("subject", "soccer", ("medtop:20001065",)),
            Named("place", "", ("iso3166-1a2:FR",)),
            Named("place", "Lyon"),
            Named("organisation", "UEFA", ("acme:2",)),
        ]
    )

    assert (found["person"], found["country"]) == (["Steve Cram"], ["FR"])
    assert found["evidence"] == {
        "person": [stated("Steve Cram", "Steve Cram (acme:1)")],
        "country": [stated("FR", "iso3166-1a2:FR")],
        "topic": [stated("medtop:20001065", "soccer (medtop:20001065)")],
    }
    assert found["subjects"] == [
        {"kind": "place", "name": "Lyon"},
        {"kind": "organisation", "name": "UEFA", "code": "acme:2"},
    ]


def test_a_field_that_nothing_makes_is_absent() -> None:
    assert fields([]) == {}
    assert fields([Named("place", "Lyon")]).keys() == {"subjects"}
