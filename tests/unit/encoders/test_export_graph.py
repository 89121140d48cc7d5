"""What an encoder is made of, and its graph: against transformers' count and names of towers."""

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from transformers import AutoModel
from typer.testing import CliRunner

from tests.helpers.made_adapters import save_lora
from tests.helpers.tiny_models import (
    save_tiny_clip,
    save_tiny_naflex,
    save_tiny_siglip,
    save_tiny_xclip,
)
from tubeseek.cli.main import app
from tubeseek.core.errors import InputError, SharingError
from tubeseek.encoders.export.description import Part, parts_of
from tubeseek.encoders.export.drawing import check_drawing, draw
from tubeseek.encoders.export.graph import graph_source, tidy
from tubeseek.encoders.export.subject import open_subject
from tubeseek.encoders.starter.efficientnet_lite import LITE2, EfficientNetLite
from tubeseek.encoders.starter.encoder import StarterEncoder

pytestmark = pytest.mark.filterwarnings(  # between peft and transformers
    "ignore:.*is_gradient_checkpointing:FutureWarning"
)
each_family = pytest.mark.parametrize(
    "save",
    [save_tiny_clip, save_tiny_siglip, save_tiny_naflex, save_tiny_xclip],
    ids=["clip", "siglip", "naflex", "xclip"],
)
SIMPLE = "digraph { a -> b }"


class Drawing:
    """A graph as it stands in DOT."""

    def __init__(self, source: str) -> None:
        self.labels: dict[str, str] = {}
        self.colours: dict[str, str] = {}
        self.edges: list[tuple[str, str]] = re.findall(r"^\t(n\d+) -> (n\d+)$", source, re.M)
        for node, attributes in re.findall(r"^\t(n\d+) \[([^]]*)\]", source, re.M):
            if label := re.search(r'label="?([^"\n=]*)', attributes):
                self.labels[node] = label[1].split(" fillcolor")[0].strip()
            if colour := re.search(r"fillcolor=(\w+)", attributes):
                self.colours[node] = colour[1]

    def named(self, colour: str) -> set[str]:
        return {self.labels[node] for node, c in self.colours.items() if c == colour}

    def behind(self, label: str) -> set[str]:
        """The labels of all that leads to what has this label."""
        nodes = {node for node, named in self.labels.items() if named == label}
        waiting = list(nodes)
        while waiting:
            target = waiting.pop()
            new = {a for a, b in self.edges if b == target} - nodes
            nodes |= new
            waiting += new
        return {self.labels[node] for node in nodes}


@each_family
def test_parameters_are_counted(tmp_path: Path, save: Callable) -> None:
    base = save(tmp_path / "base")
    parts = {part.name: part for part in parts_of(open_subject(str(base)))}
    whole = AutoModel.from_pretrained(base).num_parameters()
    assert sum(part.parameters for part in parts.values()) == whole
    if save is save_tiny_clip:
        lora = 2 * 2 * 8 * (32 + 32)  # blocks x (query, value) x rank x (in + out)
        assert parts["text"].trainable == parts["pictures"].trainable == lora


def test_the_starter_is_counted() -> None:
    frozen = sum(p.numel() for p in EfficientNetLite(LITE2).parameters()) + 1280 * 384
    encoder = StarterEncoder(1)
    read = encoder.read(["a cat"])[1].shape[1]  # numbers that a head reads of a text
    assert encoder.spec.dim == 384
    assert parts_of(open_subject("starter")) == (
        Part("text", 0, read * 384),
        Part("pictures", frozen, 1280 * 384),
    )


@each_family
def test_each_vector_comes_from_its_own_tower(tmp_path: Path, save: Callable) -> None:
    graph = Drawing(graph_source(open_subject(str(save(tmp_path / "base"))), layers=1))
    text, picture = graph.behind("text vector"), graph.behind("picture vector")
    assert not [label for label in text if label.startswith(("vision", "visual", "mit", "pixels"))]
    assert not [label for label in picture if label.startswith("text")]
    assert "pixels" in picture
    assert graph.named("khaki") == {"pixels"}
    for tower, prefix in ((text, "text_model"), (picture, "vision_model")):
        marked = {label for label in tower if label.startswith(prefix) and "lora_" in label}
        assert marked
        assert marked <= graph.named("orange")
    assert all("lora_" in label for label in graph.named("orange"))
    assert not any("lora_" in label for label in graph.named("lightblue"))
    assert "AccumulateGrad" not in graph.labels.values()


def test_the_drawing_has_as_many_blocks_as_requested(tmp_path: Path) -> None:
    subject = open_subject(str(save_tiny_clip(tmp_path / "base")))
    short, whole = (Drawing(graph_source(subject, layers)) for layers in (1, None))
    layer = "text_model.encoder.layers.{}.self_attn.q_proj.lora_A.default.weight"
    assert layer.format(1) not in short.named("orange")
    assert {layer.format(0), layer.format(1)} <= whole.named("orange")
    assert graph_source(subject, 1) == graph_source(subject, 1)


def test_an_adapters_own_layers_are_marked(tmp_path: Path) -> None:
    lora = save_lora(tmp_path / "lora", save_tiny_clip(tmp_path / "base"))
    graph = Drawing(graph_source(open_subject(str(lora)), layers=1))
    layers = {label.split(".lora_")[0].rpartition(".")[2] for label in graph.named("orange")}
    assert layers == {"q_proj", "v_proj"}


def test_the_graph_of_the_starter() -> None:
    graph = Drawing(graph_source(open_subject("starter"), layers=1))
    assert graph.named("orange") == {"text_head", "picture_head"}
    text, picture = graph.behind("text vector"), graph.behind("picture vector")
    assert {"sentence", "text point", "text_head"} <= text
    assert {"pixels", "picture_head", "projection.weight"} <= picture
    assert not text & {"pixels", "picture_head"}


def test_a_graph_as_a_file(tmp_path: Path) -> None:
    draw(SIMPLE, tmp_path / "a.dot")
    assert (tmp_path / "a.dot").read_text() == SIMPLE
    draw(SIMPLE, tmp_path / "new" / "a.svg")
    svg = ElementTree.parse(tmp_path / "new" / "a.svg")  # noqa: S314  our own
    titles = {title.text for title in svg.iter("{http://www.w3.org/2000/svg}title")}
    assert {"a", "b", "a->b"} <= titles
    with pytest.raises(SharingError):
        draw("digraph {", tmp_path / "new" / "a.svg")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.svg"]


def test_addresses_are_renamed_and_sizes_are_not() -> None:
    source = (
        'digraph {\n\tgraph [size="77.40000000000003,9"]\n\t140123456789 -> 140987654321\n'
        '\t140123456789 [label="tokens\n (250002, 8)"]\n}'
    )
    assert tidy(source) == (
        'digraph {\n\tgraph [size="77.40000000000003,9"]\n\tn0 -> n1\n'
        '\tn0 [label="tokens\n (250002, 8)"]\n}\n'
    )


def test_what_cannot_be_drawn_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError):
        check_drawing(tmp_path / "a.bmp")
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("a.png", "a.pdf"):
        with pytest.raises(SharingError, match=r"\.svg.*\.dot"):
            check_drawing(tmp_path / name)


def test_pixels_and_pages_are_drawn_by_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a stand-in of that name, not Graphviz: it writes what it is asked, or fails."""
    program = tmp_path / "dot"
    program.write_text('#!/bin/sh\nread line; test "$line" != bad || exit 3\necho "$1 $line"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    draw(SIMPLE + "\n", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_text() == f"-Tpdf {SIMPLE}\n"
    with pytest.raises(SharingError):
        draw("bad\n", tmp_path / "b.png")
    assert not (tmp_path / "b.png").exists()


def test_the_command(tmp_path: Path) -> None:
    base = save_tiny_xclip(tmp_path / "base")
    graph = tmp_path / "graph.svg"
    words = ["--library", str(tmp_path / "library"), "-q", "model", str(base)]
    done = CliRunner().invoke(app, [*words, "--graph", str(graph), "--json"])
    assert done.exit_code == 0, done.output
    output = json.loads(done.stdout)
    assert (output["dim"], output["frames"], output["trained_with"]) == (16, 8, "LoRA")
    assert [part["name"] for part in output["parts"]] == [
        "text",
        "pictures",
        "not used by an index",
    ]
    assert graph.read_bytes().startswith(b"<?xml")
