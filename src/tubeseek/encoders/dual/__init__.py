"""Runs encoders of two towers from transformers: CLIP, SigLIP 2, X-CLIP and the like."""
