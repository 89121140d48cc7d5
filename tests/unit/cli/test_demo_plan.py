"""The plan: each stamp once, names that are unique, times that join, the same every time."""

from itertools import pairwise

import pytest

from tests.helpers.demo_collection import stamp
from tubeseek.cli.demo.command import EXAMPLES
from tubeseek.cli.demo.plan import (
    FRAMES_PER_SECOND,
    Shot,
    VideoPlan,
    plan_videos,
    short_english,
    short_korean,
)
from tubeseek.cli.demo.stamps import Stamp
from tubeseek.cli.demo.themes import THEMES, UNSUITABLE

FOLDERS = {  # folder: the theme that takes what no other theme claims by a word
    "animals/birds": "birds",
    "food/fruit": "fruit",
    "hobbies/music/wind": "music",
    "space/planets": "space",
    "town/roadsigns": "signs",
    "vehicles/ship": "flight-and-sea",
}


def _names(count: int) -> list[tuple[str, str]]:
    """Made-up names in both languages, all different."""
    letters = "가나다라마바사아자차카타파하"
    return [
        (f"A {chr(97 + n // 14)}ob{chr(97 + n % 14)}.", letters[n // 14] + letters[n % 14])
        for n in range(count)
    ]


@pytest.fixture
def collection() -> list[Stamp]:
    """Thirteen stamps in each of six folders."""
    names = iter(_names(13 * len(FOLDERS)))
    return [stamp(f"{folder}/{n:02d}", *next(names)) for folder in FOLDERS for n in range(13)]


def _shots(plans: list[VideoPlan]) -> list[Shot]:
    return [shot for plan in plans for shot in plan.shots]


def test_every_stamp_is_in_one_video_of_its_theme(collection: list[Stamp]) -> None:
    plans = plan_videos(collection, count=100)
    shown = [shot.stamp.name for shot in _shots(plans)]
    assert sorted(shown) == sorted(stamp.name for stamp in collection)  # 13 = 4 + 4 + 5
    for plan in plans:
        theme = plan.id.rpartition("-")[0]
        assert {FOLDERS[shot.stamp.category] for shot in plan.shots} == {theme}
        assert 4 <= len(plan.shots) <= 6
    assert len({plan.id for plan in plans}) == len(plans) == 18


def test_times_join_and_begin_on_a_frame(collection: list[Stamp]) -> None:
    for plan in plan_videos(collection):
        assert plan.shots[0].start == 0
        assert plan.shots[-1].end == plan.duration_seconds
        assert all(before.end == after.start for before, after in pairwise(plan.shots))
        for shot in plan.shots:
            assert 3 <= shot.end - shot.start <= 5
            assert (shot.start * FRAMES_PER_SECOND).is_integer()


def test_stills_at_the_quarters_show_three_more_shots_than_the_thumbnail(
    collection: list[Stamp],
) -> None:
    for plan in plan_videos(collection):
        places = {0}  # the thumbnail is of the first shot
        for quarter in (0.25, 0.5, 0.75):
            moment = plan.duration_seconds * quarter
            (place,) = (n for n, s in enumerate(plan.shots) if s.start <= moment < s.end)
            shot = plan.shots[place]
            assert min(moment - shot.start, shot.end - moment) >= 0.25
            places.add(place)
        assert len(places) == 4


def test_plan_depends_on_the_seed_and_nothing_else(collection: list[Stamp]) -> None:
    assert plan_videos(collection, seed=3) == plan_videos(list(reversed(collection)), seed=3)
    assert plan_videos(collection, seed=3) != plan_videos(collection, seed=4)


def test_small_count_shows_each_theme_before_any_twice(collection: list[Stamp]) -> None:
    plans = plan_videos(collection, count=6)
    assert {plan.id for plan in plans} == {f"{theme}-1" for theme in FOLDERS.values()}
    assert len(plan_videos(collection, count=7)) == 7
    assert plan_videos(collection, count=0) == []


def test_titles_and_chapters_are_in_both_languages() -> None:
    stamps = [
        stamp("vehicles/ship/a", "An old Chinese sailing ship.", "배"),
        stamp("vehicles/ship/b", "Eddie the Helicopter.", "헬리콥터"),
        stamp("vehicles/flight/c", "A hot air balloon.", "열기구"),
        stamp(
            "vehicles/flight/d", "Saturn—the one with the most rings.", "토성 – 고리가 많은 행성."
        ),
    ]
    (plan,) = plan_videos(stamps)
    chapters = {shot.stamp.path.stem: shot.title for shot in plan.shots}
    assert chapters == {
        "a": "Old Chinese sailing ship | 배",
        "b": "Eddie the Helicopter | 헬리콥터",
        "c": "Hot air balloon | 열기구",
        "d": "Saturn | 토성",
    }
    first, second, third, _ = plan.shots
    assert plan.title == (
        f"In the air and on the water: {first.english}, {second.english}, {third.english}"
        f" | 하늘과 바다를 가다: {first.korean}, {second.korean}, {third.korean}"
    )


def test_what_cannot_be_shown_or_searched_for_stays_out() -> None:
    good = [stamp(f"food/fruit/{n}", *names) for n, names in enumerate(_names(4))]
    grey = Stamp(good[0].path, "A grey one.", "회색", "food/fruit", (200, 200), has_colour=False)
    bad = [
        grey,
        stamp("food/fruit/untranslated", "A fig.", ""),
        stamp("food/fruit/not_korean", "A lime.", "Lime"),
        stamp("food/fruit/tiny", "A currant.", "까치밥", side=20),
        stamp("food/fruit/list", "A ripe, red plum.", "자두"),
        stamp("food/fruit/long", "Remember to wash all of your fruit before you eat it.", "과일"),
        stamp("people/nobody", "A person.", "사람"),  # no theme takes people
        stamp("food/fruit/sliced_lime", "A sliced lime.", "라임"),  # known for its wrong Korean
    ]
    assert bad[-1].name in UNSUITABLE
    assert {shot.stamp for shot in _shots(plan_videos(good + bad))} == set(good)


def test_one_name_asks_for_one_shot() -> None:
    fruit = [stamp(f"food/fruit/{n}", *names) for n, names in enumerate(_names(4))]
    drawing = stamp("food/fruit/cartoon/apple", "An apple.", "사과", side=400)
    photograph = stamp("food/fruit/apple", "An apple.", "능금")
    same_korean = stamp("food/fruit/apple2", "A pippin.", "능 금")
    plans = plan_videos([drawing, same_korean, photograph, *fruit])
    apples = [shot.stamp for shot in _shots(plans) if shot.stamp not in fruit]
    assert apples == [photograph]  # a photograph before a drawing, however large


def test_first_videos_show_familiar_things_sharply() -> None:
    names = iter(_names(9))
    familiar = [stamp(f"food/fruit/f{n}", *next(names)) for n in range(4)]
    blurred = [stamp(f"food/fruit/b{n}", *next(names), side=50) for n in range(2)]
    rare = [stamp(f"food/fruit/r{n}", f"A rarely seen fruit {n}.", f"과일{n}") for n in range(2)]
    first, second = plan_videos(blurred + rare + familiar)
    assert {shot.stamp for shot in first.shots} == set(familiar)
    assert {shot.stamp for shot in second.shots} == {*rare, *blurred}


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("An Adelaide Rosella.", "Adelaide Rosella"),
        ("An albino peahen (a female peafowl, or peacock).", "albino peahen"),
        ("Pluto—until recently, it was a planet.", "Pluto"),
        ("A “Fuji” apple.", "Fuji apple"),
        ("A knight’s helmet.", "knight’s helmet"),
        ("The Earth. Our planet!", "Earth"),
        ("– Because a brain is a terrible thing to waste…", ""),
    ],
)
def test_short_english(description: str, name: str) -> None:
    assert short_english(description) == name


def test_short_korean_needs_korean() -> None:
    assert short_korean("지구 – 우리의 행성!") == "지구"
    assert short_korean("F-22 랩터") == "F-22 랩터"
    assert short_korean("UB2006") == ""
    assert (
        short_korean("M3 브래들리 보병 전투 차량은 미국이 사용하고 있는 기갑 전투 차량이다.") == ""
    )


def test_themes_have_names_of_their_own() -> None:
    for names in zip(*((theme.slug, theme.english, theme.korean) for theme in THEMES), strict=True):
        assert len(set(names)) == len(THEMES)


def test_examples_ask_in_both_languages_for_stamps_that_are_shown() -> None:
    names = [example.stamp for example in EXAMPLES]
    korean = [e for e in EXAMPLES if any("가" <= letter <= "힣" for letter in e.query)]
    assert (len(EXAMPLES), len(korean), len(set(names))) == (6, 3, 6)
    for name in names:
        assert name not in UNSUITABLE
        assert any(theme.takes(stamp(name, "A truck.", "트럭")) for theme in THEMES)
