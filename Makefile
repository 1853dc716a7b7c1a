# Two commands do everything on a bare machine with Python 3.11 or newer, git and make: `make demo` and `make test`.
PYTHON ?= $(firstword $(foreach p,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(p) -c 'import sys; print("$(p)") if sys.version_info >= (3, 11) else None' 2>/dev/null)))
VENV := .venv/bin

.PHONY: demo test trials lab lint generated clean

demo: .venv/xinyu-ready
	$(VENV)/xinyu demo

test: .venv/xinyu-ready
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/python -m pytest -n auto --dist loadgroup

trials: .venv/xinyu-ready
	XINYU_TRIALS=full $(VENV)/python -m pytest -m trials

lab: .venv/xinyu-ready
	$(VENV)/xinyu lab

generated: .venv/xinyu-ready
	$(VENV)/python scripts/generate.py

clean:
	rm -rf .venv data/demo data/demo-keng reports/*-*

.venv/xinyu-ready: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本 / needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m xinyu_lib.bootstrap
	@touch $@
