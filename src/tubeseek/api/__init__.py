"""The REST API: a library served over HTTP."""

from tubeseek.api.app import create_api
from tubeseek.api.image_fetch import fetch_public_image

__all__ = ["create_api", "fetch_public_image"]
