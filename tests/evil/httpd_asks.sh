# deadline: 300
# A captured status httpd asks the monitor for what it has no right to, sends
# bodies that mean nothing, and floods it: the first is denied, the second
# loses it the channel, and tasks and daemon live through all of it.
. "${0%/*}/lib.sh"

command -v curl >/dev/null || skip 'no curl(1)'

# The questions by number, from C_STATUS (0) to C_PLAN (16), see ipc.h: those
# that change something (a file is refused with the plan that it is for) ...
changes='4 5 6 8 9 10 11 12 13 14 16'
# ... those whose bodies are looked at even where they are denied ...
bodies='0 1 2 3 4 5 6 7 15 16'
# ... and those whose answers, or refusals, are many bytes.
floods='1 2 3 4 7 8 15'

named()
{
	for n in $2; do
		printf '%s_%d ' "$1" "$n"
	done
}

# shellcheck disable=SC2046
side_by_side attack_httpd $(named m_change "$changes") \
    $(named m_bytes "$bodies") $(named m_flood "$floods")
exit 0
