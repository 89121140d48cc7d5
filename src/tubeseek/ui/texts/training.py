"""Texts of the training page, in English and Korean."""

from tubeseek.ui.texts.text import Text

TRAINING = Text("Training", "학습")
NO_RUNS = Text("No training run yet", "아직 학습한 적이 없습니다")
NO_RUNS_HINT = Text(
    "A training run adapts an encoder to the titles and thumbnails of your library, and measures "
    "on channels it has not seen whether that helped. Start one in a terminal; it appears here "
    "while it runs.",
    "학습은 인코더를 보관함의 제목과 썸네일에 맞추고, 학습에 쓰지 않은 채널에서 실제로 나아졌는지 "
    "측정합니다. 터미널에서 다음 명령으로 시작하면 진행 상황이 여기에 바로 나타납니다.",
)
RUN_RUNNING = Text("running", "학습 중")
RUN_FINISHED = Text("finished", "완료")
RUN_STOPPED = Text("stopped", "중단됨")
RUN_UNREADABLE = Text("unreadable", "읽을 수 없음")
STOPPED_HINT = Text(
    "It was stopped. The same command again goes on from its last checkpoint.",
    "중단된 학습입니다. 같은 명령을 다시 실행하면 마지막 체크포인트부터 이어서 학습합니다.",
)
UNREADABLE_HINT = Text(
    "The files of this run cannot be read: they are damaged, or of another version. Train again "
    "into another folder, or delete this one.",
    "이 학습의 파일을 읽을 수 없습니다. 파일이 손상되었거나 다른 버전에서 만들어졌습니다. "
    "다른 폴더에 다시 학습하거나 이 폴더를 삭제해 주세요.",
)
OF_DATA = Text("{encoder} on {pairs} pairs of {data}", "{data}의 쌍 {pairs}개로 학습한 {encoder}")
THIS_LIBRARY = Text("this library", "이 보관함")
FACTS = Text(
    "method {method} · seed {seed} · data {digest}",
    "방식 {method} · 시드 {seed} · 데이터 {digest}",
)
SPLIT = Text(
    "{train} pairs to learn from, {validation} to choose the epoch, {test} to report",
    "학습 {train}개, 에포크 선택 {validation}개, 보고 {test}개",
)
PREPARING = Text("Looking at pictures and texts", "이미지와 텍스트를 읽는 중")
STEP_OF = Text("Step {step} of at most {steps}", "최대 {steps}단계 중 {step}단계")

# Curves
CURVES = Text("Curves", "학습 곡선")
NO_CURVES = Text("No step is done yet.", "아직 완료된 단계가 없습니다.")
LOSS = Text("Loss", "손실")
LOSS_HELP = Text("All its terms together, each by its weight", "가중치를 곱한 모든 손실 항의 합")
ALIGNMENT = Text("Alignment", "정렬")
ALIGNMENT_HELP = Text(
    "The part of the loss that draws pairs together", "서로 짝인 것을 가깝게 모으는 손실 항"
)
UNIFORMITY = Text("Uniformity", "균일성")
UNIFORMITY_HELP = Text(
    "The part of the loss that drives everything else apart", "나머지를 서로 밀어내는 손실 항"
)
WITHIN_TEXTS = Text("Within texts", "텍스트끼리")
WITHIN_TEXTS_HELP = Text(
    "The part of the loss that tells texts apart, each read twice under different dropout",
    "드롭아웃을 달리해 두 번 읽은 텍스트를 서로 구별하는 손실 항",
)
WITHIN_PICTURES = Text("Within pictures", "이미지끼리")
WITHIN_PICTURES_HELP = Text(
    "The part of the loss that tells pictures apart, each seen in two ways",
    "두 가지 모습으로 본 이미지를 서로 구별하는 손실 항",
)
VALIDATION = Text("Recall@10 on validation channels", "검증 채널의 recall@10")
VALIDATION_HELP = Text(
    "After each epoch; the ring is the one that was kept",
    "에포크가 끝날 때마다 측정한 값이며, 동그라미가 선택된 에포크입니다",
)
LOWER = Text("lower is better", "낮을수록 좋음")
HIGHER = Text("higher is better", "높을수록 좋음")
STEP = Text("Step", "단계")
VALUE = Text("Value", "값")

# Measured
MEASURED = Text("Before and after", "학습 전후")
MEASURED_HELP = Text(
    "recall@10: the share of titles whose own picture is among the first ten. Dots are what was "
    "measured, bars the 95 % bootstrap interval over pictures.",
    "recall@10은 제목으로 찾았을 때 그 제목의 이미지가 처음 10개 안에 든 비율입니다. "
    "점은 측정값, 막대는 이미지에 대한 95% 부트스트랩 구간입니다.",
)
TEST_SET = Text("Channels it has not seen", "학습하지 않은 채널")
VALIDATION_SET = Text("Channels that chose the epoch", "에포크를 고른 채널")
RETENTION_SET = Text("{name} (must not be forgotten)", "{name}(잊지 않아야 할 데이터)")
SET = Text("Set", "데이터")
PICTURES = Text("Pictures", "이미지")
BEFORE = Text("Before", "학습 전")
AFTER = Text("After", "학습 후")
GAIN = Text("Gain", "변화")
P_VALUE = Text("p", "p")
BETTER = Text(
    "On channels it has not seen it finds more: {gain} recall@10, beyond chance (p = {p}).",
    "학습하지 않은 채널에서 더 잘 찾습니다. recall@10 {gain}, 우연이 아닙니다(p = {p}).",
)
WORSE = Text(
    "On channels it has not seen it finds less: {gain} recall@10, beyond chance (p = {p}).",
    "학습하지 않은 채널에서 오히려 못 찾습니다. recall@10 {gain}, 우연이 아닙니다(p = {p}).",
)
NO_DIFFERENCE = Text(
    "On channels it has not seen the difference is within chance: {gain} recall@10 (p = {p}).",
    "학습하지 않은 채널에서 차이가 우연의 범위 안입니다. recall@10 {gain}(p = {p}).",
)
SETTINGS = Text("Settings", "설정")

# The report
REPORT = Text("Report", "보고서")
SHOW_REPORT = Text("Show the report", "보고서 보기")
REPORT_OF = Text("Report of {name}", "{name} 보고서")
NO_REPORT = Text(
    "Make a report with plots, and with the queries that gained and lost most. It reads the "
    "vectors themselves: close the app while it is made.",
    "그래프와 가장 많이 좋아지고 나빠진 검색어를 담은 보고서를 만들려면 다음 명령을 실행하세요. "
    "벡터를 직접 읽으므로 만드는 동안에는 앱을 닫아 주세요.",
)
NO_INDEX = Text(
    "Make an index with this adapter; the one there is goes on answering:",
    "이 어댑터로 색인을 만들려면 다음 명령을 실행하세요. 기존 색인은 그대로 검색에 쓰입니다.",
)

# Side by side
SIDE_BY_SIDE = Text("One query, two encoders", "같은 검색어, 두 인코더")
SIDE_BOX = Text("What do you want to compare?", "무엇을 비교할까요?")
LEFT = Text("Left", "왼쪽")
RIGHT = Text("Right", "오른쪽")
ONE_INDEX = Text(
    "There is only one index of pictures in this library; a comparison takes two.",
    "이 보관함에는 이미지 색인이 하나뿐입니다. 비교하려면 색인이 두 개 있어야 합니다.",
)
NO_INDEXES = Text(
    "Nothing is indexed in this library yet; a comparison takes two indexes.",
    "이 보관함에는 아직 색인이 없습니다. 비교하려면 색인이 두 개 있어야 합니다.",
)
IN_BOTH = Text("{n} of the first {most} are the same.", "처음 {most}개 중 {n}개가 같습니다.")
STAYED = Text("as on the left", "왼쪽과 같음")
ROSE = Text("up from {rank}", "{rank}위에서 상승")
FELL = Text("down from {rank}", "{rank}위에서 하락")
NEW = Text("not on the left", "왼쪽에 없음")
NOT_RIGHT = Text("not on the right", "오른쪽에 없음")
