"""The people who work here: who they are, what they may do, and what they looked at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from crm_core.clock import new_id
from crm_core.errors import Conflict, InvalidInput, NotAllowed
from crm_core.language import LANGUAGES
from crm_core.privacy import passwords, rights
from crm_core.privacy.chain import Anchor, Entry, Verification
from crm_core.records.people import SYSTEM, Actor, Agent, Role
from crm_core.storage import access_log
from crm_core.storage import staff as rows
from crm_core.use_cases.context import Context

FIRST_ADMIN = "admin@rapport.test"


class Staff:
    """Sign-in, rights and the access log.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def sign_in(self, email: str, password: str) -> Agent:
        """Give the person who shows this password.

        Raises:
            NotAllowed: Nobody here has these; what exactly was wrong is never told.
        """
        with self._context.database.reading() as connection:
            row = rows.by_email(connection, _one_spelling(email))
        fits = passwords.matches(None if row is None else row.password_hash, password)
        if row is None or not fits or not row.active:
            raise NotAllowed("e-mail address or password is wrong")
        with self._context.database.writing() as connection:
            rows.signed_in(connection, row.id, self._context.clock())
            if passwords.needs_rehash(row.password_hash):
                rows.change(connection, row.id, password_hash=passwords.hashed(password))
        return rows.record(row)

    def create(
        self,
        email: str,
        name: str,
        role: Role | str,
        password: str | None = None,
        *,
        language: str = "en",
        actor: Actor = SYSTEM,
    ) -> tuple[Agent, str]:
        """Add a person.

        Args:
            email: What they sign in with.
            name: What customers and colleagues see.
            role: What they may do.
            password: Their first password; generated where none is given.
            language: Of their pages.
            actor: Who adds them.

        Returns:
            The person, and the password, which is kept nowhere.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: A value cannot be used.
            Conflict: The e-mail address is taken.
        """
        rights.check(actor, "staff")
        secret = password or passwords.generate()
        agent = Agent(new_id(), _checked(email), name.strip(), _role(role), _language(language), active=True)
        if not agent.name:
            raise InvalidInput("name", name, "is empty")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            values = {
                "id": agent.id,
                "email": agent.email,
                "name": agent.name,
                "role": agent.role.value,
                "language": agent.language,
                "active": True,
                "password_hash": passwords.hashed(secret),
                "created_at": at,
            }
            if not rows.insert(connection, values):
                raise Conflict(f"{agent.email} is somebody's already")
            hash_ = self._context.keys.vault.blind_index
            access_log.append(connection, hash_, actor, "staff_created", agent.id, [agent.role.value], at)
        return agent, secret

    def first_admin(self) -> tuple[str, str] | None:
        """Make the first administrator where nobody works here yet.

        Returns:
            E-mail address and password, to be shown once; None where there is somebody.
        """
        with self._context.database.reading() as connection:
            if rows.is_anybody(connection):
                return None
        try:
            agent, password = self.create(FIRST_ADMIN, "Admin", Role.ADMIN)
        except Conflict:  # another process of the same start was first
            return None
        return agent.email, password

    def get(self, agent_id: str) -> Agent:
        """Give a person.

        Raises:
            AgentNotFound: There is none.
        """
        with self._context.database.reading() as connection:
            return rows.record(rows.by_id(connection, agent_id))

    def password_mark(self, agent_id: str) -> str:
        """Give what changes with a person's password, for what is to end with it; it tells nothing about either.

        Raises:
            AgentNotFound: There is no such person.
        """
        with self._context.database.reading() as connection:
            kept = rows.by_id(connection, agent_id).password_hash
        return self._context.keys.vault.blind_index("password", kept)

    def may(self, agent: Agent, right: str) -> bool:
        """Tell whether a person may do something now; see `privacy.rights`."""
        return agent.active and rights.may(agent.role, right)

    @staticmethod
    def actor(agent: Agent) -> Actor:
        """Give a person as who does something."""
        return Actor(agent.id, agent.role.value)

    def set_language(self, agent_id: str, language: str) -> None:
        """Set the language of a person's pages."""
        self._change(agent_id, language=_language(language))

    def set_active(self, agent_id: str, active: bool, *, actor: Actor) -> None:
        """Let a person in again, or no longer.

        Raises:
            NotAllowed: The actor may not.
            AgentNotFound: There is no such person.
        """
        self._manage(agent_id, actor, "staff_activated" if active else "staff_deactivated", active=active)

    def set_password(self, agent_id: str, password: str | None, *, actor: Actor) -> str:
        """Give a person a new password (a generated one where none is given); everybody may set their own.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: It is too short.
        """
        secret = password or passwords.generate()
        self._manage(agent_id, actor, "password_set", password_hash=passwords.hashed(secret))
        return secret

    def log(self, actor: Actor, action: str, subject: str, fields: Iterable[str] = ()) -> None:
        """Note in the access log what somebody saw or did.

        Args:
            actor: Who.
            action: What, as a code.
            subject: The customer, agent or conversation.
            fields: Which values, by name; never the values.
        """
        with self._context.database.writing() as connection:
            hash_ = self._context.keys.vault.blind_index
            access_log.append(connection, hash_, actor, action, subject, fields, self._context.clock())

    def accesses(self, subject: str | None = None, *, actor: Actor, limit: int = 100) -> list[Entry]:
        """Give the newest entries of the access log, about one subject or all.

        Raises:
            NotAllowed: The actor may not read it.
        """
        rights.check(actor, "access_log")
        with self._context.database.reading() as connection:
            return access_log.of_subject(connection, subject, limit)

    def verify_access_log(self, anchor: Anchor | None = None) -> Verification:
        """Check that no entry of the access log was changed, put in or taken out.

        Args:
            anchor: An earlier end of the log, kept elsewhere: without it a log cut off at its end looks whole.
        """
        with self._context.database.reading() as connection:
            return access_log.verify(connection, self._context.keys.vault.blind_index, anchor)

    def list(self) -> list[Agent]:
        """Give all who work or worked here, by name."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in rows.everybody(connection)]

    def _manage(self, agent_id: str, actor: Actor, action: str, **values: object) -> None:
        if actor.id != agent_id or action != "password_set":
            rights.check(actor, "staff")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            rows.change(connection, agent_id, **values)
            access_log.append(connection, self._context.keys.vault.blind_index, actor, action, agent_id, (), at)

    def _change(self, agent_id: str, **values: object) -> None:
        with self._context.database.writing() as connection:
            rows.change(connection, agent_id, **values)


def _one_spelling(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().lower()


def _checked(email: str) -> str:
    spelled = _one_spelling(email)
    name, at, host = spelled.partition("@")
    if not (name and at and host) or len(spelled) > 254 or any(character.isspace() for character in spelled):
        raise InvalidInput("email", email, "is not an e-mail address")
    return spelled


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise InvalidInput("role", role, f"is not one of {', '.join(Role)}") from error


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput("language", language, f"is not one of {', '.join(LANGUAGES)}")
    return language
