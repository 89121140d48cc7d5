"""Brings an export to the Hugging Face hub, through huggingface_hub.

The token is that of HF_TOKEN or of `hf auth login`. It is handed to huggingface_hub and nowhere
else: it is in no message and in no file of ours.
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
    "log in with `hf auth login`, or put a token that may write (https://huggingface.co/settings/"
    "tokens) into the environment as HF_TOKEN"
)


def check_push(repo: str) -> None:
    """Says what can be known before an export is made, without a request.

    Raises:
        InputError: `repo` is no name of a repository.
        SharingError: There is no token, or HF_HUB_OFFLINE is set.
    """
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise InputError(
            f"{repo!r} is no name of a repository ({_first_line(error)}); give it as NAME/MODEL"
        ) from error
    if "/" not in repo:
        raise InputError(f"whose model is {repo!r}? Give the repository as NAME/MODEL")
    if constants.is_offline_mode():
        raise SharingError("HF_HUB_OFFLINE forbids to reach the hub; unset it to push")
    _token()


def push(folder: Path, repo: str, *, private: bool = False) -> str:
    """Creates the repository if need be, and uploads the folder in one commit.

    Files that are there and not in the folder stay.

    Args:
        folder: As `export` made it.
        repo: "NAME/MODEL".
        private: Only those with rights may see it. A repository that is there and public is
            refused, for it would stay public.

    Returns:
        The address of the repository.

    Raises:
        SharingError: The hub cannot be reached or does not take it.
    """
    api, token = HfApi(), _token()
    address = f"{api.endpoint}/{repo}"
    try:
        is_private = _is_private(api, repo, token)
        if is_private is False and private:
            raise SharingError(
                f"{repo} is there and public, and would stay so with --private; make it private "
                f"in its settings ({address}/settings), or choose another repository"
            )
        if is_private is None:
            # private=None is what the owner has set as default for new repositories.
            api.create_repo(repo, private=private or None, token=token)
        api.upload_folder(repo_id=repo, folder_path=folder, commit_message=MESSAGE, token=token)
    except SharingError:
        raise
    except Exception as error:  # which HTTP library's errors come through depends on its version
        raise _translated(repo, folder, error, token) from error
    return address


def _is_private(api: HfApi, repo: str, token: str) -> bool | None:
    """None if there is no such repository; also the one request that is sure to end in time."""
    try:
        return bool(api.model_info(repo, timeout=ANSWER_SECONDS, token=token).private)
    except RepositoryNotFoundError:
        return None


def _token() -> str:
    token = get_token()
    if not token:
        raise SharingError(f"pushing to the Hugging Face hub takes a token: {LOGIN}")
    return token


def _translated(repo: str, folder: Path, error: Exception, token: str) -> SharingError:
    made = f"The export in {folder} is complete: run the same command with --force"
    status = error.response.status_code if isinstance(error, HfHubHTTPError) else None
    reason = _first_line(error).replace(token, "...")
    if isinstance(error, OfflineModeIsEnabled):
        return SharingError(f"HF_HUB_OFFLINE forbids to reach the hub; unset it to push. {made}")
    if status == 403:
        return SharingError(
            f"your token may not write to {repo}: take one with the right to write (and, for an "
            f"organisation, to its repositories), and {LOGIN}. {made}"
        )
    if status == 401 and not isinstance(error, RepositoryNotFoundError):
        return SharingError(f"the hub does not know your token; {LOGIN}. {made}")
    if isinstance(error, RepositoryNotFoundError):
        return SharingError(
            f"the hub has no {repo} that your token may see; check the name, or {LOGIN}. {made}"
        )
    if isinstance(error, BadRequestError):
        return SharingError(f"the hub refuses what is sent ({reason}); nothing was published")
    if status is not None:
        return SharingError(f"the hub answers {status} ({reason}); try again later. {made}")
    return SharingError(
        f"the Hugging Face hub cannot be reached, or its answer not be understood ({reason}); "
        f"connect to the network, or check HF_ENDPOINT. {made}"
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
