"""Texts of the training page, in English and Korean."""

from tubeseek.ui.texts.text import Text

TRAINING = Text("Training", "학습")
NO_RUNS = Text("No training runs yet", "아직 학습 기록이 없습니다")
NO_RUNS_HINT = Text(
    "Training adapts an encoder to the titles and thumbnails of your library, and measures on "
    "held-out channels whether that helped. Start a run in a terminal; it appears here while "
    "it runs.",
    "학습은 인코더를 보관함의 제목과 썸네일에 맞추고, 학습에 쓰지 않은 채널에서 실제로 "
    "나아졌는지 측정합니다. 터미널에서 다음 명령으로 시작하면 진행 상황이 여기에 나타납니다.",
)
RUN_RUNNING = Text("running", "학습 중")
RUN_FINISHED = Text("finished", "완료")
RUN_STOPPED = Text("stopped", "중단됨")
RUN_UNREADABLE = Text("unreadable", "읽을 수 없음")
STOPPED_HINT = Text(
    "This run was stopped. Run the same command again to continue from its last checkpoint.",
    "중단된 학습입니다. 같은 명령을 다시 실행하면 마지막 체크포인트부터 이어서 학습합니다.",
)
UNREADABLE_HINT = Text(
    "The files of this run cannot be read: they are damaged or from another version. Train "
    "again into another folder, or delete this one.",
    "이 학습의 파일을 읽을 수 없습니다. 파일이 손상되었거나 다른 버전에서 만들어졌습니다. 다른 "
    "폴더에 다시 학습하거나 이 폴더를 삭제하세요.",
)
OF_DATA = Text("{encoder} on {pairs} pairs of {data}", "{data}의 짝 {pairs}개로 학습한 {encoder}")
THIS_LIBRARY = Text("this library", "이 보관함")
FACTS = Text(
    "method {method} · seed {seed} · data {digest}",
    "방식 {method} · 시드 {seed} · 데이터 {digest}",
)
SPLIT = Text(
    "{train} pairs for training, {validation} for choosing the epoch, {test} for testing",
    "학습 {train}개, 에포크 선택 {validation}개, 평가 {test}개",
)
PREPARING = Text("Reading pictures and texts", "이미지와 텍스트를 읽는 중")
STEP_OF = Text("Step {step} of at most {steps}", "최대 {steps}단계 중 {step}단계")

# Curves
CURVES = Text("Curves", "학습 곡선")
NO_CURVES = Text("No step has finished yet.", "아직 완료된 단계가 없습니다.")
LOSS = Text("Loss", "손실")
LOSS_HELP = Text("The weighted sum of all terms of the loss", "가중치를 곱한 모든 손실 항의 합")
ALIGNMENT = Text("Alignment", "정렬")
ALIGNMENT_HELP = Text(
    "The term of the loss that pulls pairs together", "짝을 서로 가깝게 당기는 손실 항"
)
UNIFORMITY = Text("Uniformity", "균일성")
UNIFORMITY_HELP = Text(
    "The term of the loss that pushes everything else apart",
    "짝이 아닌 것을 서로 밀어내는 손실 항",
)
WITHIN_TEXTS = Text("Within texts", "텍스트끼리")
WITHIN_TEXTS_HELP = Text(
    "The term of the loss that tells texts apart, each encoded twice with different dropout",
    "드롭아웃을 달리해 두 번 인코딩한 텍스트를 서로 구별하는 손실 항",
)
WITHIN_PICTURES = Text("Within pictures", "이미지끼리")
WITHIN_PICTURES_HELP = Text(
    "The term of the loss that tells pictures apart, each augmented in two ways",
    "두 가지로 변형한 이미지를 서로 구별하는 손실 항",
)
VALIDATION = Text("Recall@10 on validation channels", "검증 채널의 recall@10")
VALIDATION_HELP = Text(
    "Measured after each epoch; the ring marks the epoch that was kept",
    "에포크가 끝날 때마다 측정한 값이며, 동그라미가 선택된 에포크입니다",
)
LOWER = Text("lower is better", "낮을수록 좋음")
HIGHER = Text("higher is better", "높을수록 좋음")
STEP = Text("Step", "단계")
VALUE = Text("Value", "값")

# Measured
MEASURED = Text("Before and after", "학습 전후")
MEASURED_HELP = Text(
    "recall@10 is the share of titles whose own picture is among the first ten results. Dots "
    "are measurements, bars their 95% bootstrap intervals over pictures.",
    "recall@10은 제목으로 찾았을 때 그 제목의 이미지가 처음 10개 안에 든 비율입니다. 점은 "
    "측정값, 막대는 이미지에 대한 95% 부트스트랩 구간입니다.",
)
TEST_SET = Text("Held-out channels", "학습하지 않은 채널")
VALIDATION_SET = Text("Validation channels", "검증 채널")
RETENTION_SET = Text("{name} (must not get worse)", "{name}(나빠지지 않아야 할 데이터)")
SET = Text("Set", "데이터")
PICTURES = Text("Pictures", "이미지")
BEFORE = Text("Before", "학습 전")
AFTER = Text("After", "학습 후")
GAIN = Text("Gain", "변화")
P_VALUE = Text("p", "p")
BETTER = Text(
    "On held-out channels, it finds more: {gain} recall@10, beyond chance (p = {p}).",
    "학습하지 않은 채널에서 결과가 좋아졌습니다. recall@10 {gain}, 통계적으로 유의합니다(p = {p}).",
)
WORSE = Text(
    "On held-out channels, it finds less: {gain} recall@10, beyond chance (p = {p}).",
    "학습하지 않은 채널에서 결과가 나빠졌습니다. recall@10 {gain}, 통계적으로 유의합니다(p = {p}).",
)
NO_DIFFERENCE = Text(
    "On held-out channels, the difference is within chance: {gain} recall@10 (p = {p}).",
    "학습하지 않은 채널에서 통계적으로 유의한 차이가 없습니다. recall@10 {gain}(p = {p}).",
)
SETTINGS = Text("Settings", "설정")

# The report
REPORT = Text("Report", "보고서")
SHOW_REPORT = Text("Show the report", "보고서 보기")
REPORT_OF = Text("Report of {name}", "{name} 보고서")
NO_REPORT = Text(
    "Make a report with plots and the queries that gained and lost the most. It reads the "
    "vectors directly, so close the app while it is made:",
    "그래프와 가장 많이 좋아지고 나빠진 검색어를 담은 보고서를 만들려면 다음 명령을 "
    "실행하세요. 벡터를 직접 읽으므로 만드는 동안에는 앱을 닫으세요.",
)
NO_INDEX = Text(
    "Make an index with this adapter; the current index stays in use:",
    "이 어댑터로 색인을 만들려면 다음 명령을 실행하세요. 기존 색인은 그대로 검색에 쓰입니다.",
)

# Side by side
SIDE_BY_SIDE = Text("One query, two encoders", "같은 검색어, 두 인코더")
SIDE_BOX = Text("Enter a query to compare", "비교할 검색어를 입력하세요")
LEFT = Text("Left", "왼쪽")
RIGHT = Text("Right", "오른쪽")
ONE_INDEX = Text(
    "This library has only one picture index. A comparison needs two.",
    "이 보관함에는 이미지 색인이 하나뿐입니다. 비교하려면 색인이 두 개 있어야 합니다.",
)
NO_INDEXES = Text(
    "Nothing is indexed in this library yet. A comparison needs two indexes.",
    "이 보관함에는 아직 색인이 없습니다. 비교하려면 색인이 두 개 있어야 합니다.",
)
IN_BOTH = Text("{n} of the first {most} in common", "처음 {most}개 중 {n}개가 같습니다.")
STAYED = Text("same rank", "순위 같음")
ROSE = Text("up from {rank}", "{rank}위에서 상승")
FELL = Text("down from {rank}", "{rank}위에서 하락")
NEW = Text("not on the left", "왼쪽에 없음")
NOT_RIGHT = Text("not on the right", "오른쪽에 없음")
