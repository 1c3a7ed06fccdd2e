# Needs Python 3.11 or newer and nothing else: `make demo`, `make test`.
#
# Settings meant for pip (PIP_INDEX_URL, PIP_FIND_LINKS, PIP_CERT, PIP_DEFAULT_TIMEOUT) are handed on to uv.

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
JOBS   ?= 2

UV_ENV := $(if $(PIP_INDEX_URL),UV_DEFAULT_INDEX="$(PIP_INDEX_URL)") \
          $(if $(PIP_FIND_LINKS),UV_FIND_LINKS="$(PIP_FIND_LINKS)") \
          $(if $(PIP_CERT),SSL_CERT_FILE="$(PIP_CERT)") \
          $(if $(PIP_DEFAULT_TIMEOUT),UV_HTTP_TIMEOUT="$(PIP_DEFAULT_TIMEOUT)")

.PHONY: demo test lint types tests test-fast test-gpu test-emulated-gpu notebooks bench-peers libraries format setup clean

demo: setup          ## the main job on real input: verify, tie, apply, refute
	$(BIN)/catcore demo

test: lint types tests  ## everything a change has to pass

setup: $(READY)

# Bytecode is compiled now: the first `import sympy` would otherwise take seconds. uv does in seconds what takes pip a
# minute; where it cannot be had or cannot reach what pip is configured to reach, pip does it.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "catcore needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	{ $(BIN)/python -m pip install --quiet uv \
	  && $(UV_ENV) $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -e '.[test,demo]'; } \
	  || $(BIN)/python -m pip install --quiet -e '.[test,demo]'
	touch $@

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

tests: setup         ## unit tests, laws, guards, notebooks and every doctest
	$(BIN)/python -m pytest -n $(JOBS)

test-fast: setup     ## the same without the slow ones
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-gpu: setup      ## only what needs a CUDA device (extra cuda12 or cuda13)
	$(BIN)/python -m pytest -m gpu

# CuPy's wheel stands in an environment of its own, where it meets no device; see tests/backends/emulated_cuda.
EMULATED := .peers/cupy/environment
test-emulated-gpu: setup  ## the same on an emulated CUDA, without a GPU (minutes; Linux on x86-64 with g++)
	test -x $(EMULATED)/bin/python || $(BIN)/python -m venv $(EMULATED)
	$(UV_ENV) $(BIN)/uv pip install --quiet --python $(EMULATED)/bin/python --compile-bytecode \
	  -e '.[test,demo]' 'cupy-cuda13x==14.2.*'
	$(EMULATED)/bin/python -m pytest -n $(JOBS) -p tests.backends.emulated_cuda.plugin -m gpu

notebooks: setup     ## each notebook again from its source, notebooks/*.py, with what its cells print
	$(BIN)/python -m tests.notebooks.build

bench-peers: setup   ## the peers of `python -m tests.benchmarks.tying`, each in an environment of its own
	$(UV_ENV) $(BIN)/python -m tests.benchmarks.tying.install

# PyTorch's CPU build is taken where it lies at hand: elsewhere pip brings the one for CUDA, which is several gigabytes.
libraries: setup     ## PyTorch, JAX and Dask, so that the suite runs on them, too
	$(BIN)/python -m pip install --quiet --no-index --no-deps torch 2> /dev/null || true
	{ $(UV_ENV) $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -e '.[torch,jax,dask]'; } \
	  || $(BIN)/python -m pip install --quiet -e '.[torch,jax,dask]'

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .peers dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
