"""Where the settings come from, and that a key is never lost by changing it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crm_core.errors import SettingsInvalid
from crm_core.settings import Settings, new_key, replace_master_key


def test_the_first_start_makes_secrets_that_only_their_owner_reads(tmp_path: Path) -> None:
    settings = Settings.load(home=tmp_path)
    assert stat.S_IMODE(settings.secrets_file.stat().st_mode) == 0o600
    assert Settings.load(home=tmp_path).encryption_key == settings.encryption_key


def test_the_secrets_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPORT_SECRETS", str(tmp_path / "safe" / "keys.env"))
    settings = Settings.load(home=tmp_path / "home")
    assert settings.secrets_file == tmp_path / "safe" / "keys.env"
    assert settings.secrets_file.exists()
    assert not (tmp_path / "home" / "secrets.env").exists()


def test_a_new_master_key_leaves_the_old_one_and_every_other_secret_in_the_file(tmp_path: Path) -> None:
    first = Settings.load(home=tmp_path)
    second = replace_master_key(first)
    third = replace_master_key(second)
    assert len(set(third.master_keys)) == 3
    assert third.master_keys[1:] == second.master_keys
    read = Settings.load(home=tmp_path)
    assert read.master_keys == third.master_keys == first.master_keys_now()
    assert (read.index_key, read.shop_secret) == (first.index_key, first.shop_secret)
    assert stat.S_IMODE(read.secrets_file.stat().st_mode) == 0o600


def test_a_master_key_from_the_environment_is_not_replaced_by_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPORT_ENCRYPTION_KEY", new_key())
    settings = Settings.load(home=tmp_path)
    before = settings.secrets_file.read_bytes()
    with pytest.raises(SettingsInvalid, match="RAPPORT_ENCRYPTION_KEY_BEFORE"):
        replace_master_key(settings)
    assert settings.secrets_file.read_bytes() == before
    assert settings.master_keys_now() == ()
