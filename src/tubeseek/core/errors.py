"""Defines the errors that a user can act on. Each message says what to do.

TubeseekError
├── InputError                  what the user gave cannot be used
│   ├── ConfigError             a setting, a flag or an environment variable
│   └── QueryError              a search
├── SourceError                 a place that videos come from
│   ├── VideoUnavailableError   this one video; record it and continue
│   ├── ItemError               one item of a listing; what is known of it stays
│   ├── RateLimitedError        the whole site; back off, then stop cleanly
│   └── ListedInPartError       a listing that ended too early
├── MediaError                  one picture or video file; record it and continue
├── ModelUnavailableError       an encoder's weights cannot be loaded
├── EncoderMismatchError        an index holds vectors of another encoder or of other weights
├── TrainingError               a training run cannot continue
├── SharingError                an export cannot be written, drawn or uploaded to the hub
├── CatalogError                the library's catalogue cannot be read or written
└── StoreError                  the vector store failed
    ├── StoreLockedError        another process owns the embedded library
    └── StoreUnavailableError   the server does not answer
"""


class TubeseekError(Exception):
    """Base of all errors that a user can act on."""


class InputError(TubeseekError):
    """What the user gave cannot be used."""


class ConfigError(InputError):
    """A setting is unknown or out of range."""


class QueryError(InputError):
    """A query is empty, too long, or not understood.

    Attributes:
        column: Where in the text of the query the error is, from 1; None where it is not there.
    """

    def __init__(self, message: str, *, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


class SourceError(TubeseekError):
    """A place that videos come from failed."""


class VideoUnavailableError(SourceError):
    """One video cannot be fetched.

    Attributes:
        final: Whether retrying is pointless (private, removed, age-limited, geo-blocked).
    """

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final


class ItemError(SourceError):
    """One item of a listing cannot be read now; it has failed, but it is not gone.

    Attributes:
        video_id: Its id; empty if that could not be read either.
        file: Its file on this machine, by which an earlier listing may have known it.
        group: What it has in common with errors that need not be shown one by one.
    """

    def __init__(
        self, message: str, *, video_id: str = "", file: str = "", group: str = ""
    ) -> None:
        super().__init__(message)
        self.video_id, self.file, self.group = video_id, file, group


class ListingNotice(UserWarning):
    """Nothing failed: a source yields it among its items to say how it reads a place."""


class RateLimitedError(SourceError):
    """The site refuses requests, for a while or (`final`, as a bot check) until the user acts.

    Attributes:
        final: Whether waiting is pointless.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class ListedInPartError(SourceError):
    """A listing ended, but probably before it had named everything.

    Attributes:
        certain: Whether the site broke the list off. Otherwise only its length speaks for it.
        shortfall: How many videos fewer it has than the site counts; 0 if the site says nothing.
    """

    def __init__(self, message: str, *, certain: bool, shortfall: int = 0) -> None:
        super().__init__(message)
        self.certain = certain
        self.shortfall = shortfall


class MediaError(TubeseekError):
    """One picture or video file cannot be read."""


class ModelUnavailableError(TubeseekError):
    """An encoder's weights cannot be loaded, or this machine cannot run them."""


class EncoderMismatchError(TubeseekError):
    """An index holds vectors of another encoder, or of other weights."""


class TrainingError(TubeseekError):
    """A training run cannot continue; its last checkpoint is kept."""


class SharingError(TubeseekError):
    """An export cannot be written, its graph cannot be drawn, or the hub rejects it."""


class CatalogError(TubeseekError):
    """The library's catalogue cannot be read or written."""


class StoreError(TubeseekError):
    """The vector store failed."""


class StoreLockedError(StoreError):
    """Another process owns the embedded library."""


class StoreUnavailableError(StoreError):
    """The vector server does not answer."""
