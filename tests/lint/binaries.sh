# What the built programs link and how: the root image knows libc, libbsd and
# libevent's core only; all are PIE, relro, now; none is set-id.
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
command -v readelf >/dev/null || { echo 'skip: no readelf(1)'; exit 77; }
grep -q '^#define SANITIZERS 1' config.h &&
    { echo 'skip: sanitizers'; exit 77; }
bad=0

needs()
{
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# may PROGRAM LIBRARY ...
may()
{
	prog=$1
	shift
	[ -x "$prog" ] || { echo "no $prog"; bad=1; return; }
	for lib in $(needs "$prog"); do
		ok=no
		for allowed in libc.so ld-linux libbsd.so libmd.so "$@"; do
			case $lib in
			"$allowed"*)	ok=yes ;;
			esac
		done
		[ $ok = yes ] || { echo "$prog: links $lib"; bad=1; }
	done
	readelf -h "$prog" | grep -q 'Type:.*DYN' ||
	    { echo "$prog: not PIE"; bad=1; }
	readelf -lW "$prog" | grep -q GNU_RELRO ||
	    { echo "$prog: no relro"; bad=1; }
	readelf -d "$prog" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' ||
	    { echo "$prog: not bound at start"; bad=1; }
	readelf -lW "$prog" | grep -q 'GNU_STACK.*RWE' &&
	    { echo "$prog: executable stack"; bad=1; }
	readelf -d "$prog" | grep -qE '\((RPATH|RUNPATH)\)' &&
	    { echo "$prog: has a run path"; bad=1; }
	readelf -sW "$prog" | grep -q __stack_chk_fail ||
	    { echo "$prog: no stack protector"; bad=1; }
	[ -z "$(find "$prog" -perm /6000)" ] ||
	    { echo "$prog: set-id"; bad=1; }
}

may out/sbin/taskforced libevent_core
may out/sbin/taskforcectl libevent_core
may out/libexec/taskforced/monitor libevent_core libyaml libseccomp
may out/libexec/taskforced/httpd libevent libssl libcrypto libcrypt libseccomp
exit $bad
