"""A small video site on this machine, which yt-dlp reads through a plugin extractor.

It behaves like YouTube where tubeseek can tell the difference: a channel of tabs that come page
by page, flat entries with rounded dates, `/vi/ID/maxresdefault.jpg` and its fellows, and YouTube's
own words when it refuses. Faults can be switched on for one video or for the whole site.

    with FixtureSite() as site:
        run(["tubeseek", "add", site.channel_url], env=site.environment())
        site.videos[3].fault = Fault.PRIVATE
        site.videos[4].missing_pictures.add("maxresdefault")
        site.refuse_next(2)  # HTTP 429

`environment()` is what a program in a process of its own needs to find the plugin; in the process
of the test the plugin is loaded on entering.
"""

from tests.fixture_site.site import FixtureSite
from tests.fixture_site.videos import Fault, FixtureVideo

__all__ = ["Fault", "FixtureSite", "FixtureVideo"]
