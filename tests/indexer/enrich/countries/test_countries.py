"""Countries: what a newspaper's words mean, and what they do not."""

from __future__ import annotations

from indexer.enrich.countries import SHOWN, enrich
from search.values.article import Article, Evidence
from tests.cases import cases


def countries(text: str, title: str = "", published: str | None = None) -> set[str]:
    return set(enrich(Article("a", text, title, published=published)).country)


def with_person(text: str, name: str, title: str = "") -> Article:
    start = text.index(name)
    evidence = Evidence(name, start, start + len(name), name, "crf", 0.9)
    return Article("a", text, title, person=(name,), evidence={"person": (evidence,)})


@cases("text, expected", [
    # a single clear mention is enough
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
    ("The Bank of Japan and Turkish Airlines", {"JP", "TR"}),
    ("Peers sent the bill back to the Commons.", {"GB"}),
    ("The NFL and the NBA agreed.", {"US"}),
    ("The Bundestag, the Knesset and the Lok Sabha rose.", {"DE", "IL", "IN"}),
    ("The Springboks beat the All Blacks.", {"ZA", "NZ"}),
    ("The Jordanian bank bought a stake.", {"JO"}),
    ("She won the US Open.", {"US"}),
    ("He has left Hollywood.", {"US"}),
    ("It paid 40 mln Swiss francs for the paintings.", {"CH"}),
    ("A shop opened in Scunthorpe.", {"GB"}),
    ("the Sino-Soviet split", {"CN", "SUHH"}),
    # words are read in their context
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
    # states of the past stay visible
    ("West Germany and East Germany", {"DE", "DDDE"}), ("Soviet troops", {"SUHH"}),
    ("Yugoslavia and Czechoslovakia", {"YUCS", "CSHH"}), ("Zaire and Upper Volta", {"ZRCD", "HVBF"}),
    ("North Vietnam and South Yemen", {"VDVN", "YDYE"}), ("Rhodesia", {"RHZW"}),
    # a town may bear a famous name
    ("LONDON, Ky. - London police arrested two men.", {"US"}),
    ("A man from Edmonton was arrested, said troopers in Kentucky.", {"US"}),
    ("He was born in Paris, Texas. Paris held a parade.", {"US"}),
    ("The school in Lebanon, Pa., opened; Lebanon is proud.", {"US"}),
    ("The London school board met, said Ontario's minister.", {"CA"}),
    ("A senator of Kentucky flew to London.", {"US", "GB"}),
    ("The sheriff of Kentucky flew to London to meet the British.", {"US", "GB"}),
    ("Texas exports to Lebanon.", {"US", "LB"}),
    ("The sheriff in Pennsylvania spoke of Lebanon and Beirut.", {"US", "LB"}),
    # local news is at home where its institutions are
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
    ("The constabulary met. A Constabulary spoke.", set()),
    ("The congressman met the school board.", {"US"}),
    ("The congressman in Manila met Rep. Cruz.", {"PH"}),
    ("MPs asked the Labour Party.", {"GB"}),
    ("MPs asked the Labour Party in Jerusalem.", {"IL"}),
    ("MPs asked what the by-election in Ottawa showed.", {"CA"}),
    ("A town in Lebanon, New\nHampshire, has a sheriff.", {"US"}),
    # a small town needs a preposition or company
    ("Firefighters in Coachella were called.", {"US"}),
    ("He went to Coachella and Coachella again.", set()),
    ("A road from Scunthorpe to Cleethorpes", {"GB"}),
    ("Mr Coachella lives near here. Old Coachella does.", set()),
    ("The Coachella school board met.", {"US"}),
    ("A hospital in Bhakkar, Punjab", {"PK"}),
    ("A hospital in Punjab", {"IN"}),
    # a place of an ambiguous name needs company, and a weak word counts once
    ("The meeting was held in Springfield and Richmond.", set()),
    ("The meeting was held in Richmond, Virginia.", {"US"}),
    ("Richmond, Richmond, Richmond and again Richmond", set()),
    # a firm named after a place is not the place
    ("Students in Oxford met Oxford Energy Co.", {"GB"}),
    ("It pays Oxford Financial Inc and Bank of Tokyo.", set()),
])  # fmt: skip
def test_words_mean_countries(text: str, expected: set[str]) -> None:
    assert countries(text) == expected


@cases("text", [
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
    "He is fluent in Greek, and she speaks Polish.",
    "They met on Washington Street and Paris Avenue.",
    "Berkshire Hathaway and British Airways agreed.",
    "Nice weather, good reading, a hot bath.",
    "Mr. London and Lord Sydney agreed.",
    "Malice and omanhood, chadless perusal",
])  # fmt: skip
def test_some_words_are_no_countries(text: str) -> None:
    assert countries(text) == set()


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


def main(article: Article) -> set[str]:
    return {each.value for each in article.evidence["country"] if each.main}


LEAD = "The company said that it would raise its dividend. " * 7
"""What stands before a mention after the lead, with no country in it."""


@cases("text", [
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
])  # fmt: skip
def test_what_is_named_in_passing_after_the_lead_is_no_main_country(text: str) -> None:
    article = enrich(Article("a", LEAD + text, "Peru raises its dividend"))

    assert len(article.country) > 1
    assert main(article) == {"PE"}


@cases("text, title, expected", [
    ("Ministers met in Paris on Monday.", "", {"FR"}),
    (LEAD + "Ministers met in Paris on Monday.", "", {"FR"}),
    ("Chile sells copper. " + LEAD + "Peru does not.", "Chile sells copper", {"CL"}),
    (LEAD + "Peru sells copper; Peru, Peru and Peru again.", "Chile sells copper", {"CL", "PE"}),
    ("Peru sells Peruvian copper. " + LEAD + "So does Chile.", "", {"PE"}),
    ("Peru sells Peruvian copper. " + LEAD[:100] + "So does Chile.", "", {"PE"}),
    (LEAD + "Peru, Peru, Peru and Peru; Cuba and Chile", "Chile and Cuba", {"CL", "CU", "PE"}),
    ("Peru, Chile, Cuba, Mexico and Bolivia signed.", "", {"PE", "CL", "CU"}),
    ("It is worth 9 mln Swiss francs, Swiss francs and Swiss francs, says Peru.", "", {"PE"}),
])  # fmt: skip
def test_main_are_those_of_the_title_and_the_foremost(text: str, title: str, expected: set[str]) -> None:
    assert main(enrich(Article("a", text, title))) == expected


def test_each_country_is_main_in_all_of_its_evidence_or_in_none() -> None:
    evidence = enrich(Article("a", LEAD + "Peru. Peru. Cuba.", "Chile and Peru")).evidence["country"]

    assert {(each.value, each.main) for each in evidence} == {("CL", True), ("PE", True), ("CU", False)}


@cases("language, text, title, expected", [
    ("de", "Österreich. " * 5 + LEAD + "Frankreich.", "", {"AT"}),
    ("en", "Two Americans and a Briton died. " + LEAD + "It was in Peru.", "", {"PE"}),
    ("de", "Zwei Deutsche und ein Franzose starben. " + LEAD + "Es war in Österreich.", "", {"AT"}),
    ("it", "Due francesi e uno svizzero sono morti. " + LEAD + "È successo a Livorno.", "", {"IT"}),
    ("fr", "Un Espagnol et deux Italiens morts. " + LEAD + "La Suisse enquête.", "Deux Italiens tués", {"CH", "IT"}),
])  # fmt: skip
def test_every_language_has_main_countries(language: str, text: str, title: str, expected: set[str]) -> None:
    assert main(enrich(Article("a", text, title, language=language))) == expected


def test_a_firm_named_after_a_place_is_not_the_place() -> None:
    assert countries("<Oxford Energy Co> began trading. Oxford rose.", "OXFORD ENERGY STARTS TRADING") == set()


def test_institutions_are_evidence() -> None:
    evidence = enrich(Article("a", "The grand jury heard the district attorney.")).evidence["country"]

    assert [(each.text, each.rule) for each in evidence] == [
        ("grand jury", "institution"),
        ("district attorney", "institution"),
    ]


def test_evidence_says_that_a_namesake_was_meant() -> None:
    evidence = enrich(Article("a", "LONDON, Ky. - The coroner of London spoke.")).evidence["country"]

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
    assert enrich(Article("a", "Samtal i Berlin", language="sv")).country == ()
    assert enrich(Article("a", "Talks in Berlin", language="en")).country == ("DE",)


def test_an_empty_article_has_none() -> None:
    assert enrich(Article("a", "")).country == ()


@cases("language, text, countries", [
    ("de", "Frankreich sprach mit den Vereinigten Staaten und Österreich.", ("FR", "US", "AT")),
    ("fr", "L’Allemagne, puis la Côte d'Ivoire et la Côte d’Ivoire.", ("CI", "DE")),
    ("ja", "日本とアメリカ合衆国", ("JP", "US")),
    ("sv", "Fransmannen från Lyon.", ()),
    ("tlh", "Frankreich", ()),
])  # fmt: skip
def test_other_languages_know_the_names_of_cldr(language: str, text: str, countries: tuple[str, ...]) -> None:
    assert enrich(Article("a", text, language=language)).country == countries


def test_a_name_in_another_language_stands_where_its_evidence_says() -> None:
    article = enrich(Article("a", "In Frankreich.", "Frankreich", language="de"))

    title, body = article.evidence["country"]
    assert (title.rule, title.within, title.start, title.end) == ("name", "title", 0, 10)
    assert article.text[body.start : body.end] == body.text == "Frankreich"
