# The stand that plays spawner and monitor for httpd, and the unit tests of
# httpd and of what only helpers use.
HTTPD_TEST_PROGS =	$(TESTBIN)/httpd_stand $(TESTBIN)/http_client \
		$(TESTBIN)/http_load \
		$(TESTBIN)/check_access $(TESTBIN)/check_change $(TESTBIN)/check_etag \
		$(TESTBIN)/check_json \
		$(TESTBIN)/check_origin $(TESTBIN)/check_privdrop \
		$(TESTBIN)/check_room \
		$(TESTBIN)/check_route $(TESTBIN)/check_sandbox \
		$(TESTBIN)/check_snapshot $(TESTBIN)/fuzz_request \
		$(TESTBIN)/fuzz_http

STAND_OBJS =	tests/httpd/httpd_stand.o tests/httpd/stand_monitor.o
FUZZ_REQUEST_OBJS = tests/fuzz/fuzz_request.o tests/fuzz/replay.o \
		httpd/form.o httpd/origin.o httpd/route.o httpd/snapshot.o
ACCESS_OBJS =	tests/unit/check_access.o httpd/access.o httpd/base64.o \
		httpd/tls.o
CHANGE_OBJS =	tests/unit/check_change.o httpd/change.o httpd/form.o
ROUTE_OBJS =	tests/unit/check_route.o httpd/route.o httpd/form.o
SNAPSHOT_OBJS =	tests/unit/check_snapshot.o httpd/snapshot.o httpd/render.o \
		httpd/etag.o

$(TESTBIN)/httpd_stand: $(STAND_OBJS) libcommon.a
	$(TESTLINK) $(STAND_OBJS) libcommon.a $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/http_client: tests/httpd/http_client.o libcommon.a
	$(TESTLINK) tests/httpd/http_client.o libcommon.a $(BSD_LIBS)

$(TESTBIN)/http_load: tests/httpd/http_load.o libcommon.a
	$(TESTLINK) tests/httpd/http_load.o libcommon.a $(BSD_LIBS)

$(TESTBIN)/check_json: tests/unit/check_json.o libcommon.a
	$(TESTLINK) tests/unit/check_json.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_origin: tests/unit/check_origin.o httpd/origin.o
	$(TESTLINK) tests/unit/check_origin.o httpd/origin.o $(CHECK_LIBS)

$(TESTBIN)/check_privdrop: tests/unit/check_privdrop.o libcommon.a
	$(TESTLINK) tests/unit/check_privdrop.o libcommon.a $(CHECK_LIBS) \
	    $(BSD_LIBS)

$(TESTBIN)/check_room: tests/unit/check_room.o httpd/room.o
	$(TESTLINK) tests/unit/check_room.o httpd/room.o $(CHECK_LIBS)

$(TESTBIN)/check_route: $(ROUTE_OBJS) libcommon.a
	$(TESTLINK) $(ROUTE_OBJS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_etag: tests/unit/check_etag.o httpd/etag.o libcommon.a
	$(TESTLINK) tests/unit/check_etag.o httpd/etag.o libcommon.a \
	    $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_access: $(ACCESS_OBJS) libcommon.a
	$(TESTLINK) $(ACCESS_OBJS) libcommon.a $(CHECK_LIBS) $(EVHTTP_LIBS) \
	    $(SSL_LIBS) $(CRYPT_LIBS) $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_change: $(CHANGE_OBJS) libcommon.a
	$(TESTLINK) $(CHANGE_OBJS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_sandbox: tests/unit/check_sandbox.o libcommon.a
	$(TESTLINK) tests/unit/check_sandbox.o libcommon.a $(CHECK_LIBS) \
	    $(SECCOMP_LIBS) $(BSD_LIBS)

$(TESTBIN)/check_snapshot: $(SNAPSHOT_OBJS) libcommon.a
	$(TESTLINK) $(SNAPSHOT_OBJS) libcommon.a $(CHECK_LIBS) $(BSD_LIBS)

FUZZ_HTTP_OBJS = tests/fuzz/fuzz_http.o tests/fuzz/replay.o httpd/route.o \
		httpd/form.o httpd/change.o httpd/etag.o httpd/base64.o \
		httpd/origin.o

$(TESTBIN)/fuzz_http: $(FUZZ_HTTP_OBJS) libcommon.a
	$(TESTLINK) $(FUZZ_HTTP_OBJS) libcommon.a $(EVHTTP_LIBS) \
	    $(EVENT_LIBS) $(BSD_LIBS)

$(TESTBIN)/fuzz_request: $(FUZZ_REQUEST_OBJS) libcommon.a
	$(TESTLINK) $(FUZZ_REQUEST_OBJS) libcommon.a $(BSD_LIBS)
