from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from deploy.settings import SettingsError, load_settings


def written(folder: Path, text: str) -> Path:
    file = folder / "wirewatch.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_defaults_work_on_a_laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert (settings.log.url, settings.search.url, settings.mail.url) == ("sqlite:", "tantivy:", "maildir:")
    assert settings.data == Path("var")


def test_a_file_in_the_current_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, 'name = "desk"\n[fetch]\ninterval = "5m"\n')
    monkeypatch.chdir(tmp_path)
    settings = load_settings(None, {})
    assert settings.name == "desk"
    assert settings.fetch.interval == timedelta(minutes=5)


def test_data_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, 'data = "here"'), {}).data == tmp_path / "here"


def test_an_environment_variable_overrides_a_key(tmp_path: Path) -> None:
    file = written(tmp_path, '[web]\nlisten = "127.0.0.1:9000"\n')
    variables = {
        "WIREWATCH_WEB__LISTEN": "127.0.0.1:7000",
        "WIREWATCH_FETCH__ALLOW_PRIVATE": '["10.0.0.0/8"]',
        "WIREWATCH_FETCH__FULL_TEXT": "false",
        "WIREWATCH_NAME": "other",
        "WIREWATCH_UNRELATED": "passes",
    }
    settings = load_settings(file, variables)
    assert settings.web.address == ("127.0.0.1", 7000)
    assert settings.fetch.allow_private == (ip_network("10.0.0.0/8"),)
    assert settings.fetch.full_text is False
    assert settings.name == "other"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[log\nurl = 1", ["wirewatch.toml", "not valid TOML", "line 1"]),
        ("[serch]\nurl = 'x'", ["wirewatch.toml", "serch", "did you mean 'search'"]),
        ('[fetch]\nful_text = true', ["fetch.ful_text", "did you mean 'full_text'"]),
        ('[log]\nurl = "postgres://x"', ["log.url", "must begin with sqlite:"]),
        ('[fetch]\ninterval = "often"', ["fetch.interval", "'often' is not a duration", '"10m"']),
        ('[[feed]]\nurl = "ftp://example.org/"', ["feed[1].url", "must begin with http://"]),
        ('[[rule]]\nname = "x"\nquery = "y"\nto = ["nobody"]', ["rule[1].to", "is not a mail address"]),
        ('[[rule]]\nname = "x"', ["rule[1].query", "field required"]),
        ('[[rule]]\nname = "x"\nquery = "y"\n[[rule]]\nname = "x"\nquery = "z"', ["two rules are named 'x'"]),
        ('[web]\nlisten = "everywhere"', ["web.listen", "everywhere"]),
        ('[web]\nlisten = "127.0.0.1:65536"', ["web.listen", "65536"]),
        ('[metrics]\nlisten = "127.0.0.1:99999"', ["metrics.listen", "99999"]),
        ('[fetch]\nallow_private = ["10.0.0.1/8"]', ["fetch.allow_private"]),
    ],
)  # fmt: skip
def test_a_mistake_names_the_file_the_key_and_what_would_be_right(tmp_path: Path, text: str, told: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, text), {})
    assert all(part in str(raised.value) for part in told), str(raised.value)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, '[log]\nurl = "x"\n[mail]\nurl = "y"\n'), {})
    assert "log.url" in str(raised.value)
    assert "mail.url" in str(raised.value)


def test_a_password_never_stands_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(written(tmp_path, '[mail]\nurl = "imap://me:secret@host"\n'), {})
    assert "secret" not in str(raised.value)


def test_a_missing_file_names_itself_and_the_option(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml.*--config"):
        load_settings(tmp_path / "nowhere.toml", {})


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "wirewatch.toml"
    file.write_bytes('name = "café"'.encode("latin-1"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(file, {})
