"""Uploads an export to the Hugging Face hub with huggingface_hub.

The token is that of HF_TOKEN or of `hf auth login`. Only huggingface_hub gets it: no message and no
file of tubeseek holds it.
"""

from pathlib import Path

from huggingface_hub import HfApi, constants, get_token
from huggingface_hub.errors import (
    BadRequestError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

from tubeseek.core.errors import InputError, SharingError

ANSWER_SECONDS = 10.0
MESSAGE = "Exported by tubeseek"
LOGIN = (
    "log in with `hf auth login`, or put a token with write access (https://huggingface.co/settings/"
    "tokens) into the environment as HF_TOKEN"
)


def check_push(repo: str) -> None:
    """Check what can be checked before an export is made, without a request.

    Raises:
        InputError: `repo` is not the name of a repository.
        SharingError: There is no token, or HF_HUB_OFFLINE is set.
    """
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise InputError(
            f"{repo!r} is not the name of a repository ({_first_line(error)}); use NAME/MODEL"
        ) from error
    if "/" not in repo:
        raise InputError(f"{repo!r} does not name the owner of the model; use NAME/MODEL")
    if constants.is_offline_mode():
        raise SharingError("HF_HUB_OFFLINE forbids access to the hub; unset it to push")
    _token()


def push(folder: Path, repo: str, *, private: bool = False) -> str:
    """Upload the folder in one commit, to a repository that is created if need be.

    Files of the repository that are not in the folder stay.

    Args:
        folder: The result of `export`.
        repo: "NAME/MODEL".
        private: Make the new repository private. A public repository that exists is refused,
            because it would stay public.

    Returns:
        The address of the repository.

    Raises:
        SharingError: The hub cannot be reached, or refuses the upload.
    """
    api, token = HfApi(), _token()
    address = f"{api.endpoint}/{repo}"
    try:
        is_private = _is_private(api, repo, token)
        if is_private is False and private:
            raise SharingError(
                f"{repo} exists and is public, and would stay public with --private; make it "
                f"private in its settings ({address}/settings), or choose another repository"
            )
        if is_private is None:
            # None means the default that the owner has set for new repositories.
            api.create_repo(repo, private=private or None, token=token)
        api.upload_folder(repo_id=repo, folder_path=folder, commit_message=MESSAGE, token=token)
    except SharingError:
        raise
    except Exception as error:  # the HTTP library, and so its errors, depend on the version
        raise _sharing_error(repo, folder, error, token) from error
    return address


def _is_private(api: HfApi, repo: str, token: str) -> bool | None:
    """Return whether a repository is private; None if it does not exist.

    This request comes first because it has a timeout.
    """
    try:
        return bool(api.model_info(repo, timeout=ANSWER_SECONDS, token=token).private)
    except RepositoryNotFoundError:
        return None


def _token() -> str:
    token = get_token()
    if not token:
        raise SharingError(f"pushing to the Hugging Face hub needs a token: {LOGIN}")
    return token


def _sharing_error(repo: str, folder: Path, error: Exception, token: str) -> SharingError:
    retry = f"The export in {folder} is complete: run the same command with --force"
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else None
    reason = _first_line(error).replace(token, "...")
    if isinstance(error, OfflineModeIsEnabled):
        return SharingError(f"HF_HUB_OFFLINE forbids access to the hub; unset it to push. {retry}")
    if status == 403:
        return SharingError(
            f"your token may not write to {repo}: use one with write access (for an organisation, "
            f"to its repositories), and {LOGIN}. {retry}"
        )
    if status == 401 and not isinstance(error, RepositoryNotFoundError):
        return SharingError(f"the hub does not know your token; {LOGIN}. {retry}")
    if isinstance(error, RepositoryNotFoundError):
        return SharingError(
            f"the hub has no {repo} that your token may see; check the name, or {LOGIN}. {retry}"
        )
    if isinstance(error, BadRequestError):
        return SharingError(f"the hub refuses the upload ({reason}); nothing was published")
    if status is not None:
        return SharingError(f"the hub answers {status} ({reason}); try again later. {retry}")
    return SharingError(
        f"the Hugging Face hub cannot be reached, or its answer cannot be read ({reason}); "
        f"connect to the network, or check HF_ENDPOINT. {retry}"
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
