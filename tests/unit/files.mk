# Unit tests of common/: out/tests/check_NAME from tests/unit/check_NAME.c.
UNIT_PROGS =	$(TESTBIN)/check_wire

$(TESTBIN)/check_wire: tests/unit/check_wire.o libcommon.a
	$(TESTLINK) tests/unit/check_wire.o libcommon.a $(CHECK_LIBS) $(BSD_LIBS)
