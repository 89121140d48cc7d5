"""Loads the settings: from flags, then TUBESEEK_* variables, then tubeseek.toml, then defaults."""

import json
import os
from pathlib import Path
from typing import Any, Literal, get_origin

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, SecretStr, ValidationError

from tubeseek.core.errors import ConfigError

CONFIG_NAME = "tubeseek.toml"
PREFIX = "TUBESEEK_"  # of environment variables


def _default_library() -> Path:
    return Path(platformdirs.user_data_dir("tubeseek")) / "library"


class Settings(BaseModel):
    """All settings of one run. `load_settings` reads them from where users set them."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    library: Path = Field(
        default_factory=_default_library, description="The folder of the library."
    )
    store: str = Field(
        default="", description="The URL of a Qdrant server; empty for Qdrant Edge in the library."
    )
    encoder: str = Field(
        default="",
        description="The encoder by name, hub id or folder; empty for that of the library.",
    )
    weights: dict[str, NonNegativeFloat] = Field(
        default={}, description="Weights of indexes in a search, by encoder name or `words`."
    )
    workers: int = Field(default=4, ge=1, le=64, description="Threads that fetch and read ahead.")
    threads: int | None = Field(
        None, ge=1, description="Threads of the encoder; unset for all cores."
    )
    device: str = Field(default="auto", description="Where to compute: auto, cpu, cuda or mps.")
    sleep_requests: float = Field(default=0.75, ge=0, description="Seconds between two requests.")
    sleep_captions: float = Field(
        default=5.0, ge=0, description="Seconds between two requests for captions."
    )
    sleep_videos: float = Field(
        default=10.0, ge=0, description="Minimum seconds between two videos."
    )
    backoff: float = Field(
        default=3600.0, ge=0, description="Seconds to wait in total when a site refuses requests."
    )
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto", description="The precision of the picture encoder."
    )
    backend: Literal["auto", "torch", "openvino"] = Field(
        default="auto",
        description="What runs the encoder; auto takes OpenVINO on a CPU where it is installed.",
    )
    download: bool = Field(
        default=False,
        description="Cut stills and clips from downloaded videos instead of storyboards.",
    )
    keep: bool = Field(default=False, description="Keep downloaded videos.")
    cookies: Path | None = Field(
        default=None, description="A cookies file for yt-dlp, in the Netscape format."
    )
    cookies_from_browser: str = Field(
        default="", description="The browser whose cookies yt-dlp uses, such as firefox."
    )
    extractor_args: tuple[str, ...] = Field(
        default=(), description="Arguments of yt-dlp's extractors, as its --extractor-args takes."
    )
    host: str = Field(
        default="127.0.0.1", description="The address on which `tubeseek serve` listens."
    )
    port: int = Field(
        default=0, ge=0, le=65535, description="The port of `tubeseek serve`; 0 takes a free one."
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="Host names that the server accepts besides its address."
    )
    qdrant_api_key: SecretStr | None = Field(
        default=None, description="The API key of the Qdrant server."
    )
    token: SecretStr | None = Field(
        default=None, description="Needed to write to a server that is not on loopback."
    )


def load_settings(flags: dict[str, Any]) -> Settings:
    """Return the settings of this run.

    Args:
        flags: Settings from the command line; None means that an option was not given.

    Raises:
        ConfigError: A key is unknown, a value out of range, or the file is not TOML.
    """
    flags = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**(_file_settings() | _environment() | flags))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors(include_url=False)
        )
        raise ConfigError(
            f"{problems}. Settings come from flags, TUBESEEK_* variables and {_config_file()}"
        ) from error
    except (OSError, ValueError) as error:  # the file cannot be read, or is not TOML
        raise ConfigError(f"{_config_file()}: {error}") from error
    return settings.model_copy(update={"library": settings.library.expanduser().absolute()})


def _file_settings() -> dict[str, Any]:
    """Return the settings of the file, if there is one.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not TOML.
    """
    try:
        text = _config_file().read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}
    import tomllib  # most users have no file

    return tomllib.loads(text)


def _environment() -> dict[str, Any]:
    """Return the settings of the environment; upper and lower case are the same.

    Lists and tables are written as JSON.

    Raises:
        ConfigError: A variable that must be JSON is not.
    """
    fields = {f"{PREFIX}{name}".upper(): (name, f) for name, f in Settings.model_fields.items()}
    settings: dict[str, Any] = {}
    for variable, text in os.environ.items():
        if variable.upper() not in fields:
            continue
        name, field = fields[variable.upper()]
        settings[name] = text
        if get_origin(field.annotation) in (dict, tuple):
            try:
                settings[name] = json.loads(text)
            except ValueError as error:
                raise ConfigError(f"{variable} must be JSON, got {text!r} ({error})") from error
    return settings


def _config_file() -> Path:
    """Return ./tubeseek.toml if it exists, else that of the user."""
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(platformdirs.user_config_dir("tubeseek")) / CONFIG_NAME
