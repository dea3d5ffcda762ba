/**
 * Linux capabilities by their numbers, without `CAP_` and in lower case (`include/uapi/linux/capability.h`). Events hold sets of them as the kernel
 * writes them in `/proc/PID/status`: a mask of hexadecimal digits.
 */
export const capabilityNames: readonly string[] = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin ' +
  'net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time ' +
  'sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon ' +
  'bpf checkpoint_restore'
).split(' ');
