"""Pieces of a build on a Ray cluster: worked out wherever there is room, given back in order. Knows no rows.

Imports Ray only when a build asks for it. Each machine of the cluster needs gtbridge in the same version, and finds
its own way into S3, as this one does: no credentials are sent. The key for pseudonyms is, to the cluster alone.
"""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ...label_configs.errors import GtbridgeError, InputError, ServerError
from ..files.aws import s3_options
from .batches import Done, Piece, Whole, build_piece

__all__ = ["check_reachable", "on_ray"]

_ATTEMPTS_MORE = 8  # for a piece whose worker or machine is gone
_CONNECT_SECONDS = 10
_AHEAD = 2  # pieces for each processor of the cluster that are under way or wait to be written


def on_ray(pieces: Iterable[Piece | Done], whole: Whole) -> Iterator[Done]:
    """The engine of a cluster: RAY_ADDRESS's, or one of this machine's own processors.

    InputError if Ray is not installed or a worker has another version of gtbridge; ServerError if no cluster answers,
    or if a piece fails for reasons of the cluster's more often than it is tried again.
    """
    with _cluster() as ray:
        task = ray.remote(max_retries=_ATTEMPTS_MORE)(_build_piece)
        sent = ray.put((whole, version("gtbridge"), Path.cwd()))
        coming, waiting = iter(pieces), deque[Any]()
        failure: Exception | None = None
        while True:
            while failure is None and len(waiting) < _most(ray):
                try:
                    piece = next(coming)
                except StopIteration:
                    break
                except Exception as error:  # comes after what was read before it
                    failure = error
                else:
                    waiting.append(task.remote(piece, sent) if isinstance(piece, Piece) else piece)
            if not waiting:
                break
            yield _result(ray, waiting.popleft())
        if failure is not None:
            raise failure


def _build_piece(piece: Piece, sent: tuple[Whole, str, Path]) -> Done | GtbridgeError:
    """What a worker does. What is wrong with the input is no failure of the worker, which would be tried again."""
    whole, wanted, folder = sent
    if (here := version("gtbridge")) != wanted:
        return InputError(
            f"a worker of the cluster has gtbridge {here}, and not {wanted} as this machine", source="Ray"
        )
    chosen = {name: value for name, value in vars(whole.s3).items() if value is not None}
    try:
        with suppress(OSError):  # another machine may not have it, and then has no use for local paths
            os.chdir(folder)
        with s3_options(**chosen):
            return build_piece(piece, whole)
    except GtbridgeError as error:
        return error


def _result(ray: Any, waiting: Any) -> Done:
    if isinstance(waiting, tuple):
        return waiting
    try:
        found: Done | GtbridgeError = ray.get(waiting)
    except ray.exceptions.RayTaskError:
        raise  # a bug, with where it happened
    except ray.exceptions.RayError as error:
        said = str(error).strip().splitlines()
        raise ServerError(
            f"a part of the build failed: {said[0] if said else type(error).__name__}", source="Ray"
        ) from None
    if isinstance(found, GtbridgeError):
        raise found
    return found


def _most(ray: Any) -> int:
    return max(2, _AHEAD * int(ray.cluster_resources().get("CPU", 1)))


def check_reachable(address: str) -> None:
    """ServerError if nothing answers at ``[ray://]host:port``, which Ray itself takes minutes to say."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return  # "auto" and the like: for Ray to make out
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ServerError(f"no Ray cluster answers (RAY_ADDRESS): {error}", source=address) from None


@contextmanager
def _cluster() -> Iterator[Any]:
    """Ray, connected; a cluster that somebody else connected this program to is used and left as it is."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise InputError("--engine ray needs Ray: pip install 'gtbridge[ray]'") from None
    if ray.is_initialized():
        yield ray
        return
    address = os.environ.get("RAY_ADDRESS")
    if address:
        check_reachable(address)
    try:
        ray.init(
            address=address, log_to_driver=False, configure_logging=False, include_dashboard=None if address else False
        )
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        said = str(error).strip().splitlines()[0]
        raise ServerError(f"no Ray cluster: {said}", source=address or "Ray") from None
    try:
        yield ray
    finally:
        ray.shutdown()
