"""Whoever comes through nginx with its default `proxy_pass` may search and change nothing."""

import shutil
import socket
import subprocess
import time

import pytest

from tests.helpers.api_server import serving
from tests.helpers.raw_http import ask, refused
from tubeseek.api.app import create_api

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
START_SECONDS = 30
CONFIG = """daemon off; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {url}; }} }}
}}
"""
WRITES = [
    ("POST", "/v1/remove", b'{"names": ["v-red"]}'),
    ("POST", "/v1/jobs", b'{"verb": "sync"}'),
    ("DELETE", "/v1/jobs/x", None),
    ("GET", "/v1/videos/v-red/file", None),
]
GUESSES = [
    {},
    {"Authorization": "Bearer guess"},
    {"Tubeseek_Secret": "guess"},
    {"Host": "localhost"},
]


@pytest.fixture(params=[None, "a-token"], ids=["no token", "token"])
def proxy(request, library, tmp_path):
    """The address of an nginx in front of a server of the library on loopback."""
    if NGINX is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with serving(create_api(library, loopback=True, token=request.param)) as url:
        config = tmp_path / "nginx.conf"
        config.write_text(CONFIG.format(folder=tmp_path, port=port, url=url))
        nginx = subprocess.Popen([NGINX, "-c", str(config), "-e", str(tmp_path / "log")])
        try:
            _wait_for(port, nginx)
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()
            nginx.wait()


def test_strangers_behind_a_proxy_search_and_change_nothing(proxy, library):
    for guess in GUESSES:
        for method, path, body in WRITES:
            assert refused(ask(proxy, method, path, body, **guess))[0] in (401, 403), (path, guess)
        assert ask(proxy, "POST", "/v1/search", b'{"text": "red"}', **guess)[0] == 200
    assert library.video("v-red").id == "v-red"


def _wait_for(port: int, nginx: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        assert nginx.poll() is None, "nginx did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "nginx does not listen"
            time.sleep(0.05)
        else:
            return
