# deadline: 300
# Start, stop and restart of 1,000 tasks against a bare loop: tests/bench.
. "${0%/*}/lib.sh"

grep -q '^#define SANITIZERS 1' "$TOP/config.h" && skip 'sanitizers'
[ -z "${TESTS_BUSY:-}" ] || skip 'the machine is busy with other tests'
sh "$TOP/tests/bench/run" || fail "tests/bench/run: status $?"
exit 0
