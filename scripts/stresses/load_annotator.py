"""An annotator among many: takes items, drafts, submits, skips, errs, thinks again. Judges nothing."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import httpx
from broken_answers import CASES, Case
from judged_jobs import RANKING, Result, chosen

__all__ = ["Annotator", "Given", "Record"]

_BROKEN: Sequence[Case] = [case for case in CASES if case.job is RANKING and case.api_says is None]
# Valid answers that can be told apart, so that an older one in the place of a newer one is seen.
_ANSWERS: Sequence[Result] = [
    [chosen("rank__helpfulness__0", f"r0:{first}"), chosen("rank__helpfulness__1", f"r1:{second}"), *RANKING.good[2:]]
    for first in (1, 2, 3)
    for second in (1, 2, 3)
]
_FULL = "this item has all its answers already"


@dataclass
class Given:
    """An answer that the server said it has: to which task, and what it says since it was last changed."""

    task: int
    result: Result
    skipped: bool


@dataclass
class Record:
    """What all annotators of a server were told.

    ``given`` are the answers that were acknowledged, by annotation; ``seconds`` how long calls took that did as they
    were asked; ``counts`` what was done. ``surprises`` are answers of the server's that should not be. A server that
    is not ``guarded`` takes what it is sent, so nothing is expected of it.
    """

    guarded: bool
    given: dict[int, Given] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def tell(self, number: int, given: Given) -> None:
        """The server said that it has this."""
        with self._lock:
            if number in self.given:
                self.surprises.append(f"annotation {number} was given out twice")
            self.given[number] = given

    def count(self, what: str) -> None:
        """One more of these."""
        with self._lock:
            self.counts[what] += 1

    def took(self, what: str, seconds: float) -> None:
        """How long that took."""
        with self._lock:
            self.seconds[what].append(seconds)

    def surprised(self, what: str, answer: httpx.Response) -> None:
        """The server said something else than it should."""
        if self.guarded:
            with self._lock:
                self.surprises.append(f"{what}: {answer.status_code} {answer.text[:300]}")


@dataclass
class Annotator:
    """Works on ``project`` over one connection, and over the ``other`` one by whoever of the ``hands`` is free."""

    record: Record
    project: int
    client: httpx.Client
    other: httpx.Client
    hands: Executor
    random: random.Random
    mine: list[int] = field(default_factory=list)

    def does_one(self) -> bool:
        """One item, from asking for it to its answer; False if there is none."""
        task = self._next()
        if task is None:
            return False
        draft = self._draft(task)
        if draft is None:
            return True
        chance = self.random.random()
        if chance < 0.1:
            self._skip(task, draft)
        elif chance < 0.35:
            self._corrects_itself(task, draft)
        elif chance < 0.5:
            self._presses_twice(task, draft)
        else:
            self._keep(task, self._submit(task, self._answer(), draft, timed=True))
        if self.mine and self.random.random() < 0.2:
            self._thinks_again(self.random.choice(self.mine))
        return True

    def _answer(self) -> Result:
        return list(self.random.choice(_ANSWERS))

    def _timed(self, what: str, client: httpx.Client, method: str, path: str, **content: Any) -> httpx.Response:
        began = time.perf_counter()
        answer = client.request(method, path, **content)
        if answer.is_success:
            self.record.took(what, time.perf_counter() - began)
        return answer

    def _next(self) -> int | None:
        query = {"id": "next_task", "project": self.project}
        answer = self._timed("next", self.client, "POST", "/api/dm/actions", params=query, json={})
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            self.record.surprised("the next item", answer)
            return None
        return int(answer.json()["id"])

    def _draft(self, task: int) -> int | None:
        answer = self.client.post(f"/api/tasks/{task}/drafts", json={"result": self._answer(), "lead_time": 1.5})
        if answer.status_code != 201:
            self.record.surprised("a draft", answer)
            return None
        return int(answer.json()["id"])

    def _submit(
        self,
        task: int,
        result: Any,
        draft: int,
        *,
        client: httpx.Client | None = None,
        timed: bool = False,
        **more: Any,
    ) -> tuple[httpx.Response, Any]:
        what = "submit" if timed else "other"
        body = {"result": result, "draft_id": draft, "lead_time": 2.5, **more}
        path = f"/api/tasks/{task}/annotations/"
        return self._timed(what, client or self.client, "POST", path, json=body), result

    def _keep(self, task: int, told: tuple[httpx.Response, Any], *, skipped: bool = False) -> None:
        answer, result = told
        if answer.status_code == 409 and _FULL in answer.text:
            # Label Studio may have given an item to more people than it asks for: somebody else was faster.
            self.record.count("too late for their item, and told so")
            return
        if answer.status_code != 201:
            self.record.surprised("an answer that keeps all rules", answer)
            return
        number = int(answer.json()["id"])
        self.record.tell(number, Given(task, result, skipped))
        if not skipped:
            self.mine.append(number)
        self.record.count("skipped" if skipped else "answered")

    def _skip(self, task: int, draft: int) -> None:
        self._keep(task, self._submit(task, [], draft, was_cancelled=True), skipped=True)

    def _corrects_itself(self, task: int, draft: int) -> None:
        case = self.random.choice(_BROKEN)
        answer, _ = self._submit(task, case.broken, draft)
        if answer.status_code == 201:
            self.record.surprised(f"an invalid answer ({case.id})", answer)
            return
        self._must_be_refused(case, answer)
        self._keep(task, self._submit(task, self._answer(), draft))

    def _must_be_refused(self, case: Case, answer: httpx.Response) -> None:
        if answer.status_code == 400 and case.sentences[0] in _text(answer):
            self.record.count("refused with the rule's sentence")
        else:
            self.record.surprised(f"an invalid answer ({case.id})", answer)

    def _presses_twice(self, task: int, draft: int) -> None:
        result = self._answer()
        second = self.hands.submit(lambda: self._submit(task, result, draft, client=self.other)[0])
        both = [self._submit(task, result, draft)[0], second.result()]
        kept = [answer for answer in both if answer.status_code == 201]
        for answer in kept[:1]:
            self._keep(task, (answer, result))
        if not kept and all(_FULL in answer.text for answer in both):
            self.record.count("too late for their item, and told so")
        elif len(kept) == 1 and {answer.status_code for answer in both} == {201, 409}:
            self.record.count("pressed Submit twice")
        else:
            self.record.surprised(f"Submit twice, {[answer.status_code for answer in both]}", both[0])

    def _thinks_again(self, number: int) -> None:
        path, result = f"/api/annotations/{number}/", self._answer()
        if self.random.random() < 0.25:
            case = self.random.choice(_BROKEN)
            answer = self.client.patch(path, json={"result": case.broken})
            if answer.status_code != 200:
                self._must_be_refused(case, answer)
            else:
                self.record.surprised(f"an invalid change ({case.id})", answer)
        answer = self._timed("update", self.client, "PATCH", path, json={"result": result})
        if answer.status_code == 200:
            self.record.given[number].result = result
            self.record.count("changed later")
        else:
            self.record.surprised("a change that keeps all rules", answer)


def _text(answer: httpx.Response) -> str:
    """What is said, without JSON's escapes."""
    try:
        return json.dumps(answer.json(), ensure_ascii=False)
    except ValueError:
        return answer.text
