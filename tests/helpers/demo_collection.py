"""A small collection of painted stamps, laid out like the real one."""

from pathlib import Path

from PIL import Image

from tubeseek.cli.demo.stamps import Stamp

RGB = tuple[int, int, int]

# As in the real collection: English first, then translations by code in alphabetical order.
DESCRIPTION = """{english}
af.utf8='n Vertaling.
de.utf8=Eine Übersetzung.
ja.utf8=ほんやく
ko.utf8={korean}
zh_CN.utf8=翻译。
"""


def paint_stamp(
    root: Path, name: str, colour: RGB, english: str, korean: str, side: int = 120
) -> Path:
    """Writes `root/NAME.png`, a square of one colour with a clear border, and its description."""
    path = root / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    picture.paste((*colour, 255), (side // 4, side // 4, side * 3 // 4, side * 3 // 4))
    picture.save(path)
    text = DESCRIPTION.format(english=english, korean=korean)
    path.with_suffix(".txt").write_text(text, "utf-8")
    return path


FARM = {
    "animals/mammals/bovines/cow": ((200, 30, 30), "A cow.", "소"),
    "animals/mammals/equines/horse": ((30, 160, 30), "A horse.", "말"),
    "animals/mammals/dogs/dog": ((30, 30, 200), "A dog.", "강아지"),
    "animals/birds/hen": ((180, 160, 20), "A brown hen.", "암탉"),
}


def paint_farm(root: Path) -> Path:
    """Enough stamps for one video, and some that must not be shown."""
    for name, (colour, english, korean) in FARM.items():
        paint_stamp(root, name, colour, english, korean)
    paint_stamp(root, "symbols/alphabets/a", (9, 9, 9), "Capital A.", "대문자 A")
    paint_stamp(root, "animals/mammals/pig", (250, 150, 150), "A pig.", "")
    return root


def stamp(name: str, english: str, korean: str, side: int = 120) -> Stamp:
    """A stamp without a picture, for what only plans."""
    category = name.rpartition("/")[0]
    return Stamp(Path(f"{name}.png"), english, korean, category, (side, side))
