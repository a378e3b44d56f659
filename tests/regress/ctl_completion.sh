# The completions of bash and zsh know the very commands of taskforcectl, each
# with the words of the usage message, and ask a daemon for tasks and roles.
. "${0%/*}/lib.sh"

bash=$TOP/etc/completions/taskforcectl.bash
zsh=$TOP/etc/completions/_taskforcectl

# "name:what it does" a line; what it does may stand in a line of its own.
"$CTL" 2>&1 | awk '
/^ *$/ || /:$/ || /^usage:/	{ next }
/^  [a-z]/ && substr($0, 24, 2) == "  " && length($0) > 25 {
	print $1 ":" substr($0, 26); next }
/^  [a-z]/			{ name = $1; next }
				{ print name ":" substr($0, 26) }' >"$T/want"
[ "$(wc -l <"$T/want")" -ge 14 ] || fail "usage: $("$CTL" 2>&1)"

sed -n "/commands='/,/'\$/p" "$bash" | sed "s/.*commands=//" | tr -d "'" |
    tr -s ' \t' '\n\n' | grep . >"$T/bash"
cut -d : -f 1 "$T/want" | sort >"$T/names"
diff "$T/names" "$T/bash" || fail 'bash completes other commands'
sed -n "s/^	    ['\"]\([a-z]*:.*\)['\"]\$/\1/p" "$zsh" |
    sed -n '/^check:/,/^why:/p' >"$T/zsh"
sort "$T/want" | diff - "$T/zsh" || fail 'zsh completes other commands'

command -v bash >/dev/null || skip 'no bash(1)'
conf <<CONF
tasks:
  web: { roles: [front], commands: { start: ["$TASK"] } }
  app: { commands: { start: ["$TASK"] } }
CONF
daemon

# completes WORD ... "WANT": after these words, the last of which is begun.
cat >"$T/try" <<'BASH'
. "$1" || exit 1
ctl=$2
shift 2
COMP_WORDS=("$ctl" "$@")
COMP_CWORD=$#
_taskforcectl
echo "${COMPREPLY[*]}"
BASH
completes()
{
	want=$1
	shift
	got=$(bash "$T/try" "$bash" "$CTL" "$@") || fail "bash: $got"
	[ "$got" = "$want" ] || fail "$*: '$got' instead of '$want'"
}

completes 'start status stop' st
completes 'count' -q cou
completes '@front app web all' -s "$T/sock" status ''
completes 'web' -s "$T/sock" stat w
completes '@front' -s "$T/sock" start web @
completes 'web=' -s "$T/sock" count w
completes 'wait' -s "$T/sock" control web = wa
completes '' -s "$T/sock" count web = ''
completes 'HUP' signal H
completes 'app all' -s "$T/sock" signal HUP a
completes 'start stop' run web st
completes '-j -p -q -s -t -V -f -r -R' plan -
completes '-j -p -q -s -t -V' reload -
# No daemon: no names, and no noise.
completes 'all' -s "$T/nosock" why ''
finish
