"""Defines the messages that a library takes and answers, as they go over the wire.

The command line, the REST API and the app all use these messages, whether the library is open in
their own process (`Library`) or in a server (`RemoteLibrary`). This package imports no numpy, so
that a command which only talks to a server starts quickly.
"""

from tubeseek.core.schemas.base import Message
from tubeseek.core.schemas.filters import Where
from tubeseek.core.schemas.jobs import (
    AddRequest,
    IndexRequest,
    JobRequest,
    PurgeRequest,
    RefreshRequest,
    RemoveAnswer,
    RemoveRequest,
    SwitchRequest,
    SyncRequest,
)
from tubeseek.core.schemas.library import (
    ChapterFacts,
    FailureFacts,
    IndexFacts,
    ListAnswer,
    SourceFacts,
    Status,
    VideoDetail,
    VideoFacts,
    WordFacts,
)
from tubeseek.core.schemas.operations import Operations
from tubeseek.core.schemas.search import (
    MAX_IMAGE_BYTES,
    Boost,
    Moment,
    Scope,
    SearchAnswer,
    SearchHit,
    SearchRequest,
    Sort,
)
from tubeseek.core.schemas.timeline import (
    Curve,
    CurvePoint,
    ReplayStretch,
    Timeline,
    TimelineRequest,
)
from tubeseek.core.schemas.training import (
    Measure,
    RunCurve,
    RunDetail,
    RunFacts,
    RunsAnswer,
    RunState,
    SetScores,
)

__all__ = [
    "MAX_IMAGE_BYTES",
    "AddRequest",
    "Boost",
    "ChapterFacts",
    "Curve",
    "CurvePoint",
    "FailureFacts",
    "IndexFacts",
    "IndexRequest",
    "JobRequest",
    "ListAnswer",
    "Measure",
    "Message",
    "Moment",
    "Operations",
    "PurgeRequest",
    "RefreshRequest",
    "RemoveAnswer",
    "RemoveRequest",
    "ReplayStretch",
    "RunCurve",
    "RunDetail",
    "RunFacts",
    "RunState",
    "RunsAnswer",
    "Scope",
    "SearchAnswer",
    "SearchHit",
    "SearchRequest",
    "SetScores",
    "Sort",
    "SourceFacts",
    "Status",
    "SwitchRequest",
    "SyncRequest",
    "Timeline",
    "TimelineRequest",
    "VideoDetail",
    "VideoFacts",
    "Where",
    "WordFacts",
]
