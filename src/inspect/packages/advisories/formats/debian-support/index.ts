import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { defineAdvisoryFormat, type FeedEntry } from '../../format.ts';

export const format = defineAdvisoryFormat({
  id: 'debian-support',
  title: "Debian's limits of security support",
  description:
    'The lists of the package debian-security-support: source packages whose support ended before that of the release, and those that are supported for some uses only.',
  references: ['https://salsa.debian.org/debian/debian-security-support'],
  detect: (path) => (/(?:^|[/\\!])security-support-(?:ended|limited)(?:\.deb\d+)?(?:\.gz)?$/.test(path) ? 3 : 0),
  *read(file) {
    const { level, release } =
      /-(?<level>ended|limited)(?:\.deb(?<release>\d+))?(?:\.gz)?$/.exec(file.path)?.groups ?? {};
    for (const line of decodeUtf8(file.bytes).split('\n')) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      yield level === 'ended' ? ended(line, release) : limited(line, release);
    }
  },
});

/** `package last-version day why` */
function ended(line: string, release: string | undefined): FeedEntry {
  const [name = '', , since, ...why] = line.trim().split(/\s+/);
  return { kind: 'support', level: 'ended', release, package: name, since, why: why.join(' ') };
}

/** `package why` */
function limited(line: string, release: string | undefined): FeedEntry {
  const [name = '', ...why] = line.trim().split(/\s+/);
  return { kind: 'support', level: 'limited', release, package: name, since: undefined, why: why.join(' ') };
}
