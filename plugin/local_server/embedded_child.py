"""The child process of ``embedded``: Label Studio as pip installed it, served by Django's threaded WSGI server.

Reads one line of settings from standard input and ends when that input does. Reports on standard output, in lines of
JSON: ``{"progress": text}``, then ``{"port": number}`` or ``{"refused": reason}``. Everything else goes to the log.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

from .embedded import ChildSettings
from .embedded_database import prepare_database

Report = Callable[..., None]

SETTINGS_MODULE = "label_studio.core.settings.label_studio"

# Label Studio reads these by their names with the prefix LABEL_STUDIO_ (core/utils/params.py, get_env).
_FIXED = {
    "DJANGO_DB": "sqlite",
    "DEBUG": "false",
    "LOG_LEVEL": "WARNING",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",  # a page elsewhere could otherwise reach the server by DNS rebinding
    "CORS_ALLOW_ALL_ORIGINS": "false",
    "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "ENABLE_LEGACY_API_TOKEN": "true",
    "LOCAL_FILES_SERVING_ENABLED": "false",  # else switched on by a folder called "mydata" in the data directory
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
}

# By default a transaction that begins with a read cannot write once another has written: "database is locked", which
# Label Studio hides by trying the request again seconds later. IMMEDIATE waits at the beginning instead. Ten annotators
# at once, measured on two cores: 18 answers a second in place of 7, the longest wait 1.9 s in place of 5.6 s.
_SQLITE_OPTIONS = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
}


def main() -> None:
    """Serve until standard input ends or SIGTERM arrives; SQLite's journal makes either safe at any moment."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(0o077)  # the database holds tokens, wherever the data directory is
    with os.fdopen(os.dup(0), "rb", buffering=0) as source:
        settings = ChildSettings(**json.loads(source.readline()))
    threading.Thread(target=_end_with_parent, args=(settings,), daemon=True).start()
    report = _reporter()
    server = _listen(settings.port, report)
    report(progress=f"Starting Label Studio {settings.version}")
    _keep_signing_key(Path(settings.data_dir, ".env"))
    application = _load_label_studio(settings)
    prepare_database(settings, report)
    _set_owner(settings)
    _serve(server, application, report)


def _end_with_parent(settings: ChildSettings) -> NoReturn:
    while os.read(0, 4096):
        pass
    if settings.temporary:  # a parent that was killed cannot do it
        shutil.rmtree(settings.data_dir, ignore_errors=True)
    os._exit(0)


def _reporter() -> Report:
    """Keep standard output for reports; whatever Label Studio prints goes to the log instead."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def report(**message: object) -> None:
        stream.write(json.dumps(message) + "\n")

    return report


class _Handler(WSGIRequestHandler):  # type: ignore[misc]  # Django has no types
    # A response is written in two parts; with Nagle's algorithm the second waits for the client's delayed
    # acknowledgement of the first, 40 ms on every request of a kept connection.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: request lines carry invite tokens, and Django logs failures by itself."""


def _listen(port: int, report: Report) -> Any:
    """Take the port before anything slow happens; requests wait in its queue until the server serves."""
    ThreadedWSGIServer.request_queue_size = 128
    try:
        return ThreadedWSGIServer(("127.0.0.1", port), _Handler)
    except (OSError, OverflowError) as error:
        report(refused=f"port {port} cannot be used: {getattr(error, 'strerror', None) or error}")
        sys.exit(1)


def _keep_signing_key(file: Path) -> None:
    """Make the key that signs tokens and sessions, unless there is one, in the file where Label Studio keeps it.

    Label Studio's own may begin with a ``$``, which its file does not give back: one data directory in fifty lost all
    tokens at every restart.
    """
    with suppress(FileExistsError), file.open("x", encoding="ascii") as stream:
        stream.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\n")


def _load_label_studio(settings: ChildSettings) -> Callable[..., Iterable[bytes]]:
    package = importlib.util.find_spec("label_studio")
    assert package is not None and package.origin is not None
    sys.path.insert(0, str(Path(package.origin).parent))  # Label Studio imports its apps as "core", "users", ...
    os.environ.update({f"LABEL_STUDIO_{name}": value for name, value in _FIXED.items()})
    os.environ["LABEL_STUDIO_BASE_DATA_DIR"] = settings.data_dir
    os.environ["DJANGO_SETTINGS_MODULE"] = settings.settings_module or SETTINGS_MODULE

    from django.conf import settings as django_settings

    django_settings.DATABASES["default"]["OPTIONS"].update(_SQLITE_OPTIONS)

    from django.core.wsgi import get_wsgi_application

    application: Callable[..., Iterable[bytes]] = get_wsgi_application()
    return application


def _set_owner(settings: ChildSettings) -> None:
    """Make the owner's account, or give it the password and token of this start; both kinds of token are enabled."""
    from django.db import connections, transaction
    from organizations.models import Organization
    from rest_framework.authtoken.models import Token
    from users.models import User

    with transaction.atomic():
        owner = User.objects.filter(email=settings.email).first() or User(email=settings.email, username="owner")
        owner.is_active = owner.is_staff = owner.is_superuser = True
        owner.set_password(settings.password)
        owner.save()
        Token.objects.filter(user=owner).delete()
        Token.objects.create(user=owner, key=settings.token)
        organization = Organization.objects.first()
        if organization is None:
            organization = Organization.create_organization(created_by=owner, title="Label Studio")
        else:
            organization.add_user(owner)
        organization.jwt.api_tokens_enabled = organization.jwt.legacy_api_tokens_enabled = True
        organization.jwt.save()
        owner.active_organization = organization
        owner.save(update_fields=["active_organization"])
    connections.close_all()


def _serve(server: Any, application: Callable[..., Iterable[bytes]], report: Report) -> NoReturn:
    from django.conf import settings as django_settings

    django_settings.INTERNAL_PORT = str(server.server_port)
    server.set_app(_without_tips(application))
    report(port=server.server_port)
    server.serve_forever()
    raise AssertionError("a server that nobody shuts down came to its end")


def _without_tips(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Answer the page's request for tips as Label Studio does without a network; it would fetch them from GitHub."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/heidi-tips"):
            start_response("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", "2")])
            return [b"{}"]
        return application(environ, start_response)

    return answer


if __name__ == "__main__":
    main()
