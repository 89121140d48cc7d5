"""Makes found videos, for tests of what shows them."""

from tubeseek.core.schemas import Moment, SearchAnswer, SearchHit
from tubeseek.core.schemas.search import Fit


def make_hit(rank: int = 1, **facts: object) -> SearchHit:
    """Return a hit of a YouTube video with one moment."""
    url = f"https://youtu.be/dQw4w9WgXcQ?t={rank}"
    moment = Moment(
        start=rank,
        end=rank + 3.5,
        seek=rank + 0.5,
        kind="still",
        url=url,
        score=1,
        reason=f"seen at 0:0{rank}",
    )
    defaults = {
        "rank": rank,
        "video_id": "dQw4w9WgXcQ",
        "url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "title": "A cat plays the piano",
        "channel": "Cats",
        "score": 1.0,
        "duration_seconds": 61.0,
        "moments": (moment,),
        "fit": Fit.STRONG,
        "relevance": 90,
    }
    return SearchHit.model_validate(defaults | facts)


def make_answer(*hits: SearchHit, **facts: object) -> SearchAnswer:
    """Return an answer with these hits."""
    return SearchAnswer.model_validate({"query": "a cat", "encoder": "e", "hits": hits} | facts)
