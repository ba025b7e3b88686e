"""Countries: what a newspaper's words mean, and what they do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.enrich.countries import SHOWN, enrich
from search.article import Article, Evidence

SEED = Path(__file__).resolve().parents[5] / "shared" / "seed" / "itv-blinken-beijing.txt"


def countries(text: str, title: str = "", published: str | None = None) -> set[str]:
    return set(enrich(Article("a", text, title, published=published)).country)


def with_person(text: str, name: str, title: str = "") -> Article:
    start = text.index(name)
    evidence = Evidence(name, start, start + len(name), name, "crf", 0.9)
    return Article("a", text, title, person=(name,), evidence={"person": (evidence,)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks were held in France.", {"FR"}),
        ("The Filipino fishermen were released.", {"PH"}),
        ("A Dutch court ruled.", {"NL"}),
        ("U.S. officials met the UK delegation.", {"US", "GB"}),
        ("The USSR and the UAE signed.", {"SUHH", "AE"}),
        ("China’s exports fell; Côte d’Ivoire gained.", {"CN", "CI"}),
        ("US-China relations and anti-American protests", {"US", "CN"}),
        ("The United\nStates withdrew.", {"US"}),
        ("He flew to Geneva.", {"CH"}),
        ("A flood in Saskatchewan", {"CA"}),
        ("The Kremlin declined to comment.", {"RU"}),
        ("a report by the Bundestag", {"DE"}),
        ("Hong Kong, Macau, Taiwan and Tibet", {"HK", "MO", "TW", "CN"}),
        ("Kosovo and Palestine", {"XK", "PS"}),
        ("Bank of China and Turkish Airlines", {"CN", "TR"}),
        ("the Sino-Soviet split", {"CN", "SUHH"}),
    ],
)
def test_a_single_clear_mention_is_enough(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The turkey was roasted, the china polished by us.",
        "He ordered Swiss cheese and French fries with Danish pastry.",
        "Monsoon winds over the Indian Ocean reached the South China Sea.",
        "An oil rig in the Gulf of Mexico",
        "All over Latin America and North America",
        "The West Indies were bowled out.",
        "He spoke in English; the English-language press was there.",
        "It cost US$5 billion.",
        "Under the Geneva Convention and the Paris Agreement",
        "The Washington Post reported it.",
        "Nice weather, good reading, a hot bath.",
        "Mr. London and Lord Sydney agreed.",
        "Malice and omanhood, chadless perusal",
    ],
)
def test_some_words_are_no_countries(text: str) -> None:
    assert countries(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voters in Georgia went to the polls in Atlanta.", {"US"}),
        ("Protesters in Georgia filled the streets of Tbilisi.", {"GE"}),
        ("Equatorial Guinea exports oil.", {"GQ"}),
        ("Guinea-Bissau and Papua New Guinea", {"GW", "PG"}),
        ("Guinea closed its border near Conakry.", {"GN"}),
        ("Congo's president flew from Brazzaville.", {"CG"}),
        ("Congo's president flew from Kinshasa.", {"CD"}),
        ("North Korea fired a missile.", {"KP"}),
        ("South Korean shares; Korean shipbuilders; North Korea", {"KR", "KP"}),
        ("Niger is not Nigeria.", {"NE", "NG"}),
        ("The Niger Delta", {"NG"}),
        ("A ranch in New Mexico", {"US"}),
        ("A storm in New England", {"US"}),
        ("A shooting in Paris, Texas", {"US"}),
        ("A laboratory in Cambridge, Massachusetts", {"US"}),
        ("A laboratory in Cambridge, Mass., opened", {"US"}),
        ("A bombing in Northern Ireland", {"GB"}),
        ("Scotland and Wales", {"GB"}),
        ("Native Americans protested.", {"US"}),
        ("Turkish Cypriots", {"CY"}),
        ("Jordan will host the talks.", {"JO"}),
        ("Turkey closed the Bosporus.", {"TR"}),
        ("The army of Chad", {"TD"}),
        ("Washington recalled its ambassador.", {"US"}),
        ("Polish farmers", {"PL"}),
    ],
)
def test_words_are_read_in_their_context(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("West Germany and East Germany", {"DE", "DDDE"}),
        ("Soviet troops", {"SUHH"}),
        ("Yugoslavia and Czechoslovakia", {"YUCS", "CSHH"}),
        ("Zaire and Upper Volta", {"ZRCD", "HVBF"}),
        ("North Vietnam and South Yemen", {"VDVN", "YDYE"}),
        ("Rhodesia", {"RHZW"}),
    ],
)
def test_states_of_the_past_stay_visible(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


def test_a_city_belongs_to_the_state_of_its_time() -> None:
    assert countries("Talks opened in Moscow.", published="1987-03-02") == {"SUHH"}
    assert countries("Talks opened in Moscow.", published="2003-03-02") == {"RU"}
    assert countries("Talks opened in Moscow.") == {"RU"}
    assert countries("Soviet leaders met in Moscow.") == {"SUHH"}
    assert countries("Russia, once Soviet, said in Moscow") == {"RU", "SUHH"}


def test_jordan_the_player_is_not_a_country() -> None:
    article = with_person("Jordan Henderson scored twice.", "Jordan Henderson")

    assert enrich(article).country == ()


def test_a_surname_in_the_title_is_not_a_country() -> None:
    article = with_person("The film stars Paul Ireland.", "Paul Ireland", "Ireland wins a prize")

    assert enrich(article).country == ()


def test_the_land_of_a_king_is_a_country() -> None:
    article = with_person("He met King Hussein of Jordan.", "Hussein of Jordan")

    assert enrich(article).country == ("JO",)


def test_a_place_taken_for_a_person_is_still_a_place() -> None:
    assert enrich(with_person("He left Costa Rica.", "Costa Rica")).country == ("CR",)


def test_headlines_in_capitals_are_read() -> None:
    assert countries("", "FRENCH TRADE GAP WIDENS, U.S. WORRIED") == {"FR", "US"}
    assert countries("", "TELL US MORE") == set()


def test_a_place_of_an_ambiguous_name_needs_company() -> None:
    assert countries("The meeting was held in Springfield and Richmond.") == set()
    assert countries("The meeting was held in Richmond, Virginia.") == {"US"}


def test_a_weak_word_counts_once() -> None:
    assert countries("Richmond, Richmond, Richmond and again Richmond") == set()


def test_money_is_a_unit_before_it_is_a_subject() -> None:
    assert countries("It paid 40 mln Swiss francs for the paintings.") == set()
    assert countries("Swiss voters paid 40 mln Swiss francs.") == {"CH"}


def test_money_in_a_title_is_no_subject() -> None:
    assert countries("It is a 50 mln Australian dlr bond.", "ISSUER LAUNCHES AUSTRALIAN DOLLAR BOND") == set()


LEAD = "The company said that it would raise its dividend. " * 7
"""What stands before a mention in passing, with no country in it."""


@pytest.mark.parametrize(
    "text",
    [
        "The bonds will be listed in Luxembourg.",
        "The shares are quoted on the London, Zurich and Geneva stock exchanges.",
        "They recalled what was agreed in Paris last month.",
        "The Venice summit comes later.",
        "A missile of the Chinese-made type.",
        "It was sold to a Geneva-based trust.",
        "A Swiss firm had the rest.",
        "A Swiss\nfirm had the rest, which is listed in\nLuxembourg.",
        "Some Hong Kong bankers agreed.",
        "It buys from NEC Corp of Japan.",
        "It pays Oxford Financial Inc and Bank of Tokyo.",
    ],
)
def test_what_is_named_by_the_way_after_the_lead_is_not_the_subject(text: str) -> None:
    assert countries(LEAD + text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ministers met in Paris on Monday.", {"FR"}),
        ("A Swiss firm was fined.", {"CH"}),
        (LEAD + "A Swiss firm, a Swiss bank and a Swiss broker", {"CH"}),
        (LEAD + "A Swiss firm in Switzerland", {"CH"}),
        (LEAD + "A fire broke out in Paris.", {"FR"}),
        (LEAD + "Swiss voters agreed.", {"CH"}),
    ],
)
def test_the_lead_and_what_comes_again_are_the_subject(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


def economic(text: str, title: str = "", sure: float = 0.95) -> set[str]:
    topic = Evidence("medtop:04000000", None, None, "exports", "model", sure)
    return set(enrich(Article("a", text, title, topic=(topic.value,), evidence={"topic": (topic,)})).country)


def test_a_country_named_once_beside_a_main_one_is_left_out() -> None:
    assert economic(LEAD + "It makes cars in Japan and sells them to Peru.", "Peru buys more cars") == {"PE"}
    assert economic("Peru buys more cars. " + LEAD + "It makes them in Japan.") == {"PE"}


def test_a_country_named_often_is_not_beside_the_subject() -> None:
    assert economic(LEAD + "Japan has one, Japan sold two, the Japanese want three.", "Peru buys cars") == {"PE", "JP"}
    assert economic(LEAD + "Japan has one, Japan sold two.", "Peru buys cars") == {"PE"}


def test_a_report_that_sets_many_countries_side_by_side_is_about_them_all() -> None:
    text = LEAD + "It sells to Chile, Japan, France and Spain"

    assert economic(text, "Peru sells more copper") == {"PE"}
    assert economic(f"{text} and Cuba", "Peru sells more copper") == {"PE", "CL", "JP", "FR", "ES", "CU"}


def test_a_topic_that_the_input_states_is_sure() -> None:
    article = Article("a", LEAD + "It makes cars in Japan.", "Peru buys more cars", given=frozenset({"topic"}))

    assert enrich(replace(article, topic=("medtop:04000000",))).country == ("PE",)
    assert enrich(replace(article, topic=("medtop:15000000",))).country == ("PE", "JP")


def test_without_a_main_country_none_is_beside_it() -> None:
    assert economic(LEAD + "It sells to Chile and Japan.", "Copper sells well") == {"CL", "JP"}


def test_only_a_report_that_is_surely_on_the_economy_names_countries_beside_its_subject() -> None:
    text, title = LEAD + "It makes cars in Japan.", "Peru buys more cars"

    assert economic(text, title, sure=0.8) == {"PE"}
    assert economic(text, title, sure=0.7) == {"PE", "JP"}
    assert countries(text, title) == {"PE", "JP"}


def test_a_firm_named_after_a_place_is_not_the_place() -> None:
    assert countries("<Oxford Energy Co> began trading. Oxford rose.", "OXFORD ENERGY STARTS TRADING") == set()
    assert countries("Students in Oxford met Oxford Energy Co.") == {"GB"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LONDON, Ky. - London police arrested two men.", {"US"}),
        ("A man from Edmonton was arrested, said troopers in Kentucky.", {"US"}),
        ("He was born in Paris, Texas. Paris held a parade.", {"US"}),
        ("The school in Lebanon, Pa., opened; Lebanon is proud.", {"US"}),
        ("The London school board met, said Ontario's minister.", {"CA"}),
        ("A senator of Kentucky flew to London.", {"US", "GB"}),
        ("The sheriff of Kentucky flew to London to meet the British.", {"US", "GB"}),
        ("Texas exports to Lebanon.", {"US", "LB"}),
        ("The sheriff in Pennsylvania spoke of Lebanon and Beirut.", {"US", "LB"}),
    ],
)
def test_a_town_may_bear_a_famous_name(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Scott County Sheriff held him in the county jail.", {"US"}),
        ("The grand jury met. The grand jury spoke.", set()),
        ("The Magistrates' Court heard what the borough council says.", {"GB"}),
        ("The Lebanon school board met in North Cornwall Township.", {"US"}),
        ("The school board of Lebanon met in Beirut.", {"LB"}),
        ("Pupils of the Middle School and High School in Seoul sang.", {"KR"}),
        ("A Cambridge man was held by the sheriff's office in Minneapolis.", {"US"}),
        ("The Lebanon school board, its city manager and an alderman visited Oslo.", {"US", "NO"}),
        ("Essex County was quiet, and so was Essex.", {"GB"}),
        ("The Essex County grand jury met.", set()),
        ("Cornwall County Council refused.", {"GB"}),
        ("Yorkshire County Cricket Club signed a bowler.", {"GB"}),
        ("The sheriff's office in Lebanon rang the sheriff’s\noffice in Paris.", {"LB", "FR"}),
        ("Pupils sat GCSEs; the GCSE is hard.", set()),
        ("A town in Lebanon, New\nHampshire, has a sheriff.", {"US"}),
    ],
)
def test_local_news_is_at_home_where_its_institutions_are(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


def test_institutions_are_evidence() -> None:
    evidence = enrich(Article("a", "The grand jury heard the district attorney.")).evidence["country"]

    assert [(each.text, each.rule) for each in evidence] == [
        ("grand jury", "institution"),
        ("district attorney", "institution"),
    ]


def test_evidence_says_that_a_namesake_was_meant() -> None:
    evidence = enrich(Article("a", "LONDON, Ky. - The sheriff of London spoke.")).evidence["country"]

    assert [(each.text, each.rule) for each in evidence] == [("Ky.", "subdivision"), ("London", "namesake")]


def test_countries_come_by_weight_then_by_first_mention() -> None:
    article = enrich(Article("a", "Peru and Chile. Chile again. Later Cuba.", "Cuba"))

    assert article.country == ("CU", "CL", "PE")


def test_evidence_points_to_the_text() -> None:
    text = "“Ça va”, said the French envoy in\u00a0Beijing; China’s reply came from the Chinese embassy in São Paulo."
    article = enrich(Article("a", text))

    assert {e.value for e in article.evidence["country"]} == {"FR", "CN", "BR"}
    assert all(text[e.start : e.end] == e.text for e in article.evidence["country"])


def test_evidence_in_the_title_says_where() -> None:
    evidence = enrich(Article("a", "", "China and the Danes")).evidence["country"]

    assert [(e.value, e.within, e.start, e.end, e.rule) for e in evidence] == [
        ("CN", "title", 0, 5, "name"),
        ("DK", "title", 14, 19, "demonym"),
    ]


def test_evidence_is_kept_for_the_first_mentions() -> None:
    assert len(enrich(Article("a", "Peru. " * 50)).evidence["country"]) == SHOWN


def test_countries_that_were_given_are_left_alone() -> None:
    article = Article("a", "Talks in France", country=("XX",), given=frozenset({"country"}))

    assert enrich(article) is article


def test_a_language_without_words_gets_no_countries() -> None:
    assert enrich(Article("a", "Gespräche in Berlin", language="de")).country == ()
    assert enrich(Article("a", "Talks in Berlin", language="en")).country == ("DE",)


def test_an_empty_article_has_none() -> None:
    assert enrich(Article("a", "")).country == ()


@pytest.mark.skipif(not SEED.exists(), reason="the evaluation data are not beside the project")
def test_the_first_article_has_nine_countries() -> None:
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")

    assert countries(text.strip(), title) == {"CN", "US", "TW", "RU", "UA", "CU", "JP", "PH", "HK"}


@pytest.mark.parametrize(
    ("language", "text", "countries"),
    [
        ("de", "Frankreich sprach mit den Vereinigten Staaten und Österreich.", ("FR", "AT")),
        ("fr", "L’Allemagne, puis la Côte d'Ivoire et la Côte d’Ivoire.", ("CI", "DE")),
        ("ja", "日本とアメリカ合衆国", ("JP", "US")),
        ("de", "Der Franzose aus Lyon.", ()),
        ("de", "Frankreichs Haltung.", ()),
        ("tlh", "Frankreich", ()),
    ],
)
def test_other_languages_know_the_names_of_cldr(language: str, text: str, countries: tuple[str, ...]) -> None:
    assert enrich(Article("a", text, language=language)).country == countries


def test_a_name_in_another_language_stands_where_its_evidence_says() -> None:
    article = enrich(Article("a", "In Frankreich.", "Frankreich", language="de"))

    title, body = article.evidence["country"]
    assert (title.rule, title.within, title.start, title.end) == ("name", "title", 0, 10)
    assert article.text[body.start : body.end] == body.text == "Frankreich"
