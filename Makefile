# Every target makes its own environment in .venv, that of the site in .venv-docs; nothing else needs to be installed but Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
WORKFLOWS := $(wildcard .github/workflows/*.yml examples/*/workflow.yml)
READY := .venv/.ready
DOCS := .venv-docs/bin

# Where this is set, every process of the tests would rewrite the asserts of 700 modules again, for 5 s.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all clients gateways sdks rule scaffold-rule mutate pages docs site fix lint lock bench clean

demo: $(READY) ## the main job on embedded routes: no key, no network
	$(BIN)/gate demo --junit results/demo.xml --html results/demo.html

test: $(READY) ## everything fast; fails below the coverage of pyproject.toml, and of every branch of the pure core
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal --cov=gate --cov-report=
	$(BIN)/python -m tests.core_coverage

test-all: $(READY) ## the slow tests: real servers, real gateways, the SDK, the schemas of JUnit readers
	$(BIN)/python -m pytest -m "slow and not alone" -n 2 --dist loadfile
	$(BIN)/python -m pytest -m "slow and alone"

clients: $(READY) ## every known drift and its twin through real SDKs: docs/clients.json and docs/clients.md, in a quarter of an hour
	$(BIN)/python -m tests.clients.measure
	$(BIN)/python -m tests.clients.page

gateways: $(READY) ## every real gateway in a hermetic check, and upgrades: half an hour; writes docs/gateways/<today>.json
	$(BIN)/python -m tests.real.matrix $(ONLY)
	$(BIN)/python -m tests.gateways_page

sdks: $(READY) ## real SDK versions against the next and against themselves: a quarter of an hour; writes docs/sdks/<today>.json
	$(BIN)/python -m tests.real.sdk_matrix $(ONLY)
	$(BIN)/python -m tests.sdks_page

rule: $(READY) ## the table and the page of one rule: make rule ID=field-missing
	$(BIN)/python -m pytest -q -p no:cov -p no:xdist tests/test_rules.py --rule "$(ID)"

scaffold-rule: $(READY) ## the three files of a new one: make scaffold-rule ID=usage-doubled AREA=usage
	$(BIN)/python -m tests.scaffold_rule "$(ID)" "$(AREA)"

pages: $(READY) ## what is generated: pages of rules, drifts, commands, gate.yaml, serve, clients, gateways and SDKs; golden outputs of the reports
	$(BIN)/python -m tests.rule_pages
	$(BIN)/python -m tests.drift_page
	$(BIN)/python -m tests.report_samples
	$(BIN)/python -m tests.serve_page
	$(BIN)/python -m tests.clients.page
	$(BIN)/python -m tests.gateways_page
	$(BIN)/python -m tests.sdks_page
	$(BIN)/python -m tests.reference_pages

docs: $(READY) site ## the site, and the commands of its first pages typed one after the other
	$(BIN)/python -m pytest -p no:xdist tests/test_site.py
	$(BIN)/python -m pytest -p no:xdist tests/test_readme.py -k commands

site: .venv-docs/.ready ## results/site/html; a broken link or anchor fails
	$(DOCS)/python -m tests.site_source results/site
	cd results/site && $(CURDIR)/$(DOCS)/zensical build --strict --clean

mutate: $(READY) ## changes each constant of the rules; fails where no row of a table notices: make mutate IN=latency
	$(BIN)/python -m tests.mutate $(IN)

fix: $(READY) ## formats, and mends what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions action.yml tests/action/stubs/*/action.yml tests/action/stubs/*/*/action.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci examples/gitlab/.gitlab-ci.yml
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/actionlint $(WORKFLOWS)
	$(BIN)/zizmor --offline --no-progress --quiet --min-severity=medium . $(wildcard examples/*/workflow.yml)
	$(BIN)/shellcheck .ci/run examples/shell/gate.sh

bench: $(READY) ## the figures of the README, side by side with what they are measured against
	$(BIN)/python -m bench

lock: $(READY) ## new versions into all lock files
	$(BIN)/pip-compile $(LOCK) -o requirements.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK) --extra sdk -c requirements.lock -o requirements-sdk.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(BIN)/pip-compile $(LOCK) -o requirements-docs.lock docs/site/requirements.in

LOCK := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "swapgate needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv-docs/.ready: requirements-docs.lock
	$(PYTHON) -m venv .venv-docs
	$(DOCS)/python -m pip install --quiet --no-deps --require-hashes -r requirements-docs.lock
	touch $@

clean:
	rm -rf .venv .venv-docs .gate results
