# evalh: `make run` and `make test` are the two commands of the README.
SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
CONFIGURATION ?= release
BUILD := .build/$(CONFIGURATION)
# What a build needs, and what the tests need besides.
DEBIAN := libcurl4-openssl-dev libsqlite3-dev libssl-dev libyaml-dev patchelf pkg-config python3-venv zlib1g-dev
DEBIAN_TEST := abigail-tools chromium curl g++ gcc groff-base openssl

.PHONY: help packages test-packages build run test lint check-data manual unit real-run clients authors reproduce bench \
  install uninstall deb deb-test docs clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

packages: ## install the Debian packages that are missing
test-packages: DEBIAN += $(DEBIAN_TEST)
test-packages: ## as packages, with what the tests need besides
packages test-packages:
	@missing=; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -q && DEBIAN_FRONTEND=noninteractive $$SUDO apt-get install -y -q $$missing; fi

build: packages ## build everything (CONFIGURATION=release|debug)
	swift build -c $(CONFIGURATION)

run: build ## build and run suites/gsm.yaml on the embedded model
	$(BUILD)/evalh run suites/gsm.yaml

test: packages ## build with warnings as errors, lint, check the data, all tests, a real run
	EVALH_WERROR=1 swift build --build-tests
	scripts/docs --skip-build
	$(MAKE) lint check-data manual unit clients real-run authors

lint: ## check the format, and the page's scripts and styles
	swift format lint --strict -r Sources Plugins Tests Package.swift
	scripts/tidy
	scripts/abi fresh functions
	scripts/abi diff || [ $$? = 77 ]
	python3 scripts/check-page.py || [ $$? = 77 ]

check-data: ## solve every problem of suites/data anew
	python3 scripts/check-gsm-mini.py

manual: ## the manual page without a warning, completions that shells can read
	scripts/man-page --check .build/debug/evalh
	.build/debug/evalh --generate-completion-script bash | bash -n
	for s in zsh fish; do ! command -v $$s > /dev/null || .build/debug/evalh --generate-completion-script $$s | $$s -n || exit; done

# Tests of connections' timing, tests that wait for processes and tests that compute would keep each other waiting on two cores.
TIMING := ModelTransportTests|ModelClientsTests|ReportServerTests
PROCESSES := EndToEndTests

unit: ## all tests
	EVALH_WERROR=1 swift test --skip-build --filter '$(TIMING)'
	EVALH_WERROR=1 swift test --skip-build --filter '$(PROCESSES)'
	EVALH_WERROR=1 swift test --skip-build --skip '$(TIMING)|$(PROCESSES)'

clients: ## OpenAI's own Python package against the embedded model's server
	python3 scripts/check-reference-server.py --server .build/debug/evalh-reference-server || [ $$? = 77 ]

real-run: ## ten items on a real model, its summary checked
	scripts/real-run .build/debug/evalh

authors: ## the tutorials for authors of plugins, word for word, with an installation in a temporary folder
	scripts/check-authors .build/debug || [ $$? = 77 ]

reproduce: build ## docs/reproductions.md anew, from the pools in ../shared/pools
	scripts/reproduce --evalh $(BUILD)/evalh

bench: ## host cost beside bare libcurl, see Benchmarks/README.md
	swift build -c release
	Benchmarks/run
	Benchmarks/replay
	Benchmarks/report

docs: ## DocC archives for plugin authors, in .build/docs; a broken link or an undocumented symbol is an error
	scripts/docs

install: build ## install below PREFIX (DESTDIR for packaging)
	scripts/install-tree $(BUILD) $(PREFIX) $(DESTDIR)

uninstall: ## remove what install put there
	scripts/uninstall-tree $(PREFIX) $(DESTDIR)

deb: build ## a Debian package, in .build
	scripts/make-deb $(BUILD) .build

deb-test: deb ## install the package into a bare Debian 12, run a suite there, remove it (root; minutes; a mirror)
	scripts/check-deb "$$(ls -t .build/evalh_*.deb | head -1)"

clean: ## remove build products
	rm -rf .build
