# `make demo`, `make check` and `make test` set everything up in .venv by themselves; Python 3.11 or newer is all they need.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# On Linux without a GPU this saves gigabytes: make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
TORCH := torch==2.13.0 $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
DEMO_ARGS ?=
# What `make install` adds: app, serve, train, report, pictures, edit, graph, openvino, server; several with commas.
EXTRAS ?= app
PREFIX ?= $(HOME)/.local
INSTALLED := $(PREFIX)/share/tubeseek-env
PYTEST_ARGS ?=
VENV := .venv
# Where this is set, each program that a test starts compiles the package again.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
# The tests of one file share fixtures, so each file is run by one process. Files start in the order of the folders:
# end-to-end tests, which take long, before unit tests, so that no process waits for another at the end.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNNING := .venv/installed-to-run
TESTING := .venv/installed-to-test

.PHONY: demo install uninstall dist check test tests lint format browser nginx benchmarks clean

demo: $(RUNNING)
	$(BIN)/tubeseek demo $(DEMO_ARGS)

# Installs this version for the user, and puts the command on the PATH that most systems have.
install:
	@test -n "$(PYTHON)" || { echo "tubeseek needs Python 3.11 or newer; install it, or name it: make install PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(INSTALLED)/bin/python || $(PYTHON) -m venv $(INSTALLED)
	$(INSTALLED)/bin/python -m pip --disable-pip-version-check install --quiet --upgrade 'pip>=25.1'
	$(INSTALLED)/bin/python -m pip --disable-pip-version-check install --quiet $(TORCH)
	$(INSTALLED)/bin/python -m pip --disable-pip-version-check install --quiet --force-reinstall --no-deps .
	$(INSTALLED)/bin/python -m pip --disable-pip-version-check install --quiet '.[$(EXTRAS)]'
	@mkdir -p $(PREFIX)/bin
	@ln -sf $(INSTALLED)/bin/tubeseek $(PREFIX)/bin/tubeseek
	@$(PREFIX)/bin/tubeseek --version
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "Add $(PREFIX)/bin to your PATH to call it as tubeseek.";; esac

uninstall:
	rm -rf $(INSTALLED) $(PREFIX)/bin/tubeseek

# What a release uploads, checked: the wheel and the source distribution, in dist/.
dist: $(TESTING)
	rm -rf dist
	$(PIP) install --quiet build twine
	$(BIN)/python -m build --quiet
	$(BIN)/twine check --strict dist/*

check: lint
	$(PYTEST) -m 'not slow' src tests/unit $(PYTEST_ARGS)

# Lint runs beside the tests. Both are run to their end, and both must pass.
test:
	$(MAKE) --no-print-directory --jobs 2 --keep-going lint tests

tests: $(TESTING) browser nginx
	$(PYTEST) $(PYTEST_ARGS)

lint: $(TESTING)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TESTING)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The app is tested in Debian's Chromium; where it is missing and apt may not be used, those tests are skipped.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || test -n "$$CHROMIUM_PATH" || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium with apt, for the tests of the app in a browser"; \
	    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-noto-cjk; } >/dev/null; \
	  else echo "No Chromium: the tests of the app in a browser will be skipped (apt-get install chromium fonts-noto-cjk)"; fi; }

# The server is tested behind a real nginx; where it is missing and apt may not be used, those tests are skipped.
nginx: | browser
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing nginx with apt, for the tests of the server behind a proxy"; \
	    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx-light; } >/dev/null; \
	  else echo "No nginx: the tests of the server behind a proxy will be skipped (apt-get install nginx-light)"; fi; }

benchmarks: $(TESTING)
	$(BIN)/python -m benchmarks.quality
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.index

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "tubeseek needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'

$(RUNNING): pyproject.toml | $(BIN)/python
	$(PIP) install --quiet $(TORCH)
	$(PIP) install --quiet --editable '.[app]'
	@touch $@

$(TESTING): pyproject.toml | $(BIN)/python
	$(PIP) install --quiet $(TORCH)
	$(PIP) install --quiet --editable '.[all]' --group dev
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache dist
