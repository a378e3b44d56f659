# deadline: 240
# A hostile monitor asks for what the plan does not name: what cannot be a
# mistake of a moment ends it.
. "${0%/*}/lib.sh"

side_by_side punished task_past task_huge inst_huge run0 run_past run_task \
    sig0 sig65 sig255 sig_segv sig_trap note_past note_long \
    count_past count_huge control_past control_adopt look_past look_inst \
    file_which file_name file_bare trial_bool trial_short mode mode0 \
    all_stopped all_reset
exit 0
