"""Saves the gradients that one of many processes finds: RANK PROCESSES MODEL DATA FOLDER."""

import os
import sys
from pathlib import Path

import torch
from torch import distributed

from tests.helpers.training_data import small_config, tiny_trainable
from tubeseek.training.data.pairs import read_pairs
from tubeseek.training.distributed import average_gradients, join_processes
from tubeseek.training.loop import Loop

if __name__ == "__main__":
    rank, count, model, data, folder = sys.argv[1:]
    # As torchrun sets them; the file spares the test a port that another program may take.
    os.environ |= {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_ADDR": "-"}
    store = distributed.FileStore(str(Path(folder) / "store"), int(count))
    distributed.init_process_group("gloo", store=store, rank=int(rank), world_size=int(count))
    processes = join_processes("cpu")
    trainable = tiny_trainable(Path(model), dropout=0.0)
    pairs = read_pairs(Path(data)).pairs
    config = small_config(batch=len(pairs), within_pictures=0.5)
    loop = Loop(trainable, pairs, pairs, config, processes, None, {})
    loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
    average_gradients(loop.stepper.weights.values())
    gradients = {name: weight.grad for name, weight in loop.stepper.weights.items()}
    torch.save(gradients, Path(folder) / f"{rank}.pt")
    distributed.destroy_process_group()
