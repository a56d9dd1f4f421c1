# The front door. `make help` lists what can be done here. `run` needs cargo and nothing else; what tests the Python
# package needs Python 3.11 or later, and makes its own virtual environment.

CARGO ?= cargo
PYTHON ?= python3
VENV ?= .venv
# Engines are large: they have an environment of their own, which only what tests them makes.
SCALE_VENV ?= .venv-scale
# Random cases a law: a quick look, and the full count.
TEST_CASES ?= 100
DEEP_CASES ?= 1000
# The prover is held against five times as many knowledge bases; above 1,000 of them against 2,500 cases of each.
PROOF_CASES ?= 400
ALL_PROOF_CASES ?= 2000

.DEFAULT_GOAL := help
.PHONY: help run certificates setup test test-rust test-python test-deep test-proofs test-z3 test-scale style style-rust style-python numbers bench bench-python bench-scale pictures bless

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Rank the causes of a case of morning back pain
	@$(CARGO) run --release --quiet -p aetia-examples --example quickstart

certificates: ## Prove every declared rule, write the certificates, check them from the files
	@$(CARGO) run --release --quiet -p aetia-examples --example certificates -- target/certificates

setup: $(VENV)/installed ## Make the virtual environment and install the package into it, with its tools

# The installed package is what a user gets, so it is made anew whenever anything it is made of changed.
SOURCES := pyproject.toml Cargo.toml Cargo.lock README.md $(shell find crates python/aetia -type f \
	! -name '*.so' ! -path '*/__pycache__/*')

$(VENV)/installed: EXTRA := dev
$(SCALE_VENV)/installed: EXTRA := scale
$(VENV)/installed $(SCALE_VENV)/installed: $(SOURCES)
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check '.[$(EXTRA)]'
	@touch $@

test: test-rust test-python ## Run every test, doctest, example and notebook, and each bench once

test-rust: ## Run the part of them that needs cargo alone
	AETIA_CASES=$(TEST_CASES) $(CARGO) test --workspace
	$(CARGO) test -p aetia-benches --benches

# Each from its own place: the installed package must be found, not the sources beside it.
test-python: setup ## Install the package and run pytest, the notebooks, the check of stubs and the check of types
	AETIA_CASES=$(TEST_CASES) $(VENV)/bin/python -m pytest
	cd $(VENV) && bin/python -m mypy.stubtest aetia._aetia --mypy-config-file ../pyproject.toml
	$(VENV)/bin/python -m mypy

test-deep: ## Run the laws with the full number of random cases, and the prover against 5,000,000 listed ones
	AETIA_CASES=$(DEEP_CASES) $(CARGO) test --profile deep -p aetia-tests --test all
	$(CARGO) test --profile deep -p aetia-tests --test all -- --ignored of_thousands_of_causes
	AETIA_CASES=$(PROOF_CASES) $(CARGO) test --profile deep -p aetia-tests --test proofs -- --nocapture

test-proofs: ## Hold the prover against lists of all cases of 10,000 knowledge bases, on demand
	AETIA_CASES=$(ALL_PROOF_CASES) $(CARGO) test --profile deep -p aetia-tests --test proofs -- --nocapture

test-z3: setup ## Hold the prover against z3, on its questions as SMT-LIB
	AETIA_Z3=$(abspath $(VENV))/bin/z3 $(CARGO) test --profile deep -p aetia-tests --test proofs -- --ignored --nocapture outside

test-scale: $(SCALE_VENV)/installed ## Score two million cases on Spark (needs Java 17) and Dask while workers are killed
	$(SCALE_VENV)/bin/python -m pytest python/tests/scale

style: style-rust style-python numbers ## Check format, lints and documentation

style-rust:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --no-deps --workspace --document-private-items

style-python: setup
	$(VENV)/bin/python -m ruff check
	$(VENV)/bin/python -m ruff format --check

numbers: ## Check that the worked numbers in the documentation are the computed ones
	@python3 crates/aetia/docs/maths.py > /dev/null
	@python3 crates/aetia-stats/docs/maths.py > /dev/null

bench: ## Measure speed with criterion
	$(CARGO) bench -p aetia-benches

bench-scale: $(SCALE_VENV)/installed ## Rows a second in one call, streamed, on Dask and on Spark
	$(SCALE_VENV)/bin/python benches/side_by_side/scale.py

bench-python: setup ## Time one case and many from Python beside other ways to do it, and the size of the package
	$(VENV)/bin/python benches/side_by_side/one_case.py
	$(VENV)/bin/python benches/side_by_side/cohort.py
	$(VENV)/bin/python benches/side_by_side/package.py --wheel

pictures: setup ## Draw the pictures of the README
	$(VENV)/bin/python examples/pictures.py

bless: ## Accept the present texts as the expected ones; then read the diff
	BLESS=1 $(CARGO) test -p aetia-tests --test all
	BLESS=1 $(CARGO) test -p aetia-cli --test all
	@git status --short -- tests examples crates/aetia-cli
