"""Captions in XML: what YouTube and TTML write, in any encoding, and what is no captions at all."""

import pytest

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import Cue
from tubeseek.media.captions import parse_captions

SRV1 = """<?xml version="1.0" encoding="utf-8" ?><transcript>
<text start="0.5" dur="1.5">오늘은 원을 그려요</text>
<text start="2.25" dur="1.75">it&amp;#39;s red</text></transcript>"""
SRV2 = """<?xml version="1.0" encoding="utf-8" ?><timedtext>
<text t="500" d="1500">오늘은 원을 그려요</text>
<text t="2250" d="1750">it's red</text></timedtext>"""
SRV3 = """<?xml version="1.0" encoding="utf-8" ?><timedtext format="3"><head><ws id="0"/></head>
<body><p t="500" d="1500" ws="0">오늘은 원을<br/>그려요</p>
<p t="2250" d="1750">it's red</p></body></timedtext>"""
TTML = """<?xml version="1.0" encoding="utf-8" ?>
<tt xml:lang="ko" xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling">
<head/><body><div>
<p begin="00:00:00.500" end="00:00:02.000">오늘은 <span tts:color="red">원을</span><br/>그려요</p>
<p begin="2.25s" dur="1750ms">it's red</p></div></body></tt>"""
CUES = [Cue(0.5, 2.0, "오늘은 원을 그려요"), Cue(2.25, 4.0, "it's red")]
FORMS = {"srv1": SRV1, "srv2": SRV2, "srv3": SRV3, "ttml": TTML}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_in_every_encoding(form: str, encoding: str) -> None:
    assert parse_captions(FORMS[form].encode(encoding), "a file") == CUES


def test_heard_captions_of_srv3_have_each_word_once_at_its_time() -> None:
    text = """<timedtext format="3"><body><w t="0" id="1"/>
<p t="160" d="4000" w="1"><s ac="0">hello</s><s t="340" ac="0"> world</s></p>
<p t="2000" d="2160" w="1" a="1">
</p><p t="2010" d="3000" w="1"><s>and</s><s t="200"> again</s></p></body></timedtext>"""
    cues = parse_captions(text.encode(), "a file")
    assert " ".join(cue.text for cue in cues) == "hello world and again"
    assert [cues[0].start, cues[-1].end] == [0.16, 5.01]


def test_a_damaged_cue_is_left_out() -> None:
    text = SRV1.replace('start="0.5"', 'start="soon"')
    assert parse_captions(text.encode(), "a file") == CUES[1:]


@pytest.mark.parametrize(
    "text",
    [
        SRV3[: len(SRV3) // 2],
        "<html><body>Sign in</body></html>",
        '<!DOCTYPE t [<!ENTITY a "aaaa">]><transcript><text start="0">&a;</text></transcript>',
        "<",
    ],
)
def test_what_is_no_captions(text: str) -> None:
    with pytest.raises(MediaError):
        parse_captions(text.encode(), "a file")
