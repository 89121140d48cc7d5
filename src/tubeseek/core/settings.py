"""What can be set: flags, then TUBESEEK_* in the environment, then tubeseek.toml, then defaults."""

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
    """Everything that can be set, once and for the whole run."""

    model_config = SettingsConfigDict(
        env_prefix="TUBESEEK_", frozen=True, extra="forbid", toml_file=None
    )

    library: Path = Field(default_factory=_default_library, description="the library folder")
    store: str = Field(
        default="", description="a Qdrant server's URL; empty: Qdrant Edge in the library"
    )
    encoder: str = Field(
        default="", description="a name, a hub id or a folder; empty: the library's own"
    )
    weights: dict[str, NonNegativeFloat] = Field(
        default={}, description="of indexes in a search, by their encoder's name, or `words`"
    )
    workers: int = Field(default=4, ge=1, le=64, description="threads that fetch and read ahead")
    threads: int | None = Field(None, ge=1, description="of the encoder; unset: all cores")
    device: str = Field(default="auto", description="auto, cpu, cuda or mps")
    sleep_requests: float = Field(default=0.75, ge=0, description="seconds between requests")
    sleep_videos: float = Field(default=10.0, ge=0, description="least seconds between two videos")
    backoff: float = Field(default=3600.0, ge=0, description="most seconds to wait when refused")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto", description="precision of the pictures' side"
    )
    backend: Literal["auto", "torch", "openvino"] = Field(
        default="auto", description="what computes it; auto: OpenVINO on a CPU that has it"
    )
    download: bool = Field(
        default=False, description="cut stills and clips from downloaded videos, not storyboards"
    )
    keep: bool = Field(default=False, description="keep what was downloaded")
    cookies: Path | None = Field(default=None, description="a Netscape cookies file for yt-dlp")
    host: str = Field(
        default="127.0.0.1", description="the address that `tubeseek serve` listens on"
    )
    port: int = Field(default=0, ge=0, le=65535, description="its port; 0 takes a free one")
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="names that the server is reached by, beside its address"
    )
    qdrant_api_key: SecretStr | None = Field(default=None, description="of the Qdrant server")
    token: SecretStr | None = Field(
        default=None, description="lets who knows it write to a server that is not on loopback"
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
        """Flags win over the environment, the environment over the file."""
        file = TomlConfigSettingsSource(settings_cls, _config_file())
        return init_settings, env_settings, file


def load_settings(flags: dict[str, Any]) -> Settings:
    """The settings of this run.

    Args:
        flags: What the command line said; None means not said.

    Raises:
        ConfigError: A key is unknown, a value out of range, or the file is not TOML.
    """
    try:
        settings = Settings(**{k: v for k, v in flags.items() if v is not None})
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})"
            for e in error.errors(include_url=False)
        )
        raise ConfigError(
            f"{told}. Settings come from flags, TUBESEEK_* in the environment and {_config_file()}"
        ) from error
    except ValueError as error:  # TOML that does not parse
        raise ConfigError(f"{_config_file()}: {error}") from error
    return settings.model_copy(update={"library": settings.library.expanduser().absolute()})


def _config_file() -> Path:
    """./tubeseek.toml where there is one, else the user's own."""
    here = Path(CONFIG_NAME)
    return here if here.exists() else Path(platformdirs.user_config_dir("tubeseek")) / CONFIG_NAME
