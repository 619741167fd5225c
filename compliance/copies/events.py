"""What is told of copies elsewhere, after the commit; each once a run."""

from typing import Final

from sondervoice.kernel.events import DomainEvent

# The run is finished and no copy waits: each is gone, or a person was told of it.
run_settled: Final = DomainEvent("compliance.run_settled")
# The run is finished and each copy is gone; never while one of them may still exist.
copies_gone: Final = DomainEvent("compliance.copies_gone")
