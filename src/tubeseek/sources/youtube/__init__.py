"""YouTube, read through yt-dlp."""
