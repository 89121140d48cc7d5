"""Loads the settings: from flags, then TUBESEEK_* variables, then tubeseek.toml, then defaults."""

from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, NonNegativeFloat, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tubeseek.core.errors import ConfigError

CONFIG_NAME = "tubeseek.toml"


def _default_library() -> Path:
    return Path(platformdirs.user_data_dir("tubeseek")) / "library"


class Settings(BaseSettings):
    """All settings of one run."""

    model_config = SettingsConfigDict(
        env_prefix="TUBESEEK_", frozen=True, extra="forbid", toml_file=None
    )

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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let flags win over the environment, and the environment over the file."""
        file = TomlConfigSettingsSource(settings_cls, _config_file())
        return init_settings, env_settings, file


def load_settings(flags: dict[str, Any]) -> Settings:
    """Return the settings of this run.

    Args:
        flags: Settings from the command line; None means that an option was not given.

    Raises:
        ConfigError: A key is unknown, a value out of range, or the file is not TOML.
    """
    try:
        settings = Settings(**{k: v for k, v in flags.items() if v is not None})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors(include_url=False)
        )
        raise ConfigError(
            f"{problems}. Settings come from flags, TUBESEEK_* variables and {_config_file()}"
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise ConfigError(f"{_config_file()}: {error}") from error
    return settings.model_copy(update={"library": settings.library.expanduser().absolute()})


def _config_file() -> Path:
    """Return ./tubeseek.toml if it exists, else that of the user."""
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(platformdirs.user_config_dir("tubeseek")) / CONFIG_NAME
