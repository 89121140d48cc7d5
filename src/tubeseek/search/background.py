"""Lists queries about nothing in particular, in English and Korean, to learn how encoders score.

They stand for all that a user might look for and the library need not contain. They are spread over
daily life, so that any one library answers few of them, and medians over them do not notice those
few. Changing them changes which hits count as a fit: measure anew with benchmarks/fit.py.
"""

ENGLISH = """
a crowded street market at night; a man waiting at a bus stop; children drawing with crayons
a meeting in an office; people dancing at a party; a lawyer reading a contract; an empty corridor
a woman brushing her teeth; a stack of old newspapers; a bowl of noodles; a river in the fog
somebody ironing a shirt; a dentist at work; a lighthouse on a cliff; a wall covered with graffiti
a long queue at the airport; a chess tournament; workers on a scaffold; a bottle of red wine
a weather map; a cup of coffee on a desk; a couple arguing; a marathon through the city
a classroom with empty chairs; a pile of coins; a birthday card; a concrete staircase
an old woman knitting; a microscope in a laboratory; the entrance of a supermarket; a rainbow
a man shaving; a leather wallet; a carpet with a pattern; a gymnast on a beam; a parking garage
a hand writing with a pen; a snowstorm; a mayor cutting a ribbon; a glass door; a campfire
a boy climbing a fence; a black and white portrait; a table of figures; a puppet theatre
a bicycle repair shop; a pair of scissors; a city seen from above; an orchestra rehearsing
a woman trying on shoes; fireworks; a pillow on a bed; a waiter carrying plates; a tunnel
a lecture about history; someone playing cards; a dusty attic; a magazine cover; a wedding ring
a ferry full of tourists; a man fixing a pipe; a plastic bag; a bar chart; a soldier on guard
a slice of bread with butter; an escalator; a group photo; a woman crying; a calendar on a wall
a scientist explaining an experiment; a shopping cart; a desk lamp; a swamp; a wrestling match
cooking soup in a small kitchen; a handshake; a television studio; an application form
a blanket; a crossroads in a village; a priest in a church; a broken window; a slow song
a video game with monsters; a suitcase; a discussion about money; two people on a bench
a rusty chain; a swimmer under water; a map of the world; a mirror in a bathroom; dark clouds
a make-up lesson; unpacking a parcel; a view from a train window; an interview in the street
""".replace("\n", ";")

KOREAN = """
시장에서 물건을 사는 사람들; 버스를 기다리는 남자; 그림을 그리는 아이들; 사무실 회의
파티에서 춤추는 사람들; 계약서를 읽는 변호사; 텅 빈 복도; 이를 닦는 여자; 낡은 책 더미
국수 한 그릇; 안개 낀 강; 다림질하는 사람; 치과 치료; 절벽 위의 등대; 낙서로 덮인 벽; 공항의 긴 줄
바둑 대회; 공사장에서 일하는 사람들; 포도주 한 병; 커피 한 잔; 말다툼하는 부부; 마라톤 대회
빈 교실; 동전 더미; 생일 카드; 계단; 뜨개질하는 할머니; 실험실의 현미경; 마트 입구; 무지개
면도하는 남자; 가죽 지갑; 무늬가 있는 양탄자; 체조 선수; 주차장; 펜으로 글씨를 쓰는 손; 눈보라
행사에서 인사말을 하는 시장; 유리문; 모닥불; 담을 넘는 소년; 흑백 사진; 숫자가 적힌 표; 인형극
자전거 수리점; 가위; 하늘에서 본 도시; 연습하는 관현악단; 신발을 신어 보는 손님; 불꽃놀이
침대 위의 베개; 접시를 나르는 종업원; 터널; 역사 강의; 화투를 치는 사람들; 먼지 쌓인 다락방
잡지 표지; 결혼반지; 관광객이 가득한 유람선; 수도관을 고치는 남자; 비닐봉지; 막대그래프
보초를 서는 군인; 버터를 바른 빵; 에스컬레이터; 단체 사진; 우는 여자; 벽에 걸린 달력
실험을 설명하는 과학자; 장바구니; 책상 위의 스탠드; 늪; 씨름 경기; 작은 부엌에서 국을 끓이는 사람
악수; 방송국 스튜디오; 신청서 작성; 담요; 시골 마을의 길; 설교하는 목사; 깨진 창문; 느린 노래
괴물이 나오는 게임; 여행 가방; 돈 이야기; 벤치에 앉은 두 사람; 녹슨 쇠사슬; 물속에서 헤엄치는 사람
세계 지도; 욕실 거울; 먹구름; 화장하는 방법; 택배 상자 열기; 기차 창밖 풍경; 길거리 인터뷰
""".replace("\n", ";")


def background_queries() -> tuple[str, ...]:
    """Return all background queries."""
    return tuple(text.strip() for text in f"{ENGLISH};{KOREAN}".split(";") if text.strip())
