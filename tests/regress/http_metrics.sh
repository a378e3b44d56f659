# /metrics: true, in the format, and taken by a real Prometheus.
# deadline: 180
. "${0%/*}/lib.sh"
. "$TOP/tests/httpd/lib.sh"

command -v promtool >/dev/null || skip 'no promtool'
command -v prometheus >/dev/null || skip 'no prometheus'

port=$(free_port)
conf <<CONF
settings:
  http: { listen: "127.0.0.1:$port" }
tasks:
  web: { count: 3, commands: { start: ["$TASK"] } }
  once: { control: once, commands: { start: [/bin/true] } }
  bad: { control: once, commands: { start: [/bin/false] } }
  'we"ird\\': { control: event, commands: { start: [/bin/true] } }
  lonely: { requires: idle, commands: { start: [/bin/true] } }
  idle: { control: suspend, commands: { start: [/bin/true] } }
CONF
daemon
wait_for 10 is state web running
wait_for 10 is state bad done
wait_for 10 is state once done
wait_for 10 settled
url=http://127.0.0.1:$port

# value METRIC: as the last answer has it.
value()
{
	awk -v m="$1" '$1 == m { print $2 }' "$T/body"
}

shows()
{
	request "$url/metrics"
	[ "$code" = 200 ] && [ "$(value "$1")" = "$2" ]
}

note 'what is so'
wait_for 10 shows 'taskforce_task_instances_running{task="web"}' 3
type_is 'text/plain; version=0.0.4; charset=utf-8'
for line in 'taskforce_monitor_up 1' 'taskforce_tasks 6' \
    'taskforce_config_last_load_successful 1' \
    'taskforce_task_state{task="web",state="running"} 1' \
    'taskforce_task_state{task="web",state="backoff"} 0' \
    'taskforce_task_instances_wanted{task="web"} 3' \
    'taskforce_task_starts_total{task="web"} 3' \
    'taskforce_task_exits_total{task="once",kind="ok"} 1' \
    'taskforce_task_exits_total{task="bad",kind="error"} 1' \
    'taskforce_task_restarts_total{task="web",cause="exit"} 0' \
    'taskforce_task_state{task="we\"ird\\",state="idle"} 1' \
    'taskforce_helper_restarts_total{helper="monitor"} 0'; do
	grep -qxF "$line" "$T/body" || {
		cat "$T/body"
		fail "no line '$line'"
	}
done
promtool check metrics <"$T/body" >"$T/lint" 2>&1 && [ ! -s "$T/lint" ] || {
	cat "$T/lint"
	fail 'promtool has something to say'
}

note 'what happens'
kill -KILL "$(pid_of web 1)"
wait_for 10 shows 'taskforce_task_exits_total{task="web",kind="signal"}' 1
wait_for 10 shows 'taskforce_task_restarts_total{task="web",cause="exit"}' 1
kill -KILL "$(helper monitor)"
wait_for 20 shows 'taskforce_helper_restarts_total{helper="monitor"}' 1
request "$url/nothing"
wait_for 10 shows \
    "taskforce_http_requests_total{listener=\"127.0.0.1:$port\",code=\"404\"}" 1
conf </dev/null
kill -HUP "$DPID"
wait_for 10 shows taskforce_config_last_load_successful 0
# The memory of all our processes, where the system tells it.
if [ -r /proc/self/stat ]; then
	for p in spawner monitor httpd-status; do
		m=taskforce_process_resident_memory_bytes
		n=$(value "$m{process=\"$p\"}")
		[ "${n:-0}" -gt 100000 ] || fail "the memory of $p is '$n'"
	done
fi
expect 200 -I "$url/metrics"

note 'a real Prometheus'
prom=$(free_port)
cat >"$T/prometheus.yml" <<YML
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
- job_name: taskforce
  static_configs: [ { targets: [ "127.0.0.1:$port" ] } ]
YML
prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$T/tsdb" \
    --web.listen-address="127.0.0.1:$prom" >"$T/prom.log" 2>&1 &
started="$started $!"
asks()
{
	request -G --data-urlencode "query=$1" \
	    "http://127.0.0.1:$prom/api/v1/query"
	grep -q "\"value\":\[[0-9.]*,\"$2\"\]" "$T/body"
}
wait_for 60 asks 'up{job="taskforce"}' 1
wait_for 20 asks 'sum(taskforce_task_instances_running)' 3
wait_for 20 asks 'taskforce_task_state{task="web",state="running"}' 1
alive
no_crash
exit 0
