# deadline: 300
# A changed file is acted on in time, following ten thousand of them costs
# nothing while nothing changes, and a file that is written without end
# little: tests/bench/watch, with five times its limits of time.
. "${0%/*}/lib.sh"

[ "$TESTS_SLOW" -eq 1 ] || skip 'not of a build with sanitizers'
[ -z "${TESTS_BUSY:-}" ] || skip 'the machine is busy with other tests'
sh "$TOP/tests/bench/watch" -r 15 -t 5
status=$?
[ $status -eq 77 ] && skip 'no /proc/self/schedstat to measure with'
[ $status -eq 0 ] || fail "tests/bench/watch ended with status $status"
exit 0
