# The manuals are clean mdoc, and name every option that the programs take.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
bad=0

for f in man/taskforced.8 man/taskforcectl.8 man/taskforce.conf.5; do
	[ -s "$f" ] || { echo "no $f"; bad=1; }
done
[ $bad -eq 0 ] || exit 1
for opt in h V v q e L b p f r w c A C n R S s u; do
	grep -qE "^\.It Fl $opt( |\$)" man/taskforced.8 ||
	    { echo "taskforced.8: no -$opt"; bad=1; }
done
for opt in help version verbose quiet log-stderr logging-name background \
    pidfile config-file roles-file http certfile allow-control check-config \
    reset stop expires sanity socket user; do
	grep -qE "Fl -$opt|-$opt" man/taskforced.8 ||
	    { echo "taskforced.8: no --$opt"; bad=1; }
done
for cmd in status reload stop reset version; do
	grep -qE "^\.It (Cm|Ic) $cmd" man/taskforcectl.8 ||
	    { echo "taskforcectl.8: no $cmd"; bad=1; }
done
command -v mandoc >/dev/null || {
	[ $bad -eq 0 ] && echo 'skip: no mandoc(1)' && exit 77
	exit 1
}
mandoc -Tlint -Wwarning man/*.[58] || bad=1
# Not even a matter of style, but for pages that are not on this machine;
# those of ours that are referred to are in man/.
mandoc -Tlint -Wstyle man/*.[58] 2>/dev/null |
    grep -v 'referenced manual not found' && bad=1
for ref in $(sed -n 's/^\.Xr \(taskforce[a-z.]*\) \([0-9]\).*/\1.\2/p' \
    man/*.[58]); do
	[ -s "man/$ref" ] || { echo "Xr to $ref, which is not there"; bad=1; }
done
[ $bad -eq 0 ]
