"""Texts around every page, in English and Korean."""

from tubeseek.ui.texts.text import Text

PAGES = Text("Pages", "페이지")
LIBRARY = Text("Library", "보관함")
OTHER_LANGUAGE = Text("한국어", "English")
OTHER_LANGUAGE_HELP = Text("한국어로 보기", "Show in English")
REQUEST_FAILED = Text("That did not work: {reason}", "요청을 처리하지 못했습니다: {reason}")
UNEXPECTED_ERROR = Text(
    "Something went wrong ({kind}). Reload the page. If it happens again, please report it "
    "with the app's log.",
    "예상하지 못한 오류가 발생했습니다({kind}). 페이지를 새로 고치세요. 문제가 반복되면 앱 "
    "로그와 함께 알려 주세요.",
)
