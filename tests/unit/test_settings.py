"""Settings: the environment beats the file, all faults come together, no secret is quoted, everything is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from factory_bot.errors import SettingsError
from factory_bot.settings import PUBLIC_API, Settings, load_settings

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAF-sentinel-sentinel-sentinel-00"


def documented() -> dict[str, str]:
    """Each setting of `.env.example` with the value that stands there."""
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^#(MANCER_\w+)=(.*)$", text, re.MULTILINE))


def test_env_example_documents_every_setting_with_its_default() -> None:
    fields = {f"MANCER_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert documented().keys() == fields.keys()
    for name, value in documented().items():
        default = fields[name]
        stated = str(int(default)) if isinstance(default, float) else str("" if default is None else default)
        stated = stated.replace("()", "").replace("False", "false")
        assert value == stated, name


def test_readme_lists_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    assert set(documented()) <= set(re.findall(r"`(MANCER_\w+)`", readme))


def test_without_anything_the_playground_runs(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path / ".env")
    assert settings.playground
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.app_url("a") == "http://a.localhost:8080/app/"


def test_the_environment_beats_the_file_and_the_file_the_default(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MANCER_GATEWAY_PORT=9001\nMANCER_PLAYGROUND_PORT=9002\nOTHER=1\n")
    settings = load_settings({"MANCER_GATEWAY_PORT": "9003"}, file)
    assert (settings.gateway_port, settings.playground_port, settings.stop_grace) == (9003, 9002, 3.0)
    assert load_settings({}, file, playground_port=9004).playground_port == 9004


def test_all_faults_come_together_and_quote_no_value() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(
            {"MANCER_TOKEN": TOKEN, "MANCER_TELEGRAM_TOKEN": f"{TOKEN} x", "MANCER_GATEWAY_PORT": "0",
             "MANCER_VAULT_KEY": "short-secret", "MANCER_PUBLIC_URL": "http://example.com",
             "MANCER_OPERATORS": "1,bob"},
            None,
        )  # fmt: skip
    faults = caught.value.faults
    for name in ("TOKEN", "TELEGRAM_TOKEN", "GATEWAY_PORT", "VAULT_KEY", "PUBLIC_URL", "OPERATORS"):
        assert any(fault.startswith(f"MANCER_{name}") for fault in faults), name
    assert "sentinel" not in str(caught.value)
    assert "short-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"MANCER_TELEGRAM_API_URL": "http://127.0.0.1:1"}, "needs MANCER_TELEGRAM_TOKEN"),
        ({"MANCER_GATEWAY_PORT": "8081"}, "same port"),
        ({"MANCER_MODEL": "gpt"}, "MANCER_MODEL is"),
        ({"MANCER_MODEL": "openai:gpt-5"}, "MANCER_MODEL_API_KEY"),
        ({"MANCER_PUBLIC_URL": "https://example.com/{bot}/x"}, "is the last part"),
        ({"MANCER_DATABASE_URL": "mysql://x"}, "MANCER_DATABASE_URL starts"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(given: dict[str, str], part: str) -> None:
    with pytest.raises(SettingsError, match=part):
        load_settings(given, None)


@pytest.mark.parametrize(
    ("public_url", "app_url"),
    [
        ("https://{bot}.bots.example.com", "https://a.bots.example.com/app/"),
        ("https://{bot}.bots.example.com/", "https://a.bots.example.com/app/"),
        ("https://bots.example.com", "https://bots.example.com/a/app/"),
        ("https://example.com/apps/{bot}", "https://example.com/apps/a/app/"),
        ("https://example.com:8443/apps", "https://example.com:8443/apps/a/app/"),
    ],
)
def test_both_forms_of_the_public_address(public_url: str, app_url: str) -> None:
    settings = load_settings({"MANCER_TELEGRAM_TOKEN": TOKEN, "MANCER_PUBLIC_URL": public_url}, None)
    assert settings.app_url("a") == app_url
    assert settings.api_url == PUBLIC_API


def test_on_telegram_without_a_public_address_there_is_no_app() -> None:
    assert load_settings({"MANCER_TELEGRAM_TOKEN": TOKEN}, None).app_url("a") is None


@pytest.mark.parametrize(
    ("environment", "part"),
    [
        ({"MANCER_NONSENSE": "1"}, "MANCER_NONSENSE is no setting"),
        ({"MANCER_DATA_DIR": "/proc/nowhere"}, "MANCER_DATA_DIR"),
        ({"MANCER_TELEGRAM_TOKEN": "x"}, "a bot token looks like"),
    ],
)
def test_a_start_that_cannot_work_is_one_sentence_and_exit_code_2(
    tmp_path: Path, environment: dict[str, str], part: str
) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "run_bot.py", "--no-browser"], cwd=tmp_path, env=environment, capture_output=True,
        text=True, timeout=30, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert part in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "data" / "factory.db").exists()
