"""Folders of videos and data sets on this machine."""
