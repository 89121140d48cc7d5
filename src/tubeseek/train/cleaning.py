"""Titles as people would say them: without emoji, and without the channel's name at the end."""

from tubeseek.passages import plain


def clean_title(title: str, channel: str = "") -> str:
    """What a title says of its video."""
    text = plain(title)
    for separator in (" | ", " - "):
        head, found, tail = text.rpartition(separator)
        if found and head and tail.casefold() == channel.casefold():
            return head
    return text
