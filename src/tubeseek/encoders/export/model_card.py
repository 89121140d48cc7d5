"""Writes the model card of an export: front matter for the Hugging Face hub, and the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from huggingface_hub import EvalResult, ModelCardData

from tubeseek import __version__
from tubeseek.core.schemas.run_record import RunRecord, listed
from tubeseek.core.types import MULTILINGUAL
from tubeseek.encoders.export.form import LIBRARIES, RELATIONS, Form
from tubeseek.encoders.export.usage import usage

RETRIEVAL = "text-to-image-retrieval"  # what the figures of `tubeseek train` are about


@dataclass(frozen=True, slots=True)
class CardFacts:
    """The facts that a card shows.

    Attributes:
        name: The name of the model.
        form: What the folder holds.
        base: The encoder that it was made from.
        base_is_public: Whether the hub has the base; false for a folder.
        languages: ISO 639-1 codes of the languages that it reads; empty if unknown.
        sees: "image" or "video".
        whole_texts: Whether texts are padded to the model's length.
        training: The record of the training run, if there is one.
        license: An identifier of the hub, if the user gave one.
        repo: The repository on the hub, if it is known.
    """

    name: str
    form: Form
    base: str
    base_is_public: bool
    languages: tuple[str, ...]
    sees: str
    whole_texts: bool
    training: RunRecord | None
    license: str | None = None
    repo: str | None = None


def card_text(facts: CardFacts) -> str:
    """Return the whole `README.md`."""
    here = facts.repo or "PATH_OF_THIS_FOLDER"
    parts = [
        f"---\n{_front_matter(facts)}\n---",
        f"# {facts.name}",
        _introduction(facts),
        "## Use",
        usage(
            facts.form,
            facts.base,
            facts.sees,
            facts.whole_texts,
            here,
        ),
        "## Measured",
        "\n".join(_measured(facts)),
        "## Made from",
        "\n".join(_made_from(facts)),
        "## Limits",
        "\n".join(f"- {limit}" for limit in _limits(facts)),
    ]
    return "\n\n".join(parts) + "\n"


def _front_matter(facts: CardFacts) -> str:
    has_base = (
        facts.base_is_public and facts.form is not Form.HEADS and facts.form is not Form.MODEL
    )
    tags = ["tubeseek", RETRIEVAL]
    if facts.training is not None:
        tags += ["contrastive", *(["lora"] if facts.form in (Form.ADAPTER, Form.MERGED) else [])]
    results = _results(facts)
    data = ModelCardData(
        base_model=facts.base if has_base else None,
        library_name=LIBRARIES[facts.form],
        license=facts.license,
        language=[_hub_language(code) for code in facts.languages] or None,
        metrics=["recall", "mrr"] if results else None,
        model_name=facts.name,
        pipeline_tag=(
            "video-classification" if facts.sees == "video" else "zero-shot-image-classification"
        ),
        tags=tags,
        eval_results=results or None,
    )
    if has_base:
        data["base_model_relation"] = RELATIONS[facts.form]
    return str(data)


def _hub_language(code: str) -> str:
    return "multilingual" if code == MULTILINGUAL else code


def _results(facts: CardFacts) -> list[EvalResult]:
    """Return the figures after training, on data not trained on, as the hub lists them."""
    if facts.training is None:
        return []
    data = facts.training.data.name
    return [
        EvalResult(
            task_type=RETRIEVAL,
            dataset_type=data if name == "test" else name,
            dataset_name=f"{data}, channels not trained on" if name == "test" else name,
            metric_type=metric,
            metric_name=f"text to picture {metric}",
            metric_value=value,
        )
        for name, scores in facts.training.metrics.items()
        if name != "validation" and scores.after  # validation chose the epoch
        for metric, value in scores.after.figures().items()
    ]


def _introduction(facts: CardFacts) -> str:
    base = f"[`{facts.base}`](https://huggingface.co/{facts.base})"
    if facts.form is Form.HEADS:
        base = "tubeseek's `starter` encoder"
    elif not facts.base_is_public:
        base = f"`{facts.base}`, a model that is not on the hub"
    inputs = "clips" if facts.sees == "video" else "pictures"
    kinds = {
        Form.ADAPTER: f"A LoRA adapter, in PEFT's form, for {base}.",
        Form.MERGED: f"{base[:1].upper() + base[1:]} with a LoRA adapter merged into its weights.",
        Form.HEADS: f"Two linear heads, one on each side of {base}.",
        Form.MODEL: f"The weights of {base}, unchanged.",
    }
    return (
        f"{kinds[facts.form]} It maps {inputs} and sentences into one space, in which a sentence "
        f"is near what it describes."
    )


def _measured(facts: CardFacts) -> Iterator[str]:
    metrics = facts.training.metrics if facts.training else {}
    if not metrics:
        yield "No measurements came with it."
        return
    yield "Text to picture: each text is a query for its own picture among all pictures of the set."
    yield ""
    yield "| set | pictures | texts | measure | before | after |"
    yield "|---|---|---|---|---|---|"
    for name, scores in metrics.items():
        if scores.after is None:
            continue
        counts = f"{scores.after.pictures} | {scores.after.texts}"
        before, after = scores.before.figures(), scores.after.figures()
        for metric in (metric for metric in before if metric in after):
            yield f"| {name} | {counts} | {metric} | {before[metric]:.3f} | {after[metric]:.3f} |"
    yield ""
    for name, scores in metrics.items():
        gain = scores.gain
        if gain:
            yield (
                f"- {name}: recall@10 changed by {gain.value:+.3f}, 95 % interval "
                f"[{gain.low:+.3f}, {gain.high:+.3f}] (bootstrap over pictures), "
                f"p = {gain.p_value:.4f} (paired randomisation test)."
            )
    yield ""
    yield (
        "`test` holds channels that were neither trained on nor used to decide when to stop; "
        "`validation` chose the epoch, so its figures are too favourable."
    )


def _made_from(facts: CardFacts) -> Iterator[str]:
    if facts.training is None:
        yield f"- Written by tubeseek {__version__}."
        if facts.form is not Form.MODEL:
            yield "- How the adapter was trained is not known: no `training.json` came with it."
        return
    training = facts.training
    data, split = training.data, training.split
    yield (
        f"- Data: {data.pairs} pairs of {data.name}, sha256 `{data.digest}`; "
        f"{data.left_out} rows left out."
    )
    yield (
        f"- Split by channel, seed {split.seed}: {split.train} pairs to learn from, "
        f"{split.validation} to choose the epoch, {split.test} to report."
    )
    yield f"- Epoch {training.best_epoch} of {training.epochs_run} was the best."
    yield f"- Method: {listed(training.method)}."
    yield f"- Settings: {listed(training.config)}."
    yield f"- Code: {listed(training.code)}."
    yield f"- Fingerprint of the encoder before training: `{training.base_fingerprint}`."
    yield ""
    yield "`training.json` holds the same and the training curves, without the ids of the videos."


def _limits(facts: CardFacts) -> Iterator[str]:
    for warning in facts.training.warnings if facts.training else ():
        yield f"**{warning}**"
    if facts.form is Form.MODEL:
        yield "The limits that its authors describe apply here too."
    else:
        yield "It has the limits of its base model, and the base model's terms of use apply."
        yield (
            "It was measured on data of the kind that it was trained on and, if the table lists "
            "one, on a general set; on other data it may be worse than its base model."
            if facts.training and facts.training.metrics
            else "Whether it is better or worse than its base model was not measured."
        )
        yield "Do not compare its cosines with those of its base model, or mix their indexes."
    if facts.sees == "video":
        yield (
            "Only the text tower reads texts, without X-CLIP's prompts from the video, because an "
            "index needs it so: published figures for classification do not apply."
        )
    if facts.form is Form.HEADS:
        yield "The starter recognises things, not people, actions, counts, moods or written words."
    yield "It was not tested for identifying or judging people; do not use it for that."
