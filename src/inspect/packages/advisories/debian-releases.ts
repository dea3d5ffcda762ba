/** Numbers of Debian's releases by their code names (www.debian.org/releases). */
const releases: Readonly<Record<string, string>> = {
  woody: '3.0',
  sarge: '3.1',
  etch: '4',
  lenny: '5',
  squeeze: '6',
  wheezy: '7',
  jessie: '8',
  stretch: '9',
  buster: '10',
  bullseye: '11',
  bookworm: '12',
  trixie: '13',
  forky: '14',
  duke: '15',
};

/** OSV ecosystem of a code name; undefined for one that is not known (`sid`, `experimental`). */
export function debianEcosystem(codename: string): string | undefined {
  const release = releases[codename];
  return release === undefined ? undefined : `Debian:${release}`;
}
