"""Knows what the columns of data sets are called, and reads the cells of a row by field."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from tubeseek.core.errors import SourceError

T = TypeVar("T")

# The names of columns for each field, in the form of `column_key`, the surest first. They are those
# of Kaggle's trending sets, of YouTube's Data API and Studio, and what Koreans call them.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": (
            *("videoid", "youtubeid", "ytid", "id", "vid", "동영상id", "영상id", "비디오id"),
            *("동영상아이디", "영상아이디", "비디오아이디", "아이디", "content", "콘텐츠"),
        ),
        "title": (
            *("title", "videotitle", "제목", "동영상제목", "영상제목", "비디오제목", "타이틀"),
            *("name", "videoname", "영상명", "이름"),
        ),
        "channel": (
            *("channel", "channeltitle", "channelname", "채널", "채널명", "채널이름", "채널제목"),
            *("uploader", "author", "게시자", "업로더", "유튜버"),
        ),
        "channel_id": ("channelid", "채널id", "채널아이디", "uploaderid"),
        "category": ("category", "categoryname", "categorytitle", "카테고리", "분류", "genre"),
        "category_id": ("categoryid", "카테고리id"),
        "published": (
            *("published", "publishedat", "publishtime", "publishdate", "publisheddate"),
            *("uploaddate", "uploadedat", "videopublishtime", "releasedate", "released"),
            *("게시일", "게시날짜", "게시일자", "업로드일", "업로드날짜", "업로드일자", "등록일"),
            *("동영상게시시간", "게시시간", "date", "날짜"),
        ),
        "duration": (
            *("length", "duration", "seconds", "durationseconds", "lengthseconds", "videolength"),
            *("길이", "영상길이", "동영상길이", "재생시간"),
        ),
        "views": ("views", "viewcount", "조회수", "영상조회수", "동영상조회수"),
        "description": (
            "description",
            "videodescription",
            "desc",
            "설명",
            "영상설명",
            "동영상설명",
        ),
        "tags": ("tags", "videotags", "keywords", "hashtags", "태그", "키워드", "해시태그"),
        "language": ("language", "lang", "defaultlanguage", "defaultaudiolanguage", "언어"),
        "url": (
            *("url", "videourl", "videolink", "webpageurl", "youtubeurl", "link", "watchurl"),
            *(
                "주소",
                "링크",
                "영상주소",
                "영상링크",
                "동영상주소",
                "동영상링크",
                "영상url",
                "동영상url",
            ),
        ),
        "file": (
            *("file", "filename", "filepath", "imagefile", "imagename", "imagepath", "image"),
            *("thumbnailfile", "thumbnailpath", "thumbnail", "picture", "path"),
            *("파일", "파일명", "파일이름", "이미지", "이미지파일", "썸네일", "썸네일파일", "사진"),
        ),
        "thumbnail_url": (
            *("thumbnaillink", "thumbnailurl", "imageurl", "imagelink"),
            *("썸네일링크", "썸네일주소", "썸네일url", "이미지주소", "이미지링크", "이미지url"),
        ),
    }
)
_CAPTION_COLUMN = re.compile(r"caption\d*|캡션\d*")
# Names that say by themselves what they are; others are reported.
_PLAIN = frozenset(
    {
        *("id", "title", "channel", "channelid", "category", "categoryid", "published", "released"),
        *("length", "duration", "seconds", "views", "description", "tags", "language", "url"),
        *("file", "thumbnaillink", "thumbnailurl"),
    }
)
_MAPPING_HINT = "`--map COLUMN=FIELD` changes what a column is taken for"

# YouTube's numbers for its categories, with the names that its pages show.
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "1": "Film & Animation",
        "2": "Autos & Vehicles",
        "10": "Music",
        "15": "Pets & Animals",
        "17": "Sports",
        "18": "Short Movies",
        "19": "Travel & Events",
        "20": "Gaming",
        "21": "Videoblogging",
        "22": "People & Blogs",
        "23": "Comedy",
        "24": "Entertainment",
        "25": "News & Politics",
        "26": "Howto & Style",
        "27": "Education",
        "28": "Science & Technology",
        "29": "Nonprofits & Activism",
        "30": "Movies",
        "43": "Shows",
        "44": "Trailers",
    }
)


def column_key(column: str) -> str:
    """Return a column name in lower case, without spaces, underscores and hyphens.

    >>> column_key("Channel_ID"), column_key("채널 이름")
    ('channelid', '채널이름')
    """
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFC", column).casefold())


class Columns:
    """What each column of a table is taken for.

    Raises:
        SourceError: Two columns have the same name, or `mapping` names what there is not.
    """

    def __init__(self, name: str, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
        """Args:
        name: The name of the table in messages.
        columns: Their names, in order.
        mapping: The field of each column that the user has named.
        """
        self.names = tuple(columns)
        self._table = name
        keys = [column_key(column) for column in columns]
        counts = Counter(key for key in keys if key)
        if repeated := ", ".join(sorted(key for key, count in counts.items() if count > 1)):
            raise SourceError(
                f"{name} has several columns {repeated:.300}; rename all but one of each"
            )
        places = {key: place for place, key in enumerate(keys) if key}
        self._by_field: dict[str, list[int]] = {field: [] for field in NAMES}
        for column, field in mapping.items():
            self._by_field[self._field(field)].append(self._place(column, places))
        chosen = {place for mapped in self._by_field.values() for place in mapped}
        for field, aliases in NAMES.items():
            matches = [places[alias] for alias in aliases if alias in places]
            self._by_field[field] += [place for place in matches if place not in chosen]
        del self._by_field["id"][1:]  # a row number beside the id is none
        self.captions = [place for place, key in enumerate(keys) if _CAPTION_COLUMN.fullmatch(key)]

    def places(self, field: str) -> Sequence[int]:
        """Return the columns that are taken for a field, the surest first."""
        return self._by_field[field]

    def has(self, field: str) -> bool:
        """Return whether a column is taken for a field."""
        return bool(self._by_field[field])

    def notice(self) -> str:
        """Say what columns without a plain name are taken for; empty if there is none."""
        taken = [
            f"{self.names[places[0]]} as {field}"
            for field, places in self._by_field.items()
            if places and column_key(self.names[places[0]]) not in _PLAIN
        ]
        if not self.has("title") and self.captions:
            taken.append(f"{self.names[self.captions[0]]} as title")
        return f"{self._table}: reads {', '.join(taken)}; {_MAPPING_HINT}" if taken else ""

    def _field(self, name: str) -> str:
        fields = {column_key(field): field for field in NAMES}
        if column_key(name) not in fields:
            raise SourceError(f"--map: no field {name!r}; there are {', '.join(NAMES)}")
        return fields[column_key(name)]

    def _place(self, column: str, places: Mapping[str, int]) -> int:
        if column_key(column) not in places:
            raise SourceError(
                f"--map: {self._table} has no column {column!r}, only {', '.join(self.names):.300}"
            )
        return places[column_key(column)]


class Cells:
    """The cells of a row, each of which is taken once; those not understood remain."""

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = {place: cell for place, cell in enumerate(cells) if cell}

    def take(self, field: str, read: Callable[[str], T | None]) -> T | None:
        """Return the value of the first cell of a field that can be understood, or None."""
        for place in self._columns.places(field):
            value = read(self._cells[place]) if place in self._cells else None
            if value is not None:
                del self._cells[place]
                return value
        return None

    def peek(self, field: str) -> str:
        """Return the first cell of a field, which remains; "" if it is empty."""
        places = self._columns.places(field)
        return next((self._cells[place] for place in places if place in self._cells), "")

    def captions(self) -> list[str]:
        """Return the captions of the row; they remain."""
        return [self._cells[place] for place in self._columns.captions if place in self._cells]

    def rest(self) -> Iterator[tuple[str, str]]:
        """Return an iterator over (column name, cell) of the cells that were not taken."""
        names = self._columns.names
        return ((names[place], cell) for place, cell in self._cells.items() if names[place])


def web_url(text: str) -> str | None:
    """Return a web address or None: the link is shown for clicking, so no `javascript:`."""
    return text if text.startswith(("https://", "http://")) and text.isprintable() else None


def one_line(text: str) -> str:
    return " ".join(text.split())


def category_name(number: str) -> str | None:
    """Return what YouTube calls a category, or None if there is no such number.

    >>> category_name("24"), category_name("24.0"), category_name("999")
    ('Entertainment', 'Entertainment', None)
    """
    return CATEGORIES.get(number.removesuffix(".0"))


def tags(text: str) -> tuple[str, ...]:
    """Split tags at | or else at commas.

    >>> tags('logan paul|"vlog"'), tags("[none]")
    (('logan paul', 'vlog'), ())
    """
    if text.casefold() == "[none]":  # Kaggle's word for it
        return ()
    parts: Iterable[str] = text.split("|" if "|" in text else ",")
    return tuple(tag for part in parts if (tag := part.strip(" '\"#[]")))
