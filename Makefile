# Jiceng 基层. Needs python3 (3.11, 3.12 or 3.13), make and git; everything else comes from requirements.lock.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE # compiled modules start twice as fast

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
WORKERS ?= 3
CASES ?= 200
ARGS ?=

.PHONY: help run demo test check lint format types imports contract proof fuzz release-contract openapi lock bundle bundle-check faults matrix races model bench clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; set PYTHON=… to one." >&2; exit 1; }
	@cmp -s requirements.lock .venv/installed.lock && cmp -s pyproject.toml .venv/installed.toml || { \
		echo "Installing into .venv …"; \
		$(PYTHON) -m venv --clear .venv; \
		$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock; \
		$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
		cp requirements.lock .venv/installed.lock; cp pyproject.toml .venv/installed.toml; }
	@touch $@

run: $(READY) ## Start everything (PostgreSQL, API, worker) in the foreground; Ctrl-C stops it
	@exec $(BIN)/jiceng run $(ARGS)

demo: $(READY) ## Play the demonstration against the running service
	@$(BIN)/jiceng demo $(ARGS)

test: $(READY) ## Run the tests (WORKERS=3 processes; ARGS="-k name" to choose)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types imports contract ## Check style, types, import rules and the OpenAPI document
	@echo "check: all good"

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(READY)
	@$(BIN)/mypy

imports: $(READY)
	@$(BIN)/lint-imports

contract: $(READY)
	@$(BIN)/jiceng openapi --check
	@$(BIN)/jiceng openapi --against openapi/released.json

proof: $(READY) ## Prove the contract with other people's tools: linters, generated clients, the guide (needs node)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		JICENG_PROOF=1 $(BIN)/pytest -s -p no:randomly tests/contract/test_clients.py tests/contract/test_front_end.py $(ARGS); \
	else printf '\n%s\n%s\n\n' "!!! node and npm are not here: redocly, spectral and the TypeScript clients are LEFT OUT." \
		"!!! Install them and run make proof again." >&2; fi

fuzz: $(READY) ## Send every operation what the document allows and what not (CASES=200 for each; slow)
	@JICENG_PROOF=1 JICENG_FUZZ=$(CASES) $(BIN)/pytest -s -p no:randomly tests/contract/test_fuzz.py $(ARGS)

release-contract: $(READY) # Only when a release is made: later changes are compared with what this writes
	@$(BIN)/jiceng openapi --release

openapi: $(READY) ## Write openapi/openapi.json anew
	@$(BIN)/jiceng openapi

format: $(READY) ## Format the code and sort its imports
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

lock: ## Resolve requirements.lock from pyproject.toml (UPGRADE=1 takes the newest of everything)
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/pip install --quiet --disable-pip-version-check uv
	@.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 $(if $(UPGRADE),--upgrade) --all-extras \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--output-file requirements.lock pyproject.toml
	@rm -rf .venv-lock

bundle: $(READY) ## Make dist/jiceng-VERSION.tar, which installs and runs without a network
	@.ci/bundle

bundle-check: # Install and run dist/jiceng-VERSION.tar with the network cut
	@.ci/bundle-check

faults: $(READY) ## Run the fault tests on a durable cluster, and what is repeated often, in full (slow)
	@JICENG_FAULTS=full JICENG_ROLLUPS=10x40 $(BIN)/pytest tests/faults tests/intake/test_order.py \
		tests/coverage/test_numbers.py tests/coverage/test_rollups.py $(ARGS)

matrix: $(READY) ## Test every cell of the authorization matrix (make test takes a sample)
	@JICENG_MATRIX=full $(BIN)/pytest -n $(WORKERS) tests/architecture/test_matrix.py $(ARGS)

races: $(READY) ## Race two processes over HTTP, ROUNDS=300 rounds of each race (make test runs five)
	@JICENG_RACES=$(or $(ROUNDS),300) $(BIN)/pytest -n0 tests/races $(ARGS)

model: $(READY) ## Live LIVES=200 random lives of STEPS=50 steps against the model (make test lives four short ones)
	@JICENG_MODEL=$(or $(LIVES),200)x$(or $(STEPS),50) $(BIN)/pytest -n0 tests/model $(ARGS)

bench: $(READY) ## Measure against peers at ORGANIZATIONS=900000 (needs wrk and node; BENCH_DIR keeps the rows)
	@ORGANIZATIONS=$(or $(ORGANIZATIONS),900000) $(BIN)/python -m bench $(ARGS)

clean: ## Remove the virtual environment and caches; DATA_DIR (.data) stays
	@rm -rf .venv .venv-lock .contract build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
