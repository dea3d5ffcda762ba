/** What a finding must be about. Of each kind that is given, everything that the finding names must be covered. */
export const scopeKeys = {
  detector: 'Detector id or its beginning: `analytics/beacon`, `rules/sigma`.',
  source: 'Machines of ours: names, addresses, networks in CIDR.',
  from: 'The machine of ours that does it, which a finding names first; machines that it is done to need no cover.',
  destination: 'Far sides: addresses, networks in CIDR.',
  domain: 'Domains, with everything below them.',
  fingerprint: 'TLS fingerprints.',
  user: 'Users.',
  container: 'Containers, by name or id.',
  image: 'Images; a final `*` stands for any ending.',
  executable: 'Programs by path; a final `*` stands for any ending.',
  file: 'Files by path; a final `*` stands for any ending.',
} as const;
export type ScopeKey = keyof typeof scopeKeys;
