# Every configuration that people are shown does load, and says nothing that
# has to be explained: those in etc, and the examples in README and in
# taskforce.conf(5).  Only what this host lacks may hold tasks back.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
T=${TEST_TMP:-$(mktemp -d)} || exit 1
bad=0

[ -x out/tests/golden_load ] || { echo 'run make tests first'; exit 1; }
printf '%s\n' PATH=/usr/bin:/bin HOME=/root DEMO_DIR=/demo \
    DEMO_LISTEN=127.0.0.1 >"$T/env"

# loads NAME FILE
loads()
{
	if ! out/tests/golden_load -e "$T/env" "$2" >"$T/got" 2>&1; then
		echo "$1 does not load:"
		head -n 5 "$T/got"
		bad=1
	elif sed -n 's/^warning: //p' "$T/got" |
	    grep -v ': the task is held back$' >"$T/warned"; then
		echo "$1 is warned about:"
		cat "$T/warned"
		bad=1
	elif ! grep -q '^task ' "$T/got"; then
		echo "$1 has no tasks"
		bad=1
	fi
}

loads etc/demo/taskforce.conf etc/demo/taskforce.conf
# The sample as it is and with all that is commented out, which follows the
# "#" at once or is indented behind it.
sed -e 's/^\( *\)#\([^ ]\)/\1\2/' -e 's/^\( *\)#\(  \)/\1\2/' \
    etc/taskforce.conf >"$T/all"
loads 'etc/taskforce.conf, uncommented,' "$T/all"
(cat etc/taskforce.conf; echo '  one: { commands: { start: [/bin/true] } }') \
    >"$T/sample"
loads etc/taskforce.conf "$T/sample"

# An indented text that has tasks, up to the next text that is not indented.
awk -v dir="$T" '
function finish() {
	if (text ~ /(^|\n)tasks:/)
		printf "%s", text >(dir "/readme." n++)
	text = ""
}
/^    / { text = text substr($0, 5) "\n"; next }
/^$/ { text = text "\n"; next }
{ finish() }
END { finish() }' README

# What is set off as literal: with tasks, or commands of one.
awk -v dir="$T" '
/^\.Ed/ {
	if (text ~ /(^|\n)start:/)
		text = "tasks: { example: { commands: {\n" text "} } }\n"
	if (text ~ /(^|\n)tasks:/)
		printf "%s", text >(dir "/manual." n++)
	literal = 0
}
literal {
	gsub(/\\\(dq/, "\"")
	gsub(/\\e/, "\\")
	text = text $0 "\n"
}
/^\.Bd -literal/ { literal = 1; text = "" }' man/taskforce.conf.5

for f in "$T"/readme.* "$T"/manual.*; do
	loads "$f" "$f"
done
# If there are fewer, this looks at the wrong lines.
[ -f "$T/readme.0" ] && [ -f "$T/manual.2" ] ||
    { echo 'the examples were not found'; bad=1; }
[ $bad -eq 0 ]
