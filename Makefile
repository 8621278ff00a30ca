# `make help` lists what there is. Everything runs in .venv, made from Pipfile.lock.

PIPENV_VERSION := 2026.10.3
PYTHON ?= python3
VENV := .venv
TOOLS := .tools
RUN := $(VENV)/bin
FIXTURES := $(or $(FILEMANAGER_FIXTURES),../shared/fixtures)
ROOM ?= filemanager/domain
NO_FIXTURES := $(if $(wildcard $(FIXTURES)),,--without-fixtures)
READY := $(VENV)/.ready
export PIPENV_VENV_IN_PROJECT := 1
export PIPENV_IGNORE_VIRTUALENVS := 1
export PIPENV_VERBOSITY := -1
# Empty is no: what pytest rewrites, and what the servers of tests import, is compiled once.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help serve test test-fast test-deep mutants check format image bench migrate token provision openapi \
	checks docs pictures texts texlive-names vendor

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(READY)  ## Serve on PORT (8000), with data in FILEMANAGER_DATA_DIR (./var)
	@$(RUN)/python -m filemanager serve --development

test: $(READY) provision  ## Run every test, with real servers and clients
	$(RUN)/pytest -n 2 --dist loadgroup

# No disk is waited for where memory has room, and there is more than the 64 MB of a container.
ROOMY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 500000 { print "/dev/shm" }')
# What needs a server or minutes is not even read, nor is the plugin that asks a server.
NOT_FAST := $(addprefix --ignore=tests/,e2e crash fuzz load) -p no:schemathesis
test-fast: export TMPDIR := $(or $(TMPDIR),$(ROOMY),/tmp)
test-fast: $(READY)  ## Run the tests that need no server
	$(RUN)/pytest -n 2 --dist worksteal $(NOT_FAST) $(NO_FIXTURES) -m "not (e2e or s3 or postgres or mariadb or crash or fuzz or judges)"

test-deep: $(READY)  ## Look for counterexamples with many more examples, others each time
	HYPOTHESIS_PROFILE=deep $(RUN)/pytest -n 2 -m "not (e2e or s3 or postgres or mariadb or crash or fuzz or judges)" tests/properties tests/unit/archives tests/services/workspaces/test_line_difference.py

mutants: $(READY)  ## Change the code of ROOM (a module or folder) in small ways; tell what no test (of TESTS) notices
	$(RUN)/python tests/mutating.py $(ROOM) $(TESTS)

check: $(READY)  ## Lint, types, contracts
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	$(RUN)/codespell filemanager tests docs migrations benchmarks .ci *.md *.py
	@url=sqlite:///$$(mktemp -d)/check.db; $(RUN)/alembic -x url=$$url upgrade head && $(RUN)/alembic -x url=$$url check
	$(RUN)/hadolint Dockerfile
	$(RUN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: $(READY)  ## Format the code
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

# Another builder, such as podman or buildah, takes the same words.
BUILDER ?= docker
IMAGE ?= filemanager
image:  ## Build the image, its version and revision in the labels
	$(BUILDER) build --build-arg VERSION=$(shell sed -n 's/^VERSION = "\(.*\)"/\1/p' filemanager/api/about/version.py) \
		--build-arg REVISION=$(shell git rev-parse HEAD) --tag $(IMAGE) .

bench: $(READY)  ## Measure, beside a peer or a limit in the same run
	PYTHONPATH=tests $(RUN)/python -m benchmarks

migrate: $(READY)  ## Bring the tables up to date
	$(RUN)/alembic upgrade head

token: $(READY)  ## Print a development token, signed with JWT_SECRET
	@$(RUN)/python -m filemanager token

openapi: $(READY)  ## Write docs/openapi.json anew
	$(RUN)/python -m filemanager openapi > docs/openapi.json.new
	mv docs/openapi.json.new docs/openapi.json

checks: $(READY)  ## Write docs/checks.md anew
	PYTHONPATH=.:tests $(RUN)/python tests/architecture/checks_page.py > docs/checks.md.new
	mv docs/checks.md.new docs/checks.md

texts: $(READY)  ## Bring the catalogues of pages up to date with the source, and compile them
	PYTHONPATH=.:tests $(RUN)/python tests/web/catalogue.py

docs: $(READY)  ## Build the manual into build/manual; every warning is an error
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=.:tests $(RUN)/python -m mkdocs build --strict --quiet

pictures: $(READY)  ## Take the pictures of the manual anew, in Chromium
	FILEMANAGER_PICTURES=docs $(RUN)/python -m pytest -n 0 -q tests/e2e/web/test_first_paper.py \
		tests/e2e/web/test_everybody.py -k "paper or english"

texlive-names:  ## List anew what TeX Live itself has, by Debian's packages
	.ci/texlive-names > filemanager/sanitize/advice/tex/texlive_names.txt.new
	mv filemanager/sanitize/advice/tex/texlive_names.txt.new filemanager/sanitize/advice/tex/texlive_names.txt

vendor:  ## Bundle anew what pages load of others, by vendor/package-lock.json
	npm ci --prefix vendor --ignore-scripts --no-audit --no-fund --silent
	cd vendor && node bundle.mjs ../filemanager/web/static/vendor

provision:
	tests/provision

$(READY): Pipfile.lock
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Install the venv module: apt-get install python3-venv"; exit 1; }
	test -x $(TOOLS)/bin/pipenv || { $(PYTHON) -m venv $(TOOLS) && $(TOOLS)/bin/pip install -q pipenv==$(PIPENV_VERSION); }
	@# A checkout may share it with another by a link, and what that stands on is not ours to change.
	@test ! -L $(VENV) || { echo "$(VENV) was a link to $$(readlink $(VENV)): it gets one of its own."; rm $(VENV); }
	$(TOOLS)/bin/pipenv sync --dev
	touch $@
