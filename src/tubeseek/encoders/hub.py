"""Finds the files of a model: in a local folder, in the Hugging Face cache, or on the hub."""

import json
from pathlib import Path
from threading import Thread

from huggingface_hub import HfApi, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tubeseek.core.errors import ModelUnavailableError

ANSWER_SECONDS = 5.0  # for one request
PATIENCE_SECONDS = 10.0  # to ask the hub for a model, with DNS and retries
CONFIGURATION = ["*.json", "*.txt", "*.model"]  # also the vocabularies of tokenizers
SAFETENSORS = ["model*.safetensors"]
PICKLED = ["pytorch_model*.bin"]  # read with weights_only, which executes nothing
WITHOUT_HUB = (
    "Choose `--encoder starter`, which needs no download, or give `--encoder` the path of a folder "
    "that holds the model"
)


def model_folder(model: str, revision: str | None = None) -> Path:
    """Return the local folder with the configuration, tokenizer and weights of `model`.

    A model that is complete in the Hugging Face cache is used as it is, without a request, so that
    the vectors of an index stay comparable and a search does not wait for the network.

    Args:
        model: A folder, or an id on the hub such as "openai/clip-vit-base-patch32".
        revision: Branch, tag or commit on the hub.

    Raises:
        ModelUnavailableError: It is not found or cannot be downloaded; raised within 15 s.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        _check_complete(folder)
        return folder
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelUnavailableError(f"there is no folder {model}; check the path")
    cached = _cached(model, revision)
    if cached is not None:
        return cached
    files = _files_on_hub(model, revision)
    weights = SAFETENSORS if any(_is_safetensors(name) for name in files) else PICKLED
    return _download(model, revision, CONFIGURATION + weights)


def is_cached(model: str) -> bool:
    """Return whether the model is complete in the Hugging Face cache of this machine."""
    return _cached(model, None) is not None


def weight_files(folder: Path) -> list[Path]:
    """Return the files with the weights, sorted by name; safetensors if there are both kinds."""
    return sorted(folder.glob(SAFETENSORS[0])) or sorted(folder.glob(PICKLED[0]))


def _is_safetensors(name: str) -> bool:
    return name.startswith("model") and name.endswith(".safetensors")


def _check_complete(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise ModelUnavailableError(
            f"{folder} has no config.json; give a folder that save_pretrained wrote"
        )
    missing = _missing_weights(folder)
    if missing:
        raise ModelUnavailableError(
            f"{folder} lacks its weights ({', '.join(missing)}); copy or download them again"
        )


def _missing_weights(folder: Path) -> list[str]:
    """Return the names of the weight files that are missing."""
    for index in (folder / "model.safetensors.index.json", folder / "pytorch_model.bin.index.json"):
        if index.is_file():
            try:
                shards = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise ModelUnavailableError(
                    f"{index} is broken ({error}); copy or download the model again"
                ) from error
            return sorted(name for name in shards if not (folder / name).is_file())
    return [] if weight_files(folder) else ["model.safetensors"]


def _cached(model: str, revision: str | None) -> Path | None:
    try:
        config = try_to_load_from_cache(model, "config.json", revision=revision)
    except HFValidationError as error:
        raise ModelUnavailableError(
            f"{model!r} is neither a folder nor an id on the Hugging Face hub; check the spelling"
        ) from error
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    return None if _missing_weights(folder) else folder


def _files_on_hub(model: str, revision: str | None) -> list[str]:
    """Return the names of the files of `model`, or raise an error in bounded time.

    The request runs in a thread of its own, because a resolver that does not answer, or a host with
    many dead addresses, may take longer than any timeout of the client.
    """
    answer: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            info = HfApi().model_info(model, revision=revision, timeout=ANSWER_SECONDS)
            answer.append([file.rfilename for file in info.siblings or ()])
        except Exception as error:  # handed to the caller's thread, where it is translated
            answer.append(error)

    thread = Thread(target=ask, name="ask-hub", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    if not answer:
        raise _unreachable(model, f"no answer in {PATIENCE_SECONDS:.0f} s")
    if isinstance(answer[0], Exception):
        raise _translated(model, revision, answer[0]) from answer[0]
    return answer[0]


def _download(model: str, revision: str | None, patterns: list[str]) -> Path:
    try:
        folder = Path(snapshot_download(model, revision=revision, allow_patterns=patterns))
    except Exception as error:  # the errors depend on the HTTP library, and that on the version
        raise _translated(model, revision, error) from error
    _check_complete(folder)
    return folder


def _translated(model: str, revision: str | None, error: Exception) -> ModelUnavailableError:
    if isinstance(error, GatedRepoError):
        return ModelUnavailableError(
            f"{model} requires consent: accept its terms on https://huggingface.co/{model}, then "
            f"run `hf auth login`. {WITHOUT_HUB}"
        )
    if isinstance(error, RevisionNotFoundError):
        return ModelUnavailableError(f"{model} has no revision {revision!r}; check its spelling")
    if isinstance(error, RepositoryNotFoundError):
        return ModelUnavailableError(
            f"there is neither a folder nor a public model {model} on the Hugging Face hub; check "
            f"the spelling, or run `hf auth login` if the model is private"
        )
    if isinstance(error, OfflineModeIsEnabled):
        return ModelUnavailableError(
            f"{model} is not in the local cache, and HF_HUB_OFFLINE prevents the download. Unset "
            f"it once to download the model. {WITHOUT_HUB}"
        )
    return _unreachable(model, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _unreachable(model: str, reason: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"{model} is not in the local cache and the Hugging Face hub cannot be reached ({reason}). "
        f"Connect once to download the model. {WITHOUT_HUB}"
    )
