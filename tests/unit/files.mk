# Unit tests of common/: out/tests/check_NAME from tests/unit/check_NAME.c.
UNIT_PROGS =	$(TESTBIN)/check_signame $(TESTBIN)/check_states \
		$(TESTBIN)/check_wire

$(TESTBIN)/check_wire: tests/unit/check_wire.o libcommon.a
	$(TESTLINK) tests/unit/check_wire.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_signame: tests/unit/check_signame.o libcommon.a
	$(TESTLINK) tests/unit/check_signame.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_states: tests/unit/check_states.o libcommon.a
	$(TESTLINK) tests/unit/check_states.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)
