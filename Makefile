# taskforced: GNU make and BSD make both read this file.
#
#	make		build (bootstraps and configures first if need be)
#	make demo	install what is missing, build, run the demo
#	make check	install what is missing, build, run all tests
#	make install	DESTDIR=... is honoured
#	make schema	write etc/taskforce.schema.json anew
#
# The real rules are in build.mk, which needs the config.mk that configure
# writes; this file makes sure that it is there.

all: config.mk
	@$(MAKE) -f build.mk all

configure: configure.ac
	autoheader
	autoconf

config.mk: configure config.mk.in
	./configure $(CONFIGURE_ARGS)

tests: all
	@$(MAKE) -f build.mk tests

install: config.mk
	@$(MAKE) -f build.mk install

uninstall: config.mk
	@$(MAKE) -f build.mk uninstall

# TESTS="name ..." runs only those whose names match.
check: deps
	@$(MAKE) tests
	@sh tests/run $(TESTS)

demo:
	@sh tests/deps build
	@$(MAKE) all
	@sh etc/demo/run $(ROLES)

bench: deps
	@$(MAKE) tests
	@sh tests/bench/run
	@sh tests/bench/config
	@sh tests/bench/watch
	@sh tests/bench/http

# The schema of the configuration, from the parser's table of keys.
schema: config.mk
	@$(MAKE) -f build.mk out/tests/schema
	@out/tests/schema > etc/taskforce.schema.json.new
	@mv etc/taskforce.schema.json.new etc/taskforce.schema.json

fuzz: deps
	@sh tests/fuzz/run-long $(FUZZ_SECONDS)

# Installs missing Debian packages when root or by sudo, else says how.
deps:
	@sh tests/deps

clean:
	rm -rf out tests/out
	find . -type f -name '*.[ado]' -exec rm -f {} +
	rm -f httpd/assets.inc .depend

distclean: clean
	rm -rf autom4te.cache
	rm -f aclocal.m4 config.h config.h.in config.h.in~ config.log \
	    config.mk config.status configure configure~

.PHONY: all tests install uninstall check demo bench schema fuzz deps clean distclean
