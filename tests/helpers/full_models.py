"""Random models of the size and the files of published ones."""

import json
from itertools import islice, product
from pathlib import Path

import torch
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTokenizer,
    PreTrainedTokenizerBase,
    SiglipConfig,
    SiglipModel,
    XCLIPConfig,
    XCLIPModel,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from tests.helpers.tiny_models import siglip_tokenizer

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


def save_full_clip(folder: Path, seed: int = 0) -> Path:
    """CLIP ViT-B/32, 151 M numbers: config, weights, tokenizer and preparation, 605 MB."""
    torch.manual_seed(seed)
    ends = {"bos_token_id": VOCABULARY - 2, "eos_token_id": VOCABULARY - 1}
    config = CLIPConfig(text_config=TEXT | ends, vision_config={"patch_size": 32})
    CLIPModel(config).eval().save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    return folder


def save_full_siglip(folder: Path, seed: int = 0) -> Path:
    """SigLIP B/16, 93 M numbers with a small vocabulary; tokens and patches as published."""
    torch.manual_seed(seed)
    tokenizer = siglip_tokenizer()
    tokenizer.model_max_length = 64
    text = {"vocab_size": len(tokenizer), "max_position_embeddings": 64}
    config = SiglipConfig(text_config=text, vision_config={"patch_size": 16, "image_size": 224})
    SiglipModel(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": 224, "width": 224}).save_pretrained(folder)
    return folder


def save_full_xclip(folder: Path, seed: int = 0, layers: int = 12) -> Path:
    """microsoft/xclip-base-patch32, 197 M numbers in 12 layers a tower: the same, 790 MB."""
    torch.manual_seed(seed)
    depth = {"num_hidden_layers": layers}
    config = XCLIPConfig(text_config=TEXT | depth, vision_config=VISION | depth, **PROMPTS)
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
