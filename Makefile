# make run | test | proof — each prepares .venv first (make setup) and only when something changed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test proof bundle system lint format lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help: ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## prepare .venv with the minqing command

$(READY): requirements.lock requirements-dev.lock pyproject.toml hatch_build.py $(wildcard classifier/*.pyx)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'Python 3.11 or newer is needed (需要 Python 3.11 以上): make PYTHON=python3.11'; exit 1; }
	@echo 'Preparing .venv, about a minute (正在准备运行环境，约一分钟) …'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --require-hashes --use-pep517 -r requirements-dev.lock
	@rm -f classifier/_*.so
	@$(BIN)/pip install --quiet --no-deps --editable .
	@ls classifier/_scoring.*.so >/dev/null 2>&1 \
	    || echo 'No C compiler: judging and matching are slower (没有 C 编译器，研判和并案较慢，结果相同)'
	@touch $@

run: setup ## load the demo county, print the summary and serve the desk on 127.0.0.1:8000
	@exec $(BIN)/minqing run

test: system setup lint ## lint, types and every test
	@$(BIN)/pytest -n 2

proof: system setup ## the long ones: many more examples, then every published figure
	@$(BIN)/pytest -n 2 --hypothesis-profile=long
	@$(BIN)/python tools/supply_chain.py
	@$(BIN)/python tools/measure.py
	@$(BIN)/python tools/performance_page.py

bundle: setup ## one archive that installs without a network
	@tools/make-bundle

system: ## install what the tests need from Debian, where this user may
	@tools/install-system-packages

lint: setup ## style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## bring all code into the common form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup ## pin the newest releases that pyproject.toml allows
	@tools/lock-dependencies
