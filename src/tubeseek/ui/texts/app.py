"""Every sentence of the app, in English and in Korean."""

from typing import Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["en", "ko"]


class Text(NamedTuple):
    """One sentence in both languages; braces hold the places of values.

    >>> Text("{n} videos", "동영상 {n}개", "{n} video").written("en", n=1)
    '1 video'
    """

    en: str
    ko: str
    en_one: str = ""  # where English says it differently for n == 1

    def written(self, language: Language, **values: object) -> str:
        if language == "ko":
            return self.ko.format(**values)
        return (self.en_one if self.en_one and values.get("n") == 1 else self.en).format(**values)


def language_of(chosen: str, browser_locale: str | None) -> Language:
    """The language to write in: the chosen one, else that of the browser, else English.

    >>> language_of("", "ko-KR"), language_of("en", "ko-KR"), language_of("", "fr")
    ('ko', 'en', 'en')
    """
    wanted = chosen or (browser_locale or "")
    return "ko" if wanted.lower().startswith("ko") else "en"


# Around every page
SEARCH = Text("Search", "검색")
LIBRARY = Text("Library", "보관함")
OTHER_LANGUAGE = Text("한국어", "English")
OTHER_LANGUAGE_HELP = Text("한국어로 보기", "Show in English")
NO_SERVER = Text(
    "The app does not know where its server is. Start it with `tubeseek app`.",
    "앱이 연결할 서버 주소가 없습니다. `tubeseek app` 명령으로 실행해 주세요.",
)
SERVER_SAYS = Text("That did not work: {reason}", "요청을 처리하지 못했습니다: {reason}")
SURPRISE = Text(
    "Something went wrong that nobody foresaw ({kind}). Reload the page; if it happens again, "
    "please report it with the app's log.",
    "예상하지 못한 오류가 발생했습니다({kind}). 페이지를 새로 고쳐 주세요. "
    "문제가 반복되면 앱의 로그와 함께 알려 주세요.",
)

# Search
TAGLINE = Text(
    "Find a video, and the moment in it, by describing what is seen.",
    "찾고 싶은 장면을 말로 설명하면 동영상은 물론 그 장면이 나오는 순간까지 찾아 드립니다.",
)
SEARCH_BOX = Text("What do you want to see?", "어떤 장면을 찾으세요?")
SEARCH_HINT = Text("e.g. a red sports car", "예: 빨간 스포츠카")
QUERY_HELP = Text(
    '`"two words"`: exactly these  \n`-word`: leaves it out  \n`a dog + snow`: like both  \n'
    "`a dog - snow`: like the first, unlike the second  \n`2:a dog + snow`: the dog counts twice",
    '`"정확한 문구"`: 이 문구 그대로  \n`-단어`: 이 단어는 제외  \n'
    "`강아지 + 눈`: 둘 다 비슷한 장면  \n"
    "`강아지 - 눈`: 앞은 비슷하고 뒤는 다른 장면  \n`2:강아지 + 눈`: 강아지를 두 배로",
)
BY_PICTURE = Text("By picture", "이미지로 검색")
PICTURE_BOX = Text(
    "Find videos that look like a picture of yours",
    "가지고 있는 이미지와 비슷한 동영상을 찾습니다",
)
YOUR_PICTURE = Text("Your picture", "올린 이미지")
LIKE_PICTURE = Text("Videos like your picture “{name}”", "‘{name}’ 이미지와 비슷한 동영상")
LIKE_VIDEO = Text("More like “{title}”", "다음과 비슷한 동영상: {title}")
PICTURE_GONE = Text(
    "The picture of this search was not kept. Upload it again.",
    "이 검색에 쓴 이미지는 저장되어 있지 않습니다. 다시 올려 주세요.",
)
USING = Text("Look for it in", "검색 대상")
USING_ALL = Text("All", "전체")
USING_PICTURES = Text("Seen", "화면")
USING_WORDS = Text("Said and written", "말과 글")
END_SEARCH = Text("End this search", "검색 끝내기")
SEARCHING = Text("Searching", "검색 중")
FOUND = Text("{n} videos, best first", "동영상 {n}개 · 관련도순", "{n} video")
FOUND_HONEST = Text(
    "{n} videos, most honest thumbnails first", "동영상 {n}개 · 썸네일과 내용 일치순", "{n} video"
)
NEWEST = Text("Recently added", "최근 추가한 동영상")
SHOW_MORE = Text("Show more", "더 보기")
NOTHING_FOUND = Text("No video matches this search.", "검색 결과가 없습니다.")
NOTHING_PASSES = Text(
    "No video passes the filters. Loosen them on the left.",
    "필터 조건에 맞는 동영상이 없습니다. 왼쪽에서 필터를 완화해 보세요.",
)
NOT_INDEXED = Text(
    "No video can be searched yet: they are in the library but not indexed. "
    "Start that on the Library page.",
    "아직 검색할 수 있는 동영상이 없습니다. 보관함에 있는 동영상을 먼저 색인해야 합니다. "
    "보관함 페이지에서 시작해 주세요.",
)
FILTERS_WAIT = Text(
    "Filters apply to searches; describe what you are looking for.",
    "필터는 검색할 때 적용됩니다. 찾는 장면을 입력해 주세요.",
)

# A video
UNTITLED = Text("Untitled video", "제목 없는 동영상")
VIEW_COUNT = Text("{count} views", "조회수 {count}회", "{count} view")
SCORE_HELP = Text(
    "How well it fits the search; comparable among these results only",
    "검색어와 맞는 정도(이 검색 결과 안에서만 비교할 수 있음)",
)
MORE_LIKE_THIS = Text("More like this", "비슷한 동영상")
MOMENTS = Text("Matching moments", "일치하는 장면")
SEEN = Text("Seen", "화면")
IN_MOTION = Text("In motion", "움직임")
SAID = Text("Said", "말")
IN_CHAPTER = Text("Chapter", "챕터")
FIT_STRONG = Text("Fits well", "잘 맞음")
FIT_WEAK = Text("Fits in part", "조금 맞음")
FIT_NONE = Text("Does not fit", "맞지 않음")
FIT_HELP = Text(
    "Whether this is what you asked for, or only the nearest there is. "
    "Judged against what queries that mean something else find in this library.",
    "찾으시는 장면인지, 아니면 그나마 가장 가까운 결과인지를 나타냅니다. "
    "이 보관함에서 다른 뜻의 검색어가 받는 점수와 비교해 판단합니다.",
)
MISLEADING = Text("Not what is inside", "내용과 다름")
MISLEADING_HELP = Text(
    "{share} of other videos look more like this thumbnail than the video itself does.",
    "다른 동영상의 {share}가 이 동영상보다 이 썸네일과 더 닮았습니다.",
)
TIMELINE = Text("Timeline", "타임라인")
TIMELINE_HELP = Text(
    "How well each moment fits the search: higher is better. Click a moment to play from it. Each "
    "line of pictures is drawn between its own lowest and highest score; the grey area is what is "
    "replayed most, and dashed lines are chapters.",
    "각 장면이 검색어와 맞는 정도입니다. 높을수록 잘 맞습니다. 점을 누르면 그 장면부터 재생합니다. "
    "화면을 나타내는 선은 가장 낮은 점수와 가장 높은 점수 사이로 그렸고, "
    "회색 영역은 많이 다시 본 부분, 점선은 챕터입니다.",
)
REPLAYED = Text("Most replayed", "많이 다시 본 부분")
AT_TIME = Text("Time", "시간")
SCORE = Text("Score", "점수")
FROM_MOMENT = Text("Play from {time}", "{time}부터 재생")
NO_PICTURE = Text("No picture", "이미지 없음")
CHAPTERS = Text("Chapters", "챕터")
DESCRIPTION = Text("Description", "설명")
OPEN_ON_SITE = Text("Open on YouTube", "YouTube에서 열기")
GONE = Text("No longer at its source", "원본에서 삭제됨")
NOTHING_TO_PLAY = Text(
    "There is no video to play here, only its thumbnail.",
    "재생할 동영상 파일이 없어 썸네일만 표시합니다.",
)
PLAYS_ELSEWHERE = Text(
    "This video is a file on the computer that runs tubeseek; it plays only there.",
    "이 동영상은 tubeseek가 실행 중인 컴퓨터에 있는 파일이라 그 컴퓨터에서만 재생됩니다.",
)
NONE_ALIKE = Text("Nothing else is indexed yet.", "아직 색인된 다른 동영상이 없습니다.")

# The library
EMPTY_TITLE = Text("Your library is empty", "보관함이 비어 있습니다")
EMPTY_HINT = Text(
    "Add a YouTube channel, a playlist, a video, or a folder of videos. "
    "tubeseek lists it, looks at every thumbnail, and then you can search.",
    "YouTube 채널, 재생목록, 동영상 또는 동영상이 들어 있는 폴더를 추가해 보세요. "
    "목록을 불러와 썸네일을 분석하고 나면 바로 검색할 수 있습니다.",
)
ADD = Text("Add", "추가")
ADD_BOX = Text("Channel, playlist, video or folder", "채널, 재생목록, 동영상 또는 폴더")
ADD_HINT = Text(
    "https://www.youtube.com/@channel or /home/me/videos",
    "https://www.youtube.com/@channel 또는 /home/me/videos",
)
ADD_LIMIT = Text("Videos at most", "최대 동영상 수")
ADD_LIMIT_HINT = Text("all", "전체")
ENCODER = Text("Encoder", "인코더")
ENCODER_CLIP = Text("clip: English", "clip: 영어")
ENCODER_SIGLIP2 = Text("siglip2: 100+ languages", "siglip2: 한국어 등 100개 이상")
ENCODER_STARTER = Text("starter: offline, 15 languages", "starter: 오프라인, 한국어 등 15개")
ADD_EMPTY = Text("Say first what to add.", "추가할 대상을 먼저 입력해 주세요.")
LOCKED = Text("Change this library", "보관함 변경하기")
TOKEN_BOX = Text("Token of this library", "이 보관함의 토큰")
TOKEN_WRONG = Text("That is not the token.", "토큰이 맞지 않습니다.")
INDEX_NOW = Text("Index what is waiting", "대기 중인 동영상 색인")
SYNC_NOW = Text("Look for new videos", "새 동영상 확인")
RETRY = Text("Try all failures again", "실패한 동영상 모두 다시 시도")
VIDEOS = Text("Videos", "동영상")
SEARCHABLE = Text("Searchable", "검색 가능")
WAITING = Text("Waiting", "대기 중")
FAILED = Text("Failed", "실패")
SOURCES = Text("Sources", "추가한 곳")
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
FOR_GOOD = Text("final", "재시도 안 함")
TRIED = Text("tried {n} times", "{n}회 시도", "tried once")
PAGE_OF = Text("{first}–{last} of {total}", "전체 {total}개 중 {first}–{last}")
PREVIOUS = Text("Previous", "이전")
NEXT = Text("Next", "다음")
REMOVE = Text("Remove", "제거")
REMOVED = Text("Removed {name}.", "제거했습니다: {name}")
UNKNOWN_NAME = Text("{name} is no longer in the library.", "이미 보관함에 없는 항목입니다: {name}")
REMOVE_ASK = Text(
    "Remove “{name}” from the library? The source itself is not touched.",
    "‘{name}’ 항목을 보관함에서 제거할까요? 원본은 그대로 남습니다.",
)
CANCEL = Text("Cancel", "취소")
KEEP = Text("Keep", "그대로 두기")

# Jobs
JOB_ADD = Text("Listing {what}", "목록 불러오기: {what}")
JOB_SYNC = Text("Looking for new videos", "새 동영상 확인")
JOB_INDEX = Text("Indexing", "색인")
JOB_QUEUED = Text("waiting its turn", "순서 대기 중")
JOB_STOPPING = Text("stopping after the current video", "현재 동영상까지만 처리하고 멈춥니다")
JOB_PROGRESS = Text("{done} of {total}", "{total}개 중 {done}개")
JOB_COUNT = Text("{n} so far", "지금까지 {n}개")
JOB_FAILED_ITEMS = Text("{n} failed", "실패 {n}개")
JOB_DONE = Text("Done: {n} videos", "완료: 동영상 {n}개", "Done: {n} video")
JOB_CANCELLED = Text("Stopped; {n} videos are kept", "중지: 동영상 {n}개까지 저장됨")
JOB_REASONS = Text("{n} failed: why", "실패 {n}개: 이유 보기")
JOB_BROKE = Text("Stopped: {reason}", "중단됨: {reason}")
