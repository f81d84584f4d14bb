"""Calls that an annotator may not make, in every spelling: what is wrong with how the server answers them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from addresses import METHODS, Address, call, handled, is_refused
from addresses_callers import shown
from addresses_world import CANARIES, World

__all__ = ["SHADOWED", "another", "closed", "disguised"]

# Label Studio's pattern for "version/" has no beginning, and so takes this model's pages in the administration too.
SHADOWED = "admin/ml_models/thirdpartymodelversion/"

# What some servers and proxies take for another method or another path than those of the request.
_OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
_ELSEWHERE = ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Script-Name")


def another(address: Address, at: int) -> list[str]:
    """A method that the address does not handle; over the addresses, each has its turn."""
    others = [method for method in METHODS if method not in handled(address)]
    return others and [others[at % len(others)]]


def closed(client: httpx.Client, method: str, address: Address, world: World, *, slashes: bool) -> Iterator[str]:
    """What is wrong with how the server answers a call that it ought to refuse, with and without the last slash."""
    path = address.path(world.things)
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    for spelled in [path, other] if slashes else [path]:
        yield from _judged(call(client, method, spelled, world.things), f"{method} {spelled} ({address.name})")


def disguised(client: httpx.Client, method: str, address: Address, world: World, kind: int) -> Iterator[str]:
    """The same for the call in a disguise; ``kind`` is the number of one, any number will do."""
    path, things = address.path(world.things), world.things
    body = {"project": things["project"], "task": things["task"], "result": [], "_method": method}
    match kind % 8:
        case 0 | 1:  # says that it is harmless, or a call that the caller may make
            header, said = _OVERRIDES[kind % len(_OVERRIDES)], "POST" if method in ("GET", "HEAD") else "GET"
            answer = client.request(said, "/api/current-user/whoami", headers={header: method}, json=body)
            yield from shown(answer, CANARIES)
            answer = client.request(method, path, headers={header: "GET"}, json=body)
        case 2:
            answer = client.post("/api/version", headers=dict.fromkeys(_ELSEWHERE, path), json=body)
            yield from shown(answer, CANARIES)
            answer = client.request(method, path, headers=dict.fromkeys(_ELSEWHERE, "/api/version"), json=body)
        case 3:
            answer = client.request(method, _encoded(path), json=body)
        case 4:
            answer = client.request(method, f"{world.server.url}/{path}", json=body)
        case 5:
            answer = client.request(method, f"/static/..{path}", json=body)
        case 6:
            answer = client.request(method, f"{path.rstrip('/')}.json", json=body)
        case _:
            answer = client.request("HEAD" if method == "GET" else "OPTIONS", path)
            yield from shown(answer, CANARIES)
            return
    yield from _judged(answer, f"{method} {path} ({address.name}), disguised ({kind % 8}),")


def _encoded(path: str) -> str:
    """Each second letter of the path as its number."""
    return "".join(f"%{ord(letter):02X}" if at % 2 and letter != "/" else letter for at, letter in enumerate(path))


def _judged(answer: httpx.Response, called: str) -> Iterator[str]:
    # A path that is none of Label Studio's ends at its page, which says so, or is redirected to the same one.
    if not is_refused(answer) and answer.status_code not in (301, 400, 415):
        yield f"{called} is answered: {answer.status_code} {answer.text[:200]}"
    yield from shown(answer, CANARIES)
