"""What every measurement needs: processors, folders, calls, servers and the load."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.caller_sound import Said
from benchmarks.serving import (
    BrokenError,
    Server,
    as_peer,
    command_of,
    free_port,
    serving,
)
from sondervoice.embedded.layout import REPOSITORY

# A load that is later than this cannot tell who else was.
SELF_P99_AT_MOST_MS: Final = 2.0
# Others on the server's processor take from it what we would measure.
OTHERS_AT_MOST: Final = 0.05
TRIES: Final = 2
OPEN_A_SECOND: Final = 40.0

Step = dict[str, Any]


@dataclass(kw_only=True)
class Bench:
    """One run of `make bench`.

    Attributes:
        peer: The Python of the peer's environment; None if it could not be installed.
        calls: Calls of the database whose stream has not been opened yet.
    """

    folder: Path
    server_core: int | None
    load_core: int | None
    peer: Path | None
    calls: list[dict[str, str]] = field(default_factory=list)

    @contextmanager
    def our_line(self, *, answer_ms: int) -> Iterator[Server]:
        """Run our media process; an answer's sound is so long."""
        port = free_port()
        arguments = command_of("media", "benchmarks.line_server:media", port)
        environment = {"BENCH_ANSWER_MS": str(answer_ms), "CALLS_AT_ONCE": "1000"}
        with self.server(arguments, port, environment, name="line") as server:
            yield server

    @contextmanager
    def pipecat(self, *, has_voice_activity: bool) -> Iterator[Server]:
        """Run the peer under the same server with the same options."""
        if self.peer is None:
            raise LookupError("there is no peer")
        port = free_port()
        command = command_of("media", "benchmarks.peers.pipecat_bot:app", port)
        environment = {"PEER_VOICE_ACTIVITY": str(int(has_voice_activity))}
        arguments = as_peer(self.peer, command)
        with self.server(arguments, port, environment, name="pipecat") as server:
            yield server

    @contextmanager
    def server(
        self,
        arguments: list[str],
        port: int,
        environment: Mapping[str, str],
        *,
        name: str,
    ) -> Iterator[Server]:
        """Run any server on the processor that is measured."""
        with serving(
            arguments,
            port=port,
            environment=environment,
            core=self.server_core,
            log=self.folder / f"{name}-{port}.log",
        ) as server:
            yield server

    def ask_rows(self, *arguments: str) -> Any:
        """Return the answer of `benchmarks.rows`."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.rows", *arguments],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-2000:])
        return json.loads(done.stdout)

    def load(
        self,
        server: Server,
        said: Said,
        steps: list[Step],
        *,
        is_peer: bool = False,
        first: int | None = None,
        open_a_second: float = OPEN_A_SECOND,
        is_together: bool = False,
        then: Callable[[list[Step]], str] = lambda _: "on",
    ) -> tuple[list[Step], list[dict[str, Any]]]:
        """Be the carrier for these steps.

        Args:
            first: Where in the cycle all callers begin; None spreads them.
            open_a_second: Calls begun a second; opening one costs a server more than
                many frames.
            is_together: Nobody sends before all calls are open; for one step.
            then: Given all that was seen, says ``on``, ``again`` or ``stop``.

        Returns:
            What each step showed, and when each call began and heard answers.
        """
        most = max(step["calls"] for step in steps)
        job = {
            "port": server.port,
            "server_pid": server.pid,
            "server_core": self.server_core,
            "core": self.load_core,
            "sound": str(said.path),
            "speech": said.speech,
            "first": first,
            "open_a_second": open_a_second,
            "is_together": is_together,
            "calls": self._take_calls(most, is_peer=is_peer),
            "steps": steps,
        }
        return _drive(job, then)

    def next_calls(self, count: int) -> list[dict[str, str]]:
        """Return the calls whose streams are opened next."""
        if len(self.calls) < count:
            self.calls += self.ask_rows("calls", str(max(400, count)))
        return self.calls[:count]

    def _take_calls(self, count: int, *, is_peer: bool) -> list[dict[str, str]]:
        if is_peer:
            return [{"path": "/peer", "call_control_id": "v3:peer"}] * count
        taken = self.next_calls(count)
        del self.calls[:count]
        return taken


def is_steady(step: Step) -> bool:
    """Return whether the load itself was on time."""
    late = step["self_p99_ms"]
    return late is not None and late <= SELF_P99_AT_MOST_MS


def is_disturbed(step: Step) -> bool:
    """Return whether others took more of the server's processor than we can ignore."""
    return bool(step["others_on_core"] > OTHERS_AT_MOST) or not is_steady(step)


def _drive(
    job: dict[str, Any], then: Callable[[list[Step]], str]
) -> tuple[list[Step], list[dict[str, Any]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the load has no pipes")
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        seen: list[Step] = []
        left = len(job["steps"])
        while left:
            line = process.stdout.readline()
            if not line:
                raise BrokenError("the load broke off, see above")
            seen.append(json.loads(line))
            word = then(seen)
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
            left = {"on": left - 1, "again": left}.get(word, 0)
        heard = json.loads(process.stdout.readline())
    return seen, heard
