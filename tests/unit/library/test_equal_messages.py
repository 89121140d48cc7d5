"""Equal messages of a job: three of them, a count, and a file with all."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tubeseek.core.errors import SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.library.equal_messages import fold_equal

F, N, A = EventKind.FAILED, EventKind.NOTICE, EventKind.ADVANCED


def stream(*events: Event) -> Generator[Event, None, None]:
    yield from events


def failure(message: str, video_id: str = "", group: str = "") -> Event:
    return Event(F, "add", message, video_id, group=group)


@pytest.mark.parametrize(
    "messages",
    [
        [f"t.csv, line {n}: x{n}Yz has no picture; put it at images/x{n}Yz.jpg" for n in range(9)],
        [f"/my videos/trip {n} of us.mp4: no video stream; convert it" for n in range(9)],
        [f"https://www.youtube.com/watch?v=aircAruvnK{n}: private" for n in range(9)],
        [f"'한국어 {name}' is empty" for name in "abcdefghi"],
    ],
)
def test_messages_that_differ_in_names_are_equal(tmp_path: Path, messages: list[str]) -> None:
    other = failure("the disk is full")
    folded = list(fold_equal(stream(*map(failure, messages), other), tmp_path / "m", "add"))
    assert [event.message for event in folded[:4]] == [*messages[:3], other.message]
    [rest] = folded[4:]
    assert (rest.kind, rest.times) == (F, 6)
    [file] = (tmp_path / "m").iterdir()
    assert str(file) in rest.message
    assert file.read_text(encoding="utf-8").splitlines() == [*messages, other.message]


def test_a_group_makes_messages_equal(tmp_path: Path) -> None:
    events = [failure(f"the {word} one", group="g") for word in ("red", "green", "blue", "last")]
    *_, rest = fold_equal(stream(*events), tmp_path, "add")
    assert rest.times == 1


def test_a_message_three_times_needs_no_file(tmp_path: Path) -> None:
    events = [failure("a"), Event(A, "add"), failure("a"), Event(N, "add", "a"), failure("a")]
    assert list(fold_equal(stream(*events), tmp_path, "add")) == events
    assert not list(tmp_path.iterdir())


def test_a_job_that_ends_with_an_error_has_its_count(tmp_path: Path) -> None:
    def broken() -> Generator[Event, None, None]:
        yield from (failure("a") for _ in range(5))
        raise SourceError("no more")

    events: list[Event] = []
    with pytest.raises(SourceError):
        events.extend(iter(fold_equal(broken(), tmp_path, "add")))
    stopped = fold_equal(broken(), tmp_path, "add")
    assert [next(stopped).times for _ in range(4)] == [1, 1, 1, 2]
    with pytest.raises(SourceError):
        next(stopped)


def test_closing_it_closes_the_job(tmp_path: Path) -> None:
    events = stream(failure("a"), failure("b"))
    folded = fold_equal(events, tmp_path, "add")
    next(folded)
    folded.close()
    assert list(events) == []
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    events = [failure("a\n\udc80") for _ in range(5)]
    *_, rest = fold_equal(stream(*events), tmp_path / "file" / "m", "add")
    assert rest.times == 2


def test_old_files_are_removed(tmp_path: Path) -> None:
    for _ in range(25):
        list(fold_equal(stream(*[failure("a")] * 4), tmp_path, "add"))
    assert len(list(tmp_path.iterdir())) == 20
