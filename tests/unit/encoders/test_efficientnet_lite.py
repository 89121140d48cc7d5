"""The network that sees for the starter: against the package its weights come from, and by hand."""

import copy

import pytest
import torch

from tubeseek.encoders.starter.efficientnet_lite import (
    LITE0,
    LITE2,
    ConvNorm,
    EfficientNetLite,
    load_efficientnet_lite,
)
from tubeseek.encoders.starter.image import weights_path


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_equals_the_package_its_weights_come_from() -> None:
    theirs = pytest.importorskip("efficientnet_lite_pytorch").EfficientNet.from_pretrained(
        "efficientnet-lite2", weights_path=str(weights_path())
    )
    ours = load_efficientnet_lite(LITE2, weights_path())
    pixels = torch.randn(2, 3, LITE2.side, LITE2.side, generator=torch.manual_seed(0))
    with torch.inference_mode():
        expected = theirs.eval().extract_features(pixels).mean((2, 3))
        features = ours(pixels)
        torch.testing.assert_close(features, expected, atol=1e-4, rtol=0)
        logits = ours.classifier(features)
        torch.testing.assert_close(logits, theirs(pixels), atol=1e-4, rtol=0)


def test_folding_the_normalisation_changes_nothing() -> None:
    torch.manual_seed(0)
    network = EfficientNetLite(LITE0)
    pixels = torch.randn(4, 3, LITE0.side, LITE0.side)
    with torch.no_grad():
        network.train()(pixels)  # so that the running statistics are not 0 and 1
    folded = copy.deepcopy(network.eval())
    folded.fold_norms()
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    with torch.inference_mode():
        torch.testing.assert_close(folded(pixels), network(pixels), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    ("side", "kernel", "first"),
    # "SAME" pads max((ceil(side / 2) - 1) * 2 + kernel - side, 0) in all, the odd one at the end.
    [(6, 3, 0), (7, 3, -1), (6, 5, -1), (7, 5, -2)],
)
def test_stride_two_pads_as_tensorflow_does(side: int, kernel: int, first: int) -> None:
    layer = ConvNorm(1, 1, side=side, kernel=kernel, stride=2)
    with torch.no_grad():
        layer.conv.weight.zero_()[0, 0, 0, 0] = 1  # picks the first pixel under the kernel
    rows = torch.arange(1.0, side + 1).expand(1, 1, side, side)  # each row is 1, 2, 3, ...
    picked = layer.conv(layer.pad(rows))
    expected = [max(first + 2 * step + 1, 0) for step in range((side + 1) // 2)]
    assert layer.side == len(expected)
    assert picked.shape[2:] == (layer.side, layer.side)
    assert picked[0, 0, -1].tolist() == expected
