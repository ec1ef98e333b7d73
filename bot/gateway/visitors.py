"""Who is on the other side of a browser: signed tokens of visitors and of the shop's customers.

A visitor token is ours: it binds a browser to its conversation. A customer token is the shop's: its backend signs
the number of the customer who is signed in there. Nothing else is believed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt

from bot.gateway.errors import TokenInvalid
from crm_core.clock import Clock, new_id, now
from crm_core.settings import Settings

VISITOR_AUDIENCE = "visitor"
CUSTOMER_AUDIENCE = "rapport"
_ALGORITHM = "HS256"
_VISITOR_LIFE = timedelta(days=180)
_CUSTOMER_LIFE = timedelta(hours=24)
_LEEWAY = timedelta(seconds=60)
_TOKEN_MAX_CHARS = 4096


class Tokens:
    """Issues visitor tokens and verifies both kinds.

    Args:
        settings: Holds the two secrets.
        clock: Gives the present moment.
    """

    def __init__(self, settings: Settings, clock: Clock = now) -> None:
        self._visitor_secret = settings.session_secret.get_secret_value()
        self._shop_secret = settings.shop_secret.get_secret_value()
        self._clock = clock

    def new_visitor(self) -> tuple[str, str]:
        """Make a visitor: the token for the browser, and the visitor's id."""
        visitor = new_id()
        issued = self._clock()
        claims = {"aud": VISITOR_AUDIENCE, "sub": visitor, "iat": issued, "exp": issued + _VISITOR_LIFE}
        return jwt.encode(claims, self._visitor_secret, _ALGORITHM), visitor

    def visitor(self, token: str) -> str:
        """Give the visitor's id of a token.

        Raises:
            TokenInvalid: It is not one that we issued, or it has expired.
        """
        return str(self._read(token, self._visitor_secret, VISITOR_AUDIENCE)["sub"])

    def customer_number(self, token: str) -> str:
        """Give the customer number that the shop's backend signed.

        Raises:
            TokenInvalid: It is forged, expired, or valid for longer than 24 hours.
        """
        claims = self._read(token, self._shop_secret, CUSTOMER_AUDIENCE)
        remaining = float(claims["exp"]) - self._clock().timestamp()
        if remaining > (_CUSTOMER_LIFE + _LEEWAY).total_seconds():
            raise TokenInvalid("customer token: valid for longer than 24 hours")
        return str(claims["sub"])

    def _read(self, token: str, secret: str, audience: str) -> dict[str, Any]:
        if len(token) > _TOKEN_MAX_CHARS:
            raise TokenInvalid(f"{audience} token: too long")
        try:
            claims = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                audience=audience,
                options={"require": ["exp", "sub", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError as error:
            raise TokenInvalid(f"{audience} token: {error}") from error
        expires = claims["exp"]
        if not isinstance(expires, int | float) or expires + 0.0 < self._clock().timestamp():
            raise TokenInvalid(f"{audience} token: expired")
        return dict(claims)


def sign_customer(settings: Settings, customer_number: str, clock: Clock = now) -> str:
    """Sign a customer number as the shop's backend does; the demo shop uses it."""
    issued = clock()
    claims = {"aud": CUSTOMER_AUDIENCE, "sub": customer_number, "iat": issued, "exp": issued + timedelta(hours=12)}
    return jwt.encode(claims, settings.shop_secret.get_secret_value(), _ALGORITHM)
