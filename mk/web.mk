# The page with its machine: web/README.md.  ./kit installs what it needs.

#: web                 all of it as a page, with a machine in the browser (./kit web --help)
.PHONY: web lint-web
web:
	@./kit $@

SCRIPTS += web/*.sh web/*/*.sh
lint: lint-web

# JavaScript of ours: types (by the comments), rules, tests.  Without npm's
# packages, which only building the page needs, it is not checked.
lint-web:
	$(lint_run)
	$(Q)$(if $(wildcard web/node_modules/.package-lock.json),\
		cd web && npx --no-install tsc -p . && npx --no-install eslint . && \
		node --test tests/unit >/dev/null || { node --test tests/unit | tail -n 30; exit 1; },\
		echo "$@: not checked: npm's packages are not here (./kit web brings them)" >&2)
