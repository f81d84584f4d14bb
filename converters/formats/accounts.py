"""Who an annotation of Label Studio's is by. Knows accounts by their number on a server, never by name or address."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..records import SIMULATED, Worker

__all__ = ["SIMULATED_DOMAIN", "account_worker"]

# The addresses of simulated annotators end so; .invalid is reserved (RFC 2606), so no person's can.
SIMULATED_DOMAIN = "@simulated.gtbridge.invalid"


def account_worker(annotation: Mapping[str, Any], emails: Mapping[int, str], issuer: str | None) -> Worker:
    """The account that the annotation's ``completed_by`` stands for: an id, or an object with ``id`` and ``email``.

    ``emails`` are the addresses by id, as far as they are known otherwise. ``issuer`` is the server's URL; None in a
    file, which does not tell it, so that the accounts of two servers could not be told apart there.
    """
    user = annotation.get("completed_by")
    number, email = (user.get("id"), user.get("email")) if isinstance(user, dict) else (user, None)
    if not isinstance(number, int):
        # Two answers by accounts that are gone need not be of one person.
        return Worker(f"label-studio-unknown-{annotation.get('id')}")
    address = email if isinstance(email, str) else emails.get(number, "")
    return _account(number, address.endswith(SIMULATED_DOMAIN), issuer)


@lru_cache(maxsize=1024)
def _account(number: int, simulated: bool, issuer: str | None) -> Worker:
    known = {"identityProviderType": SIMULATED if simulated else "LabelStudio"}
    known |= {"issuer": issuer} if issuer is not None else {}
    return Worker(f"{'simulated' if simulated else 'label-studio'}-{number}", {**known, "sub": str(number)})
