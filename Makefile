# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo demo-reset pictures test check bench faults lock clean

demo: $(READY)  ## a living Slack-like workspace in the browser
	$(BIN)/soundings demo

demo-reset: $(READY)  ## forget the demo's data and start over
	$(BIN)/soundings demo --reset

pictures: $(READY)  ## the README's pictures, taken while a browser plays an evening and a week
	mkdir -p docs/pictures
	SOUNDINGS_TEST_PICTURES=docs/pictures $(BIN)/python -m pytest tests/sandbox/test_evening_in_browser.py tests/sandbox/test_week_in_browser.py

test: $(READY)  ## the tests, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long"

check: $(READY)  ## format, lint, types, layers, the endless cases at length, the demo, the wheel
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "hypothesis or long" --hypothesis-profile thorough
	$(BIN)/soundings demo --check
	.ci/wheel

bench: $(READY)  ## speed and size as ratios, beside peers in the same run; ONLY="plan fanout" measures less
	$(BIN)/python -m bench $(ONLY)

faults: $(READY)  ## kills, restarts, jumping clocks and lost answers, at length: what was lost and what came twice
	$(BIN)/python -m tests.faults

lock: $(READY)  ## write requirements.lock again from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --group test --group lint --group build --group bench --upgrade -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Soundings needs Python 3.11 or newer. Name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
