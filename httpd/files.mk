HTTPD_OBJS =	httpd/main.o httpd/setup.o httpd/listen.o httpd/conn.o \
		httpd/room.o httpd/refusal.o \
		httpd/reply.o httpd/send.o httpd/etag.o httpd/route.o httpd/origin.o httpd/peer.o \
		httpd/asks.o httpd/change.o httpd/form.o \
		httpd/answers.o httpd/snapshot.o httpd/render.o httpd/tls.o \
		httpd/access.o httpd/base64.o httpd/page.o httpd/graph.o \
		httpd/html.o httpd/assets.o httpd/action.o httpd/events.o \
		httpd/metrics.o httpd/prom.o

# The page's style and script, for the compiler.
ASSETS =	httpd/page.css httpd/page.js httpd/icon.svg

httpd/assets.inc: httpd/embed $(ASSETS)
	sh httpd/embed asset_css httpd/page.css asset_js httpd/page.js \
	    asset_icon httpd/icon.svg >$@.new
	mv $@.new $@

httpd/assets.o: httpd/assets.inc
