"""Exports an encoder or an adapter as a folder that transformers and PEFT load directly."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tubeseek.core.errors import InputError, ModelUnavailableError
from tubeseek.core.export_request import ExportRequest
from tubeseek.core.schemas.run_record import RunRecord, read_run_record
from tubeseek.encoders.adapters import CONFIG, WEIGHTS
from tubeseek.encoders.export.folder import CARD, new_folder
from tubeseek.encoders.export.form import Form
from tubeseek.encoders.export.model_card import CardFacts, card_text
from tubeseek.encoders.export.strip_paths import copy_settings, without_paths
from tubeseek.encoders.export.subject import Subject, open_subject

TRAINING = "training.json"  # what `tubeseek train` writes beside an adapter
PRIVATE = ("ids",)  # fields of it that are not published: the videos that were trained on
INDEXES = "*.index.json"  # list which of several weight files holds which tensor
NEEDED = (  # fields of `training.json` that the card shows
    "data",
    "split",
    "method",
    "config",
    "code",
    "base_fingerprint",
    "best_epoch",
    "epochs_run",
)
# JSON files that are not settings of the tokenizer or of the processor of pictures.
NO_SETTINGS = (CONFIG, TRAINING, INDEXES, "trainer_state.json")


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The folder that was made, and notices for the user."""

    folder: Path
    form: Form
    files: tuple[str, ...]
    notices: tuple[str, ...]


def export(request: ExportRequest) -> ExportResult:
    """Export an encoder or an adapter as a folder.

    Raises:
        InputError: The encoder cannot be exported so, or the folder must not be replaced.
        ModelUnavailableError: The encoder or the adapter is missing or damaged.
        SharingError: The folder cannot be written.
    """
    subject = open_subject(request.encoder)
    form = _form(subject, merge=request.merge)
    base = subject.public_base(request.base_model)
    training = _training(subject, base)
    sources = [subject.adapter.folder] if subject.adapter else []
    if form in (Form.MERGED, Form.MODEL):
        sources.append(subject.folder)
    with new_folder(request.out, force=request.force, sources=tuple(sources)) as part:
        if form is Form.MODEL:
            _copy_model(subject, part)
        elif form is Form.MERGED:
            _write_merged(subject, part)
        else:
            _copy_adapter(subject, base, part)
        if training is not None:
            _write_json(part / TRAINING, training.to_dict())
        card_facts = CardFacts(
            name=request.repo.split("/")[-1] if request.repo else request.out.absolute().name,
            form=form,
            base=base,
            base_is_public=bool(request.base_model) or not subject.is_folder,
            languages=subject.languages(),
            sees="image" if subject.is_starter else subject.sees,
            whole_texts=subject.whole_texts,
            training=training,
            license=request.license,
            repo=request.repo,
        )
        (part / CARD).write_text(card_text(card_facts), "utf-8")
        files = tuple(sorted(path.name for path in part.iterdir()))
    return ExportResult(request.out, form, files, tuple(_notices(card_facts)))


def _form(subject: Subject, *, merge: bool) -> Form:
    if subject.adapter is None:
        if subject.is_starter:
            raise InputError(
                "the starter comes with tubeseek, so only an adapter of it can be exported; give "
                "the adapter's folder"
            )
        if merge:
            raise InputError("there is no adapter to merge; leave out --merge, or give the adapter")
        return Form.MODEL
    if subject.is_starter:
        if merge:
            raise InputError(
                "heads cannot be merged into the starter, which is no model of transformers; leave "
                "out --merge to export the heads"
            )
        return Form.HEADS
    return Form.MERGED if merge else Form.ADAPTER


def _training(subject: Subject, base: str) -> RunRecord | None:
    """Return the record of the run that made the adapter, without what is private."""
    if subject.adapter is None or not (subject.adapter.folder / TRAINING).is_file():
        return None
    path = subject.adapter.folder / TRAINING
    try:
        record = read_run_record(path)
        record.require(*NEEDED)
    except InputError as error:
        raise ModelUnavailableError(
            f"{path} is broken ({error}); copy the adapter again, or delete that file to "
            f"export without it"
        ) from error
    facts = record.to_dict(without=PRIVATE) | {"base_model": base}
    return RunRecord.model_validate(without_paths(facts))


def _copy_adapter(subject: Subject, base: str, part: Path) -> None:
    if subject.adapter is None:
        raise ValueError("no adapter")
    config = {**subject.adapter.config, "base_model_name_or_path": base}
    _write_json(part / CONFIG, config)
    shutil.copyfile(subject.adapter.folder / WEIGHTS, part / WEIGHTS)


def _write_merged(subject: Subject, part: Path) -> None:
    from tubeseek.encoders.dual.load import without_progress_bar

    model = subject.load()
    with without_progress_bar():
        model.save_pretrained(part)
    _copy_beside(subject.folder, part)


def _copy_model(subject: Subject, part: Path) -> None:
    from tubeseek.encoders.hub import weight_files

    copy_settings(subject.folder / "config.json", part / "config.json")
    _copy_beside(subject.folder, part)
    for weights in weight_files(subject.folder):
        shutil.copyfile(weights, part / weights.name)
    for index in subject.folder.glob(INDEXES):
        shutil.copyfile(index, part / index.name)


def _copy_beside(source: Path, part: Path) -> None:
    """Copy the files of the tokenizer and of the processor of pictures."""
    from tubeseek.encoders.hub import CONFIGURATION

    for path in sorted(source.iterdir()):
        is_setting = any(fnmatch(path.name, pattern) for pattern in CONFIGURATION)
        is_excluded = any(fnmatch(path.name, pattern) for pattern in NO_SETTINGS)
        if path.is_file() and is_setting and not is_excluded and not (part / path.name).exists():
            copy_settings(path, part / path.name)


def _write_json(path: Path, facts: Mapping[str, object]) -> None:
    path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _notices(card_facts: CardFacts) -> list[str]:
    if card_facts.form is Form.ADAPTER and not card_facts.base_is_public:
        return [
            f"The adapter needs {card_facts.base}, a folder that others do not have. "
            f"Give its id on the hub with --base-model, or export the whole model with --merge."
        ]
    return []
