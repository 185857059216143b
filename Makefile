# patch-doctor: `make` alone prints this list. `make demo` and `make test` install what they need by themselves.
.DEFAULT_GOAL := help
.PHONY: help deps build release agent deb deb-check rpm arch demo test unit lab bench chaos fuzz conformance lint format \
    check clean

SWIFT ?= swift
export DEBIAN_FRONTEND := noninteractive
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

LIBRARIES := libssl-dev libsystemd-dev libarchive-dev libzstd-dev libyaml-dev libsqlite3-dev pkg-config
TOOLS := mmdebstrap systemd-container systemd-journal-remote openssl iproute2 procps lsof psmisc zstd time binutils perl strace dpkg-dev python3-jsonschema \
    chromium poppler-utils dnf rpm createrepo-c dnf-plugins-core pacman-package-manager makepkg libarchive-tools \
    debhelper lintian shellcheck fakeroot

# The program as it is shipped; `make lab DOCTOR=.build/debug/patch-doctor` tries another one.
DOCTOR ?= .build/release/patch-doctor
# Ids of scenarios, or how they begin, separated by commas: `make lab ONLY=port,incident`.
ONLY ?=
# systemd-nspawn boots the containers, so these run as root; the build does not.
LAB = $(AS_ROOT) env PATCH_DOCTOR_BINARY='$(abspath $(DOCTOR))' PATCH_DOCTOR_LAB_ONLY='$(ONLY)' \
    $(if $(PATCH_DOCTOR_LAB),PATCH_DOCTOR_LAB='$(PATCH_DOCTOR_LAB)')

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

deps: ## install the Debian packages that are missing
	@command -v dpkg-query >/dev/null || { echo "not a Debian: install the like of $(LIBRARIES) $(TOOLS)"; exit 0; }; \
	missing=$$(for package in $(LIBRARIES) $(TOOLS); do \
	    dpkg-query --show --showformat='$${db:Status-Status}\n' $$package 2>/dev/null | grep -qx installed || \
	    echo $$package; done); \
	test -z "$$missing" && exit; echo "installing" $$missing; \
	install="$(AS_ROOT) apt-get install --yes --quiet --no-install-recommends"; \
	$$install $$missing || { $(AS_ROOT) apt-get update --quiet && $$install $$missing; }

build: deps ## everything, for debugging, tests included
	$(SWIFT) build --build-tests

release: deps ## the program as it is shipped, without the Swift runtime to install
	$(SWIFT) build -c release --static-swift-stdlib -Xlinker -s -Xlinker --icf=safe \
	    -Xlinker --version-script=$(CURDIR)/packaging/exports.map --product patch-doctor

agent: deps ## the agent as it is shipped
	$(SWIFT) build -c release --static-swift-stdlib -Xlinker -s -Xlinker --icf=safe \
	    -Xlinker --version-script=$(CURDIR)/packaging/exports.map --product linux-patch-api

# REVISION=2 makes the next revision of the same version; all of them lie in .build/packages.
deb: release agent ## the Debian packages
	packaging/deb.sh

deb-check: release agent ## the same twice, compared, and lintian's opinion
	packaging/check.sh

rpm: release agent ## the RPM packages
	packaging/rpm.sh

arch: release agent ## the Arch packages
	packaging/arch.sh

demo: release ## the incident on real systemd, and what patch-doctor says of it
	$(SWIFT) build --product old-agent
	$(SWIFT) build --product lab
	@$(LAB) .build/debug/lab demo

test: unit lab ## unit tests, then the lab

# Those that start servers and programs of their own go after the others, which have budgets of time to keep.
APART := ServingTests|EnrollmentTests|DevManagerTests|IdentityTests|BrowserTests|AptTests|DnfTests|DnfFaultTests|PacmanTests|PacmanFaultTests
unit: build ## unit tests
	$(SWIFT) test --skip-build --disable-xctest --skip 'LabTests|$(APART)'
	$(SWIFT) test --skip-build --disable-xctest --filter '$(APART)'

lab: build $(if $(filter .build/release/%,$(DOCTOR)),deb) ## break real machines in every way that has a name
	@if $(LAB) .build/debug/lab check; then \
	    $(LAB) PATCH_DOCTOR_LAB_RUN=1 .build/debug/patch-doctorPackageTests.xctest \
	        --testing-library swift-testing --filter LabTests; \
	elif test "$$CI" = true; then echo "lab: a lab that can't run is a failure in CI" >&2; exit 1; \
	else echo "lab: skipped, for the reason above"; fi

bench: release agent ## figures against the peers
	@for script in Tests/Benchmarks/*.sh; do echo "== $$script"; \
	    PATCH_DOCTOR=$(CURDIR)/.build/release/patch-doctor "$$script" || exit 1; done

# Runs and seed of chaos; a seed of its own each time where none is given.
RUNS ?= 1000
SEED ?=
chaos: build ## a thousand remedies while processes end, change and get each other's numbers
	$(AS_ROOT) unshare --pid --fork --kill-child --mount-proc --net .build/debug/chaos --runs $(RUNS) $(if $(SEED),--seed $(SEED))

fuzz: deps ## mutated input for every parser of what a host holds
	$(SWIFT) run -c release fuzz

conformance: ## five minutes of made-up requests to the agent, against docs/openapi.yaml
	@$(AS_ROOT) env PATH="$$PATH" Tests/Benchmarks/schemathesis.sh

lint: ## the formatter's opinion
	$(SWIFT) format lint --recursive --strict --parallel Package.swift Sources Tests

format: ## the formatter's will
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

check: lint unit ## what must be so before a commit

clean: ## remove what was built
	$(SWIFT) package clean
	rm -rf demo-output
