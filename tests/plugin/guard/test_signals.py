"""What Label Studio's own class turns off with the guard in its place: the caller's signals, and not the guard's."""

from __future__ import annotations

import ast
import asyncio
import importlib.metadata
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import signals
from django.dispatch import Signal

from gtbridge.plugin.guard.signals import turn_off_here_only


def label_studios_class() -> Any:
    """A new copy of it, without the rest of Label Studio, which takes seconds to load."""
    file = importlib.metadata.distribution("label-studio").locate_file("label_studio/core/utils/common.py")
    statements = ast.parse(Path(str(file)).read_text("utf-8")).body
    name = "temporary_disconnect_all_signals"
    source = next(ast.unparse(one) for one in statements if isinstance(one, ast.ClassDef) and one.name == name)
    namespace: dict[str, Any] = {"defaultdict": defaultdict, **vars(signals)}
    exec(source, namespace)
    return namespace[name]


@pytest.fixture
def as_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards."""
    monkeypatch.setattr(Signal, "_live_receivers", Signal._live_receivers)


@pytest.fixture
def switch(as_without_the_guard: None) -> Any:
    """Label Studio's class, changed as a guarded server does."""
    found = label_studios_class()
    turn_off_here_only(found)
    return found


class Answers:
    """A signal as those of Django's models; Label Studio and the guard each listen to it."""

    def __init__(self) -> None:
        self.signal = signals.ModelSignal(use_caching=True)
        self.heard: list[str] = []
        self.counts = self._receiver("Label Studio", "tasks.models")
        self.judges = self._receiver("the guard", "gtbridge.plugin.guard.writing")

    def _receiver(self, name: str, module: str) -> Callable[..., None]:
        def receiver(**_: Any) -> None:
            self.heard.append(name)

        receiver.__module__ = module
        self.signal.connect(receiver)
        return receiver

    def store(self) -> list[str]:
        """Who hears of an answer that is stored now, by this thread."""
        self.heard.clear()
        self.signal.send(Answers)
        return list(self.heard)

    def store_elsewhere(self) -> list[str]:
        """The same, by another thread."""
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self.store).result()


BOTH = ["Label Studio", "the guard"]


@pytest.fixture
def answers() -> Answers:
    return Answers()


def test_who_deletes_is_heard_by_the_guard_only(switch: Any, answers: Answers) -> None:
    with switch([answers.signal]):
        assert answers.store() == ["the guard"]
    assert answers.store() == BOTH


def test_what_else_goes_on_during_a_deletion_is_heard_by_all(switch: Any, answers: Answers) -> None:
    with switch([answers.signal]):
        assert answers.store_elsewhere() == BOTH


def test_all_signals_that_label_studio_names_are_turned_off(switch: Any) -> None:
    class Sender:
        """Of nobody else's signals."""

    def hear(**_: Any) -> None:
        """Stands for Label Studio."""

    turned_off = switch().disabled_signals
    assert {signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete} <= set(turned_off)
    for signal in turned_off:
        signal.connect(hear, sender=Sender)
    try:
        with switch():
            assert not any(signal.has_listeners(Sender) for signal in turned_off)
        assert all(signal.has_listeners(Sender) for signal in turned_off)
    finally:
        for signal in turned_off:
            signal.disconnect(hear, sender=Sender)


def test_two_deletions_at_once_leave_everybody_listening(switch: Any, answers: Answers) -> None:
    first, second = switch([answers.signal]), switch([answers.signal])
    calls = (first.__enter__, second.__enter__, lambda: first.__exit__(None, None, None))
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:  # each a thread that stays
        for pool, call in zip((one, other, one), calls, strict=True):
            pool.submit(call).result()
        assert one.submit(answers.store).result() == BOTH
        assert other.submit(answers.store).result() == ["the guard"]
        other.submit(second.__exit__, None, None, None).result()
        assert other.submit(answers.store).result() == BOTH
    assert answers.store() == BOTH


def test_a_deletion_within_a_deletion_turns_nothing_on(switch: Any, answers: Answers) -> None:
    other, outer = Answers(), switch([answers.signal])
    with outer:
        for inner in (switch([other.signal]), outer):
            with inner:
                assert answers.store() == ["the guard"]
            assert answers.store() == ["the guard"]
        assert other.store() == BOTH
    assert answers.store() == BOTH


def test_a_deletion_that_fails_turns_signals_on_again(switch: Any, answers: Answers) -> None:
    with pytest.raises(ValueError, match="a lock"), switch([answers.signal]):
        raise ValueError("a lock")
    assert answers.store() == BOTH


def test_what_is_asked_during_a_deletion_is_not_remembered_after_it(switch: Any, answers: Answers) -> None:
    answers.signal.disconnect(answers.judges)
    with switch([answers.signal]):
        assert not answers.signal.has_listeners(Answers)
        assert answers.store() == []
    assert answers.signal.has_listeners(Answers)
    assert answers.store() == ["Label Studio"]


def test_who_begins_to_listen_during_a_deletion_goes_on_listening(switch: Any, answers: Answers) -> None:
    answers.signal.disconnect(answers.counts)
    with switch([answers.signal]):
        answers.signal.connect(answers.counts)
    assert sorted(answers.store()) == BOTH


def test_a_deletion_in_one_asynchronous_task_turns_nothing_off_in_another(switch: Any, answers: Answers) -> None:
    async def store() -> list[str]:
        answers.heard.clear()
        await answers.signal.asend(Answers)
        return list(answers.heard)

    async def delete(begun: asyncio.Event, end: asyncio.Event) -> list[str]:
        with switch([answers.signal]):
            begun.set()
            await end.wait()
            return await store()

    async def both() -> tuple[list[str], list[str]]:
        begun, end = asyncio.Event(), asyncio.Event()
        deletion = asyncio.create_task(delete(begun, end))
        await begun.wait()
        meanwhile = await store()
        end.set()
        return meanwhile, await deletion

    assert asyncio.run(both()) == (BOTH, ["the guard"])


def test_errors_of_receivers_are_collected_as_before(switch: Any, answers: Answers) -> None:
    def fails(**_: Any) -> None:
        raise ValueError("no")

    answers.signal.connect(fails)
    with switch([answers.signal]):
        assert [receiver for receiver, _ in answers.signal.send_robust(Answers)] == [answers.judges]
    outcomes = [outcome for _, outcome in answers.signal.send_robust(Answers)]
    assert [str(outcome) for outcome in outcomes] == ["None", "None", "no"]


@contextmanager
def a_function(disabled_signals: Any = None) -> Any:
    """The same as a function, which empties the lists still."""
    kept = {signal: signal.receivers for signal in disabled_signals}
    for signal in kept:
        signal.receivers = []
    yield
    for signal, receivers in kept.items():
        signal.receivers = receivers


class Renamed:
    """Keeps what it turns off under another name."""

    def __init__(self, disabled_signals: Any = None):
        self.signals = disabled_signals


class WithoutArguments:
    """Turns off what it likes."""

    disabled_signals = (signals.pre_save,)


@pytest.mark.parametrize("switch", [None, a_function, Renamed, WithoutArguments])
def test_a_label_studio_that_does_it_another_way_is_refused(as_without_the_guard: None, switch: Any) -> None:
    version = importlib.metadata.version("label-studio")
    with pytest.raises(ImproperlyConfigured, match=f"Label Studio {version} turns signals off in a way"):
        turn_off_here_only(switch)


def test_a_django_that_looks_receivers_up_another_way_is_refused(
    as_without_the_guard: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = Signal._live_receivers
    monkeypatch.setattr(
        Signal, "_live_receivers", lambda signal, sender: [pair for kind in usual(signal, sender) for pair in kind]
    )
    with pytest.raises(ImproperlyConfigured, match="turns signals off in a way"):
        turn_off_here_only(label_studios_class())
