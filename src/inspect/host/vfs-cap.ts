import { capabilityNames } from '../../events/capabilities.ts';

/**
 * Permitted capabilities in a value of security.capability, revisions 1 to 3 (`struct vfs_ns_cap_data`, little endian). Undefined
 * for what is none.
 */
export function parseFileCapabilities(value: Buffer): bigint | undefined {
  return setsOf(value)?.permitted;
}

/** As cap_to_text(3) writes the value: `cap_net_raw=ep`. Undefined for what is none. */
export function fileCapabilitiesText(value: Buffer): string | undefined {
  const sets = setsOf(value);
  if (sets === undefined) return undefined;
  const { permitted, inheritable, isEffective } = sets;
  const effective = isEffective ? 'e' : '';
  const groups: [set: bigint, letters: string][] = [
    [permitted & inheritable, `${effective}ip`],
    [inheritable & ~permitted, `${effective}i`],
    [permitted & ~inheritable, `${effective}p`],
  ];
  const texts = groups.flatMap(([set, letters]) => {
    const names = namesOfCapabilities(set);
    if (names.length === 0) return [];
    return { names: names.length === capabilityNames.length ? '' : names.join(','), letters };
  });
  if (texts.length === 0) return '=';
  return texts.map(({ names, letters }, index) => `${names}${index === 0 ? '=' : '+'}${letters}`).join(' ');
}

interface CapabilitySets {
  readonly permitted: bigint;
  readonly inheritable: bigint;
  /** One bit for all: what is permitted or inheritable is effective when the program starts. */
  readonly isEffective: boolean;
}

function setsOf(value: Buffer): CapabilitySets | undefined {
  if (value.length < 12) return undefined;
  const revision = value.readUInt8(3);
  const isEffective = (value.readUInt8(0) & 1) === 1;
  const word = (at: number): bigint => BigInt(value.readUInt32LE(at));
  if (revision === 1) return { permitted: word(4), inheritable: word(8), isEffective };
  const isLong = (revision === 2 && value.length === 20) || (revision === 3 && value.length === 24);
  if (!isLong) return undefined;
  return { permitted: word(4) | (word(12) << 32n), inheritable: word(8) | (word(16) << 32n), isEffective };
}

/** `cap_setuid` and its like. */
export function namesOfCapabilities(set: bigint): string[] {
  return capabilityNames.flatMap((name, index) => (((set >> BigInt(index)) & 1n) === 1n ? [`cap_${name}`] : []));
}
