"""Texts about one video, on cards and on its page, in English and Korean."""

from tubeseek.ui.texts.text import Text

UNTITLED = Text("Untitled video", "제목 없는 동영상")
VIEW_COUNT = Text("{count} views", "조회수 {count}회", "{count} view")
SCORE_HELP = Text(
    "How well the video matches the search. Compare it within these results only.",
    "검색어와 맞는 정도입니다. 이 검색 결과 안에서만 비교할 수 있습니다.",
)
STILL_AT = Text("Picture at {time}", "{time}의 화면")
THUMBNAIL = Text("Thumbnail", "썸네일")
RELEVANCE = Text("Relevance {n} of 100", "관련도 {n}/100")
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
REPLAYED = Text("Most replayed", "많이 다시 본 구간")
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
BESIDE = Text("Parts of the video", "동영상 내용")
TRANSCRIPT = Text("Transcript", "자막")
CAPTIONS = Text("Captions", "자막")
SEARCH_TRANSCRIPT = Text("Search the transcript", "자막에서 검색")
LINES_OF = Text("{n} of {total}", "{total}개 중 {n}개")
MOMENT_OF = Text("{n} of {total}", "{total}개 중 {n}번째")
PREVIOUS_MOMENT = Text("Previous moment", "이전 장면")
NEXT_MOMENT = Text("Next moment", "다음 장면")
COPY_LINK = Text("Copy link at this moment", "현재 시점 링크 복사")
COPIED = Text("Copied", "복사했습니다")
COPY_FAILED = Text("The browser did not allow it", "브라우저에서 복사를 허용하지 않았습니다")
SHOW_MORE = Text("Show more", "더 보기")
SHOW_LESS = Text("Show less", "접기")
NO_TIME = Text(
    "The time in the address is not a number of seconds, so the video starts at its beginning.",
    "주소에 있는 시간이 올바르지 않아 동영상을 처음부터 재생합니다.",
)
AFTER_END = Text(
    "The video ends at {end}, before {time}, so it starts at its beginning.",
    "동영상 길이({end})가 주소의 시간({time})보다 짧아 처음부터 재생합니다.",
)
FORMAT_UNKNOWN = Text(
    "This browser cannot play the file ({ending}). Open it in another player.",
    "이 브라우저에서 재생할 수 없는 파일({ending})입니다. 다른 플레이어에서 열어 보세요.",
)
REFUSED_BY_YOUTUBE = Text(
    "YouTube does not play this video here. Open it on YouTube.",
    "YouTube가 여기에서 재생을 허용하지 않는 동영상입니다. YouTube에서 열어 보세요.",
)
