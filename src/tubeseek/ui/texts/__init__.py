"""Holds every text of the app, one module for each part of it."""

from tubeseek.ui.texts import app, errors, filters, library, search, training, video

__all__ = ["app", "errors", "filters", "library", "search", "training", "video"]
