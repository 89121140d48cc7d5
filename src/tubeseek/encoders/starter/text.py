"""Encodes texts for the starter encoder, by sentences, words and the classes of ImageNet."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.types import Vectors
from tubeseek.encoders.sentence.universal import open_sentence_encoder

Floats = NDArray[np.float32]

CLASS_TEMPERATURE = 0.05  # of the softmax over cosines between a text and the classes
MAX_WORDS = 64  # of a text that are encoded one by one; the sentence vector covers all of them
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


class StarterReader:
    """Maps texts to vectors, with numpy only.

    With e the sentence vector of a text and c the classes' (both centred, unit length), a text has
    two images in the space of the pictures, which are added at equal length:
    - e times `text_projection`, a map learned from the texts of the classes to their columns in
      the picture classifier. It carries what lies between the classes.
    - the mean of `class_points`, weighted by softmax(e·c / temperature) of the whole text and, at
      the same length, of its words: a sentence names several things, and its vector blurs them.
    """

    def __init__(self, maps: Mapping[str, Floats]) -> None:
        """Load the sentence encoder.

        Args:
            maps: The arrays that scripts/make_starter.py froze.

        Raises:
            ModelUnavailableError: The package with the sentence encoder is missing.
        """
        self._sentences = open_sentence_encoder()
        self._text_mean = maps["text_mean"]  # (512,)
        self._text_projection = maps["text_projection"]  # (512, dim)
        self._class_text_mean = maps["class_text_mean"]  # (512,)
        self._class_texts = maps["class_texts"]  # (1000, 512)
        self._class_points = maps["class_points"]  # (1000, dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), dim)."""
        return self.read(texts)[0]

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Return the points of texts, (n, dim), and the inputs of heads, (n, 1024).

        The inputs are the sentence vector of the whole text and the mean of those of its words and
        pairs of words, both centred and of unit length: a title often names several things.
        """
        points = np.empty((len(texts), self._class_points.shape[1]), np.float32)
        sentences = np.empty((len(texts), 2 * len(self._text_mean)), np.float32)
        for row, text in enumerate(texts):
            points[row], sentences[row] = self._read_one(text)
        return points, sentences

    def _read_one(self, text: str) -> tuple[Floats, Floats]:
        embedded = self._sentences.encode([text, *phrases(text)])  # (1 + phrases, 512)
        centred = embedded - self._text_mean
        whole, parts = unit(centred[0]), unit(centred[1:])
        between = unit(centred[0] @ self._text_projection)
        cosines = unit(embedded - self._class_text_mean) @ self._class_texts.T
        classes = class_mixture(cosines)
        sentences = np.concatenate([whole, unit(parts.mean(axis=0)) if len(parts) else whole])
        return unit(between + unit(classes @ self._class_points)), sentences


def class_mixture(cosines: Floats) -> Floats:
    """Return how much a text speaks of each class, as a vector of unit length.

    Args:
        cosines: (1 + phrases, 1000), the cosines with the classes; row 0 is the whole text.

    Returns:
        (1000,) of at least 0.
    """
    whole, *parts = softmax(cosines / CLASS_TEMPERATURE)
    if not parts:
        return unit(whole)
    # A word that is like no class ("the", "review") should count little.
    pictured = np.maximum(cosines[1:].max(axis=1), 0) ** 2
    return unit(unit(whole) + unit(pictured @ np.stack(parts)))


def phrases(text: str) -> list[str]:
    """Return the words of a text, and the pairs of neighbouring words.

    >>> phrases("A sports car!")
    ['a', 'sports', 'car', 'a sports', 'sports car']
    """
    words = [match.group().lower() for match in _WORD.finditer(text)][:MAX_WORDS]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    return words + pairs


def unit(x: Floats) -> Floats:
    """Return rows of unit length; rows of zeros stay zeros."""
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return np.asarray(x / np.maximum(length, 1e-12), np.float32)


def softmax(x: Floats) -> Floats:
    """Return the softmax along the last axis."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True), np.float32)
