# What is for other systems than the one that builds: it compiles without a
# warning, against stand-ins in tests/lint/bsd for the headers that are not
# here; and of the files that configure chooses from, each defines the same.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
command -v nm >/dev/null || { echo 'skip: no nm(1)'; exit 77; }
bad=0
[ -n "${TEST_TMP:-}" ] || {
	TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/tf.XXXXXX") || exit 1
	trap 'rm -rf "$TEST_TMP"' EXIT
}

# var NAME: a variable of config.mk.
var()
{
	sed -n "s/^$1[[:blank:]]*=[[:blank:]]*//p" config.mk
}
CC=$(var CC)
FLAGS="-std=gnu11 $(var CPPFLAGS) $(var WARN) -Werror -O2 -fPIE
    -include config.h -I. $(var BSD_CFLAGS) $(var EVENT_CFLAGS)
    $(var SECCOMP_CFLAGS) -DMONITOR_USER=\"m\" -DHTTPD_USER=\"h\"
    -DSBINDIR=\"/s\" -DLIBEXECDIR=\"/l\" -DSYSCONFDIR=\"/e\""
[ -n "$CC" ] || { echo 'no config.mk: configure first'; exit 1; }

# builds OBJECT FILE [flag ...]
builds()
{
	object=$TEST_TMP/$1.o
	file=$2
	shift 2
	$CC $FLAGS "$@" -c -o "$object" "$file" && return 0
	echo "$file: does not compile with $*"
	bad=1
	return 1
}

# family PREFIX SYSTEM ...: the files PREFIX_SYSTEM.c, of which one is used.
family()
{
	prefix=$1
	shift
	symbols=
	for system; do
		name=${prefix##*/}_$system
		file=${prefix}_$system.c
		# What the system that builds has needs no stand-in.
		case $system in
		linux | inotify)	builds "$name" "$file" ;;
		*)	builds "$name" "$file" -Itests/lint/bsd ;;
		esac || continue
		defines=$(nm -g --defined-only "$TEST_TMP/$name.o" |
		    awk '{ print $3 }' | sort | tr '\n' ' ')
		: "${symbols:=$defines}"
		[ -n "$defines" ] && [ "$defines" = "$symbols" ] || {
			echo "$file defines $defines"
			echo "instead of $symbols"
			bad=1
		}
	done
	for file in "$prefix"_*.c; do
		system=${file#"$prefix"_}
		case " $* " in
		*" ${system%.c} "*)	;;
		*)	[ "$prefix" = monitor/watch ] ||
			    { echo "$file is not checked"; bad=1; } ;;
		esac
	done
}

linux=
case $(uname -s) in
Linux)	linux=linux ;;
esac
family monitor/watch ${linux:+inotify} kqueue sweep
family spawner/watchpid $linux kqueue none
family spawner/kproc $linux openbsd none
family spawner/sigchld $linux event
family spawner/launch $linux fork
family common/sandbox $linux openbsd none
family common/memfile $linux unlinked

# Those that differ within.
for file in $(grep -l '__linux__' common/*.c spawner/*.c monitor/*.c \
    httpd/*.c ctl/*.c); do
	builds other "$file" -U__linux__
done
for file in $(grep -l '__OpenBSD__' common/*.c spawner/*.c monitor/*.c \
    httpd/*.c ctl/*.c); do
	builds other "$file" -Itests/lint/bsd -D__OpenBSD__
done
exit $bad
