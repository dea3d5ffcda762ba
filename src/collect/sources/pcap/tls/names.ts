import alerts from './data/alerts.json' with { type: 'json' };
import cipherSuites from './data/cipher-suites.json' with { type: 'json' };
import groups from './data/groups.json' with { type: 'json' };

const nameIn =
  (table: Readonly<Record<string, string>>) =>
  (number: number): string =>
    table[`${number}`] ?? `unknown-${number}`;

/** `TLS_AES_128_GCM_SHA256`; `unknown-N` for a number without a name. */
export const cipherSuiteName = nameIn(cipherSuites);
/** `x25519`, `secp256r1`: a supported group. */
export const groupName = nameIn(groups);
/** `close_notify`, `handshake_failure`: an alert description. */
export const alertName = nameIn(alerts);

const versions: Readonly<Record<number, string>> = {
  0x0002: 'SSLv2',
  0x0300: 'SSLv3',
  0x0301: 'TLSv10',
  0x0302: 'TLSv11',
  0x0303: 'TLSv12',
  0x0304: 'TLSv13',
  0xfeff: 'DTLSv10',
  0xfefd: 'DTLSv12',
  0xfefc: 'DTLSv13',
};

/** `TLSv12`, `TLSv13-draft28`; `unknown-N` for anything else. */
export function versionName(version: number): string {
  const name = versions[version];
  if (name !== undefined) return name;
  return version >> 8 === 0x7f ? `TLSv13-draft${version & 0x7f}` : `unknown-${version}`;
}
