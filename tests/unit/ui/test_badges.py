"""What a card shows over the picture of a video."""

from tubeseek.core.schemas import VideoFacts
from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui import texts
from tubeseek.ui.address import Place
from tubeseek.ui.components.results import Card, badges
from tubeseek.ui.session import Session
from tubeseek.ui.texts.text import Language


def drawn(honesty: float | None, language: Language) -> str:
    session = Session(RemoteLibrary("http://127.0.0.1:1"), language, Place())
    facts = VideoFacts(id="a", url="", title="A", duration_seconds=61, honesty=honesty)
    return badges(session, Card.of_video(facts))


def test_a_thumbnail_is_called_misleading_where_most_videos_look_more_like_it() -> None:
    english: Language = "en"
    assert texts.video.MISLEADING.en in drawn(0.2, english)
    assert "80%" in drawn(0.2, english)
    assert texts.video.MISLEADING.ko in drawn(0.2, "ko")
    for honesty in (None, 0.5, 1.0):
        assert texts.video.MISLEADING.en not in drawn(honesty, english)
        assert "1:01" in drawn(honesty, english)
