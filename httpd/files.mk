HTTPD_OBJS =	httpd/main.o httpd/setup.o httpd/listen.o httpd/conn.o \
		httpd/reply.o httpd/send.o httpd/etag.o httpd/route.o httpd/origin.o httpd/peer.o \
		httpd/asks.o httpd/change.o httpd/form.o \
		httpd/answers.o httpd/snapshot.o httpd/render.o httpd/tls.o \
		httpd/access.o httpd/base64.o
