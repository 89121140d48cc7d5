"""Defines the forms in which an encoder is exported."""

from enum import StrEnum


class Form(StrEnum):
    """What the folder of an export holds."""

    ADAPTER = "adapter"  # LoRA in PEFT's form
    MERGED = "merged"  # a whole model with an adapter in its weights
    HEADS = "heads"  # the heads of a trained starter
    MODEL = "model"  # a whole model, unchanged


LIBRARIES = {
    Form.ADAPTER: "peft",
    Form.MERGED: "transformers",
    Form.HEADS: "tubeseek",
    Form.MODEL: "transformers",
}
# The hub's name for the relation of a base model to this one.
RELATIONS = {Form.ADAPTER: "adapter", Form.MERGED: "finetune"}
