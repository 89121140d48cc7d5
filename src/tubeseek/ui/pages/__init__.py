"""Holds the pages of the app."""
