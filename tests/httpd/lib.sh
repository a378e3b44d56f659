# What the tests of httpd share; sourced after tests/regress/lib.sh.

command -v curl >/dev/null || skip 'no curl'

STAND=$TOP/out/tests/httpd_stand
CLIENT=$TOP/out/tests/http_client
HTTPD=$PREFIX/libexec/taskforced/httpd

# A key and a certificate that it signed itself: certificate FILE NAME.
certificate()
{
	make_certificate "$1" "$2" -newkey rsa:2048
}

# The same on the curve P-256.
curve_certificate()
{
	make_certificate "$1" "$2" -newkey ec -pkeyopt \
	    ec_paramgen_curve:P-256
}

make_certificate()
{
	file=$1
	name=$2
	shift 2
	command -v openssl >/dev/null || skip 'no openssl'
	openssl req -x509 "$@" -nodes -days 30 -subj "/CN=$name" \
	    -keyout "$file.key" -out "$file.crt" 2>/dev/null ||
	    fail 'openssl made no certificate'
	cat "$file.key" "$file.crt" >"$file"
	chmod 600 "$file"
}

# request [curl option ...] URL: the answer's body in $T/body, its header
# in $T/header, its status in $code.
request()
{
	code=$(curl -s -k -m 15 -D "$T/header" -o "$T/body" \
	    -w '%{http_code}' "$@") || code="$code (curl: $?)"
}

# expect STATUS [curl option ...] URL.  A monitor that is away for seconds, as
# it may be on a busy machine, is told by 503, and it is asked again; not for
# what would then be done twice.  What it has done all the same is no change.
expect()
{
	want=$1
	shift
	request "$@"
	again=10
	while [ "$code" = 503 ] && [ "$want" != 503 ] && [ $again -gt 0 ]; do
		case $* in
		*/manage/control* | */manage/count*)	;;
		*/manage/* | *action=*)	break ;;
		esac
		note "503: $*"
		again=$((again - 1))
		request "$@"
		[ "$code $want" != '200 202' ] || code=202
	done
	[ "$code" = "$want" ] || {
		cat "$T/header" "$T/body" 2>/dev/null
		fail "status $code instead of $want: $*"
	}
}

# The value of a header of the last answer, as it is.
header()
{
	sed -n "s/^$1: \(.*\)$(printf '\r')\$/\1/p" "$T/header"
}

body_is()
{
	echo "$1" | cmp -s - "$T/body" || {
		cat "$T/body"
		fail "the answer is not '$1'"
	}
}

body_has()
{
	grep -q -- "$1" "$T/body" || {
		cat "$T/body"
		fail "the answer lacks '$1'"
	}
}

type_is()
{
	[ "$(header Content-Type)" = "$1" ] ||
	    fail "Content-Type is $(header Content-Type), not $1"
}

# The last byte is a newline.
ends_with_newline()
{
	[ "$(tail -c 1 "$T/body" | od -An -c | tr -d ' ')" = '\n' ] ||
	    fail 'the answer does not end with a newline'
}

# --- an httpd on a stand, without daemon -------------------------------

# stand HTTPD-OPTIONS STAND-OPTION ...: starts it and waits until it serves.
stand()
{
	opts=$1
	shift
	rm -rf "$T/in" "$T/out"
	mkfifo "$T/in"
	mkdir -p "$T/empty"
	if [ $ROOT = yes ]; then
		opts="$opts -u 65534 -g 65534 -d $T/empty"
	else
		opts="$opts -n"
	fi
	"$STAND" "$@" -- "$HTTPD" $opts <"$T/in" >"$T/out" 2>>"$T/log" &
	STANDPID=$!
	started="$started $STANDPID"
	exec 9>"$T/in"
	wait_for 10 grep -q '^up$' "$T/out"
}

# The port of listener INDEX.
port_of()
{
	sed -n "s/^listen $1 //p" "$T/out"
}

# A command for the stand; returns when it is done.
tell()
{
	n=$(asked_done)
	echo "$*" >&9
	wait_for 5 more_done "$n"
}

asked_done()
{
	grep -c '^done$' "$T/out"
}

more_done()
{
	[ "$(asked_done)" -gt "$1" ]
}

# How often httpd has asked for something.
asked()
{
	grep -c "^asked $1\$" "$T/out"
}

asked_times()
{
	[ "$(asked "$1")" -eq "$2" ]
}

# Ends the stand: httpd goes quietly, and its sandbox has held.
stand_ends()
{
	echo quit >&9
	exec 9>&-
	wait_for 10 gone "$STANDPID"
	grep -q '^exit exited ok$' "$T/out" || {
		cat "$T/out"
		fail 'httpd did not end well'
	}
	no_crash
}
