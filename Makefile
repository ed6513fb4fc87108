# The two that a newcomer needs: `make demo` and `make test`. Each installs what it needs first.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash

.PHONY: install demo test soak lives check bench schema lock clean

install: .venv/installed

.venv/installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bihuan needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: install
	$(BIN)/bihuan demo --once

test: install
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The lifecycle's state machines for as long as it takes, each time on other lives; not part of `make test`.
soak: install
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest tests/hazard/aggregate --hypothesis-show-statistics

# Form B over 200,000 hazards in 30 counties, against totals that their generator counted by itself; some minutes.
lives: install
	LIVES=200000 $(BIN)/python -m pytest tests/projection/reports/test_standing.py

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks.append
	$(BIN)/python -m benchmarks.importing
	$(BIN)/python -m benchmarks.projection
	$(BIN)/python -m benchmarks.escalation

schema: install
	$(BIN)/python -m contracts.generate

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header -o requirements.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .bihuan
