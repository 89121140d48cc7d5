"""Files in which people keep lists of videos and channels."""
