"""A far server, as far as time goes: passes bytes on to a server on loopback, and what is asked arrives late.

A program of its own, so that what it costs counts for nobody: ``latency.py SERVER_PORT MILLISECONDS [PATIENCE]``. It
prints the port that it listens on and ends with its standard input. Where an answer has not begun PATIENCE seconds
after it was asked for, the connection breaks. Connections open at once: clients keep theirs open, so that a handshake
would cost one such delay a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import cast


class _End(asyncio.Protocol):
    """One end of a connection: what comes here goes out at the other end, ``delay`` seconds later."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.other: _End | None = None
        self.transport: asyncio.Transport | None = None
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def join(self, other: _End) -> None:
        """From now on there is another end; what has come already goes to it."""
        self.other = other
        for data in self._early:
            self.data_received(data)

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self._early.append(data)
        elif self.delay:
            asyncio.get_running_loop().call_later(self.delay, self.other.send, data)
        else:
            self.other.send(data)

    def send(self, data: bytes) -> None:
        """Out to whoever is connected here."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            asyncio.get_running_loop().call_later(self.delay, self.other.transport.close)


class _Client(_End):
    """The client's end, which opens the other."""

    def __init__(self, port: int, delay: float, patience: float) -> None:
        super().__init__(delay)
        self._port, self._patience = port, patience
        self._opening: asyncio.Task[None] | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._opening = asyncio.ensure_future(self._open())

    async def _open(self) -> None:
        _, server = await asyncio.get_running_loop().create_connection(lambda: _End(0), "127.0.0.1", self._port)
        server.join(self)
        self.join(server)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._patience and self._waiting is None and self.transport is not None:
            self._waiting = asyncio.get_running_loop().call_later(self._patience, self.transport.abort)

    def send(self, data: bytes) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        super().send(data)


async def main(port: int, delay: float, patience: float) -> None:
    """Pass on until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Client(port, delay, patience), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3])))
