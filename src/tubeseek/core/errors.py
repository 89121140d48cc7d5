"""Everything tubeseek raises on purpose. Each message says what to do about it.

TubeseekError
├── InputError                  what was asked cannot be meant
│   ├── ConfigError             a setting, a flag or an environment variable
│   └── QueryError              a search
├── SourceError                 a place that videos come from
│   ├── VideoUnavailableError   this one video; record it and go on
│   └── RateLimitedError        the whole site; back off, then stop cleanly
├── MediaError                  one picture or video file; record it and go on
├── ModelUnavailableError       an encoder's weights cannot be had
├── EncoderMismatchError        an index holds vectors of another encoder or of other weights
├── TrainingError               a training run cannot go on
├── SharingError                an export cannot be written, drawn, or brought to the hub
├── CatalogError                the library's catalogue cannot be read or written
└── StoreError                  the vector store failed
    ├── StoreLockedError        another process owns the embedded library
    └── StoreUnavailableError   the server does not answer
"""


class TubeseekError(Exception):
    """Base of all errors that a user can act on."""


class InputError(TubeseekError):
    """What was asked for cannot be meant."""


class ConfigError(InputError):
    """A setting is unknown or out of range."""


class QueryError(InputError):
    """A query is empty, too long, or not understood.

    Attributes:
        column: Where in its text the fault lies, from 1; None where it is no fault of the text.
    """

    def __init__(self, message: str, *, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


class SourceError(TubeseekError):
    """A place that videos come from failed."""


class VideoUnavailableError(SourceError):
    """One video cannot be had.

    Attributes:
        final: Whether asking again is pointless (private, removed, age-limited, geo-blocked).
    """

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final


class RateLimitedError(SourceError):
    """The site asks us to stop, for a while or (`final`: a bot check) until the user acts.

    Attributes:
        final: Whether waiting is pointless.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class MediaError(TubeseekError):
    """One picture or video file cannot be read."""


class ModelUnavailableError(TubeseekError):
    """An encoder's weights cannot be had, or this machine cannot run them."""


class EncoderMismatchError(TubeseekError):
    """An index holds vectors of another encoder, or of other weights."""


class TrainingError(TubeseekError):
    """A training run cannot go on; what it had reached is kept."""


class SharingError(TubeseekError):
    """An export cannot be written, a graph not drawn, or the hub does not take it."""


class CatalogError(TubeseekError):
    """The library's catalogue cannot be read or written."""


class StoreError(TubeseekError):
    """The vector store failed."""


class StoreLockedError(StoreError):
    """Another process owns the embedded library."""


class StoreUnavailableError(StoreError):
    """The vector server does not answer."""
