"""What the page of a video is drawn from: cells of its timeline, and parts of its description."""

import pytest

from tubeseek.core.schemas import Curve, CurvePoint, ReplayStretch, Timeline
from tubeseek.ui.components.description import description_parts
from tubeseek.ui.components.heat import end_of, heat_layers


def curve(index: str, kind: str, *points: tuple[float, float, float]) -> Curve:
    cells = (CurvePoint(start=start, end=end, score=score) for start, end, score in points)
    return Curve(index=index, kind=kind, points=tuple(cells))


def cells(layer: object) -> list[tuple[float, float, float]]:
    assert isinstance(layer, list)
    return [(cell["start"], cell["end"], cell["height"]) for cell in layer]


TIMELINE = Timeline(
    video_id="v",
    duration_seconds=12,
    curves=(
        curve("clip", "still", (0, 0, 0.2), (4, 4, 0.3), (8, 8, 0.25)),
        curve("other", "still", (0, 0, 0.9), (4, 4, 0.1), (8, 8, 0.1)),
        curve("words", "passage", (1, 3, 0.5), (5, 7, 0.0)),
        curve("sentence", "passage", (1, 3, -0.1), (5, 7, 0.3)),
    ),
    replayed=(ReplayStretch(start=0, end=12, value=1),),
)


def test_stills_last_until_the_next_and_the_higher_of_two_curves_is_shown() -> None:
    layers = heat_layers(TIMELINE, "")
    # each curve spans 0 to 1; by the second, the first still is the best
    assert cells(layers["pictures"]) == [(0, 4, 1), (4, 8, 1), (8, 12, 0.5)]
    assert cells(layers["replayed"]) == [(0, 12, 1)]


def test_words_are_shares_of_the_highest_score_and_passages_without_them_no_moments() -> None:
    words_only = TIMELINE.model_copy(update={"curves": TIMELINE.curves[:3]})
    assert cells(heat_layers(words_only, "")["speech"]) == [(1, 3, 0.5)]
    assert cells(heat_layers(TIMELINE, "")["speech"]) == [(1, 3, 0.5)]
    meanings_only = TIMELINE.model_copy(update={"curves": TIMELINE.curves[3:]})
    assert cells(heat_layers(meanings_only, "")["speech"]) == [(5, 7, 1)]


@pytest.mark.parametrize(("using", "empty"), [("pictures", "speech"), ("words", "pictures")])
def test_only_the_layer_that_is_searched_is_shown(using: str, empty: str) -> None:
    layers = heat_layers(TIMELINE, using)
    assert [name for name, layer in layers.items() if not layer] == [empty]


def test_a_video_of_unknown_length_ends_with_its_last_part() -> None:
    assert end_of(TIMELINE.model_copy(update={"duration_seconds": None})) == 12
    assert end_of(Timeline(video_id="v")) == 0
    assert heat_layers(Timeline(video_id="v"), "") == {"replayed": [], "pictures": [], "speech": []}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "https://a.example/x_(y) and (http://b.example).",
            ["https://a.example/x_(y)", "http://b.example"],
        ),
        ("javascript:alert(1) data:text/html,x file:///etc vbscript:x ftp://a.example", []),
        ('HTTPS://A.example/"><script>', ["HTTPS://A.example/"]),
        ("http://[::1 http:// https://\u202eelpmaxe.a", ["https://elpmaxe.a"]),
        ("링크: https://한국.example/길, 끝", ["https://한국.example/길"]),
        ("", []),
    ],
)
def test_only_web_addresses_are_links(text: str, links: list[str]) -> None:
    parts = description_parts(text, "", None)
    assert [part["href"] for part in parts if "href" in part] == links
    assert all(part["text"] == part["href"] for part in parts if "href" in part)


def test_only_times_within_the_video_lead_there_and_no_word_is_lost() -> None:
    text = "0:05 시작\n1:02:03 끝 61:00 0:99 12:345 2024-01-01T10:20:30 a1:02 1:02."
    parts = description_parts(text, "", 3700)
    assert [part["seek"] for part in parts if "seek" in part] == [5, 3660, 62]
    assert "".join(part["text"] for part in parts) == text
    assert [p["seek"] for p in description_parts("1:00 1:01", "", 61) if "seek" in p] == [60]
