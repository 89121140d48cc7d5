"""Writes the usage section of a model card: commands and code that run as they are."""

from textwrap import dedent

from tubeseek.encoders.export.form import Form


def usage(form: Form, base: str, sees: str, whole_texts: bool, here: str) -> str:
    """Return the usage section of a model card.

    Args:
        form: The form of the export.
        base: The public name of the encoder.
        sees: "image" or "video".
        whole_texts: Whether texts are padded to the model's length, as SigLIP needs.
        here: The repository or the folder.
    """
    flag = "--encoder" if form in (Form.MERGED, Form.MODEL) else "--adapter"
    command = (
        "```sh\n"
        "git clone https://github.com/tubeseek/tubeseek\n"
        "make -C tubeseek install EXTRAS=train\n"
        f"tubeseek index {flag} {here}\n"
        "```"
    )
    code = (
        _heads(here) if form is Form.HEADS else _transformers(form, base, sees, whole_texts, here)
    )
    return f"{command}\n\n```python\n{code}```"


def _heads(here: str) -> str:
    return dedent(f'''\
        # Texts: unit(t + unit(s) W_text); pictures: unit(p + unit(f - mean) W_picture).
        # t and p (384) are the vectors of the untrained starter, s (1024) and f (1280) the outputs
        # of its networks; `text_head` is (1024, 384), `picture_head` (1280, 384).
        from tubeseek.encoders.adapters import open_adapter
        from tubeseek.encoders.starter.encoder import StarterEncoder

        encoder = StarterEncoder(adapter=open_adapter("{here}"))
        vectors = encoder.encode_texts(["a red car"])  # (1, 384), unit length
        ''')


def _transformers(form: Form, base: str, sees: str, whole_texts: bool, here: str) -> str:
    loaded = base if form is Form.ADAPTER else here
    processor = "AutoImageProcessor" if sees == "image" else "VideoMAEImageProcessor"
    padding = 'padding="max_length", truncation=True' if whole_texts else "padding=True"
    lines = [
        "import torch",
        f"from transformers import AutoModel, AutoTokenizer, {processor}",
        *(["from peft import PeftModel"] if form is Form.ADAPTER else []),
        "",
        f'model = AutoModel.from_pretrained("{loaded}").eval()',
        *(
            [f'model = PeftModel.from_pretrained(model, "{here}").merge_and_unload()']
            if form is Form.ADAPTER
            else []
        ),
        f'tokenizer = AutoTokenizer.from_pretrained("{loaded}")',
        f'processor = {processor}.from_pretrained("{loaded}")',
        "",
        f'tokens = tokenizer(["a red car"], {padding}, return_tensors="pt")',
        "with torch.inference_mode():",
        "    texts = model.get_text_features(**tokens).pooler_output",
        *_picture_code(sees),
        "texts, pictures = (torch.nn.functional.normalize(x, dim=-1) for x in (texts, pictures))",
        "print(texts @ pictures.T)",
    ]
    return "\n".join(lines) + "\n"


def _picture_code(sees: str) -> list[str]:
    if sees == "video":
        return [
            "    # frames: as many PIL images as model.config.vision_config.num_frames",
            '    pixels = processor(frames, return_tensors="pt").pixel_values',
            "    pictures = model.get_video_features(pixels).pooler_output",
        ]
    return [
        '    pixels = processor(image, return_tensors="pt").pixel_values  # a PIL image',
        "    pictures = model.get_image_features(pixels).pooler_output",
    ]
