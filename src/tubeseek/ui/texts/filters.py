"""Texts of the filters, in English and Korean."""

from tubeseek.ui.texts.text import Text

FILTERS = Text("Filters", "필터")
ANY = Text("Any", "전체")
CHANNEL = Text("Channel", "채널")
CATEGORY = Text("Category", "카테고리")
DURATION = Text("Duration", "길이")
UNDER_4 = Text("Under 4 min", "4분 미만")
FROM_4_TO_20 = Text("4–20 min", "4~20분")
OVER_20 = Text("Over 20 min", "20분 초과")
VIEWS = Text("Views", "조회수")
AT_LEAST = Text("{count}+", "{count} 이상")
PUBLISHED_FROM = Text("Published from", "게시일(부터)")
PUBLISHED_UNTIL = Text("Published until", "게시일(까지)")
CLEAR_FILTERS = Text("Clear filters", "필터 초기화")
MORE_FILTERS = Text("More filters", "상세 필터")
MOMENTS_FROM = Text("Moments from", "장면 시점(부터)")
MOMENTS_BEFORE = Text("Moments before", "장면 시점(이전)")
MOMENTS_HELP = Text(
    "Only moments that begin in this part of their video, in minutes and seconds. Thumbnails and "
    "titles have no time and do not count then.",
    "동영상에서 이 구간에 시작하는 장면만 찾습니다. 분:초로 입력해 주세요. "
    "이때 썸네일과 제목은 검색하지 않습니다.",
)
TIME_HINT = Text("e.g. 1:30", "예: 1:30")
NO_TIME = Text("Write a time like 1:30.", "1:30과 같이 입력해 주세요.")
THUMBNAILS = Text("Thumbnails", "썸네일")
THUMBNAILS_HELP = Text(
    "How well a thumbnail shows what is inside its video. “Honest only” leaves out those that look "
    "more like other videos, and those that are not rated.",
    "썸네일이 실제 내용을 얼마나 잘 보여 주는지를 기준으로 합니다. "
    "‘내용과 다르면 제외’를 선택하면 아직 평가하지 않은 동영상도 빠집니다.",
)
HONEST_ONLY = Text("Honest only", "내용과 다르면 제외")
HONEST_FIRST = Text("Most honest first", "내용 일치순")
PREFER = Text("Prefer", "우선 표시")
PREFER_HELP = Text(
    "Of videos that fit about as well, these come first: those published lately, and those whose "
    "moment viewers replay most.",
    "검색어와 비슷하게 맞는 동영상 중에서 최근에 게시된 동영상이나 "
    "시청자가 많이 다시 본 장면을 앞에 보여 줍니다.",
)
RECENT = Text("Recent", "최신 동영상")
MOST_REPLAYED = Text("Most replayed", "많이 다시 본 장면")
