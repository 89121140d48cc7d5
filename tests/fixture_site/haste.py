"""How tests ask the fixture site: without the pauses that a real site is owed."""

from pathlib import Path

from tests.fixture_site.site import FixtureSite
from tubeseek.core.types import Media, Video
from tubeseek.sources.youtube.rate_limit import Politeness
from tubeseek.sources.youtube.source import YouTubeSource

HASTY = Politeness(
    request_seconds=0,
    captions_seconds=0,
    video_min_seconds=0,
    video_max_seconds=0,
    backoff_first_seconds=0.005,
    backoff_total_seconds=0.1,
)


def fetch(source: YouTubeSource, site: FixtureSite, index: int, folder: Path) -> Media:
    """Fetches the video at this place of the channel."""
    video = site.videos[index]
    return source.fetch(Video(video.library_id, site.video_url(video), video.title), folder)
