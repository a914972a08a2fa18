# evalh: `make run` and `make test` are the two commands of the README.
SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=
CONFIGURATION ?= release
BUILD := .build/$(CONFIGURATION)
PLUGINS := $(notdir $(patsubst %/,%,$(wildcard Plugins/*/)))
VERSION := $(shell sed -n 's/.*static let version = "\(.*\)"/\1/p' Sources/evalh/Evalh.swift)
# What a build needs, and what the tests need besides.
DEBIAN := libcurl4-openssl-dev libsqlite3-dev libssl-dev libyaml-dev pkg-config python3-venv zlib1g-dev
DEBIAN_TEST := chromium curl gcc openssl
INSTALL_ROOT := $(DESTDIR)$(PREFIX)

.PHONY: help packages test-packages build run test lint check-data unit real-run clients reproduce bench docs install uninstall clean

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
	$(MAKE) lint check-data unit clients real-run

lint: ## check the format
	swift format lint --strict -r Sources Plugins Tests Package.swift

check-data: ## solve every problem of suites/data anew
	python3 scripts/check-gsm-mini.py

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
	install -d $(INSTALL_ROOT)/bin $(INSTALL_ROOT)/lib/evalh/plugins $(INSTALL_ROOT)/lib/evalh/evalh_ReferenceModel.resources $(INSTALL_ROOT)/lib/pkgconfig $(INSTALL_ROOT)/include/evalh_plugin \
	  $(INSTALL_ROOT)/share/evalh/suites/data $(INSTALL_ROOT)/share/evalh/scripts
	install -m 755 $(BUILD)/evalh $(INSTALL_ROOT)/bin/evalh
	install -m 755 $(BUILD)/evalh-reference-server $(INSTALL_ROOT)/lib/evalh/evalh-reference-server
	install -m 644 $(BUILD)/evalh_ReferenceModel.resources/* $(INSTALL_ROOT)/lib/evalh/evalh_ReferenceModel.resources/
	for p in $(PLUGINS); do install -m 644 $(BUILD)/lib$$p.so $(INSTALL_ROOT)/lib/evalh/plugins/lib$$p.so; done
	install -m 644 Sources/CEvalhPlugin/include/evalh_plugin.h $(INSTALL_ROOT)/include/evalh_plugin.h
	install -m 644 Sources/CEvalhPlugin/include/evalh_plugin/*.h $(INSTALL_ROOT)/include/evalh_plugin/
	install -m 644 suites/*.yaml $(INSTALL_ROOT)/share/evalh/suites/
	install -m 644 suites/data/*.jsonl $(INSTALL_ROOT)/share/evalh/suites/data/
	install -m 755 scripts/local-model $(INSTALL_ROOT)/share/evalh/scripts/local-model
	printf 'prefix=%s\nincludedir=$${prefix}/include\nplugindir=$${prefix}/lib/evalh/plugins\n\nName: evalh-plugin\nDescription: plugin ABI of evalh, the harness for test-time compute\nVersion: %s\nCflags: -I$${includedir}\n' \
	  '$(PREFIX)' '$(VERSION)' > $(INSTALL_ROOT)/lib/pkgconfig/evalh-plugin.pc

uninstall: ## remove what install put there
	rm -rf $(INSTALL_ROOT)/bin/evalh $(INSTALL_ROOT)/lib/evalh $(INSTALL_ROOT)/include/evalh_plugin.h \
	  $(INSTALL_ROOT)/include/evalh_plugin $(INSTALL_ROOT)/share/evalh \
	  $(INSTALL_ROOT)/lib/pkgconfig/evalh-plugin.pc

clean: ## remove build products
	rm -rf .build
