"""A cut file, decoded, shows what the original shows between the two times, with its sound."""

import errno
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.helpers.made_videos import (
    BLUE,
    GREEN,
    GREY,
    RED,
    make_audio,
    make_timed_video,
    make_video,
    painted,
    turn,
)
from tests.helpers.small_disk import small_disk
from tubeseek.core.errors import InputError, MediaError
from tubeseek.media.cutting import cut
from tubeseek.media.frames import frames_at, probe

FPS = 10
FRAME_SECONDS = 1 / FPS
SIZE = (160, 96)
NOISE = 6.0  # mean difference of pixels that encoding again makes at most


def counted(seed: int) -> NDArray[np.uint8]:
    return painted(SIZE, seed)


def frames(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """All frames with their times, read straight by PyAV."""
    with av.open(str(path)) as container:
        return [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]


def differs(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


def frame_of(path: Path, seconds: float) -> NDArray[np.uint8]:
    return next(frames_at(path, [seconds]))[1]


def with_sound(path: Path, pictures: Path, sound: Path) -> Path:
    """Puts a video and a sound into one file, as they are."""
    with av.open(str(path), "w") as output, av.open(str(pictures)) as v, av.open(str(sound)) as a:
        ins = [v.streams.video[0], a.streams.audio[0]]
        outs = [output.add_stream_from_template(stream) for stream in ins]
        for source, stream, target in zip((v, a), ins, outs, strict=True):
            for packet in source.demux(stream):
                if packet.size:
                    packet.stream = target
                    output.mux(packet)
    return path


def sound_of(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        blocks = [f.to_ndarray().astype(float) for f in container.decode(audio=0)]
    return np.concatenate([block.reshape(block.shape[0], -1)[0] for block in blocks])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds: each second another picture, a keyframe at each, and B-frames between."""
    path = tmp_path_factory.mktemp("cutting") / "original.mp4"
    return make_video(path, [counted(n) for n in range(8)], keyframe_every=FPS)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize(("start", "end"), [(2, 4), (2.25, 4.15), (0, 8), (0.05, 0.25), (7.5, 8)])
def test_the_clip_shows_what_the_original_shows(original, tmp_path, start, end, suffix):
    made = cut(original, start, end, tmp_path / f"clip{suffix}")
    assert (made.start, made.end) == (start, end)
    facts = probe(made.path)
    assert facts.duration_seconds == pytest.approx(end - start, abs=FRAME_SECONDS)
    shown = frames(made.path)
    assert shown[0][0] == pytest.approx(0, abs=0.001)
    for seconds, picture in shown:
        assert differs(picture, frame_of(original, start + seconds + 0.001)) < NOISE, seconds
    assert shown[-1][0] + FRAME_SECONDS == pytest.approx(end - start, abs=FRAME_SECONDS)


def test_a_clip_that_begins_at_a_keyframe_is_copied(tmp_path):
    original = make_video(
        tmp_path / "a.mp4", [counted(n) for n in range(6)], keyframe_every=FPS, codec="libx264"
    )
    made = cut(original, 2, 4, tmp_path / "copied.mp4")
    assert made.copied
    pairs = zip(frames(made.path), frames(original)[20:40], strict=True)
    assert all(np.array_equal(copy, original) for (_, copy), (_, original) in pairs)


def test_a_clip_that_begins_between_keyframes_is_not(tmp_path):
    original = make_video(tmp_path / "a.mp4", [counted(n) for n in range(6)], keyframe_every=FPS)
    assert not cut(original, 2.5, 4, tmp_path / "encoded.mp4").copied


@pytest.mark.parametrize("start", [1.0, 1.5])
def test_sound_is_kept_and_in_step(tmp_path, start):
    pictures = make_video(tmp_path / "v.mp4", [RED, GREEN, BLUE], keyframe_every=FPS)
    original = with_sound(tmp_path / "whole.mp4", pictures, make_audio(tmp_path / "a.m4a", 3))
    clip = cut(original, start, 2.5, tmp_path / "clip.mp4").path
    sound = sound_of(clip)
    assert len(sound) / 48_000 == pytest.approx(2.5 - start, abs=0.05)
    spectrum = np.abs(np.fft.rfft(sound[4800:24000]))
    assert np.fft.rfftfreq(19200, 1 / 48_000)[spectrum.argmax()] == pytest.approx(440, abs=5)


def test_sound_that_mp4_cannot_hold_is_encoded_anew(tmp_path):
    pictures = make_video(tmp_path / "v.avi", [RED, GREEN], codec="mpeg4", keyframe_every=5)
    rate = 44_100
    tone = np.sin(np.arange(2 * rate) * 2 * np.pi * 440 / rate)
    with av.open(str(tmp_path / "a.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate, layout="mono")
        for start in range(0, len(tone), 900):
            block = (tone[None, start : start + 900] * 20_000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    original = with_sound(tmp_path / "whole.avi", pictures, tmp_path / "a.wav")
    clip = cut(original, 0.5, 1.5, tmp_path / "clip.mp4").path
    assert len(sound_of(clip)) / 48_000 == pytest.approx(1, abs=0.1)
    assert frames(clip)[0][1].mean(axis=(0, 1)) == pytest.approx(RED, abs=30)


def test_a_still_that_lasts_is_cut_in_the_middle(tmp_path):
    """Variable frame rate: slides of several seconds are one frame each."""
    original = make_timed_video(tmp_path / "a.mp4", [(0, RED), (4, GREEN), (9, BLUE), (9.5, BLUE)])
    clip = cut(original, 2, 7, tmp_path / "clip.mp4").path
    shown = frames(clip)
    assert [round(time, 2) for time, _ in shown] == [0, 2]
    for (_, picture), colour in zip(shown, (RED, GREEN), strict=True):
        assert picture.mean(axis=(0, 1)) == pytest.approx(colour, abs=12)
    assert probe(clip).duration_seconds == pytest.approx(5, abs=0.1)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.avi", "mpeg4"), ("a.webm", "libvpx"), ("a.gif", "gif"), ("a.ts", "")]
)
def test_other_containers(tmp_path, name, codec):
    original = make_video(tmp_path / name, [RED, GREEN, BLUE], codec=codec or "libx264")
    made = cut(original, 1.2, 2.4, tmp_path / "clip.mp4")
    assert probe(made.path).duration_seconds == pytest.approx(1.2, abs=FRAME_SECONDS)
    colours = [picture.mean(axis=(0, 1)) for _, picture in frames(made.path)]
    assert colours[0] == pytest.approx(GREEN, abs=30)
    assert colours[-1] == pytest.approx(BLUE, abs=30)


@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_turned_video_comes_out_upright(tmp_path, clockwise):
    original = turn(make_video(tmp_path / "a.mp4", [counted(3), counted(4)]), clockwise)
    clip = cut(original, 0, 0.5, tmp_path / "clip.mp4").path
    assert differs(frame_of(clip, 0), frame_of(original, 0)) < NOISE


def test_odd_sides_lose_one_row_at_most(tmp_path):
    original = make_video(
        tmp_path / "a.gif", [painted((161, 97), 1)] * 2, codec="gif", size=(161, 97)
    )
    clip = cut(original, 0, 1, tmp_path / "clip.mp4").path
    assert (probe(clip).width, probe(clip).height) == (160, 96)


def test_an_end_beyond_the_end_is_the_end(original, tmp_path):
    made = cut(original, 7, 100, tmp_path / "clip.mp4")
    assert made.end == pytest.approx(8, abs=FRAME_SECONDS)
    assert probe(made.path).duration_seconds == pytest.approx(1, abs=FRAME_SECONDS)


@pytest.mark.parametrize(
    ("start", "end"),
    [(3, 2), (2, 2), (-1, 2), (0, float("nan")), (float("nan"), 1), (0, float("inf")), (8.5, 9)],
)
def test_times_that_make_no_clip_are_refused(original, tmp_path, start, end):
    with pytest.raises(InputError):
        cut(original, start, end, tmp_path / "clip.mp4")
    assert not list(tmp_path.iterdir())


def test_places_that_take_no_clip_are_refused(original, tmp_path):
    there = tmp_path / "there.mp4"
    there.write_bytes(b"precious")
    for place in (there, tmp_path / "clip.avi", tmp_path / "clip", tmp_path / "no" / "clip.mp4"):
        with pytest.raises(InputError, match=str(place.parent)):
            cut(original, 0, 1, place)
    assert there.read_bytes() == b"precious"
    cut(original, 0, 1, there, overwrite=True)
    assert probe(there).duration_seconds == pytest.approx(1, abs=FRAME_SECONDS)


def test_a_file_that_has_gone_or_is_no_video_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"gone\.mp4"):
        cut(tmp_path / "gone.mp4", 0, 1, tmp_path / "clip.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(MediaError, match=r"text\.mp4"):
        cut(tmp_path / "text.mp4", 0, 1, tmp_path / "clip.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["text.mp4"]


@pytest.mark.parametrize("start", [0, 0.5])
def test_a_full_disk_leaves_nothing_and_says_so(original, tmp_path, start):
    with small_disk(4000), pytest.raises(MediaError, match=r"clip\.mkv") as caught:
        cut(original, start, 8, tmp_path / "clip.mkv")
    assert caught.value.__cause__.errno in (errno.EFBIG, errno.ENOSPC)
    assert not list(tmp_path.iterdir())


def test_half_a_file_gives_what_is_there(tmp_path):
    original = make_video(tmp_path / "a.mkv", [RED, GREEN, GREY], codec="libx264", keyframe_every=5)
    original.write_bytes(original.read_bytes()[: original.stat().st_size * 2 // 3])
    made = cut(original, 0.2, 3, tmp_path / "clip.mp4")
    assert frames(made.path)[0][1].mean(axis=(0, 1)) == pytest.approx(RED, abs=12)
