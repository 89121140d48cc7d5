"""Texts about one video, on cards and on its page, in English and Korean."""

from tubeseek.ui.texts.text import Text

UNTITLED = Text("Untitled video", "제목 없는 동영상")
VIEW_COUNT = Text("{count} views", "조회수 {count}회", "{count} view")
SCORE_HELP = Text(
    "How well the video matches the search. Compare it within these results only.",
    "검색어와 맞는 정도입니다. 이 검색 결과 안에서만 비교할 수 있습니다.",
)
MORE_LIKE_THIS = Text("More like this", "비슷한 동영상")
MOMENTS = Text("Matching moments", "일치하는 장면")
PICTURE = Text("Picture", "화면")
IN_MOTION = Text("Motion", "움직임")
SPEECH = Text("Speech", "음성")
IN_CHAPTER = Text("Chapter", "챕터")
FIT_STRONG = Text("Good match", "잘 맞음")
FIT_WEAK = Text("Partial match", "일부 맞음")
FIT_NONE = Text("No match", "맞지 않음")
FIT_HELP = Text(
    "Whether this is what you searched for, or only the closest video in the library. Its "
    "score is compared with those that unrelated queries get in this library.",
    "찾는 장면인지, 아니면 그나마 가장 가까운 결과인지를 나타냅니다. 이 보관함에서 관련 없는 "
    "검색어가 받는 점수와 비교해 판단합니다.",
)
MISLEADING = Text("Misleading", "내용과 다름")
MISLEADING_HELP = Text(
    "{share} of other videos look more like this thumbnail than the video itself does.",
    "다른 동영상의 {share}가 이 동영상보다 이 썸네일과 더 닮았습니다.",
)
TIMELINE = Text("Timeline", "타임라인")
TIMELINE_HELP = Text(
    "How well each moment matches the search; higher is better. Click a moment to play from "
    "there. Each picture curve spans its own lowest to highest score. The grey area shows what "
    "viewers replay most, and dashed lines mark chapters.",
    "각 장면이 검색어와 맞는 정도로, 높을수록 잘 맞습니다. 장면을 클릭하면 그 시점부터 "
    "재생합니다. 화면 곡선은 각각의 최저 점수와 최고 점수 사이에 그립니다. 회색 영역은 많이 "
    "다시 본 구간이고 점선은 챕터입니다.",
)
REPLAYED = Text("Most replayed", "많이 다시 본 구간")
AT_TIME = Text("Time", "시간")
SCORE = Text("Score", "점수")
FROM_MOMENT = Text("Play from {time}", "{time}부터 재생")
NO_PICTURE = Text("No picture", "이미지 없음")
CHAPTERS = Text("Chapters", "챕터")
DESCRIPTION = Text("Description", "설명")
OPEN_ON_SITE = Text("Open on YouTube", "YouTube에서 열기")
GONE = Text("No longer available", "원본 없음")
NOTHING_TO_PLAY = Text(
    "There is no video file to play, only a thumbnail.",
    "재생할 동영상 파일이 없어 썸네일만 표시합니다.",
)
PLAYS_ELSEWHERE = Text(
    "This video is a file on the computer that runs tubeseek and plays only there.",
    "이 동영상은 tubeseek를 실행하는 컴퓨터에 있는 파일이어서 그 컴퓨터에서만 재생할 수 있습니다.",
)
NONE_ALIKE = Text("No other video is indexed yet.", "아직 색인된 다른 동영상이 없습니다.")
