"""Holds every text of the app, one module for each part of it."""

from tubeseek.ui.texts import app, filters, library, search, training, video

__all__ = ["app", "filters", "library", "search", "training", "video"]
