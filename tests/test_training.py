"""Models are what their cards say, and training makes the same again."""

import re
from hashlib import sha256
from pathlib import Path

from tests.cases import cases
from training.persons.documents import from_teacher
from training.persons.model import fit

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted((ROOT / "indexer" / "languages").glob("*/*.npz"))


@cases("model", MODELS)
def test_a_card_belongs_to_its_model(model: Path) -> None:
    stated = re.search(r"SHA-256 begins\s`([0-9a-f]{16})`", model.with_suffix(".md").read_text("utf-8"))
    assert stated is not None
    assert sha256(model.read_bytes()).hexdigest()[:16] == stated[1]


def test_the_same_labels_give_the_same_model(tmp_path: Path) -> None:
    text = "Ann Lee met Joe Cole in Rome. Mr Cole of Barlow Inc said he was glad. Lee agreed with Cole."
    spans = [
        [match.start(), match.end(), kind]
        for word, kind in (("Ann Lee", "PERSON"), ("Joe Cole", "PERSON"), ("Rome", "GPE"), ("Barlow Inc", "ORG"))
        for match in re.finditer(word, text)
    ]
    made = []
    for name in ("first", "second"):
        corpus = [from_teacher({"text": text, "spans": spans})] * 3
        fit(corpus, tmp_path / name, rounds=20, c1=0.3, c2=0.05)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
