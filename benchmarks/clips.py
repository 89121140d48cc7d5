"""Title to video over frames, clips, words and all of them fused; and what fusion may lose.

    python benchmarks/clips.py --data ../shared/data [--others] [--work DIR]
        [--demo DEMO/library --judgements DEMO/videos/judgements.jsonl]

Three sets of real pictures, each made into a library of its own and asked through the product's
search, ten videos at a time as a user sees them:

- clips: 29 short videos, each asked for by its title; frames (stills of the `starter`) and clips
  (`pooled:starter`, the mean of eight frames: what a video encoder has to beat);
- photos: 300 photos with five captions; the first is the title, the others are asked;
- thumbnails: 1,126 YouTube thumbnails, each asked for by its title.

The demo's library, if given, is asked for the moments of its `judgements.jsonl`. X-CLIP is not
measured: its weights were not at hand, and random ones say nothing. Each title finds itself among
the words, so the words of clips and thumbnails are a bound and no feat.

Plain fusion is what the product's is compared with: reciprocal ranks of the single indexes, each of
weight 1, however little of the query a passage holds. `--others` asks 300 captions and 300 titles
of those that are otherwise left out: how to fuse was chosen without them.
"""

import argparse
import csv
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from tubeseek.core.events import EventKind
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchAnswer, SearchRequest
from tubeseek.core.settings import Settings, load_settings
from tubeseek.evaluation import EvaluationTarget, Judgement, Topic, estimate, read_judgements
from tubeseek.evaluation.measure import sampled
from tubeseek.evaluation.metrics import Placement, recall_at, reciprocal_rank
from tubeseek.evaluation.moments import rank_of_moment
from tubeseek.evaluation.run import ask
from tubeseek.evaluation.statistics import FloatArray
from tubeseek.evaluation.topics import topics_of_judgements, topics_of_titles
from tubeseek.library.library import Library
from tubeseek.library.open import open_library

DEPTH = 10  # as many as a search returns unless it is told otherwise
STILLS, CLIPS = "starter", "pooled:starter"
DEEP = 100  # of each ranking that plain fusion fuses
RRF_K = 60  # Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion", SIGIR 2009
MOST_QUERIES = 300
METRICS = {f"recall@{k}": partial(recall_at, cutoff=k) for k in (1, 5, 10)} | {
    "MRR": reciprocal_rank
}
Request = tuple[str, SearchRequest]
FRAMES_ALONE: Request = ("frames", SearchRequest(encoder=STILLS, using=Scope.PICTURES))
CLIPS_ALONE: Request = ("clips", SearchRequest(encoder=CLIPS, using=Scope.PICTURES))
PICTURES: Request = ("frames + clips", SearchRequest(using=Scope.PICTURES))
WORDS: Request = ("words", SearchRequest(using=Scope.WORDS))
FUSED: Request = ("fused", SearchRequest(using=Scope.ALL))
PLAIN = "plain fusion"


def main() -> None:
    parser = argparse.ArgumentParser(description="Title to video, by index and fused.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--demo", type=Path, help="a copy of the demo's library")
    parser.add_argument("--judgements", type=Path, help="the demo's judgements.jsonl")
    parser.add_argument(
        "--others", action="store_true", help="photos and thumbnails: other queries"
    )
    parser.add_argument("--work", type=Path, help="keeps the libraries, to be asked again")
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as scratch:
        work = arguments.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        _photos(arguments.data / "photos_captions", work, arguments.others)
        _thumbnails(arguments.data / "youtube_thumbnails", work / "thumbnails", arguments.others)
        if arguments.others:
            return
        _clips(arguments.data / "clips", work / "clips")
    if arguments.demo and arguments.judgements:
        _demo(arguments.demo, read_judgements(arguments.judgements))


def _clips(data: Path, folder: Path) -> None:
    library = _filled(folder, data, [STILLS, CLIPS])
    topics = topics_of_titles(EvaluationTarget(library).videos())
    systems = [FRAMES_ALONE, CLIPS_ALONE, PICTURES, WORDS, FUSED]
    _table("clips", library, topics, systems, single=("frames", "clips", "words"))
    library.close()


def _photos(data: Path, work: Path, other_queries: bool) -> None:
    dataset, judgements = _photo_dataset(data, work / "photos-dataset")
    library = _filled(work / "photos", dataset, [STILLS])
    topics = _drawn(topics_of_judgements(judgements), other_queries)
    _table("photos", library, topics, [FRAMES_ALONE, WORDS, FUSED], single=("frames", "words"))
    library.close()


def _thumbnails(data: Path, folder: Path, other_queries: bool) -> None:
    library = _filled(folder, data, [STILLS])
    topics = _drawn(topics_of_titles(EvaluationTarget(library).videos()), other_queries)
    systems = [FRAMES_ALONE, WORDS, FUSED]
    _table("thumbnails", library, topics, systems, single=("frames", "words"))
    library.close()


def _drawn(topics: Sequence[Topic], other_queries: bool) -> list[Topic]:
    """The queries that are asked, or as many that are not."""
    drawn = sampled(topics, MOST_QUERIES, 0)
    if not other_queries:
        return drawn
    used = {topic.query for topic in drawn}
    return sampled([topic for topic in topics if topic.query not in used], MOST_QUERIES, 0)


def _demo(folder: Path, judgements: Sequence[Judgement]) -> None:
    library, _ = open_library(_settings(folder), "benchmarks/clips.py")
    systems = [FRAMES_ALONE, WORDS, FUSED]
    topics = topics_of_judgements(judgements)
    _table("demo, videos", library, topics, systems, single=("frames", "words"))
    ranks = {}
    for name, request in systems:
        answers = [
            library.search(request.model_copy(update={"text": judgement.query, "limit": DEPTH}))
            for judgement in judgements
        ]
        placements = map(rank_of_moment, judgements, answers)
        ranks[name] = [Placement(np.array([rank]), np.ones(1)) for rank in placements]
    _print("demo, moments", ranks, single=("frames", "words"))
    library.close()


def _photo_dataset(data: Path, folder: Path) -> tuple[Path, list[Judgement]]:
    """The photos with their first caption for a title, and the other captions as judgements."""
    judgements = []
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with (
        (data / "metadata.csv").open(encoding="utf-8", newline="") as source,
        (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as target,
    ):
        table = csv.writer(target)
        table.writerow(["Id", "Title"])
        for row in csv.DictReader(source):
            picture = folder / "images" / f"{row['id']}.jpg"
            if not picture.exists():
                picture.write_bytes((data / row["file"]).read_bytes())
            table.writerow([row["id"], row["caption_1"]])
            judgements += [Judgement(row[f"caption_{number}"], row["id"]) for number in range(2, 6)]
    return folder, judgements


def _filled(folder: Path, data: Path, encoders: Sequence[str]) -> Library:
    """A library of a dataset; what could not be read is printed."""
    library, _ = open_library(_settings(folder), "benchmarks/clips.py")
    requests = [AddRequest(locators=(str(data.resolve()),))]
    events = [event for request in requests for event in library.run(request)]
    for encoder in encoders:
        events += library.run(IndexRequest(encoder=encoder, beside=True))
    failed = [event for event in events if event.kind is EventKind.FAILED]
    status = library.status()
    print(f"\n{data.name}: {status.videos} videos, {len(failed)} messages")
    for event in failed:
        print(f"- {event.message}")
    return library


def _settings(folder: Path) -> Settings:
    return load_settings({"library": folder, "threads": 1})


def _table(
    name: str,
    library: Library,
    topics: Sequence[Topic],
    systems: Sequence[Request],
    single: Sequence[str],
) -> None:
    measuring = EvaluationTarget(library, DEPTH)
    runs = {label: measuring.run(label, topics, request) for label, request in systems}
    alone = [request for label, request in systems if label in single]
    runs[PLAIN] = ask(PLAIN, topics, _plainly(library, alone), DEPTH)
    _print(name, {label: run.placements for label, run in runs.items()}, single)


def _plainly(library: Library, requests: Sequence[SearchRequest]) -> Callable[[str], SearchAnswer]:
    def search(text: str) -> SearchAnswer:
        scores: defaultdict[str, float] = defaultdict(float)
        hits = {}
        for request in requests:
            fields = {"text": text, "literal": True, "limit": DEEP}
            for hit in library.search(request.model_copy(update=fields)).hits:
                scores[hit.video_id] += 1 / (RRF_K + hit.rank)
                hits[hit.video_id] = hit
        best = sorted(scores, key=lambda video_id: (-scores[video_id], video_id))[:DEPTH]
        return SearchAnswer(query=text, encoder="", hits=tuple(hits[i] for i in best))

    return search


def _print(name: str, runs: Mapping[str, Sequence[Placement]], single: Sequence[str]) -> None:
    """A row for each system, then what share of the best single index the fused search keeps."""
    queries = len(next(iter(runs.values())))
    print(f"\n| {name}, {queries} queries | {' | '.join(METRICS)} |")
    print(f"|---|{'---|' * len(METRICS)}")
    values: dict[str, dict[str, FloatArray]] = {
        label: {metric: of(placements) for metric, of in METRICS.items()}
        for label, placements in runs.items()
    }
    for label, figures in values.items():
        cells = [estimate(figure) for figure in figures.values()]
        columns = (f"{c.value:.3f} [{c.low:.3f}, {c.high:.3f}]" for c in cells)
        print(f"| {label} | {' | '.join(columns)} |")
    kept = []
    for metric in METRICS:
        best = max(float(values[label][metric].mean()) for label in single)
        kept.append(f"{float(values['fused'][metric].mean()) / best:.0%}" if best else "-")
    print(f"| fused, of the best single index | {' | '.join(kept)} |")


if __name__ == "__main__":
    main()
