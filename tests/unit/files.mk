# Unit tests of common/: out/tests/check_NAME from tests/unit/check_NAME.c.
UNIT_PROGS =	$(TESTBIN)/check_answerjson \
		$(TESTBIN)/check_chan \
		$(TESTBIN)/check_client \
		$(TESTBIN)/check_ctl \
		$(TESTBIN)/check_ctl_change \
		$(TESTBIN)/check_ctl_daemon \
		$(TESTBIN)/check_ctl_load \
		$(TESTBIN)/check_ctl_output \
		$(TESTBIN)/check_imsg \
		$(TESTBIN)/check_ipc \
		$(TESTBIN)/check_log \
		$(TESTBIN)/check_mono \
		$(TESTBIN)/check_plan \
		$(TESTBIN)/check_prefix \
		$(TESTBIN)/check_run \
		$(TESTBIN)/check_signame \
		$(TESTBIN)/check_states \
		$(TESTBIN)/check_util \
		$(TESTBIN)/check_wire $(TESTBIN)/check_memfile

$(TESTBIN)/check_signame: tests/unit/check_signame.o libcommon.a
	$(TESTLINK) tests/unit/check_signame.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_states: tests/unit/check_states.o libcommon.a
	$(TESTLINK) tests/unit/check_states.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_memfile: tests/unit/check_memfile.o libcommon.a
	$(TESTLINK) tests/unit/check_memfile.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_wire: tests/unit/check_wire.o libcommon.a
	$(TESTLINK) tests/unit/check_wire.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_imsg: tests/unit/check_imsg.o libcommon.a
	$(TESTLINK) tests/unit/check_imsg.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_chan: tests/unit/check_chan.o libcommon.a
	$(TESTLINK) tests/unit/check_chan.o libcommon.a $(CHECK_LIBS) $(EVENT_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_plan: tests/unit/check_plan.o libcommon.a
	$(TESTLINK) tests/unit/check_plan.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_prefix: tests/unit/check_prefix.o libcommon.a
	$(TESTLINK) tests/unit/check_prefix.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_run: tests/unit/check_run.o libcommon.a
	$(TESTLINK) tests/unit/check_run.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_client: tests/unit/check_client.o libcommon.a
	$(TESTLINK) tests/unit/check_client.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_util: tests/unit/check_util.o libcommon.a
	$(TESTLINK) tests/unit/check_util.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_log: tests/unit/check_log.o libcommon.a
	$(TESTLINK) tests/unit/check_log.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_mono: tests/unit/check_mono.o libcommon.a
	$(TESTLINK) tests/unit/check_mono.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_ipc: tests/unit/check_ipc.o libcommon.a
	$(TESTLINK) tests/unit/check_ipc.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_answerjson: tests/unit/check_answerjson.o libcommon.a
	$(TESTLINK) tests/unit/check_answerjson.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_ctl: tests/unit/check_ctl.o $(CTL_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_ctl.o $(CTL_PARTS) libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_ctl_daemon: tests/unit/check_ctl_daemon.o \
    tests/unit/fake_daemon.o $(CTL_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_ctl_daemon.o tests/unit/fake_daemon.o \
	    $(CTL_PARTS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_ctl_output: tests/unit/check_ctl_output.o \
    tests/unit/fake_daemon.o $(CTL_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_ctl_output.o tests/unit/fake_daemon.o \
	    $(CTL_PARTS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_ctl_change: tests/unit/check_ctl_change.o \
    tests/unit/fake_daemon.o $(CTL_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_ctl_change.o tests/unit/fake_daemon.o \
	    $(CTL_PARTS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_ctl_load: tests/unit/check_ctl_load.o \
    tests/unit/fake_daemon.o $(CTL_PARTS) libcommon.a
	$(TESTLINK) tests/unit/check_ctl_load.o tests/unit/fake_daemon.o \
	    $(CTL_PARTS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)
