/**
 * What published JARMs were seen with. A JARM tells a TLS stack and its settings, not its owner: the one listed for
 * Metasploit is that of any plain server on OpenSSL. Origin: README of salesforce/jarm (BSD-3-Clause), the figures only.
 */
const published: ReadonlyMap<string, string> = new Map([
  ['22b22b09b22b22b22b22b22b22b22b352842cd5d6b0278445702035e06875c', 'Trickbot'],
  ['1dd40d40d00040d1dc1dd40d1dd40d3df2d6a0c2caaa0dc59908f0d3602943', 'AsyncRAT'],
  ['07d14d16d21d21d00042d43d000000aa99ce74e2c6d013c745aa52b5cc042d', 'Metasploit, and any plain server on OpenSSL 3'],
  [
    '07d14d16d21d21d07c42d41d00041d24a458a375eef0c576d23a7bab9a9fb1',
    'Cobalt Strike, and other servers on the same Java',
  ],
  ['29d21b20d29d29d21c41d21b21b41d494e0df9532e75299f15ba73156cee38', 'Merlin'],
]);

export function seenWith(jarm: string): string | undefined {
  return published.get(jarm);
}
