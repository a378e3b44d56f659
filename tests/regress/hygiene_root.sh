# Without a user a task of root's daemon is root; with one, root's groups are
# gone; group alone changes the group alone.
. "${0%/*}/lib.sh"

[ $ROOT = yes ] || skip 'only root changes users'
conf <<CONF
tasks:
  plain: { commands: { start: ["$TASK", "-r"] } }
  number: { user: 65534, group: 12345, commands: { start: ["$TASK", "-r"] } }
  grouped: { group: nogroup, commands: { start: ["$TASK", "-r"] } }
CONF
# As a daemon started from a login of an operator has them.
setpriv --groups 4,20,27 true 2>/dev/null || skip 'no setpriv(1)'
printf '#!/bin/sh\nexec setpriv --groups 4,20,27 -- "%s" "$@"\n' \
    "$TFD" >"$T/wrapper"
chmod 755 "$T/wrapper"
TFD=$T/wrapper
daemon
for t in plain number grouped; do
	wait_for 5 runs $t
done

expect()
{
	[ "$2" = "$3" ] || fail "$1: \"$2\", not \"$3\""
}

expect plain "$(report_of plain 0 uid) $(report_of plain 0 gid)" '0 0 0 0'
expect number "$(report_of number 0 uid) $(report_of number 0 gid)" \
    '65534 65534 12345 12345'
for g in $(report_of number 0 groups); do
	case $g in
	4 | 20 | 27 | 0)	fail "number has group $g of root's" ;;
	esac
done
expect grouped "$(report_of grouped 0 uid)" '0 0'
expect grouped "$(report_of grouped 0 gid)" \
    "$(getent group nogroup | cut -d : -f 3 | sed 's/.*/& &/')"
finish
