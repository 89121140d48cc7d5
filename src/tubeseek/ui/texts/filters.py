"""Texts of the filters, in English and Korean."""

from tubeseek.ui.texts.text import Text

FILTERS = Text("Filters", "필터")
REMOVE = Text("Remove filter", "필터 해제")
APPLY = Text("Show results", "결과 보기")
CLOSE = Text("Close", "닫기")
FIND = Text("Find", "찾기")
ONLY_FITS = Text("Only what fits", "맞는 것만")
SORT = Text("Sort by", "정렬")
BY_FIT = Text("Best match", "관련도순")
BY_DATE = Text("Newest", "최신순")
BY_VIEWS = Text("Most viewed", "조회수순")
BY_LENGTH = Text("Longest", "긴 동영상순")
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
MOMENTS_FROM = Text("Moments from", "장면 시점(부터)")
MOMENTS_BEFORE = Text("Moments before", "장면 시점(이전)")
MOMENTS_HELP = Text(
    "Only moments that begin in this part of the video, in minutes and seconds. Thumbnails and "
    "titles have no time, so they are not searched.",
    "동영상에서 이 구간에 시작하는 장면만 찾습니다. 분:초로 입력하세요. 썸네일과 제목에는 "
    "시점이 없으므로 검색하지 않습니다.",
)
TIME_HINT = Text("e.g. 1:30", "예: 1:30")
NO_TIME = Text("Enter a time like 1:30.", "1:30과 같이 입력하세요.")
THUMBNAILS = Text("Thumbnails", "썸네일")
THUMBNAILS_HELP = Text(
    "How well a thumbnail shows what is in its video. “Honest only” leaves out videos whose "
    "thumbnail looks more like other videos, and videos that are not rated.",
    "썸네일이 동영상의 내용을 얼마나 잘 보여 주는지를 기준으로 합니다. ‘내용과 다르면 제외’를 "
    "선택하면 아직 평가하지 않은 동영상도 제외됩니다.",
)
HONEST_ONLY = Text("Honest only", "내용과 다르면 제외")
HONEST_FIRST = Text("Most honest first", "썸네일 일치순")
PREFER = Text("Prefer", "우선 표시")
PREFER_HELP = Text(
    "Of videos that match about equally well, recent ones or those with the most replayed "
    "moments come first.",
    "검색어와 맞는 정도가 비슷하면 최신 동영상이나 많이 다시 본 장면을 먼저 보여 줍니다.",
)
RECENT = Text("Recent", "최신 동영상")
MOST_REPLAYED = Text("Most replayed", "많이 다시 본 장면")
