"""What the operator decides, read once from `MANCER_*` variables and `.env` into one frozen object.

The environment beats `.env`, `.env` beats the defaults; an unknown `MANCER_` name is refused, and all faults are
reported together, without the offending values (one of them could be a token).
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from factory_bot.errors import SettingsError

PREFIX = "MANCER_"
PUBLIC_API = "https://api.telegram.org"
TOKEN = re.compile(r"\d{5,16}:[\w-]{30,64}")
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
PUBLIC_URL = re.compile(rf"https://(\{{bot\}}|{_LABEL})(\.{_LABEL})+(:\d{{1,5}})?(/[A-Za-z0-9._~/{{}}-]*)?", re.ASCII)


def _numbers(value: object) -> object:
    """A comma-separated list as a tuple; anything else as it is."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _token_shape(value: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("a bot token looks like 123456789:AA… ; copy it from @BotFather once more")
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("an address starts with http:// or https://")
    return value.rstrip("/")


def _public_address(value: str) -> str:
    value = value.rstrip("/")
    if not PUBLIC_URL.fullmatch(value):
        raise ValueError(
            "Telegram opens Mini Apps on https addresses only: https://{bot}.bots.example.com (a host per bot) or "
            "https://bots.example.com/apps (a path per bot)"
        )
    if value.count("{") > 1 or ("{" in value and "{bot}" not in value):
        raise ValueError("{bot} may stand in the address once")
    path = value.removeprefix("https://").partition("/")[2]
    if "{" in path and not f"/{path}".endswith("/{bot}"):
        raise ValueError("in a path, {bot} is the last part: https://example.com/apps/{bot}")
    return value


def _vault_key(value: SecretStr) -> SecretStr:
    try:
        sound = len(base64.urlsafe_b64decode(value.get_secret_value())) == 32
    except ValueError:
        sound = False
    if not sound:
        raise ValueError("the key is 32 bytes in URL-safe base64 (44 characters ending in =)")
    return value


def _ed25519(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("the key is 64 hexadecimal digits")
    return value


Ids = Annotated[tuple[int, ...], BeforeValidator(_numbers)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseModel):
    """Everything an operator can set; each field is documented in `.env.example`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_token: Annotated[SecretStr, AfterValidator(_token_shape)] | None = None
    telegram_api_url: Annotated[str, AfterValidator(_web_address)] = PUBLIC_API
    public_url: Annotated[str, AfterValidator(_public_address)] | None = None
    data_dir: Path = Path("data")
    bots_dir: Path = Path("generated_bots")
    database_url: str = ""  # empty: SQLite in the data directory
    vault_key: Annotated[SecretStr, AfterValidator(_vault_key)] | None = None
    playground_port: Port = 8081
    gateway_host: str = "127.0.0.1"
    gateway_port: Port = 8080
    operators: Ids = ()
    access: Literal["operator", "list", "everyone"] = "operator"
    makers: Ids = ()
    blocked: Ids = ()
    bots_per_maker: int = Field(default=20, ge=1, le=1000)
    model: str = "offline"
    model_base_url: Annotated[str, AfterValidator(_web_address)] | None = None
    model_api_key: SecretStr | None = None
    model_timeout: float = Field(default=20.0, gt=0, le=300)  # seconds
    transcript_days: int = Field(default=30, ge=0, le=3650)
    webapp_public_key: Annotated[str, AfterValidator(_ed25519)] | None = None
    launcher: Literal["fork", "process"] = "fork"
    merge_memory: bool = False
    stop_grace: float = Field(default=3.0, gt=0, le=60)  # seconds
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        if self.playground and self.telegram_api_url != PUBLIC_API:
            raise ValueError("MANCER_TELEGRAM_API_URL needs MANCER_TELEGRAM_TOKEN: without a token the playground runs")
        if self.merge_memory and self.launcher != "fork":
            raise ValueError("MANCER_MERGE_MEMORY needs MANCER_LAUNCHER=fork: only forked bots have much in common")
        if self.playground_port == self.gateway_port:
            raise ValueError("MANCER_PLAYGROUND_PORT and MANCER_GATEWAY_PORT are the same port")
        if not re.match(r"offline$|(openai|anthropic):\S+$", self.model):
            raise ValueError("MANCER_MODEL is offline, openai:<name> or anthropic:<name>")
        if self.model != "offline" and self.model_api_key is None and self.model_base_url is None:
            raise ValueError(
                "MANCER_MODEL names a provider, so MANCER_MODEL_API_KEY or MANCER_MODEL_BASE_URL is needed"
            )
        if self.database_url and not re.match(r"(sqlite\+aiosqlite|postgresql\+asyncpg)://", self.database_url):
            raise ValueError("MANCER_DATABASE_URL starts with sqlite+aiosqlite:// or postgresql+asyncpg://")
        return self

    def secrets(self) -> tuple[str, ...]:
        """The values that must never be seen, for the log to hide."""
        values = (self.telegram_token, self.vault_key, self.model_api_key)
        return tuple(value.get_secret_value() for value in values if value is not None)

    @property
    def playground(self) -> bool:
        """Whether the local Telegram is used: there is no token."""
        return self.telegram_token is None

    @property
    def api_url(self) -> str:
        """Where all Telegram traffic goes, the factory's and the bots'."""
        return f"http://127.0.0.1:{self.playground_port}" if self.playground else self.telegram_api_url

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'factory.db').resolve()}"

    @property
    def logs_dir(self) -> Path:
        """Where each bot's output is kept."""
        return self.data_dir / "logs"

    def app_url(self, agent_id: str) -> str | None:
        """The address of a bot's Mini App, ending in a slash; None where there is none to give Telegram."""
        if self.public_url is not None:
            pattern = self.public_url
            return pattern.replace("{bot}", agent_id) + "/app/" if "{" in pattern else f"{pattern}/{agent_id}/app/"
        if self.playground:
            return f"http://{agent_id}.localhost:{self.gateway_port}/app/"
        return None


def load_settings(
    environment: Mapping[str, str] = os.environ, env_file: Path | None = Path(".env"), **overrides: Any
) -> Settings:
    """The settings of this run.  Raises `SettingsError` with every fault at once."""
    given: dict[str, str] = {}
    if env_file is not None and env_file.is_file():
        given.update({name: value or "" for name, value in dotenv_values(env_file, interpolate=False).items()})
    given.update(environment)
    ours = {name: value for name, value in given.items() if name.upper().startswith(PREFIX)}
    unknown = sorted(name for name in ours if name.removeprefix(PREFIX).lower() not in Settings.model_fields)
    known = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in ours.items()
        if name not in unknown and value.strip()
    }
    faults = [f"{name} is no setting; .env.example lists them all" for name in unknown]
    try:
        settings = Settings.model_validate(
            known | {name: value for name, value in overrides.items() if value is not None}
        )
    except ValidationError as exc:
        raise SettingsError(*faults, *_sentences(exc)) from None
    if faults:
        raise SettingsError(*faults)
    return settings


def _sentences(error: ValidationError) -> Iterable[str]:
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        message = fault["msg"].removeprefix("Value error, ")
        yield f"{PREFIX}{str(fault['loc'][0]).upper()}: {message}" if fault["loc"] else message
