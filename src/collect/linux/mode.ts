/** S_IFMT values of stat(2). */
const fileTypes: Readonly<Record<number, string>> = {
  0o010000: 'fifo',
  0o020000: 'character',
  0o040000: 'dir',
  0o060000: 'block',
  0o100000: 'file',
  0o120000: 'link',
  0o140000: 'socket',
};

/** `file,suid,755` for `0104755`: type, special bits, permissions; undefined for text that is no octal number. */
export function modeNames(octal: string): string | undefined {
  if (!/^[0-7]{1,8}$/.test(octal)) return undefined;
  const mode = Number.parseInt(octal, 8);
  return [fileTypes[mode & 0o170000] ?? '000', ...specialBits(mode), (mode & 0o777).toString(8).padStart(3, '0')].join(
    ',',
  );
}

/** `suid,0755` for the mode that a call is given: special bits and permissions. */
export function permissionText(mode: number): string {
  return [...specialBits(mode), `0${(mode & 0o777).toString(8).padStart(3, '0')}`].join(',');
}

/** `suid`, `sgid`, `sticky`: those of the three that are set. */
function specialBits(mode: number): string[] {
  const bits = [
    [0o4000, 'suid'],
    [0o2000, 'sgid'],
    [0o1000, 'sticky'],
  ] as const;
  return bits.filter(([bit]) => (mode & bit) !== 0).map(([, name]) => name);
}
