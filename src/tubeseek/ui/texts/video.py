"""Texts about one video, on cards and on its page, in English and Korean."""

from tubeseek.ui.texts.text import Text

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
