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
PATIENCE_SECONDS = 10.0  # for the hub to say whether the model is there, DNS and retries included
CONFIGURATION = ["*.json", "*.txt", "*.model"]  # also the vocabularies of tokenizers
SAFETENSORS = ["model*.safetensors"]
PICKLED = ["pytorch_model*.bin"]  # read with weights_only, which executes nothing
WITHOUT_HUB = (
    "Choose `--encoder starter`, which needs no download, or give `--encoder` the path of a folder "
    "that holds the model"
)


def model_folder(model: str, revision: str | None = None) -> Path:
    """The local folder with the configuration, tokenizer and weights of `model`.

    What the Hugging Face cache holds in full is used as it is, without a request: the vectors of an
    index stay comparable, and a search starts without waiting for the network.

    Args:
        model: A folder, or an id on the hub such as "openai/clip-vit-base-patch32".
        revision: Branch, tag or commit on the hub.

    Raises:
        ModelUnavailableError: It is neither here nor to be had; known within 15 s.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        _check_complete(folder)
        return folder
    if folder.is_absolute() or model.startswith((".", "~")) or model.count("/") > 1:
        raise ModelUnavailableError(f"there is no folder {model}; check the path of the model")
    cached = _cached(model, revision)
    if cached is not None:
        return cached
    files = _files_on_hub(model, revision)
    weights = SAFETENSORS if any(_is_safetensors(name) for name in files) else PICKLED
    return _download(model, revision, CONFIGURATION + weights)


def is_cached(model: str) -> bool:
    """Whether the Hugging Face cache of this machine holds the model in full."""
    return _cached(model, None) is not None


def weight_files(folder: Path) -> list[Path]:
    """The files that hold the weights, by name; safetensors where there are both kinds."""
    return sorted(folder.glob(SAFETENSORS[0])) or sorted(folder.glob(PICKLED[0]))


def _is_safetensors(name: str) -> bool:
    return name.startswith("model") and name.endswith(".safetensors")


def _check_complete(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise ModelUnavailableError(
            f"{folder} holds no config.json; give the folder that save_pretrained wrote"
        )
    missing = _missing_weights(folder)
    if missing:
        raise ModelUnavailableError(
            f"{folder} lacks its weights ({', '.join(missing)}); copy or download them again"
        )


def _missing_weights(folder: Path) -> list[str]:
    """Names of the weight files that should be there and are not."""
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
        found = try_to_load_from_cache(model, "config.json", revision=revision)
    except HFValidationError as error:
        raise ModelUnavailableError(
            f"{model!r} is neither a folder nor an id on the Hugging Face hub; check its spelling"
        ) from error
    if not isinstance(found, str):
        return None
    folder = Path(found).parent
    return None if _missing_weights(folder) else folder


def _files_on_hub(model: str, revision: str | None) -> list[str]:
    """Names of the files of `model`, or an error in bounded time.

    The request runs in a thread of its own, because a resolver that does not answer, or a host with
    many dead addresses, outlasts every timeout that the client can be given.
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
    except Exception as error:  # which HTTP library's errors come through depends on its version
        raise _translated(model, revision, error) from error
    _check_complete(folder)
    return folder


def _translated(model: str, revision: str | None, error: Exception) -> ModelUnavailableError:
    if isinstance(error, GatedRepoError):
        return ModelUnavailableError(
            f"{model} asks for consent: accept its terms on https://huggingface.co/{model}, then "
            f"`hf auth login`. {WITHOUT_HUB}"
        )
    if isinstance(error, RevisionNotFoundError):
        return ModelUnavailableError(f"{model} has no revision {revision!r}; check its spelling")
    if isinstance(error, RepositoryNotFoundError):
        return ModelUnavailableError(
            f"there is no folder {model}, and no such model on the Hugging Face hub, unless it is "
            f"private (`hf auth login`); check its spelling"
        )
    if isinstance(error, OfflineModeIsEnabled):
        return ModelUnavailableError(
            f"{model} is not in the local cache, and HF_HUB_OFFLINE forbids to download it. "
            f"Unset it once to download, or: {WITHOUT_HUB}"
        )
    return _unreachable(model, str(error).splitlines()[0] if str(error) else type(error).__name__)


def _unreachable(model: str, reason: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"{model} is not in the local cache and the Hugging Face hub cannot be reached ({reason}). "
        f"Connect once to download it. {WITHOUT_HUB}"
    )
