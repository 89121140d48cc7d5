"""Teaches yt-dlp the fixture site. It stands alone: yt-dlp loads it from outside the project."""

from yt_dlp.extractor.common import InfoExtractor

_HOST = r"(?P<base>http://127\.0\.0\.1:\d+)"


class TubeseekFixtureIE(InfoExtractor):
    """One video."""

    _VALID_URL = _HOST + r"/(?:watch\?v=|shorts/)(?P<id>[\w-]{11})"
    _RETURN_TYPE = "video"

    def _real_extract(self, url):
        base, video_id = self._match_valid_url(url).group("base", "id")
        page = self._download_json(f"{base}/api/video/{video_id}", video_id)
        reason = page.get("error")
        if reason and page["geo"]:
            self.raise_geo_restricted(reason, ["KR", "US"], metadata_available=True)
        if reason:
            self.raise_no_formats(reason, expected=True)
        return page


class TubeseekFixtureListIE(InfoExtractor):
    """A channel with its tabs, one tab of it, or a playlist."""

    _VALID_URL = (
        _HOST + r"/(?:channel/(?P<channel>\w+)(?:/(?P<tab>\w+))?|playlist\?list=(?P<id>[\w-]+))"
    )
    _RETURN_TYPE = "any"  # as YouTube's extractor of tabs

    def _real_extract(self, url):
        base, channel, tab, playlist = self._match_valid_url(url).group(
            "base", "channel", "tab", "id"
        )
        if playlist:
            return self.playlist_result(self._entries(f"{base}/api/playlist/{playlist}"), playlist)
        about = self._download_json(f"{base}/api/channel/{channel}", channel)
        owner = {"channel": about["channel"], "channel_id": about["channel_id"]}
        tabs = [tab] if tab else about["tabs"]
        lists = [
            self.playlist_result(
                self._entries(f"{base}/api/channel/{channel}/{tab}"),
                about["id"],
                about["title"],
                extractor_key=self.ie_key(),
                **owner,
            )
            for tab in tabs
        ]
        return self.playlist_result(lists, about["id"], about["title"], **owner)

    def _entries(self, api):
        page, more = 1, True
        while more:
            answer = self._download_json(api, None, query={"page": page})
            for entry in answer["entries"]:
                yield self.url_result(
                    ie=TubeseekFixtureIE, **{"video_id": entry.pop("id"), **entry}
                )
            page, more = page + 1, answer["more"]
