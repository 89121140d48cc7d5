"""Reads YouTube through yt-dlp."""
