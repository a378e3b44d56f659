# deadline: 300
# HTTP and HTTPS beside nginx, and restarts under HTTP load: tests/bench/http,
# with twice its limits; "make bench" has the limits themselves.
. "${0%/*}/lib.sh"

grep -q '^#define SANITIZERS 1' "$TOP/config.h" && skip 'sanitizers'
[ -z "${TESTS_BUSY:-}" ] || skip 'the machine is busy with other tests'
status=0
sh "$TOP/tests/bench/http" -l 2 || status=$?
[ $status -ne 77 ] || skip 'no wrk, no nginx, or the machine is too busy'
[ $status -eq 0 ] || fail "tests/bench/http: status $status"
exit 0
