/** First of the majors of pseudo-terminals, which have eight of 256 each. */
const firstPseudo = 136;
const consoleMajor = 4;

/** Name of the terminal that a device number stands for, as the kernel writes it: `pts1`, `tty2`, `ttyS0`; null for none. */
export function terminalName(device: number): string | null {
  if (device === 0) return null;
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xf_ff00);
  if (major >= firstPseudo && major < firstPseudo + 8) return `pts${(major - firstPseudo) * 256 + minor}`;
  if (major === consoleMajor) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
  return `${major}:${minor}`;
}
