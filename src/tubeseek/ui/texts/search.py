"""Texts of the search page, in English and Korean."""

from tubeseek.ui.texts.text import Text

TAGLINE = Text(
    "Describe a scene to find the videos, and the moments, that show it.",
    "찾고 싶은 장면을 설명하세요. 그 장면이 나오는 동영상과 시점을 찾아 드립니다.",
)
SEARCH_BOX = Text("What do you want to see?", "어떤 장면을 찾으세요?")
HELP = Text("What can be searched for", "검색 방법")
SYNTAX = (
    (Text('"two words"', '"정확한 문구"'), Text("exactly this phrase", "이 문구 그대로")),
    (Text("-word", "-단어"), Text("without this word", "이 단어 제외")),
    (Text("a dog + snow", "강아지 + 눈"), Text("similar to both", "둘 다와 비슷한 장면")),
    (
        Text("a dog - snow", "강아지 - 눈"),
        Text("similar to the first, not to the second", "앞과 비슷하고 뒤와 다른 장면"),
    ),
    (
        Text("2:a dog + snow", "2:강아지 + 눈"),
        Text("the dog counts twice", "강아지를 두 배로 반영"),
    ),
)
BY_PICTURE = Text("Search by picture", "이미지로 검색")
NOT_A_PICTURE = Text("{name} is not a picture.", "{name} 파일은 이미지가 아닙니다.")
YOUR_PICTURE = Text("Your picture", "올린 이미지")
LIKE_PICTURE = Text("Videos like your picture “{name}”", "‘{name}’ 이미지와 비슷한 동영상")
LIKE_VIDEO = Text("More like “{title}”", "‘{title}’ 동영상과 비슷한 동영상")
PICTURE_GONE = Text(
    "The picture of this search is no longer available. Upload it again.",
    "이 검색에 사용한 이미지가 남아 있지 않습니다. 다시 올리세요.",
)
USING = Text("Search in", "검색 대상")
USING_PICTURES = Text("Pictures", "화면")
USING_WORDS = Text("Speech and text", "음성과 텍스트")
END_SEARCH = Text("Clear search", "검색 지우기")
SEARCHING = Text("Searching", "검색 중")
RESULTS = Text("Results", "검색 결과")
COUNTS = Text("{fits} fit · {nearest} nearest", "맞는 동영상 {fits}개 · 가까운 동영상 {nearest}개")
VIDEO_COUNT = Text("{n} videos", "동영상 {n}개", "{n} video")
NEAREST = Text("Nearest others", "그 밖에 가까운 동영상")
NOTHING_FITS = Text(
    "Nothing in the library fits this well. These are the nearest.",
    "보관함에 잘 맞는 동영상이 없습니다. 가장 가까운 동영상을 보여 드립니다.",
)
END_OF_LIST = Text("That is all.", "마지막입니다.")
NEWEST = Text("Recently added", "최근 추가한 동영상")
NOTHING_FOUND = Text("No video matches this search.", "검색 결과가 없습니다.")
NOTHING_PASSES = Text(
    "No video matches the filters. Remove some of them.",
    "필터 조건에 맞는 동영상이 없습니다. 필터를 완화해 보세요.",
)
NOT_INDEXED = Text(
    "The videos in the library are not indexed yet. Index them on the Library page to search them.",
    "보관함에 있는 동영상이 아직 색인되지 않았습니다. 검색하려면 보관함 페이지에서 색인하세요.",
)
SEARCHED = Text(
    "Searching {videos} videos of {channels} channels",
    "채널 {channels}개의 동영상 {videos}개에서 검색합니다",
)
SEARCHED_NO_CHANNELS = Text(
    "Searching {n} videos", "동영상 {n}개에서 검색합니다", "Searching {n} video"
)
TRY = Text("Try", "이렇게 검색해 보세요")
FILTERS_WAIT = Text(
    "Filters apply to searches. Describe what you are looking for.",
    "필터는 검색할 때 적용됩니다. 찾는 장면을 입력하세요.",
)
