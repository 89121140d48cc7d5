"""Trains until a step is done, then kills itself as the system would: MODEL DATA OUT STEP."""

import os
import signal
import sys
from pathlib import Path

from tests.helpers.training_data import tiny_training
from tubeseek.core.events import EventKind

if __name__ == "__main__":
    model, data, out, step = sys.argv[1:]
    begun = False
    for event in tiny_training(Path(model), Path(data), Path(out)).run():
        begun = begun or (event.kind is EventKind.STARTED and event.message == "training")
        if begun and event.kind is EventKind.ADVANCED and event.done == int(step):
            os.kill(os.getpid(), signal.SIGKILL)
