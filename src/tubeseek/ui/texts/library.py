"""Texts of the library page and its jobs, in English and Korean."""

from tubeseek.ui.texts.text import Text

EMPTY_TITLE = Text("Your library is empty", "보관함이 비어 있습니다")
EMPTY_HINT = Text(
    "Add a YouTube channel, playlist or video, or a folder of videos. You can search them once "
    "they are indexed.",
    "YouTube 채널, 재생목록, 동영상 또는 동영상 폴더를 추가하세요. 색인이 끝나면 바로 검색할 "
    "수 있습니다.",
)
ADD = Text("Add", "추가")
ADD_BOX = Text("Channel, playlist, video or folder", "채널, 재생목록, 동영상 또는 폴더")
ADD_HINT = Text(
    "https://www.youtube.com/@channel or /home/me/videos",
    "https://www.youtube.com/@channel 또는 /home/me/videos",
)
ADD_LIMIT = Text("Maximum videos", "최대 동영상 수")
ADD_LIMIT_HINT = Text("all", "전체")
ENCODER = Text("Encoder", "인코더")
ENCODER_CLIP = Text("clip: English", "clip: 영어")
ENCODER_SIGLIP2 = Text("siglip2: 100+ languages", "siglip2: 한국어 등 100개 이상")
ENCODER_STARTER = Text("starter: offline, 15 languages", "starter: 오프라인, 한국어 등 15개")
ADD_EMPTY = Text("Enter what to add.", "추가할 항목을 입력하세요.")
LOCKED = Text("Unlock this library", "보관함 잠금 해제")
READ_ONLY = Text(
    "You can search this library, but not change it: the server has no token. Whoever runs it can "
    "set TUBESEEK_TOKEN.",
    "이 보관함은 검색만 할 수 있습니다. 서버에 토큰이 설정되어 있지 않습니다. 서버를 운영하는 "
    "사람이 TUBESEEK_TOKEN을 설정하면 변경할 수 있습니다.",
)
TOKEN_BOX = Text("Library token", "보관함 토큰")
TOKEN_WRONG = Text("The token is wrong.", "토큰이 맞지 않습니다.")
INDEX_NOW = Text("Index waiting videos", "대기 중인 동영상 색인")
SYNC_NOW = Text("Check for new videos", "새 동영상 확인")
RETRY = Text("Retry all failures", "실패한 항목 모두 다시 시도")
VIDEOS = Text("Videos", "동영상")
SEARCHABLE = Text("Searchable", "검색 가능")
WAITING = Text("Waiting", "대기 중")
FAILED = Text("Failed", "실패")
SOURCES = Text("Sources", "출처")
INDEXES = Text("Indexes", "색인")
INDEX_LINE = Text(
    "{videos} videos, {segments} vectors, {pending} waiting",
    "동영상 {videos}개, 벡터 {segments}개, 대기 {pending}개",
)
INDEX_ACTIVE = Text("in use", "사용 중")
READS_ALL = Text("many languages", "여러 언어")
READS_UNKNOWN = Text("languages unknown", "지원 언어 알 수 없음")
FAILURES = Text("Failures", "실패한 항목")
NO_FAILURES = Text("Nothing has failed.", "실패한 항목이 없습니다.")
FOR_GOOD = Text("no automatic retry", "자동 재시도 안 함")
TRIED = Text("tried {n} times", "{n}회 시도", "tried once")
PAGE_OF = Text("{first}–{last} of {total}", "전체 {total}개 중 {first}–{last}")
PREVIOUS = Text("Previous", "이전")
NEXT = Text("Next", "다음")
FIND = Text("Find by title or channel", "제목이나 채널로 찾기")
BY_ADDED = Text("Recently added", "최근 추가순")
BY_TITLE = Text("Title", "제목순")
CHOOSE = Text("Select", "선택")
CHOSEN = Text("{n} selected", "{n}개 선택")
REMOVE_CHOSEN = Text("Remove selected", "선택한 동영상 제거")
REMOVE_MANY = Text(
    "Remove {n} videos from the library? The originals stay untouched.",
    "동영상 {n}개를 보관함에서 제거할까요? 원본은 그대로 남습니다.",
)
REMOVED_MANY = Text("Removed {n} videos.", "동영상 {n}개를 제거했습니다.", "Removed {n} video.")
NONE_FOUND = Text("No video has these words.", "이 말이 들어 있는 동영상이 없습니다.")
REASON_KO = Text(
    "This video could not be fetched or indexed.",
    "이 동영상을 가져오거나 색인하지 못했습니다.",
)
DETAILS = Text("Details", "자세한 내용(영어)")
REMOVE = Text("Remove", "제거")
REMOVED = Text("Removed {name}.", "제거했습니다: {name}")
UNKNOWN_NAME = Text("{name} is no longer in the library.", "이미 보관함에 없는 항목입니다: {name}")
REMOVE_ASK = Text(
    "Remove “{name}” from the library? The original stays untouched.",
    "‘{name}’ 항목을 보관함에서 제거할까요? 원본은 그대로 남습니다.",
)
CANCEL = Text("Cancel", "취소")
KEEP = Text("Keep", "그대로 두기")

# Jobs
JOB_ADD = Text("Listing {name}", "목록 불러오기: {name}")
JOB_SYNC = Text("Checking for new videos", "새 동영상 확인")
JOB_REFRESH = Text("Refreshing titles and views", "제목과 조회수 새로 고침")
JOB_PURGE = Text("Removing old videos", "오래된 동영상 삭제")
JOB_INDEX = Text("Indexing", "색인")
JOB_QUEUED = Text("waiting", "대기 중")
JOB_STOPPING = Text("stopping after the current video", "현재 동영상 처리 후 중지")
JOB_PROGRESS = Text("{done} of {total}", "{total}개 중 {done}개")
JOB_COUNT = Text("{n} so far", "지금까지 {n}개")
JOB_FAILED_ITEMS = Text("{n} failed", "실패 {n}개")
JOB_DONE = Text("Done: {n} videos", "완료: 동영상 {n}개", "Done: {n} video")
JOB_CANCELLED = Text(
    "Stopped; {n} videos are kept",
    "중지됨: 동영상 {n}개까지 저장됨",
    "Stopped; {n} video is kept",
)
JOB_REASONS = Text("{n} failed: show why", "실패 {n}개: 이유 보기")
JOB_BROKE = Text("Failed: {reason}", "실패: {reason}")
