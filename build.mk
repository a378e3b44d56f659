# The rules of the build; see Makefile.  out/ is laid out as an installed
# prefix, so that the programs run from it just as from /usr/local.

include config.mk

SBIN =		out/sbin
LIBEXEC =	out/libexec/taskforced
TESTBIN =	out/tests

ALL_CFLAGS =	-std=gnu11 $(CFLAGS) $(WARN) $(HARDEN) -MMD -MP -include config.h \
		-I. $(CPPFLAGS) $(BSD_CFLAGS) $(EVENT_CFLAGS) $(YAML_CFLAGS) \
		$(SSL_CFLAGS) $(SECCOMP_CFLAGS) $(CHECK_CFLAGS)
DEFS =		-DSBINDIR='"$(sbindir)"' \
		-DLIBEXECDIR='"$(libexecdir)/taskforced"' \
		-DSYSCONFDIR='"$(sysconfdir)"' \
		-DMONITOR_USER='"$(MONITOR_USER)"' \
		-DHTTPD_USER='"$(HTTPD_USER)"'
LINK =		$(CC) $(CFLAGS) $(HARDEN) $(LDFLAGS) $(HARDENLD) \
		-Wl,--as-needed -o $@

PROGS =		$(SBIN)/taskforced $(SBIN)/taskforcectl \
		$(LIBEXEC)/monitor $(LIBEXEC)/httpd

default: all

include common/files.mk
include spawner/files.mk
include monitor/files.mk
include httpd/files.mk
include ctl/files.mk
include tests/files.mk

all: $(PROGS) depend
tests: $(TEST_PROGS) depend

.SUFFIXES: .c .o
.c.o:
	$(CC) $(ALL_CFLAGS) $(DEFS) -c -o $@ $<

libcommon.a: $(COMMON_OBJS)
	rm -f $@
	$(AR) rc $@ $(COMMON_OBJS)

$(SBIN)/taskforced: $(SPAWNER_OBJS) libcommon.a
	@mkdir -p -m 755 $(SBIN)
	$(LINK) $(SPAWNER_OBJS) libcommon.a $(EVENT_LIBS) $(BSD_LIBS)

$(LIBEXEC)/monitor: $(MONITOR_OBJS) libcommon.a
	@mkdir -p -m 755 $(LIBEXEC)
	$(LINK) $(MONITOR_OBJS) libcommon.a $(YAML_LIBS) $(EVENT_LIBS) \
	    $(SECCOMP_LIBS) $(BSD_LIBS)

$(LIBEXEC)/httpd: $(HTTPD_OBJS) libcommon.a
	@mkdir -p -m 755 $(LIBEXEC)
	$(LINK) $(HTTPD_OBJS) libcommon.a $(EVHTTP_LIBS) $(SSL_LIBS) \
	    $(CRYPT_LIBS) $(EVENT_LIBS) $(SECCOMP_LIBS) $(BSD_LIBS)

$(SBIN)/taskforcectl: $(CTL_OBJS) libcommon.a
	@mkdir -p -m 755 $(SBIN)
	$(LINK) $(CTL_OBJS) libcommon.a $(EVENT_LIBS) $(BSD_LIBS)

# What the compiler found out about headers, in one file that both makes
# can include.
depend:
	@cat common/*.d spawner/*.d monitor/*.d httpd/*.d ctl/*.d \
	    tests/*/*.d > .depend 2>/dev/null || true

INSTALL =	install
bashcompdir =	$(datarootdir)/bash-completion/completions
zshcompdir =	$(datarootdir)/zsh/site-functions
install: all
	$(INSTALL) -d -m 755 $(DESTDIR)$(sbindir) \
	    $(DESTDIR)$(libexecdir)/taskforced \
	    $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8 \
	    $(DESTDIR)$(bashcompdir) $(DESTDIR)$(zshcompdir) \
	    $(DESTDIR)$(datarootdir)/taskforced $(DESTDIR)$(sysconfdir)
	$(INSTALL) -m 755 $(SBIN)/taskforced $(SBIN)/taskforcectl \
	    $(DESTDIR)$(sbindir)
	$(INSTALL) -m 755 $(LIBEXEC)/monitor $(LIBEXEC)/httpd \
	    $(DESTDIR)$(libexecdir)/taskforced
	$(INSTALL) -m 644 man/taskforced.8 man/taskforcectl.8 \
	    $(DESTDIR)$(mandir)/man8
	$(INSTALL) -m 644 man/taskforce.conf.5 $(DESTDIR)$(mandir)/man5
	$(INSTALL) -m 644 etc/completions/taskforcectl.bash \
	    $(DESTDIR)$(bashcompdir)/taskforcectl
	$(INSTALL) -m 644 etc/completions/_taskforcectl \
	    $(DESTDIR)$(zshcompdir)
	$(INSTALL) -m 644 etc/taskforce.schema.json \
	    $(DESTDIR)$(datarootdir)/taskforced
	$(INSTALL) -m 644 etc/taskforce.conf \
	    $(DESTDIR)$(sysconfdir)/taskforce.conf.sample
	@DESTDIR='$(DESTDIR)' MONITOR_USER='$(MONITOR_USER)' \
	    HTTPD_USER='$(HTTPD_USER)' sh etc/mkusers

uninstall:
	rm -f $(DESTDIR)$(sbindir)/taskforced \
	    $(DESTDIR)$(sbindir)/taskforcectl \
	    $(DESTDIR)$(libexecdir)/taskforced/monitor \
	    $(DESTDIR)$(libexecdir)/taskforced/httpd \
	    $(DESTDIR)$(mandir)/man8/taskforced.8 \
	    $(DESTDIR)$(mandir)/man8/taskforcectl.8 \
	    $(DESTDIR)$(mandir)/man5/taskforce.conf.5 \
	    $(DESTDIR)$(bashcompdir)/taskforcectl \
	    $(DESTDIR)$(zshcompdir)/_taskforcectl \
	    $(DESTDIR)$(datarootdir)/taskforced/taskforce.schema.json \
	    $(DESTDIR)$(sysconfdir)/taskforce.conf.sample
	-rmdir $(DESTDIR)$(libexecdir)/taskforced \
	    $(DESTDIR)$(datarootdir)/taskforced

.PHONY: default all tests depend install uninstall

-include .depend
