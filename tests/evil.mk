# What the tests of the real daemon need beside it: a task that reports on
# itself, hostile stand-ins for the helpers, and the yardsticks of bench.
EVIL_OBJS =	tests/evil/evil.o
EVIL_PROGS =	$(TESTBIN)/task $(TESTBIN)/stir $(TESTBIN)/tiny \
		$(TESTBIN)/bench_loop $(TESTBIN)/bench_again \
		$(TESTBIN)/bench_cpu \
		$(TESTBIN)/evil_monitor $(TESTBIN)/evil_httpd \
		$(TESTBIN)/evil_loader

# Static, and without the sanitizers: it must be what a task is elsewhere.
$(TESTBIN)/task: tests/regress/task.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -I. $(CPPFLAGS) -static -o $@ \
	    tests/regress/task.c

$(TESTBIN)/stir: tests/regress/stir.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -I. $(CPPFLAGS) -static -o $@ \
	    tests/regress/stir.c

# As small as a program can be: no libc where we know how.
$(TESTBIN)/tiny: tests/bench/tiny.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 -O2 -fno-stack-protector $(WARN) -DTINY_NOLIBC \
	    -static -nostdlib -o $@ tests/bench/tiny.c 2>/dev/null || \
	$(CC) -std=gnu11 -O2 $(WARN) -static -o $@ tests/bench/tiny.c

$(TESTBIN)/bench_loop: tests/bench/bench_loop.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -I. $(CPPFLAGS) $(BSD_CFLAGS) \
	    -o $@ tests/bench/bench_loop.c $(BSD_LIBS)

$(TESTBIN)/bench_again: tests/bench/bench_again.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -I. $(CPPFLAGS) $(BSD_CFLAGS) \
	    -o $@ tests/bench/bench_again.c $(BSD_LIBS)

EVIL_MONITOR_OBJS = tests/evil/evil_monitor.o tests/evil/evil_asks.o

$(TESTBIN)/evil_monitor: $(EVIL_MONITOR_OBJS) $(EVIL_OBJS) libcommon.a
	$(TESTLINK) $(EVIL_MONITOR_OBJS) $(EVIL_OBJS) libcommon.a \
	    $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/evil_httpd: tests/evil/evil_httpd.o $(EVIL_OBJS) libcommon.a
	$(TESTLINK) tests/evil/evil_httpd.o $(EVIL_OBJS) libcommon.a \
	    $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/evil_loader: tests/evil/evil_loader.o $(EVIL_OBJS) libcommon.a
	$(TESTLINK) tests/evil/evil_loader.o $(EVIL_OBJS) libcommon.a \
	    $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/bench_cpu: tests/bench/bench_cpu.c
	@mkdir -p -m 755 $(TESTBIN)
	$(CC) -std=gnu11 $(CFLAGS) $(WARN) -I. $(CPPFLAGS) $(BSD_CFLAGS) \
	    $(YAML_CFLAGS) -o $@ tests/bench/bench_cpu.c $(YAML_LIBS) \
	    $(BSD_LIBS)
