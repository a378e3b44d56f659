# What only one place may know: libraries, kernel interfaces, fatal().
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
bad=0

# only PATTERN FILE ...: the pattern occurs in no other source file, and in
# at least one of these.
only()
{
	pattern=$1
	shift
	found=no
	for f in $(grep -lE "$pattern" common/*.[ch] spawner/*.[ch] \
	    monitor/*.[ch] httpd/*.[ch] ctl/*.[ch] logger/*.[ch] \
	    2>/dev/null); do
		ok=no
		for allowed; do
			case $f in
			$allowed)	ok=yes; found=yes ;;
			esac
		done
		if [ $ok = no ]; then
			echo "$f: knows $pattern"
			bad=1
		fi
	done
	[ $found = yes ] || [ $# -eq 0 ] ||
	    { echo "nothing knows $pattern any more"; bad=1; }
}

# never PATTERN FILE ...
never()
{
	pattern=$1
	shift
	for f; do
		[ -f "$f" ] || continue
		if grep -nE "$pattern" "$f" /dev/null; then
			bad=1
		fi
	done
}

only '^#include <yaml\.h>' monitor/yaml.c
only '^#include <openssl/' httpd/tls.c
# Confinement, and the starting of processes as this system does it best.
only '^#include <(linux|seccomp)' 'common/sandbox_*.c' spawner/launch_linux.c
only '^#include <sys/inotify\.h>' monitor/watch_inotify.c
never '^#include <sys/(inotify|event)\.h>' common/*.[ch] httpd/*.[ch] \
    ctl/*.[ch] $(ls spawner/*.[ch] | grep -v /watchpid_kqueue)

# The scheduler does no I/O.
never '^#include .*(event2/|event\.h|chan\.h|unistd\.h|sys/socket\.h)' \
    monitor/sched*.[ch] monitor/slot.[ch]
# evhttp only in httpd; the root image knows neither YAML nor HTTP nor TLS.
never 'evhttp|bufferevent' common/*.[ch] spawner/*.[ch] monitor/*.[ch] \
    ctl/*.[ch]

# Root never ends over what a helper said: fatal() and what calls it are for
# its start-up only.
for f in spawner/*.c; do
	case $f in
	spawner/main.c | spawner/options.c)	continue ;;
	esac
	never '[^a-z_](fatalx?|xcalloc|xreallocarray|xstrn?dup|xasprintf)\(' \
	    "$f"
	never '[^a-z_]_?exit\(' $(echo "$f" |
	    grep -v -e /spawn.c -e /birth.c -e /peek.c -e /sight.c \
	    -e '/launch_.*\.c')
done
exit $bad
