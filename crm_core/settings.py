"""The one typed settings object; it is made once at the start of a process and passed inward."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from crm_core.errors import SettingsInvalid

SECRETS_FILE = "secrets.env"
_GENERATED = ("ENCRYPTION_KEY", "INDEX_KEY", "SESSION_SECRET", "SHOP_SECRET", "ASSISTANT_TOKEN")


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Values come from the environment (`RAPPORT_…`), then `.env`, then the secrets that the first start
    generated into `<home>/secrets.env`, then the defaults here, which serve a laptop.
    """

    model_config = SettingsConfigDict(env_prefix="RAPPORT_", extra="ignore")

    home: Path = Path(".rapport")  # database, secrets, logs and import reports of this installation
    data: Path = Path("data")
    models: Path = Path("models")
    database_url: str = ""  # empty: SQLite in `home`
    products_file: str = ""  # names of the products, for the assistant to know them; empty: products.jsonl in `home`
    encoder: str = ""  # module:function that opens an encoder of sentences; empty: vectors of words alone
    redis_url: str = ""  # empty: live push stays inside the one gateway

    public_url: str = ""  # where customers reach the gateway, for links to it; empty: as the agent's browser does
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    assistant_port: int = Field(default=5005, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    assistant_url: str = ""  # several separated by commas; empty: http://127.0.0.1:<assistant_port>
    demo: bool = True  # load the demo shop on an empty database and serve its pages

    secrets: Path | None = None  # the file of secrets, where it shall not lie in `home`
    encryption_key: SecretStr = SecretStr("")  # 32 bytes, base64: the master key, which wraps every customer's key
    encryption_key_before: SecretStr = SecretStr("")  # master keys of before, separated by commas
    index_key: SecretStr = SecretStr("")  # 32 bytes, base64: blind indexes
    session_secret: SecretStr = SecretStr("")  # visitor tokens and staff sessions
    shop_secret: SecretStr = SecretStr("")  # the shop's backend signs its customers' tokens with it
    assistant_token: SecretStr = SecretStr("")  # the gateway shows it to the assistant's channel

    language: str = Field(default="en", pattern="^(en|zh)$")
    timezone: str = "UTC"
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    message_max_chars: int = Field(default=4000, ge=100)
    messages_per_minute: int = Field(default=60, ge=1)  # per visitor
    sign_ins_per_minute: int = Field(default=10, ge=1)  # per address
    turn_seconds: float = Field(default=20, gt=0)  # longest wait for the assistant in one try
    assistant_turns: int = Field(default=16, ge=1)  # one assistant is asked for so many answers at once by a gateway
    turn_attempts: int = Field(default=5, ge=1)  # tries before the customer gets an apology
    idle_minutes: float = Field(default=30, gt=0)  # a quiet conversation is closed after this
    waiting_minutes: float = Field(default=240, gt=0)  # a customer who waits for a person has left after this
    unsent_hours: float = Field(default=24, gt=0)  # an uploaded file that no message shows is deleted after this
    log_level: str = "INFO"

    smtp_url: SecretStr = SecretStr("")  # "smtp://user:password@host:587" (STARTTLS) or "smtps://…"; empty: no e-mail
    mail_from: str = "Customer service <service@localhost>"
    imap_password: SecretStr = SecretStr("")  # of the mailbox that `rapport import imaps://…` reads
    service_hours: str = ""  # when people serve: "mon-fri 09:00-18:00; sat 10:00-14:00"; empty: always
    holidays: str = ""  # days without service: "2026-12-25, 2027-01-01"
    assignment: str = Field(default="least_loaded", pattern="^(manual|round_robin|least_loaded)$")
    reply_minutes: float = Field(default=5, gt=0)  # promised until a person's first reply, in time of service
    solve_minutes: float = Field(default=480, gt=0)  # promised until it is solved
    fairness_minutes: float = Field(default=15, gt=0)  # after so long in the queue nobody else comes first
    agent_minutes: float = Field(default=5, gt=0)  # an agent who lets a customer wait for longer loses the conversation
    offer_seconds: float = Field(default=60, gt=0)  # for a colleague to accept a transfer
    nobody_minutes: float = Field(default=5, gt=0)  # in the queue; then an honest word, and a ticket
    nudge_minutes: float = Field(default=10, gt=0)  # a quiet customer is asked whether they are still there

    llm_url: str = ""  # empty: no language model; else an OpenAI-compatible server, up to and with /v1
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_seconds: float = Field(default=3, gt=0, le=7)  # within the time of an action

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the unified customer database."""
        return self.database_url or f"sqlite:///{self.home / 'rapport.db'}"

    @property
    def secrets_file(self) -> Path:
        """The file that holds the secrets which the first start generated."""
        return self.secrets or self.home / SECRETS_FILE

    @property
    def master_keys(self) -> tuple[str, ...]:
        """The master key, and those before it."""
        return _master_keys(self.encryption_key.get_secret_value(), self.encryption_key_before.get_secret_value())

    @property
    def key_from_environment(self) -> bool:
        """Whether the master key is given from outside, where no command can change it."""
        return "RAPPORT_ENCRYPTION_KEY" in os.environ

    def master_keys_now(self) -> tuple[str, ...]:
        """Read the master keys again from the file of secrets, for a process that was started before a rotation.

        Returns:
            Nothing where the file does not say: they come from the environment then.
        """
        found = dotenv_values(self.secrets_file) if self.secrets_file.exists() else {}
        present = found.get("RAPPORT_ENCRYPTION_KEY")
        if not present or self.key_from_environment:
            return ()
        return _master_keys(present, found.get("RAPPORT_ENCRYPTION_KEY_BEFORE") or "")

    @property
    def product_names(self) -> Path:
        """The file from which the assistant knows the products' names."""
        return Path(self.products_file) if self.products_file else self.home / "products.jsonl"

    @property
    def assistants(self) -> list[str]:
        """Base URLs of the assistants; several share one tracker store."""
        given = [address.strip() for address in self.assistant_url.split(",") if address.strip()]
        return given or [f"http://127.0.0.1:{self.assistant_port}"]

    @classmethod
    def load(cls, **overrides: object) -> Settings:
        """Read the settings, and on the very first start generate what must be secret.

        Args:
            overrides: Values that win over every other source (tests, command-line flags).

        Raises:
            SettingsInvalid: A value cannot be used; the message names the variable.
        """
        home = Path(str(overrides.get("home") or os.environ.get("RAPPORT_HOME") or ".rapport"))
        given = overrides.get("secrets") or os.environ.get("RAPPORT_SECRETS")
        file = Path(str(given)) if given else home / SECRETS_FILE
        _generate_secrets(file)
        try:
            return cls(_env_file=(file, ".env"), **overrides)  # type: ignore[arg-type, call-arg]
        except ValidationError as error:
            problems = "; ".join(
                f"RAPPORT_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']} (got {item['input']!r})"
                for item in error.errors()
            )
            raise SettingsInvalid(problems) from error


def new_key() -> str:
    """Give a fresh key: 32 random bytes in base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def replace_master_key(settings: Settings) -> Settings:
    """Write a fresh master key into the file of secrets; the present one is kept there as one of those before.

    Returns:
        The settings with both.

    Raises:
        SettingsInvalid: The key does not come from that file.
    """
    file, present = settings.secrets_file, settings.encryption_key.get_secret_value()
    kept = dotenv_values(file) if file.exists() else {}
    if kept.get("RAPPORT_ENCRYPTION_KEY") != present:
        raise SettingsInvalid(
            f"RAPPORT_ENCRYPTION_KEY does not come from {file}: set a new one in the environment, the present one as "
            "RAPPORT_ENCRYPTION_KEY_BEFORE, start every process again, and then run this once more"
        )
    fresh, before = new_key(), ",".join(settings.master_keys)
    kept |= {"RAPPORT_ENCRYPTION_KEY": fresh, "RAPPORT_ENCRYPTION_KEY_BEFORE": before}
    part = file.with_name(f".{file.name}.new")
    part.unlink(missing_ok=True)
    _write(part, [f"{name}={value}" for name, value in kept.items()])
    part.replace(file)
    changed = {"encryption_key": SecretStr(fresh), "encryption_key_before": SecretStr(before)}
    return settings.model_copy(update=changed)


def _master_keys(present: str, before: str) -> tuple[str, ...]:
    return (present, *(key.strip() for key in before.split(",") if key.strip()))


def _generate_secrets(path: Path) -> None:
    """Write fresh random secrets, readable by the owner only; never touch existing ones."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, [f"RAPPORT_{name}={new_key()}" for name in _GENERATED])
    except FileExistsError:
        return  # another process of the same start was first


def _write(path: Path, lines: list[str]) -> None:
    """Write a file that only its owner may read.

    Raises:
        FileExistsError: It is there already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
