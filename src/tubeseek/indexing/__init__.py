"""Turns places into vectors: lists, fetches, segments and embeds videos."""
