"""Small random models in folders like the hub's: the shape of the real thing, no meaning."""

from pathlib import Path

import torch
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.processors import TemplateProcessing
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTokenizer,
    PreTrainedTokenizerBase,
    Siglip2Config,
    Siglip2Model,
    SiglipConfig,
    SiglipModel,
    XCLIPConfig,
    XCLIPModel,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil
from transformers.models.siglip2.tokenization_siglip2 import Siglip2Tokenizer
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

PICTURE_SIDE = 32
TEXT_POSITIONS = 16
WORDS = ("cat", "dog", "piano", "red", "car", "sea", "고양이", "피아노")


def save_tiny_clip(folder: Path, seed: int = 0, dim: int = 16) -> Path:
    """A CLIP of two layers a tower; the folder holds config, weights, tokenizer and processor."""
    tokenizer = clip_tokenizer()
    config = CLIPConfig(
        text_config={
            **_tower(),
            "vocab_size": len(tokenizer),
            "max_position_embeddings": TEXT_POSITIONS,
            "bos_token_id": tokenizer.bos_token_id,
            "eos_token_id": tokenizer.eos_token_id,
            "pad_token_id": tokenizer.pad_token_id,
        },
        vision_config={**_tower(), "image_size": PICTURE_SIDE, "patch_size": 8},
        projection_dim=dim,
    )
    torch.manual_seed(seed)
    CLIPModel(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    CLIPImageProcessorPil(
        size={"shortest_edge": PICTURE_SIDE},
        crop_size={"height": PICTURE_SIDE, "width": PICTURE_SIDE},
    ).save_pretrained(folder)
    return folder


def save_tiny_siglip(folder: Path, seed: int = 0, dim: int = 24) -> Path:
    """A SigLIP of two layers a tower, with a tokenizer of SigLIP 2's kind, Korean included."""
    tokenizer = siglip_tokenizer()
    config = SiglipConfig(
        text_config=_siglip_texts(tokenizer, dim),
        vision_config={**_tower(dim), "image_size": PICTURE_SIDE, "patch_size": 8},
    )
    torch.manual_seed(seed)
    SiglipModel(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    SiglipImageProcessorPil(
        size={"height": PICTURE_SIDE, "width": PICTURE_SIDE},
        resample=2,
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    ).save_pretrained(folder)
    return folder


def save_tiny_naflex(folder: Path, seed: int = 0, dim: int = 24) -> Path:
    """A SigLIP 2 that takes pictures of any shape, as rows of patches."""
    tokenizer = siglip_tokenizer()
    config = Siglip2Config(
        text_config=_siglip_texts(tokenizer, dim),
        vision_config={**_tower(dim), "patch_size": 8, "num_patches": 16},
    )
    torch.manual_seed(seed)
    Siglip2Model(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    Siglip2ImageProcessorPil(patch_size=8, max_num_patches=16).save_pretrained(folder)
    return folder


def save_tiny_xclip(folder: Path, frames: int = 8, seed: int = 0, dim: int = 16) -> Path:
    """An X-CLIP of two layers a tower and one across frames, with VideoMAE's preparation."""
    tokenizer = clip_tokenizer()
    config = XCLIPConfig(
        text_config={
            **_tower(),
            "vocab_size": len(tokenizer),
            "max_position_embeddings": TEXT_POSITIONS,
        },
        vision_config={
            **_tower(),
            "image_size": PICTURE_SIDE,
            "patch_size": 8,
            "num_frames": frames,
            "mit_hidden_size": dim,
            "mit_intermediate_size": 2 * dim,
            "mit_num_attention_heads": 4,
        },
        projection_dim=dim,
        prompt_num_attention_heads=4,
    )
    torch.manual_seed(seed)
    XCLIPModel(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    VideoMAEImageProcessorPil(
        size={"shortest_edge": PICTURE_SIDE},
        crop_size={"height": PICTURE_SIDE, "width": PICTURE_SIDE},
    ).save_pretrained(folder)
    return folder


def clip_tokenizer() -> PreTrainedTokenizerBase:
    """CLIP's byte-level BPE, with the bytes alone and no merges: it reads any text."""
    letters = sorted(ByteLevel.alphabet())
    pieces = [*letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    vocabulary["<|startoftext|>"] = len(vocabulary)
    vocabulary["<|endoftext|>"] = len(vocabulary)
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=TEXT_POSITIONS)


def siglip_tokenizer() -> PreTrainedTokenizerBase:
    """SigLIP 2's BPE over characters and bytes; like the published one it gives no mask."""
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    pieces += [f"<0x{byte:02X}>" for byte in range(256)]
    pieces += ["▁", *sorted({letter for word in WORDS for letter in word})]
    tokenizer = Siglip2Tokenizer(
        vocab={piece: index for index, piece in enumerate(pieces)},
        merges=[],
        padding_side="right",
        model_input_names=["input_ids"],
        model_max_length=TEXT_POSITIONS,
    )
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", tokenizer.eos_token_id)]
    )
    return tokenizer


def _siglip_texts(tokenizer: PreTrainedTokenizerBase, dim: int) -> dict[str, int | None]:
    return {
        **_tower(dim),
        "vocab_size": len(tokenizer),
        "max_position_embeddings": TEXT_POSITIONS,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "projection_size": dim,
    }


def _tower(width: int = 32) -> dict[str, int]:
    return {
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
    }
