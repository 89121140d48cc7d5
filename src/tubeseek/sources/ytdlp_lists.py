"""Entries of yt-dlp's lists, page by page."""

from collections.abc import Iterable, Iterator

from tubeseek.errors import RateLimitedError, SourceError
from tubeseek.sources.ytdlp_errors import translate
from tubeseek.sources.ytdlp_records import Info
from tubeseek.sources.ytdlp_session import Session


def translated(entries: Iterable[Info], url: str) -> Iterator[Info]:
    """The same entries; what goes wrong on the way to the next page comes out as ours."""
    try:
        yield from entries
    except SourceError:
        raise
    except Exception as error:  # an extractor meets pages it has never seen
        failure = translate(error, url)
        if isinstance(failure, RateLimitedError):
            raise failure from error
        raise SourceError(f"Listed in part only. {failure}") from error


def is_list(session: Session, entry: Info, listing: Info) -> bool:
    """Whether an entry leads to a further list: a tab of a channel, a playlist among playlists."""
    key = entry.get("ie_key")
    if not key:
        return False
    single = session.get_info_extractor(key).is_single_video(entry["url"])
    return key == listing.get("extractor_key") if single is None else not single
