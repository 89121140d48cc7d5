"""Texts of the search page, in English and Korean."""

from tubeseek.ui.texts.text import Text

TAGLINE = Text(
    "Describe a scene to find the videos, and the moments, that show it.",
    "찾고 싶은 장면을 설명하세요. 그 장면이 나오는 동영상과 시점을 찾아 드립니다.",
)
SEARCH_BOX = Text("What do you want to see?", "어떤 장면을 찾으세요?")
QUERY_HELP = Text(
    '`"two words"`: exactly this phrase  \n'
    "`-word`: without this word  \n"
    "`a dog + snow`: similar to both  \n"
    "`a dog - snow`: similar to the first, not to the second  \n"
    "`2:a dog + snow`: the dog counts twice",
    '`"정확한 문구"`: 이 문구 그대로  \n'
    "`-단어`: 이 단어 제외  \n"
    "`강아지 + 눈`: 둘 다와 비슷한 장면  \n"
    "`강아지 - 눈`: 앞과 비슷하고 뒤와 다른 장면  \n"
    "`2:강아지 + 눈`: 강아지를 두 배로 반영",
)
BY_PICTURE = Text("By picture", "이미지로 검색")
PICTURE_BOX = Text("Find videos that look like your picture", "이미지와 비슷한 동영상을 찾습니다")
YOUR_PICTURE = Text("Your picture", "올린 이미지")
LIKE_PICTURE = Text("Videos like your picture “{name}”", "‘{name}’ 이미지와 비슷한 동영상")
LIKE_VIDEO = Text("More like “{title}”", "‘{title}’ 동영상과 비슷한 동영상")
PICTURE_GONE = Text(
    "The picture of this search is no longer available. Upload it again.",
    "이 검색에 사용한 이미지가 남아 있지 않습니다. 다시 올리세요.",
)
USING = Text("Search in", "검색 대상")
USING_ALL = Text("All", "전체")
USING_PICTURES = Text("Pictures", "화면")
USING_WORDS = Text("Speech and text", "음성과 텍스트")
END_SEARCH = Text("Clear search", "검색 지우기")
SEARCHING = Text("Searching", "검색 중")
FOUND = Text("{n} videos, best first", "동영상 {n}개 · 관련도순", "{n} video")
FOUND_HONEST = Text(
    "{n} videos, most honest thumbnails first",
    "동영상 {n}개 · 썸네일 일치순",
    "{n} video",
)
NEWEST = Text("Recently added", "최근 추가한 동영상")
SHOW_MORE = Text("Show more", "더 보기")
NOTHING_FOUND = Text("No video matches this search.", "검색 결과가 없습니다.")
NOTHING_PASSES = Text(
    "No video matches the filters. Loosen them in the sidebar.",
    "필터 조건에 맞는 동영상이 없습니다. 필터를 완화해 보세요.",
)
NOT_INDEXED = Text(
    "The videos in the library are not indexed yet. Index them on the Library page to search them.",
    "보관함에 있는 동영상이 아직 색인되지 않았습니다. 검색하려면 보관함 페이지에서 색인하세요.",
)
FILTERS_WAIT = Text(
    "Filters apply to searches. Describe what you are looking for.",
    "필터는 검색할 때 적용됩니다. 찾는 장면을 입력하세요.",
)
