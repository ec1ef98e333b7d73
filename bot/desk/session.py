"""Who of the staff is at the other end of a browser: a signed cookie that names an agent and expires.

Rights are never in the cookie: each page and each deed asks `crm.staff` again, so that a member of staff who was
switched off or given another role has it at once. A session ends with the password that it was opened with.
"""

from __future__ import annotations

import hmac
from datetime import timedelta

import jwt
from starlette.requests import HTTPConnection
from starlette.responses import Response

from crm_core.clock import Clock, now
from crm_core.crm import Crm
from crm_core.errors import AgentNotFound
from crm_core.records.people import Agent
from crm_core.settings import Settings

COOKIE = "rapport_staff"
LIFE = timedelta(hours=12)
_AUDIENCE = "staff"
_ALGORITHM = "HS256"


class Sessions:
    """Opens, reads and ends the sessions of staff.

    Args:
        crm: Knows the staff.
        settings: Holds the secret that signs the cookie.
        clock: Gives the present moment.
    """

    def __init__(self, crm: Crm, settings: Settings, clock: Clock = now) -> None:
        self._crm = crm
        self._secret = settings.session_secret.get_secret_value()
        self._clock = clock

    def open(self, response: Response, agent: Agent, *, secure: bool) -> None:
        """Give the browser its cookie."""
        life = int(LIFE.total_seconds())
        response.set_cookie(COOKIE, self.token(agent), max_age=life, httponly=True, samesite="lax", secure=secure)

    def token(self, agent: Agent) -> str:
        """Sign who it is and until when that holds."""
        issued = self._clock()
        claims = {"aud": _AUDIENCE, "sub": agent.id, "iat": issued, "exp": issued + LIFE}
        claims["pwd"] = self._crm.staff.password_mark(agent.id)
        return jwt.encode(claims, self._secret, _ALGORITHM)

    def end(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")

    def agent(self, request: HTTPConnection) -> Agent | None:
        """Give the member of staff behind a request, or None for a stranger."""
        token = request.cookies.get(COOKIE, "")
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "sub", "aud", "pwd"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return None
        if claims["exp"] <= self._clock().timestamp():
            return None
        try:
            agent = self._crm.staff.get(str(claims["sub"]))
            same = hmac.compare_digest(str(claims["pwd"]), self._crm.staff.password_mark(agent.id))
        except AgentNotFound:
            return None
        return agent if agent.active and same else None
