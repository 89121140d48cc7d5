"""The REST API: a library served over HTTP."""

from tubeseek.api.application import create_api
from tubeseek.api.public_image import fetch_public_image

__all__ = ["create_api", "fetch_public_image"]
