# What every command of taskforcectl prints: columns that line up, tabs where
# scripts read them, JSON that is JSON, and never an escape code in a pipe.
. "${0%/*}/lib.sh"

long=a-task-with-quite-a-long-name
conf <<CONF
tasks:
  web:
    roles: [front, back]
    count: 12
    commands: { start: ["$TASK"], say: ["true"] }
  $long: { requires: gone, commands: { start: ["$TASK"] } }
  gone: { commands: { start: ["$T/none"] } }
  "caf\u00e9": { commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 10 is running web 12
TERM=xterm
export TERM
esc=$(printf '\033')

# lines_up FILE: under each heading, in each line, a word begins, or, where
# the column is aligned right, ends.
lines_up()
{
	awk '
	NR == 1	{ for (i = 1; i <= NF; i++) {
			first[i] = index($0 " ", $i " ")
			last[i] = first[i] + length($i) - 1
			name[i] = $i
		  }
		  n = NF
		  next }
	/^$/	{ exit }
	{
		for (i = 1; i <= n; i++) {
			if (name[i] ~ /^(NOTE|BECAUSE)$/)
				continue
			if (name[i] ~ /^(RUN|UPTIME|RESTARTS)$/) {
				in_ = substr($0, last[i], 1)
				out = substr($0, last[i] + 1, 1)
			} else {
				in_ = substr($0, first[i], 1)
				out = " "
				if (first[i] > 1)
					out = substr($0, first[i] - 1, 1)
			}
			if (in_ == " " || (out != " " && out != "")) {
				print name[i] ": " $0
				bad = 1
			}
		}
		rows++
	}
	END	{ exit bad || rows == 0 }' "$1"
}

ctl status >"$T/out" || fail "status: $?"
lines_up "$T/out" || fail "columns: $(cat "$T/out")"
grep -q '^caf\\303\\251 ' "$T/out" || fail "bytes: $(cat "$T/out")"
if [ "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null)" = UTF-8 ]; then
	LC_ALL=C.UTF-8 ctl status | sed 's/é/e/' >"$T/out"
	grep -q '^cafe ' "$T/out" || fail "UTF-8: $(cat "$T/out")"
	lines_up "$T/out" || fail "UTF-8 columns: $(cat "$T/out")"
fi

# Of each command the three outputs; NAME is the first member of the JSON.
outputs()
{
	for how in '' -p -j; do
		ctl $how "$@" >"$T/out$how" 2>"$T/err"
		case $? in
		0 | 1)	;;
		*)	fail "$how $*: $(cat "$T/err")" ;;
		esac
		[ -s "$T/out$how" ] || fail "$how $*: nothing"
		grep -q "$esc" "$T/out$how" && fail "$how $*: an escape code"
		grep -q ' $' "$T/out$how" && fail "$how $*: ends in a blank"
	done
	grep -qv '	' "$T/out-p" && fail "-p $*: $(cat "$T/out-p")"
	if command -v python3 >/dev/null; then
		python3 -m json.tool <"$T/out-j" >"$T/out2" ||
		    fail "-j $*: $(cat "$T/out-j")"
	fi
}
outputs status
outputs status web caf*
outputs status web:3
outputs why all
outputs version
outputs plan
outputs plan -R front
outputs reload
outputs count web=11
outputs control "caf*=suspend"
outputs control "caf*=wait"
outputs signal TERM web:0
outputs run web say
outputs stop web:1
outputs start web:1 "caf*"
outputs restart web:1
outputs start gone
outputs reset

wait_for 10 is running web 12
awk_columns()
{
	awk -F '\t' -v n="$1" 'NF != n { exit 1 }' "$T/out-p" ||
	    fail "not $1 columns: $(cat "$T/out-p")"
}
outputs status
awk_columns 10
outputs why all
awk_columns 6
cut -f 1-4 "$T/out-p" | grep -q "^1	gone	failed	no-program$" ||
    fail "why -p: $(cat "$T/out-p")"
outputs stop web:1
[ "$(cut -f 1-3 "$T/out-p" | head -n 1)" = "task	web:1	ok" ] ||
    [ "$(cut -f 1-3 "$T/out-p" | head -n 1)" = "task	web:1	same" ] ||
    fail "stop -p: $(cat "$T/out-p")"
[ "$(tail -n 1 "$T/out-p" | cut -f 1)" = ok ] || fail "$(cat "$T/out-p")"

# On a terminal there is colour, and nothing is wider than it; not with
# NO_COLOR, nor where the terminal has none.
if command -v script >/dev/null && script -qc true /dev/null \
    >/dev/null 2>&1; then
	on_terminal()
	{
		script -qc "stty cols 92; $* $CTL -s $T/sock status" \
		    /dev/null </dev/null | tr -d '\r' >"$T/tty"
	}
	on_terminal
	grep -q "${esc}\[32mrunning${esc}\[0m" "$T/tty" ||
	    fail "no colour: $(cat "$T/tty")"
	sed "s/$esc\[[0-9]*m//g" "$T/tty" | sed '/^taskforced /d' |
	    awk 'length($0) > 92 { exit 1 }' ||
	    fail "too wide: $(cat "$T/tty")"
	on_terminal NO_COLOR=1
	grep -q "$esc" "$T/tty" && fail 'NO_COLOR is not respected'
	on_terminal TERM=dumb
	grep -q "$esc" "$T/tty" && fail 'colour on a dumb terminal'
fi
finish
