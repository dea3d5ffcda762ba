import { capabilityNames } from '../../../../events/capabilities.ts';

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

/** `cap_setuid` and its like. */
export function namesOfCapabilities(set: bigint): string[] {
  return capabilityNames.flatMap((name, index) => (((set >> BigInt(index)) & 1n) === 1n ? [`cap_${name}`] : []));
}
