"""The embedded Label Studio, as its users see it."""

from __future__ import annotations

import importlib.metadata
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gtbridge.label_configs.errors import InputError, ServerError
from gtbridge.plugin.local_server import embedded
from gtbridge.plugin.local_server.accounts import add_annotator, personal_access_token
from gtbridge.plugin.local_server.embedded import Embedded, embedded_label_studio

pytestmark = pytest.mark.server


def get(server: Embedded, path: str, key: str | None = None) -> httpx.Response:
    return httpx.get(server.url + path, headers={"Authorization": f"Token {key or server.api_key}"}, timeout=60)


def new_project(server: Embedded, title: str) -> int:
    config = (
        '<View><Text name="text" value="$text"/><Choices name="kind" toName="text"><Choice value="a"/></Choices></View>'
    )
    answer = httpx.post(
        f"{server.url}/api/projects",
        headers={"Authorization": f"Token {server.api_key}"},
        json={"title": title, "label_config": config, "maximum_annotations": 3},
        timeout=60,
    )
    return int(answer.raise_for_status().json()["id"])


def test_it_answers_on_loopback_when_the_context_is_entered(label_studio: Embedded) -> None:
    assert urlsplit(label_studio.url).hostname == "127.0.0.1"
    assert httpx.get(f"{label_studio.url}/health").json() == {"status": "UP"}


def test_it_says_which_label_studio_it_is(label_studio: Embedded) -> None:
    assert httpx.get(f"{label_studio.url}/api/version").json()["release"] == label_studio.version


def test_its_repr_shows_no_secret(label_studio: Embedded) -> None:
    assert label_studio.password not in repr(label_studio)
    assert label_studio.api_key not in repr(label_studio)


def test_the_token_is_the_owners(label_studio: Embedded) -> None:
    assert get(label_studio, "/api/current-user/whoami").json()["email"] == label_studio.email


@pytest.mark.filterwarnings("ignore:The `parse_obj` method:DeprecationWarning")  # the SDK's own, for JWTs
def test_both_kinds_of_token_work_through_the_sdk(label_studio: Embedded) -> None:
    sdk_module: Any = pytest.importorskip("label_studio_sdk")
    key = add_annotator(label_studio.url, label_studio.api_key, "sdk@example.com", "a-long-password")
    personal = personal_access_token(label_studio.url, "sdk@example.com", "a-long-password")
    for token in (key, personal):
        with httpx.Client(timeout=60) as connection:
            sdk = sdk_module.LabelStudio(base_url=label_studio.url, api_key=token, httpx_client=connection)
            assert sdk.users.whoami().email == "sdk@example.com"


def test_sign_up_without_an_invite_link_is_refused(label_studio: Embedded) -> None:
    with httpx.Client(base_url=label_studio.url, timeout=60) as client:
        client.get("/user/signup/")
        headers = {"X-CSRFToken": client.cookies["csrftoken"]}
        form = {"email": "stranger@example.com", "password": "a-long-password"}
        assert client.post("/user/signup/", data=form, headers=headers).status_code == 403


def test_a_request_for_another_host_name_is_refused(label_studio: Embedded) -> None:
    answer = httpx.get(f"{label_studio.url}/api/projects", headers={"Host": "rebound.example.com"})
    assert answer.status_code == 400


def test_tips_are_not_fetched_from_the_network(label_studio: Embedded) -> None:
    answer = httpx.get(f"{label_studio.url}/heidi-tips/")
    assert (answer.status_code, answer.json()) == (404, {})


def test_three_annotators_writing_at_once_lose_nothing(label_studio: Embedded) -> None:
    project = new_project(label_studio, "At once")
    tasks = httpx.post(
        f"{label_studio.url}/api/projects/{project}/import?return_task_ids=true",
        headers={"Authorization": f"Token {label_studio.api_key}"},
        json=[{"text": str(number)} for number in range(8)],
        timeout=60,
    ).json()["task_ids"]
    names = [f"writer-{number}@example.com" for number in range(3)]
    keys = [add_annotator(label_studio.url, label_studio.api_key, name, "a-long-password") for name in names]

    def annotate(key: str) -> set[int]:
        with httpx.Client(base_url=label_studio.url, headers={"Authorization": f"Token {key}"}, timeout=60) as client:
            return {client.post(f"/api/tasks/{task}/annotations/", json={"result": []}).status_code for task in tasks}

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(annotate, keys)) == [{201}] * 3
    assert get(label_studio, f"/api/projects/{project}").json()["total_annotations_number"] == 24


def test_data_survive_a_restart_and_only_the_new_login_works(tmp_path: Path) -> None:
    with embedded_label_studio(data_dir=tmp_path) as first:
        project = new_project(first, "Kept")
        personal = personal_access_token(first.url, first.email, first.password)
    with embedded_label_studio(data_dir=tmp_path) as second:
        assert get(second, f"/api/projects/{project}").json()["title"] == "Kept"
        assert get(second, "/api/projects", key=first.api_key).status_code == 401
        with pytest.raises(InputError, match="don't match"):
            personal_access_token(second.url, first.email, first.password)
        with pytest.raises(ServerError, match="already have a valid token"):  # the login worked
            personal_access_token(second.url, second.email, second.password)
        refreshed = httpx.post(f"{second.url}/api/token/refresh/", json={"refresh": personal})
        assert refreshed.status_code == 200


def test_a_second_server_on_the_same_directory_is_refused_and_leaves_the_first_alone(tmp_path: Path) -> None:
    with embedded_label_studio(data_dir=tmp_path) as first:
        with (
            pytest.raises(ServerError, match="another embedded Label Studio"),
            embedded_label_studio(data_dir=tmp_path),
        ):
            pass
        assert get(first, "/api/projects").status_code == 200
        assert (tmp_path / embedded.LOG_NAME).exists()


def test_a_port_in_use_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} cannot be used"), embedded_label_studio(port=port):
            pass


def test_the_port_that_was_asked_for_is_the_one(tmp_path: Path, label_studio: Embedded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with embedded_label_studio(port=port) as server:
        assert server.url == f"http://127.0.0.1:{port}"
        assert server.url != label_studio.url


def test_a_failed_start_names_the_reason_and_keeps_the_log(tmp_path: Path) -> None:
    with (
        pytest.raises(ServerError, match="No module named 'nowhere'") as caught,
        embedded_label_studio(data_dir=tmp_path, settings_module="nowhere.settings"),
    ):
        pass
    log = Path(str(caught.value).rpartition("(log: ")[2].rstrip(")"))
    try:
        assert "Traceback" in log.read_text()
    finally:
        log.unlink()
    assert not (tmp_path / embedded.LOG_NAME).exists()


def test_a_file_in_the_place_of_the_data_directory_is_one_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(InputError, match="cannot be used as a data directory"), embedded_label_studio(data_dir=file):
        pass


def test_a_missing_label_studio_is_one_sentence_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(ServerError, match=r'pip install "gtbridge\[server\]"'), embedded_label_studio():
        pass
