/**
 * What published fingerprints were seen with. A fingerprint tells a TLS stack and its settings, not its owner: Trickbot and Emotet used that of
 * Windows, and the JARM listed for Metasploit is that of any plain server on OpenSSL. So each is a hint beside others, and no proof.
 * Origin: the readmes of salesforce/jarm and salesforce/ja3 (BSD-3-Clause), the figures only.
 */
const published: Readonly<Record<FingerprintKind, Readonly<Record<string, string>>>> = {
  jarm: {
    '22b22b09b22b22b22b22b22b22b22b352842cd5d6b0278445702035e06875c': 'Trickbot',
    '1dd40d40d00040d1dc1dd40d1dd40d3df2d6a0c2caaa0dc59908f0d3602943': 'AsyncRAT',
    '07d14d16d21d21d00042d43d000000aa99ce74e2c6d013c745aa52b5cc042d': 'Metasploit, and any plain server on OpenSSL 3',
    '07d14d16d21d21d07c42d41d00041d24a458a375eef0c576d23a7bab9a9fb1':
      'Cobalt Strike, and other servers on the same Java',
    '29d21b20d29d29d21c41d21b21b41d494e0df9532e75299f15ba73156cee38': 'Merlin',
  },
  ja3: {
    '6734f37431670b3ab4292b8f60f29984': 'Trickbot, and other programs on older Windows',
    '4d7a28d6f2263ed61de88ca66eb011e3': 'Emotet, and other programs on older Windows',
    e7d705a3286e19ea42f587b344ee6865: 'a Tor client',
  },
  ja3s: {
    '623de93db17d313345d7ea481e7443cf': 'a server of Trickbot',
    '80b3a14bccc8598a1f3bbe83e71f735f': 'a server of Emotet',
    a95ca7eab4d47d051a5cd4fb7b6005dc: 'a Tor relay',
  },
};

type FingerprintKind = 'jarm' | 'ja3' | 'ja3s';

/** Undefined for a fingerprint of which nothing is known, and for kinds that no list is kept of. */
export function seenWith(kind: string, fingerprint: string): string | undefined {
  const list = isKept(kind) ? published[kind] : {};
  const key = fingerprint.toLowerCase();
  return Object.hasOwn(list, key) ? list[key] : undefined;
}

function isKept(kind: string): kind is FingerprintKind {
  return Object.hasOwn(published, kind);
}
