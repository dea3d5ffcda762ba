/** Ecosystems of OSV that images are made of, by their folder in the public bucket. */
const osvEcosystems = [
  'AlmaLinux',
  'Alpine',
  'Bitnami',
  'Chainguard',
  'crates.io',
  'Debian',
  'Go',
  'Hex',
  'Maven',
  'MinimOS',
  'npm',
  'NuGet',
  'openSUSE',
  'Packagist',
  'Pub',
  'PyPI',
  'Red Hat',
  'Rocky Linux',
  'RubyGems',
  'SUSE',
  'SwiftURL',
  'Ubuntu',
  'Wolfi',
];

/** Releases of Alpine whose security database is kept, ended ones too. */
const alpineReleases = ['edge', ...Array.from({ length: 21 }, (_none, index) => `v3.${index + 3}`)];

/** Where `feeds update` fetches from when nothing else is named. All are public and need no account. */
export const defaultFeeds: readonly string[] = [
  ...osvEcosystems.map(
    (name) => `https://storage.googleapis.com/osv-vulnerabilities/${encodeURIComponent(name)}/all.zip`,
  ),
  ...alpineReleases.map((release) => `https://secdb.alpinelinux.org/${release}/main.json`),
  ...alpineReleases.map((release) => `https://secdb.alpinelinux.org/${release}/community.json`),
  'https://security-tracker.debian.org/tracker/data/json',
  'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
  'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
  'https://endoflife.date/api/v1/products/full',
];
