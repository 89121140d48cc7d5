"""Texts of errors by their kind, in English and Korean.

Errors carry an English message. English pages add it; Korean ones do without.
"""

from collections.abc import Mapping

from tubeseek.ui.texts.text import Text

AT_COLUMN = Text(
    "The query cannot be read at column {column}.",
    "검색어의 {column}번째 글자부터 이해할 수 없습니다. 따옴표와 기호를 확인하세요.",
)
NO_VIDEO = Text(
    "This library has no video {name}. It may have been removed.",
    "이 보관함에 동영상 {name} 항목이 없습니다. 제거되었을 수 있습니다.",
)
NOT_REACHED = Text("The server does not answer.", "서버가 응답하지 않습니다.")
TRY_AGAIN = Text("Try again", "다시 시도")
QUERY = Text("The search was not understood.", "검색어를 이해할 수 없습니다. 검색어를 확인하세요.")
INPUT = Text(
    "The server does not accept this.", "서버가 받아들일 수 없는 요청입니다. 입력을 확인하세요."
)
MEDIA = Text(
    "The picture cannot be read.", "이미지를 읽을 수 없습니다. 다른 이미지를 사용해 보세요."
)
STORE = Text(
    "The vectors of the library cannot be used now.",
    "보관함의 벡터를 지금 사용할 수 없습니다. 터미널에서 `tubeseek doctor`를 실행해 보세요.",
)
CATALOG = Text(
    "The library cannot be read now.",
    "보관함을 지금 읽을 수 없습니다. 터미널에서 `tubeseek doctor`를 실행해 보세요.",
)
MODEL = Text(
    "The encoder is not available.",
    "인코더를 사용할 수 없습니다. 인터넷에 연결되어 있는지 확인하세요.",
)
MISMATCH = Text(
    "The index was made by another version of the encoder.",
    "색인이 다른 버전의 인코더로 만들어졌습니다. 다시 색인하세요.",
)
UNAVAILABLE = Text("The video is not available.", "동영상을 사용할 수 없습니다.")
RATE_LIMITED = Text(
    "The site refuses further requests for now.",
    "사이트가 잠시 요청을 거부하고 있습니다. 나중에 다시 시도하세요.",
)
CONFIG = Text("The settings do not allow this.", "설정 때문에 할 수 없습니다. 설정을 확인하세요.")
OTHER = Text("That did not work.", "요청을 처리하지 못했습니다.")

BY_KIND: Mapping[str, Text] = {  # by the names of classes in tubeseek.core.errors
    "QueryError": QUERY,
    "InputError": INPUT,
    "MediaError": MEDIA,
    "StoreError": STORE,
    "StoreLockedError": STORE,
    "StoreUnavailableError": STORE,
    "CatalogError": CATALOG,
    "ModelUnavailableError": MODEL,
    "EncoderMismatchError": MISMATCH,
    "VideoUnavailableError": UNAVAILABLE,
    "RateLimitedError": RATE_LIMITED,
    "ConfigError": CONFIG,
    "TubeseekError": OTHER,
}
