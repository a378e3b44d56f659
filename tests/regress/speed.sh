# deadline: 300
# Start, stop and restart of 1,000 tasks against a bare loop: tests/bench.
. "${0%/*}/lib.sh"

grep -q '^#define SANITIZERS 1' "$TOP/config.h" && skip 'sanitizers'
[ -z "${TESTS_BUSY:-}" ] || skip 'the machine is busy with other tests'
sh "$TOP/tests/bench/run" >"$T/out" 2>&1
status=$?
cat "$T/out"
[ $status -ne 77 ] || skip "$(tail -n 1 "$T/out")"
[ $status -eq 0 ] || fail "tests/bench/run: status $status"
exit 0
