# Two commands: `make run` starts the app, `make test` checks everything. `make bench` measures.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
APT := $(if $(filter 0,$(shell id -u)),,sudo) apt-get

.PHONY: run test check unit browser bench screenshots chromium clean

run: $(VENV)/.run
	$(BIN)/python -m streamlit run app.py

test: $(VENV)/.test chromium
	$(MAKE) -j2 --output-sync check unit
	$(MAKE) browser

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.test
	TZ=UTC $(BIN)/python -m pytest tests -m "not browser" -n 3 --dist worksteal -q

browser: $(VENV)/.test chromium
	TZ=UTC $(BIN)/python -m pytest tests/browser -m browser -n 2 --dist loadfile -q

bench: $(VENV)/.test
	TZ=UTC $(BIN)/python -m bench

screenshots: $(VENV)/.test chromium
	$(BIN)/python docs/screenshots.py

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  { $(APT) update -q && $(APT) install -y -q --no-install-recommends chromium fonts-dejavu-core; }

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { $(APT) update -q && $(APT) install -y -q python3-venv && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: requirements.txt requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache bench/out
