"""What an export may be."""

from enum import StrEnum


class Form(StrEnum):
    """What a folder holds."""

    ADAPTER = "adapter"  # LoRA in PEFT's form
    MERGED = "merged"  # a whole model with an adapter in its weights
    HEADS = "heads"  # of the starter
    MODEL = "model"  # a whole model as it was


LIBRARIES = {
    Form.ADAPTER: "peft",
    Form.MERGED: "transformers",
    Form.HEADS: "tubeseek",
    Form.MODEL: "transformers",
}
# How the hub draws the line from a base model to this one.
RELATIONS = {Form.ADAPTER: "adapter", Form.MERGED: "finetune"}
