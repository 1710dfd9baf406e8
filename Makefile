# Each target works on a fresh Debian machine, as root or not.
#
#   make run     the demo site on http://localhost:8000 (TROTH_PORT changes it)
#   make test    the whole suite
#   make check   style, types, import contracts, templates, the reference policy, generated pages, tests
#   make bench   measurements          make prove  the long proofs: 20,000 histories, 1,000 tamperings, kills
#   make lighthouse  Lighthouse's performance audit of the demo site
#   make docs    generated pages       make lock   new hash locks
#   make renew   locks with the newest versions      make overdue  which time frame for libraries is past
#   make clean   removes what the targets made

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python tools/bundled_pip.py --disable-pip-version-check --quiet
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: run test check prove bench lighthouse docs messages lock renew overdue clean ready packages compiled
.DELETE_ON_ERROR:

run:
	@$(MAKE) --no-print-directory -j 2 .venv/installed .venv/bytecode
	@sh tools/bytecode.sh $(BIN)
	@exec $(BIN)/troth run

test: ready
	$(BIN)/python -m pytest -q --workers 4

check: ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src
	$(BIN)/troth policy check examples/optiproerp
	$(BIN)/python -m troth.policy.documenting | cmp - docs/findings.md
	$(BIN)/python -m troth.catalog.document | cmp - docs/site-findings.md
	$(BIN)/python tools/map.py | cmp - docs/map.md
	$(BIN)/python tools/asvs.py | cmp - docs/asvs.md
	$(BIN)/python tools/figures.py | cmp - docs/figures.md
	$(BIN)/python -m pytest -q --workers 4

bench: .venv/installed-dev
	$(BIN)/python -m bench

lighthouse: .venv/installed-dev .venv/lighthouse packages
	$(BIN)/python -m bench.lighthouse

prove: .venv/installed-dev
	TROTH_HISTORIES=$${TROTH_HISTORIES:-20000} TROTH_TAMPERINGS=$${TROTH_TAMPERINGS:-1000} TROTH_KILLS=10 \
		TROTH_BAD_MAILS=$${TROTH_BAD_MAILS:-10000} TROTH_EXAMPLES=$${TROTH_EXAMPLES:-1500} \
		$(BIN)/python -m pytest -q tests/gate/test_equality.py tests/records/test_verifying.py \
		tests/faults/test_ledger_kills.py tests/collection/test_mail_parser.py tests/policy/test_fuzz.py
	TROTH_PEOPLE=1000 TROTH_KILLS=50 $(BIN)/python -m pytest -q --timeout 3600 tests/outbox/test_lanes.py -k kills
	TROTH_RACES=$${TROTH_RACES:-1000} $(BIN)/python -m pytest -q --timeout 3600 tests/outbox/test_batches.py -k races

docs: .venv/installed-dev
	$(BIN)/python -m troth.policy.documenting > docs/findings.md
	$(BIN)/python -m troth.catalog.document > docs/site-findings.md
	$(BIN)/python tools/map.py > docs/map.md
	$(BIN)/python tools/asvs.py > docs/asvs.md
	$(BIN)/python tools/figures.py > docs/figures.md

messages: .venv/installed-dev packages
	$(BIN)/python tools/messages.py

lock: .venv/installed-dev
	$(BIN)/uv pip compile --quiet requirements-uv.in --universal --generate-hashes --python-version 3.11 -o requirements-uv.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --group build --universal --generate-hashes --python-version 3.11 -o requirements.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --group build --group dev --universal --generate-hashes --python-version 3.11 -o requirements-dev.lock

renew: .venv/installed-dev
	$(BIN)/uv pip compile --quiet --upgrade requirements-uv.in --universal --generate-hashes --python-version 3.11 -o requirements-uv.lock
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --group build --universal --generate-hashes --python-version 3.11 -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --group build --group dev --universal --generate-hashes --python-version 3.11 -o requirements-dev.lock
	$(BIN)/python tools/pins.py --renewed

overdue: .venv/installed-dev
	$(BIN)/python tools/pins.py

clean:
	rm -rf .venv tools/observatory/node_modules tools/lighthouse/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# What the tests need besides, at once: npm waits for files and for the network, compiling doesn't.
ready: .venv/installed-dev
	@$(MAKE) --no-print-directory -j 3 .venv/observatory packages compiled

# The tests start the program some sixty times: where the environment forbids to write bytecode, each start would compile it,
# and pytest would rewrite the assertions of all tests each time.
compiled: .venv/installed-dev
	@$(BIN)/python -m compileall -q -j 2 -x '/(test_[^/]*|conftest)\.py$$' src tests
	@$(BIN)/python tools/rewrite.py

packages:
	@sh tools/need.sh chromium-headless-shell:chromium-headless-shell gettext:msgfmt dovecot-imapd

$(BIN)/python:
	@sh tools/venv.sh $(PYTHON)

# pip takes three times as long for the same packages, so it installs uv alone.
.venv/uv: requirements-uv.lock | $(BIN)/python
	$(PIP) install --require-hashes -r requirements-uv.lock
	@touch $@

# A changed lock is installed over the old environment; hashes are checked.
.venv/installed: requirements.lock .venv/uv
	$(UV) --require-hashes -r requirements.lock
	$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

# Written here, for the users that run the processes cannot: each start would compile the program, in each process.
.venv/bytecode: $(shell find src -name '*.py') | $(BIN)/python
	@$(BIN)/python -m compileall -q -j 2 src
	@touch $@

# With --compile-bytecode uv compiles all that is installed, also what it did not install now.
.venv/installed-dev: requirements-dev.lock .venv/installed
	$(UV) --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

.venv/observatory: tools/observatory/package-lock.json .venv/installed-dev
	@sh tools/observatory.sh $(BIN)
	@touch $@

.venv/lighthouse: tools/lighthouse/package-lock.json .venv/installed-dev
	@sh tools/lighthouse.sh $(BIN)
	@touch $@
