"""A random X-CLIP of the size and the files of microsoft/xclip-base-patch32: 197 M numbers."""

import json
from itertools import islice, product
from pathlib import Path

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer, PreTrainedTokenizerBase, XCLIPConfig, XCLIPModel

VOCABULARY = 49_408
TEXT = {
    "vocab_size": VOCABULARY,
    "hidden_size": 512,
    "intermediate_size": 2048,
    "num_hidden_layers": 12,
    "num_attention_heads": 8,
    "max_position_embeddings": 77,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
}
VISION = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "mit_hidden_size": 512,
    "mit_intermediate_size": 2048,
    "mit_num_hidden_layers": 1,
    "mit_num_attention_heads": 8,
    "num_channels": 3,
    "image_size": 224,
    "patch_size": 32,
    "num_frames": 8,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
    "drop_path_rate": 0.0,
}
PROMPTS = {
    "projection_dim": 512,
    "prompt_layers": 2,
    "prompt_alpha": 0.1,
    "prompt_hidden_act": "quick_gelu",
    "prompt_num_attention_heads": 8,
}
PREPARATION = {  # in the old style, as it was published
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "feature_extractor_type": "VideoMAEFeatureExtractor",
    "image_mean": [0.485, 0.456, 0.406],
    "image_std": [0.229, 0.224, 0.225],
    "resample": 2,
    "size": 224,
}


def save_full_xclip(folder: Path, seed: int = 0) -> Path:
    """Writes config, weights, tokenizer and preparation, 790 MB."""
    torch.manual_seed(seed)
    config = XCLIPConfig(text_config=TEXT, vision_config=VISION, **PROMPTS)
    XCLIPModel(config).eval().save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPARATION))
    return folder


def _tokenizer() -> PreTrainedTokenizerBase:
    """CLIP's byte-level BPE of its full size, whose last two pieces begin and end a text.

    What CLIP's merges are is not known here: these are the first pairs of bytes that end a word.
    """
    letters = sorted(ByteLevel.alphabet())
    finals = [f"{letter}</w>" for letter in letters]
    merges = list(islice(product(letters, finals), VOCABULARY - 2 - 2 * len(letters)))
    pieces = [*letters, *finals, *(first + last for first, last in merges)]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)
