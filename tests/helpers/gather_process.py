"""One of several processes that train on one batch: `gather_process.py RANK PROCESSES FOLDER`."""

import os
import sys
from pathlib import Path

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from tests.unit.training.test_grad_cache import batch, chunked, gradients, towers
from tubeseek.core.errors import TrainingError
from tubeseek.training.distributed import average_gradients, broadcast_from_main, gather
from tubeseek.training.grad_cache import cached_backward
from tubeseek.training.losses import contrastive_loss


def main(rank, processes, folder):
    store = distributed.FileStore(str(folder / "store"), processes)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=processes)
    share = [side.chunk(processes)[rank] for side in batch(8)]
    results = {}

    plain = towers()
    plain.loss(*map(gather, plain(share))).backward()
    average_gradients(plain.parameters())
    results["averaged"] = gradients(plain)

    wrapped = DistributedDataParallel(towers())
    pictures, texts = map(gather, wrapped(share))
    contrastive_loss(pictures, texts, (-wrapped.module.scale).exp()).total.backward()
    results["wrapped"] = gradients(wrapped.module)

    cached = towers()
    cached_backward(chunked(share, 2), cached, lambda *sides: cached.loss(*map(gather, sides)))
    average_gradients(cached.parameters())
    results["cached"] = gradients(cached)

    try:
        gather(torch.ones(rank + 1, 2))
    except ValueError as error:
        results["uneven"] = str(error)
    results["main"] = broadcast_from_main([rank + 0.1, rank], torch.device("cpu"))

    if rank == 0:  # the other processes end
        try:
            gather(torch.ones(2, 2))
        except TrainingError as error:
            results["gone"] = str(error)
    torch.save(results, folder / f"{rank}.pt")
    distributed.destroy_process_group()


if __name__ == "__main__":
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo" if sys.platform == "linux" else "lo0")
    torch.set_num_threads(1)
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
