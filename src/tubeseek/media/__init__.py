"""Reads pixels and captions safely from files of strangers."""
