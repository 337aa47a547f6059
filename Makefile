# SPDX-License-Identifier: MIT
# The front door: verbs for people. What they do is in CMakePresets.json and scripts/.

SECONDS ?= 60

.PHONY: help setup build demo test check bench size fuzz soak format clean distclean
.NOTPARALLEL:

help:
	@echo "make build      the command line build/openledger, the module build/openledger.wasm, the libraries"
	@echo "make demo       start local chains; prove accounts of them by each level, serve a wallet, refuse lies"
	@echo "make test       everything that can be tested, sanitizers included"
	@echo "make check      the fast part of it, for before a commit"
	@echo "make bench      measure: build/bench.json"
	@echo "make size       weigh the module: build/size.json"
	@echo "make fuzz       search the decoders for crashes, SECONDS=60 in all"
	@echo "make soak       the long campaigns: mutations, deleted checks, fuzzing"
	@echo "make format     lay out the C sources"
	@echo "make setup      only bring in and build what the others need; they all begin with it"
	@echo "make clean      remove what was built, but not the dependencies; make distclean removes all"

setup:
	@scripts/setup

build: setup
	@scripts/build release wasm
	@node bindings/js/build.mjs

demo: build
	@scripts/demo

test: setup
	@scripts/test

check: setup
	@scripts/check

bench: build
	@scripts/bench

size: build
	@scripts/size

fuzz: setup
	@scripts/fuzz "$(SECONDS)"

soak: build
	@scripts/soak

format: setup
	@git ls-files -z --cached --others --exclude-standard -- '*.c' '*.h' | xargs -0 clang-format -i

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name deps ! -name stamps ! -name .setup.lock -exec rm -rf {} + 2>/dev/null || true

distclean:
	@rm -rf build node_modules
