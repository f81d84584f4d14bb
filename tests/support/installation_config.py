"""gunicorn's configuration for ``installation``: as many processes as addresses, forked from one that has loaded all.

uWSGI in Label Studio's Docker image forks likewise. Each process has an address of its own, so that a test decides
which of them a request goes to. What the accounts are comes from the environment, as JSON.
"""

from __future__ import annotations

import json
import os
from typing import Any

from gtbridge.plugin.local_server import embedded_child
from gtbridge.plugin.local_server.embedded import ChildSettings

wsgi_app = "core.wsgi:application"
preload_app = True
worker_class = "gthread"
threads = 8
timeout = 300
graceful_timeout = 1
control_socket_disable = True


def when_ready(_: Any) -> None:
    """Make the owner's account, before any process is forked off."""
    embedded_child._set_owner(ChildSettings(**json.loads(os.environ["INSTALLATION"])))


def post_fork(server: Any, worker: Any) -> None:
    """Leave the process one of the addresses."""
    worker.sockets = [server.LISTENERS[(worker.age - 1) % len(server.LISTENERS)]]
