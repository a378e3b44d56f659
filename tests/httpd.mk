# The stand that plays spawner and monitor for httpd.
HTTPD_TEST_PROGS =	$(TESTBIN)/httpd_stand

STAND_OBJS =	tests/httpd/httpd_stand.o

$(TESTBIN)/httpd_stand: $(STAND_OBJS) libcommon.a
	$(TESTLINK) $(STAND_OBJS) libcommon.a $(EVENT_LIBS) $(BSD_LIBS)
