"""Find a YouTube video, and the moment in it, by describing what is seen or said."""

__version__ = "0.1.0"
