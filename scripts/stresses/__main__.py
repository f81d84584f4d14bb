"""The command: runs the parts one after another and prints their figures; fails if anything went wrong in one."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback

from .part import Stress

# Each part's module has ``run(stress)``; how much of the time it gets.
_PARTS = {"fuzz": 40, "addresses": 15, "canaries": 10, "load": 35}
_WRONG_SHOWN = 20


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/stress", description=__doc__)
    parser.add_argument("--minutes", type=float, default=9.0, help="how long all of it may take (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another one does other random things (default: 0)")
    parser.add_argument("--only", action="append", choices=_PARTS, help="this part alone; repeatable")
    return parser.parse_args()


def _run(name: str, seconds: float, seed: int) -> Stress:
    stress = Stress(seconds, seed)
    try:
        importlib.import_module(f"stresses.{name}").run(stress)
    except Exception:
        stress.is_wrong(traceback.format_exc())
    return stress


def main() -> int:
    given = _arguments()
    chosen = {name: weight for name, weight in _PARTS.items() if not given.only or name in given.only}
    wrong = 0
    for name, weight in chosen.items():
        began = time.monotonic()
        stress = _run(name, given.minutes * 60 * weight / sum(chosen.values()), given.seed)
        print(f"{name} ({time.monotonic() - began:.0f} s)", flush=True)
        for what, number in stress.counts.items():
            print(f"  {number:>9,}  {what}")
        for line in stress.notes:
            print(f"  {line}")
        for problem in stress.wrong[:_WRONG_SHOWN]:
            print(f"  WRONG: {problem}")
        if len(stress.wrong) > _WRONG_SHOWN:
            print(f"  WRONG: and {len(stress.wrong) - _WRONG_SHOWN} more")
        wrong += len(stress.wrong)
        sys.stdout.flush()
    print("Nothing went wrong." if not wrong else f"{wrong} things went wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
