"""``python -m benchmarks.load``: be the carrier to many calls.

The job comes as one line of JSON on standard input::

    {"port": …, "server_pid": …, "server_core": 0, "core": 1,
     "sound": "/path/to/mu-law", "speech": 280, "first": null, "open_a_second": 40,
     "is_together": false,
     "calls": [{"path": …, "call_control_id": …}, …],
     "steps": [{"calls": 10, "settle_s": 12, "measure_s": 8}, …]}

`first` is the frame of the cycle at which all callers begin; null spreads them. With
`is_together` nobody sends before all calls are open, and there is one step. After
each step one line of JSON goes out and a word comes in: ``on``, ``again`` or ``stop``.
The last line says when each call began and when it heard each answer.
"""

import gc
import json
import os
import sys

from benchmarks.load.run import Run
from benchmarks.machine import go_first


def main() -> None:
    """Run the job."""
    job = json.loads(sys.stdin.readline())
    if job["core"] is not None:
        os.sched_setaffinity(0, {job["core"]})
    go_first(0)
    run = Run(job)
    # Collecting would be lateness of ours in the middle of a measurement.
    gc.disable()
    for step in job["steps"]:
        word = "again"
        while word == "again":
            print(json.dumps(run.do(step)), flush=True)
            word = sys.stdin.readline().strip()
        if word != "on":
            break
    heard = [
        {"opened_at": call.opened_at, "answers": call.answers} for call in run.calls
    ]
    run.end()
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    main()
