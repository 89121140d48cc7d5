"""Recognises links to YouTube."""

from urllib.parse import urlsplit

YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")


def is_on_youtube(url: str) -> bool:
    """Return whether a URL is that of a page of YouTube.

    >>> is_on_youtube("https://youtu.be/dQw4w9WgXcQ"), is_on_youtube("https://youtube.com.evil/")
    (True, False)
    """
    try:
        return urlsplit(url).hostname in YOUTUBE_HOSTS
    except ValueError:  # such as an unclosed bracket in the host
        return False
