"""Writes the labels of topics in other languages, `search/data/topic_names.tsv`: `python -m training.topic_names`.

From the labels of the IPTC Media Topics in German, Spanish, French and Portuguese. Two topics of one label in a
language are told apart by that of the broader topic, in brackets.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from search.names.vocabulary import ELSEWHERE, vocabulary
from training.persons.sets import FOLDER
from training.persons.sources import read

OUT = Path(__file__).resolve().parent.parent / "search" / "data" / ELSEWHERE["topic"]
LANGUAGES = ("de", "es", "fr", "pt")
HEAD = (
    "# Labels of the IPTC Media Topics in other languages, https://iptc.org/standards/media-topics/, edition of\n"
    "# October 2023. © International Press Telecommunications Council (IPTC), CC BY 4.0. Made by\n"
    "# `python -m training.topic_names`."
)


def make() -> None:
    """Write the table."""
    topics = vocabulary("topic").entries
    labels = {language: dict[str, str]() for language in LANGUAGES}
    for row in read(FOLDER / "iptc_labels.jsonl.gz"):
        if row["lang"] in labels and row["code"] in topics and row["label"]:
            labels[row["lang"]][row["code"]] = " ".join(row["label"].split())
    for known in labels.values():
        several = Counter(map(str.casefold, known.values()))
        for code, label in list(known.items()):
            above = topics[code].parent
            if several[label.casefold()] > 1 and above in known:
                known[code] = f"{label} ({known[above].partition(' (')[0]})"
    rows = ["\t".join([code, *(labels[language].get(code, "") for language in LANGUAGES)]) for code in topics]
    OUT.write_text("\n".join([HEAD, "\t".join(["code", *LANGUAGES]), *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    make()
