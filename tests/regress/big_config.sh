# deadline: 300
# The limits of tests/bench/config hold for some thousand tasks, too, with a
# tolerance: the load beside libyaml, the memory of the plan, and what a
# reload costs of which one task has changed.
. "${0%/*}/lib.sh"

[ "$TESTS_SLOW" -eq 1 ] || skip 'not of a build with sanitizers'
[ -z "${TESTS_BUSY:-}" ] || skip 'the machine is busy with other tests'
sh "$TOP/tests/bench/config" -s 300 -l 3000 -t 3
status=$?
[ $status -eq 77 ] && skip 'no /proc/self/schedstat to measure with'
[ $status -eq 0 ] || fail "tests/bench/config ended with status $status"
exit 0
