"""A Python scheduler that lets AutoHeal see its failures and obeys the verdict.

Needs `pip install temporalio`, and two variables where Temporal is not on this machine:
TEMPORAL_ADDRESS (default localhost:7233) and TEMPORAL_NAMESPACE (default "default").

    python scheduler.py run_auto_import_task

What a caller can rely on:
- the task's own exception always comes through, unchanged;
- AutoHeal being away costs at most REACH_SEC, and never more than that;
- waiting for a verdict is bounded by WAIT_SEC.
"""

import asyncio
import os
import sys
import threading
import time
import traceback
import uuid
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any, Callable, Optional, TypeVar

from temporalio.client import Client, WorkflowHandle

ADDRESS = os.environ.get("TEMPORAL_ADDRESS", "localhost:7233")
NAMESPACE = os.environ.get("TEMPORAL_NAMESPACE", "default")
TASK_QUEUE = os.environ.get("AUTOHEAL_TASK_QUEUE", "autoheal")

REACH_SEC = 5.0
"""At most this long until AutoHeal has the report."""
WAIT_SEC = 1800.0
"""At most this long until there is a verdict."""
LOOK_SEC = 2.0
"""How often a verdict is looked for that is known before the incident's records are written."""

Result = TypeVar("Result")
Verdict = dict[str, Any]


def run_with_autoheal(
    task: str,
    work: Callable[[], Result],
    target: Optional[str] = None,
    max_runs: int = 3,
    wait_sec: float = WAIT_SEC,
) -> Result:
    """Runs `work`; when it fails, reports it and runs it again where the verdict says so.

    `target` is the container whose failure this is, as the estate file names it. Raises what `work` raised last.
    """
    for run in range(1, max_runs + 1):
        try:
            return work()
        except Exception as error:
            is_last = run == max_runs
            verdict = ask_autoheal(report_of(error, task, target), 0 if is_last else wait_sec)
            if is_last or not wants_another_run(verdict, wait_sec):
                raise
    raise ValueError("max_runs must be at least 1")


def wants_another_run(verdict: Optional[Verdict], wait_sec: float) -> bool:
    """Obeys a verdict: waits until `retry_at` where that is near enough."""
    if verdict is None or verdict["kind"] == "give_up":
        return False
    if verdict["kind"] == "retry_at":
        at = datetime.fromisoformat(verdict["at"].replace("Z", "+00:00"))
        pause_sec = (at - datetime.now(timezone.utc)).total_seconds()
        if pause_sec > wait_sec:
            return False
        time.sleep(max(0.0, pause_sec))
    return True


def report_of(error: BaseException, task: str, target: Optional[str] = None) -> dict[str, Any]:
    """The report of an exception: docs/schema/report.schema.json."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    lines = traceback.format_exception(kind, error, error.__traceback__)
    report: dict[str, Any] = {
        "source": "task",
        "task": task,
        "error": {
            "type": name[:500],
            "message": (str(error) or name)[:20_000],
            "traceback": "".join(lines)[-60_000:],
        },
        "occurredAt": datetime.now(timezone.utc).isoformat(),
        # The same id sent twice is counted once.
        "reportId": str(uuid.uuid4()),
    }
    if target is not None:
        report["target"] = target
    return report


def ask_autoheal(report: dict[str, Any], wait_sec: float) -> Optional[Verdict]:
    """Reports, and waits for the verdict. None where there is none in time; never raises.

    Runs in a thread of its own, so that it also serves callers that have an event loop, and so that nothing that
    hangs in it can hold up the caller for longer.
    """
    answer: list[Optional[Verdict]] = []

    def ask() -> None:
        try:
            answer.append(asyncio.run(_ask(report, wait_sec)))
        except Exception as trouble:
            print(f"AutoHeal could not be asked: {type(trouble).__name__}: {trouble}", file=sys.stderr)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(REACH_SEC + wait_sec + 1)
    return answer[0] if answer else None


async def _ask(report: dict[str, Any], wait_sec: float) -> Optional[Verdict]:
    handle = await asyncio.wait_for(_start(report), REACH_SEC)
    return await _verdict_of(handle, wait_sec)


async def _start(report: dict[str, Any]) -> WorkflowHandle[Any, Any]:
    client = await Client.connect(ADDRESS, namespace=NAMESPACE)
    # An id of its own is fine: the run opens the incident of this failure, or joins the one that is open.
    return await client.start_workflow(
        "HealWorkflow", report, id=f"report-{report['reportId']}", task_queue=TASK_QUEUE
    )


async def _verdict_of(handle: WorkflowHandle[Any, Any], wait_sec: float) -> Optional[Verdict]:
    """The verdict as soon as it is known: a run lasts until its records are written, which a broken database delays."""
    ended = asyncio.ensure_future(handle.result())
    deadline = time.monotonic() + wait_sec
    try:
        while time.monotonic() < deadline:
            pause_sec = min(LOOK_SEC, max(0.1, deadline - time.monotonic()))
            done, _ = await asyncio.wait({ended}, timeout=pause_sec)
            if done:
                return ended.result()["verdict"]
            with suppress(Exception):
                status = await asyncio.wait_for(handle.query("status"), REACH_SEC)
                if status["verdict"] is not None:
                    return status["verdict"]
        return None
    finally:
        ended.cancel()


def run_auto_import_task() -> None:
    """Stands for a job of yours."""
    raise ConnectionError('could not translate host name "momo-postgres" to address: Name or service not known')


TASKS: dict[str, Callable[[], None]] = {"run_auto_import_task": run_auto_import_task}

if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in TASKS:
        sys.exit(f"usage: python scheduler.py TASK, one of: {', '.join(TASKS)}")
    run_with_autoheal(name, TASKS[name], target="momo-scheduler")
