/** By number, from `include/uapi/linux/capability.h`. */
const names = [
  'cap_chown', 'cap_dac_override', 'cap_dac_read_search', 'cap_fowner', 'cap_fsetid', 'cap_kill', 'cap_setgid', 'cap_setuid',
  'cap_setpcap', 'cap_linux_immutable', 'cap_net_bind_service', 'cap_net_broadcast', 'cap_net_admin', 'cap_net_raw', 'cap_ipc_lock',
  'cap_ipc_owner', 'cap_sys_module', 'cap_sys_rawio', 'cap_sys_chroot', 'cap_sys_ptrace', 'cap_sys_pacct', 'cap_sys_admin',
  'cap_sys_boot', 'cap_sys_nice', 'cap_sys_resource', 'cap_sys_time', 'cap_sys_tty_config', 'cap_mknod', 'cap_lease',
  'cap_audit_write', 'cap_audit_control', 'cap_setfcap', 'cap_mac_override', 'cap_mac_admin', 'cap_syslog', 'cap_wake_alarm',
  'cap_block_suspend', 'cap_audit_read', 'cap_perfmon', 'cap_bpf', 'cap_checkpoint_restore',
]; // prettier-ignore

/**
 * Permitted capabilities in a value of security.capability, revisions 1 to 3 (`struct vfs_ns_cap_data`, little endian). Undefined
 * for what is none.
 */
export function parseFileCapabilities(value: Buffer): bigint | undefined {
  if (value.length < 12) return undefined;
  const revision = value.readUInt8(3);
  if (revision === 1) return BigInt(value.readUInt32LE(4));
  const isLong = (revision === 2 && value.length === 20) || (revision === 3 && value.length === 24);
  return isLong ? BigInt(value.readUInt32LE(4)) | (BigInt(value.readUInt32LE(12)) << 32n) : undefined;
}

export function capabilityNames(set: bigint): string[] {
  return names.filter((_name, index) => ((set >> BigInt(index)) & 1n) === 1n);
}
