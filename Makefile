# Targets are a contract (see README.md); each does its work on a fresh machine with Python 3.11 and nothing else.
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: install install-dev demo run test bench lock build
.DEFAULT_GOAL := install

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed (PYTHON=… names it)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.lock $(VENV)/.python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed
	@$(PY) -m compileall -q portal projects monitoring surveys
	@DEBUG=off $(PY) -m portal.launch.static

install-dev: $(VENV)/.installed-dev

demo: install
	@exec $(PY) -m portal.launch demo

run: install
	@exec $(PY) -m portal.launch run

test: install-dev install
	@exec $(PY) -m tests.everything

bench: install-dev install
	@exec $(PY) -m tests.bench

lock: install-dev
	$(PY) -m tests.locks --write

build:
	npm ci
	npm run build
