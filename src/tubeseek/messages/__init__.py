"""What is asked of a library and what it answers, in the shape that goes over the wire.

The command line, the REST API and the app all speak these messages, whether the library is open in
their own process or in a server: `Library` (here) and `RemoteLibrary` (there) are the two ends.
This package imports no numpy, so that a command which only asks a server starts quickly.
"""

from tubeseek.messages.base import Message
from tubeseek.messages.changing import (
    AddRequest,
    IndexRequest,
    JobRequest,
    RemoveAnswer,
    RemoveRequest,
    SwitchRequest,
    SyncRequest,
)
from tubeseek.messages.looking import (
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
from tubeseek.messages.operations import Operations
from tubeseek.messages.searching import (
    MAX_IMAGE_BYTES,
    Boost,
    Moment,
    SearchAnswer,
    SearchHit,
    SearchRequest,
    Sort,
    Using,
    Where,
)
from tubeseek.messages.timeline import (
    Curve,
    CurvePoint,
    Replayed,
    Timeline,
    TimelineRequest,
)
from tubeseek.messages.training import (
    Measure,
    RunCurve,
    RunDetail,
    RunFacts,
    RunsAnswer,
    RunState,
    SetMeasured,
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
    "RemoveAnswer",
    "RemoveRequest",
    "Replayed",
    "RunCurve",
    "RunDetail",
    "RunFacts",
    "RunState",
    "RunsAnswer",
    "SearchAnswer",
    "SearchHit",
    "SearchRequest",
    "SetMeasured",
    "Sort",
    "SourceFacts",
    "Status",
    "SwitchRequest",
    "SyncRequest",
    "Timeline",
    "TimelineRequest",
    "Using",
    "VideoDetail",
    "VideoFacts",
    "Where",
    "WordFacts",
]
