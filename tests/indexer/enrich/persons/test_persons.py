"""Persons are found in the text, in the headline by way of the text, and nowhere else."""

from indexer import languages
from indexer.enrich.persons import enrich
from indexer.enrich.persons.credits import without_credits
from indexer.enrich.persons.impostors import is_person
from indexer.enrich.persons.mentions import Mention
from indexer.enrich.persons.names import parse
from indexer.enrich.persons.tagger.sentences import Sentence
from indexer.enrich.persons.tagger.word_features import context
from search.values.article import Article
from tests.cases import cases

ENGLISH = languages.default()

SUMMIT = (
    "PARIS — Chancellor Angela Merkel met President Emmanuel Macron in Paris on Monday. Mrs Merkel said the talks were "
    "open and friendly.\n\n"
    "Macron thanked Merkel for her visit, and said that Germany and France would stand together. “We agree,” "
    "Merkel’s spokesman, Steffen Seibert, told reporters at the Élysée Palace."
)


PARTICLES = (
    "Tariq al-Amin", "Charles de Gaulle", "Alexander van der Bellen", "Olivier d'Ormesson", "Hendrik terBraak",
    "F. W. van Dijk", "Karl-Heinz Rummenigge",
)  # fmt: skip
"""Names with particles, which are part of them."""


def persons(text: str, title: str = "") -> tuple[str, ...]:
    return enrich(Article("a", text, title=title)).person


def test_persons_stand_by_number_of_mentions() -> None:
    assert persons(SUMMIT) == ("Angela Merkel", "Emmanuel Macron", "Steffen Seibert")


def test_evidence_is_where_the_text_has_it() -> None:
    article = enrich(Article("a", SUMMIT, title="Merkel Meets Macron In Paris For Friendly Talks"))
    for each in article.evidence["person"]:
        assert each.value in article.person
        assert getattr(article, each.within)[each.start : each.end] == each.text
    assert {each.within for each in article.evidence["person"]} == {"text", "title"}


def test_offsets_count_code_points() -> None:
    article = enrich(
        Article("a", "🎉🎉 “Naïveté!” said the actor Pierre Dupont in Genève, to Mr Dupont’s own surprise.")
    )
    assert {article.text[e.start : e.end] for e in article.evidence["person"]} == {"Pierre Dupont", "Dupont"}


@cases("title, found", [
    ("Merkel Says Summit With Macron Was Open And Friendly", {"Merkel", "Macron"}),
    ("MERKEL MEETS MACRON IN PARIS", {"MERKEL", "MACRON"}),
])  # fmt: skip
def test_the_headline_in_title_case_or_capitals_names_only_whom_the_text_names(title: str, found: set[str]) -> None:
    article = enrich(Article("a", SUMMIT, title=title))
    assert article.person == ("Angela Merkel", "Emmanuel Macron", "Steffen Seibert")
    assert {each.text for each in article.evidence["person"] if each.within == "title"} == found


@cases("text, nobody", [
    ("By Jane Doe\n\nThe council met on Tuesday to set the budget.", "Jane Doe"),
    ("By Jane Doe, Political Correspondent\nThe council met on Tuesday.", "Jane Doe"),
    ("The council met on Tuesday. (Reporting by Jane Doe; editing by John Roe)", "Jane Doe"),
    ("The council met on Tuesday.\n\nReporting by Jane Doe and John Roe in London", "Jane Doe"),
    ("The council met on Tuesday.\n\nThe town hall at night. Photograph: Jane Doe/Reuters", "Jane Doe"),
    ("The council met on Tuesday.\n\nThe town hall at night. Credit: Jane Doe", "Jane Doe"),
    ("The council met on Tuesday.\n\nThe town hall at night (Jane Doe/Getty Images)", "Jane Doe"),
])  # fmt: skip
def test_bylines_and_credits_name_nobody(text: str, nobody: str) -> None:
    assert persons(text) == ()
    assert nobody not in without_credits(text, ENGLISH)
    assert len(without_credits(text, ENGLISH)) == len(text)


def test_a_sentence_that_begins_with_by_is_no_byline() -> None:
    assert "Harold Wilson" in persons("By Tuesday Harold Wilson had made up his mind.\n\nWilson said he would resign.")


def test_a_surname_in_the_headline_is_the_first_of_that_name_in_the_text() -> None:
    text = "Treasury Secretary James Baker met Howard Baker, the chief of staff, on Tuesday. James Baker smiled."

    article = enrich(Article("a", text, "Baker Says Treasury Would Act"))

    assert article.evidence["person"][0].value == "James Baker"


def test_a_name_with_a_ticker_is_a_firms() -> None:
    text = "Carlton Barlow, who founded it, was at ease. Mr Barlow said the firm would grow."
    article = enrich(Article("a", text, title="BARLOW <BLW.N> SEES GAINS"))
    assert article.person == ("Carlton Barlow",)
    assert all(each.start is not None for each in article.evidence["person"])


def test_given_persons_are_left_alone() -> None:
    article = Article("a", SUMMIT, person=("Somebody Else",), given=frozenset({"person"}))
    assert enrich(article) is article


def test_other_languages_get_no_persons() -> None:
    assert enrich(Article("a", SUMMIT, language="sv")).person == ()


def test_several_of_an_abbreviation_are_no_name() -> None:
    body = [Sentence.of(["They", "told", "MPs", "so"], ENGLISH, [0, 5, 10, 14])]
    mention = Mention(0, 2, 3, parse("MPs", ENGLISH), "crf", 1.0)
    assert not is_person(body, mention, context(body), frozenset())


@cases("name, confidence, person", [
    ("Winter Outlook", 0.79, False), ("Winter Outlook", 0.8, True), ("Winter Hale", 0.79, True),
    ("Mr Winter Outlook", 0.79, True), ("South West Hartvale", 1.0, False), ("North-East Hartvale", 1.0, False),
    ("Oliver North", 1.0, True), ("Hartvale West", 1.0, True),
])  # fmt: skip
def test_a_name_of_ordinary_words_has_to_be_sure_and_none_begins_with_a_side(
    name: str, confidence: float, person: bool
) -> None:
    words = name.split()
    body = [
        Sentence.of(["They", "saw", *words, "there"], ENGLISH, [0, 5, *(10 + name.index(word) for word in words), 40])
    ]
    first = 3 if words[0] == "Mr" else 2
    mention = Mention(0, first, 2 + len(words), parse(name, ENGLISH), "crf", confidence)
    assert is_person(body, mention, context(body), frozenset()) is person


def test_a_surname_is_not_that_of_a_run_of_ordinary_words() -> None:
    text = (
        "Anna Brenner spoke on Monday. Brenner was cheered, and Brenner thanked them. Brenner had read of the award as "
        "Mention Brenner in a paper."
    )
    assert persons(text)[0] == "Anna Brenner"


@cases("text, credit", [
    ("It opened. (Picture by Jane Doe) The return to school went well.", "(Picture by Jane Doe)"),
    ("It opened.\n\nPosted by Jane Doe, Marketing\n\nIt was good.", "Posted by Jane Doe"),
    ("It opened on Nov. 2 By Jane Doe Published on November 2", "By Jane Doe"),
])  # fmt: skip
def test_authors_and_photographers_where_pages_name_them_are_credits(text: str, credit: str) -> None:
    assert without_credits(text, ENGLISH) == text.replace(credit, "\n" * len(credit))


@cases("text", [
    # places, peoples, bodies and storms
    "Trade between Jordan and Turkey grew by a tenth in May, officials in Ankara said on Friday.",
    "The American government and the Bank of England said nothing on Monday.",
    "Hurricane Katrina reached Louisiana in August.",
    "Flights from John F. Kennedy Airport were late.",
    "The Ford Foundation and Harvard University gave money to the study.",
    "Shares rose, Goldman Sachs and JP Morgan analysts said on Friday.",
    "Trains run to Leeds, York, Durham, Newcastle, Berwick, Glasgow and Edinburgh.",
    # places, ships, storms and firms with a person's name
    "The wreck of the tanker Amoco Cadiz lies off Brittany.",
    "Hurricane Andrew came ashore at night. Andrew destroyed thousands of houses.",
    "The meeting was held at Murray Edwards on Monday.",
    "The villages of Carlton and Howard Springs were cut off by the flood.",
    "Large parts of Wallis prefecture lay under water.",
    "Mansell's shares fell by a tenth in the afternoon.",
    "The company Gerard will build the bridge.",
    "The family lived in a flat on Martha Street until they moved.",
    "The museum at 12 Carter St is open on Sundays, and children do not pay to see it.",
    "Then came Carla. The cyclones Anita, Carla and Helen did more damage than 2011's Laura.",
    # partners in a firm
    "The offering was led by Kellman, Barlow and Co, the filing showed.",
    "The bonds will be sold by Doyle Stearn and Kellman, Barlow and Turnbull Inc.",
    "Sales will rise, an economist at Barlow and Drew said in a note.",
    "Barlow and Drew said it lowered the ratings of the bonds.",
    "Barlow and Drew rates the bonds highly.",
    "The bonds are rated AAA by Standard and Barlow's.",
    "The deal was managed by lead manager Allan Barlow and Sons.",
    "The brokers Barlow and Drew expect a rise.",
    "The shares of state-owned Barlow rose, and so did those of others.",
    # abbreviations, marks, scores and other scripts and languages
    "A thaw in Soviet-U.S. Relations is near. Relations are good, and anti-U.S. Feeling is rare.",
    "The plant at New Haven, W. Va., was closed, and R-Minn, it was said, is a state's.",
    "The maker is owned by <Allan Barlow> of Ohio, and <FONT face='Ann Barlow' size=2>the rest is not.",
    "The shares of Barlow Hydro, Swedish Telecom, Julian Barlow N.V. and Julian OS fell.",
    "The bonds are rated Barlow-2, and he is no Barlow-3.",
    "उसके बाद नहीं बोल रहे थे, he wrote.",
    "Preston (6-1) beat Hadley (4-3).",
    "Er hat das Obst und den Wein mit dem Nachbarn geteilt, aber der Keller ist nicht leer.",
    # brands, teams, works and lists of things
    "Disney said on Monday that it would back the format. Dell told investors that it had not decided.",
    "The poems come from Alfred A. Knopf in June. Alfred A. Knopf also has the rights abroad.",
    "Cutouts filled the seats as the Denver Broncos lost. The Denver Broncos said no fans were let in.",
    "Traders said Bonny Light and the Cooper Basin were not affected.",
    "Sales of North American-made cars fell. North American-made trucks sold well.",
    "The Indira Gandhi World Peace Award was returned by the poet.",
    "The page has buttons. UndoUndo Good was shown, and then UndoUndo Good again.",
    "The three characters, Ned, Arthur and Wendy, live in a lighthouse. Arthur is the oldest.",
    "Drivers may use the Orland, Peto Marani and Castor crossings.",
    "The singer played her hit “Sally Mason” at the fair on Sunday.",
    # names that stand alone, and reporters at the end
    "Her neighbour said, ‘Oh that’s kind of you, come in.’",
    "The gardener is better known as “Ramesh”, though nobody in the village could say why.",
    "The council met on Tuesday.\n\nJane Doe in Rome and John Roe in Paris contributed to this report.",
    "The council met on Tuesday.\n\nGot a tip? Email Jane Doe at jdoe@example.org. Follow Jane Doe on Twitter.",
])  # fmt: skip
def test_what_is_no_person(text: str) -> None:
    assert persons(text) == ()


def test_nothing_breaks_on_scraps() -> None:
    for text in ("", " ", "\n\n\n", "…", "1", "A", "’s", "By", "Mr", "Mr.", "\u0301", "٣", "e\u0301"):
        assert persons(text, title=text) == (), text


@cases("text, found", [
    # a title, a role, an age or an appositive makes a person of a place or of unknown words
    ("Michael Jordan scored forty points in Chicago on Sunday. Jordan was tired afterwards, his coach said.",
     ("Michael Jordan",)),
    ("Yesterday Yumiko Tarasawa, the chairwoman, opened the new hall.", ("Yumiko Tarasawa",)),
    ("The Danish sculptor Snorre Blixdal made the fountain.", ("Snorre Blixdal",)),
    ("Snorre Blixdal, 47, of Aarhus made the fountain. The mayor thanked Mr Blixdal.", ("Snorre Blixdal",)),
    ("Ann Lee, 35, Hadley, was fined for speeding on Monday.", ("Ann Lee",)),
    ("The memo is by former deputy White House counsel Ann Lee. The White House did not reply.", ("Ann Lee",)),
    ("The city is quiet tonight, our correspondent Jane Parker reports from Beirut.", ("Jane Parker",)),
    # partners who speak for themselves
    ("President Joe Barlow met Senator Ann Drew. Barlow and Drew said it was late. It was Barlow and Drew's idea.",
     ("Joe Barlow", "Ann Drew")),
    # a full name stands without title, whence and what the person is
    ("The probe was led by Belgian Paul Deschamps of Ghent.", ("Paul Deschamps",)),
    ("The second was Senator from Vermont Bernie Sanders, with a fifth of the vote.", ("Bernie Sanders",)),
    ("Pope Celestine spoke in Rome. The crowd cheered Pope Celestine.", ("Celestine",)),
    # a lone given name is nobody
    ("The farm is run by Peter Hobson and his daughter Susan near Leeds.", ("Peter Hobson", "Susan")),
    *((f"The minister thanked {name}, the chairman of the club, for his work.", (name,)) for name in PARTICLES),
])  # fmt: skip
def test_who_is_a_person_and_nobody_else(text: str, found: tuple[str, ...]) -> None:
    assert persons(text) == found


@cases("text, found", [
    ("The North Korean leader Kim Jong Un shook hands with Mr. Smith.", {"Kim Jong Un"}),
    ("Beside them sat Kim Yong Chol, Ri Su Yong and Ri Yong Ho, officials said.", {"Ri Yong Ho"}),
    ("The films that Ethan and Joel Coen made are shown to this day.", {"Ethan Coen", "Joel Coen"}),
    ("The budget of the Carter administration was passed. Carter said he was pleased.", {"Carter"}),
    ("Team: G Marlow (Leicester); S Pell (Leinster), K Barden (Ulster), G du Preez (Sale), R O'Dell.",
     {"G Marlow", "S Pell", "K Barden", "G du Preez", "R O'Dell"}),
    ("Both ships are late, said Peter Hale, Group Treasurer of the line, on the phone.", {"Peter Hale"}),
    ("“The harbour is quiet,” said Mark Fa, a pilot with the port office.", {"Mark Fa"}),
    ("The prize went to Anna “Annie” Carter, 63, who has grown leeks for forty years.", {"Anna Carter"}),
    ('The drummer Peter "Sticks" Nolan broke his arm, and the band went home early.', {"Peter Nolan"}),
    ("The officer in charge, DS Helen Porter, asked anyone with a film of it to call.", {"Helen Porter"}),
    ("The bridge is closed again. Laura Bennett Published on Friday in the local section.", {"Laura Bennett"}),
    ("Our experts:\n\n- Laura Scott, Deputy Head of Marketing at Northern Timber", {"Laura Scott"}),
    ("Bill and Hillary Clinton came to the wedding, and left before the dance.", {"Bill Clinton"}),
])  # fmt: skip
def test_who_is_among_the_persons(text: str, found: set[str]) -> None:
    assert found <= set(persons(text))
