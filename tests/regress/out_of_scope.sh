# Roles decide what is in scope; who requires what is out of scope waits and
# says for what; a change of roles moves the tasks.
. "${0%/*}/lib.sh"

printf '# roles\nfrontend\n\n  spare=a value =x \n' >"$T/roles"
conf <<CONF
tasks:
  front: { roles: [frontend], commands: { start: ["$TASK", "-r"] } }
  back: { roles: [backend], commands: { start: ["$TASK"] } }
  both: { roles: [backend, frontend], commands: { start: ["$TASK"] } }
  any: { commands: { start: ["$TASK"] } }
  needs: { requires: [back], commands: { start: ["$TASK"] } }
CONF
daemon
wait_for 5 runs front
wait_for 5 runs both
wait_for 5 runs any
is reason back not-in-role || fail "back: $(column reason back)"
is reason needs waits-for || fail "needs: $(column reason needs)"
report_of front 0 env | grep -Fqx 'Task_role_spare=a value =x ' ||
    fail 'the value of the role is not in the environment'
runs back && fail 'back runs'
before=$(snapshot | grep '^any')

printf 'backend\nspare=a value =x \n' >"$T/roles.new"
mv "$T/roles.new" "$T/roles"
ctl reload >/dev/null || fail "reload: status $?"
wait_for 5 runs back
wait_for 5 runs needs
wait_for 5 runs_not front
[ "$(snapshot | grep '^any')" = "$before" ] || fail 'any was touched'

: >"$T/roles"
ctl reload >/dev/null || fail "reload: status $?"
wait_for 5 runs_not back
wait_for 5 runs_not both
finish
