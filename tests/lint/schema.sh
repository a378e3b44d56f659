# etc/taskforce.schema.json is what the parser's own table makes of it, and a
# validator that is not ours takes with it what loads (our configurations, the
# seed's example, the golden tests) and refuses what does not, as far as a
# schema can see.
# once
TOP=$(cd "${0%/*}/../.." && pwd)
cd "$TOP" || exit 1
T=${TEST_TMP:-$(mktemp -d)} || exit 1
schema=etc/taskforce.schema.json

[ -x out/tests/schema ] || { echo 'run make tests first'; exit 1; }
out/tests/schema >"$T/schema" || exit 1
if ! cmp -s "$T/schema" $schema; then
	echo "$schema differs from the table in monitor/keys.h: make schema"
	diff -u $schema "$T/schema" | head -n 40
	exit 1
fi

# The python3 in PATH need not be the system's, which has the modules.
for python in python3 /usr/bin/python3 ''; do
	[ -n "$python" ] || break
	"$python" -c 'import yaml
from jsonschema import Draft202012Validator' 2>/dev/null && break
done
[ -n "$python" ] || {
	echo 'skip: no python3 with jsonschema (4 or newer) and yaml'
	exit 77
}

good='etc/taskforce.conf etc/demo/taskforce.conf'
for d in "${SHARED:-}" "$TOP/../shared" /work/shared; do
	seed=$d/seeds/taskforce-0.6.0-readme.txt
	if [ -r "$seed" ]; then
		awk '/^[{]/ { buf = "" } { buf = buf $0 "\n" }
		    /^[}]/ { last = buf } END { printf "%s", last }' \
		    "$seed" >"$T/seed"
		grep -q ws_server "$T/seed" || exit 1
		good="$good $T/seed"
		break
	fi
done
# shellcheck disable=SC2086	# files are words
"$python" -B tests/golden/schema.py $schema $good \
    tests/golden/cases/ok-*.in -- tests/golden/cases/bad-*.in
