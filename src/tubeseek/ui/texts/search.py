"""Texts of the search page, in English and Korean."""

from tubeseek.ui.texts.text import Text

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
