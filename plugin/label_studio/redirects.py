"""Where a Label Studio's answers may send us on to: to itself, and nowhere else. A hook for httpx; asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...label_configs.errors import ServerError

if TYPE_CHECKING:
    import httpx

__all__ = ["stay_here"]


def stay_here(response: httpx.Response) -> None:
    """ServerError for an answer that sends us to another host, port or scheme, before anybody goes there.

    httpx leaves out the Authorization header then, but repeats the body where the status asks for that: a personal
    access token is sent in one, and so are the items of a job. Nor may a server point us at addresses that it cannot
    reach itself.
    """
    if not response.has_redirect_location:
        return
    here, there = response.request.url, response.request.url.join(response.headers["Location"])
    if _origin(here) != _origin(there):
        message = f"sends us on to {_named(there)}, where the API key does not go"
        remedy = "set LABEL_STUDIO_URL to the address at which Label Studio itself answers"
        raise ServerError(f"{message}; {remedy}", source=_named(here))


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port  # httpx leaves out the scheme's own port, and writes hosts in small letters


def _named(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
