import type { IndicatorKind } from './format.ts';

/**
 * Names that lists give to our kinds: MISP attribute types, OTX, ThreatFox, Zeek, OpenIOC-like column names. `hash` and
 * `host` stand for several kinds and are told apart by the value.
 */
const byName: Readonly<Record<string, IndicatorKind>> = {
  address: 'address',
  addr: 'address',
  ip: 'address',
  ips: 'address',
  ipaddr: 'address',
  ipaddress: 'address',
  ipv4: 'address',
  ipv6: 'address',
  ipv4addr: 'address',
  ipv6addr: 'address',
  ipsrc: 'address',
  ipdst: 'address',
  ipsrcport: 'address',
  ipdstport: 'address',
  ipport: 'address',
  dstip: 'address',
  srcip: 'address',
  destip: 'address',
  destinationip: 'address',
  sourceip: 'address',
  cidr: 'cidr',
  subnet: 'cidr',
  network: 'cidr',
  netblock: 'cidr',
  domain: 'domain',
  domains: 'domain',
  domainname: 'domain',
  domainip: 'domain',
  host: 'domain',
  hostname: 'domain',
  hostnameport: 'domain',
  fqdn: 'domain',
  url: 'url',
  urls: 'url',
  uri: 'url',
  link: 'url',
  md5: 'md5',
  md5hash: 'md5',
  filehash: 'md5',
  filehashmd5: 'md5',
  hash: 'md5',
  hashes: 'md5',
  filenamemd5: 'md5',
  sha1: 'sha1',
  sha1hash: 'sha1',
  filehashsha1: 'sha1',
  filenamesha1: 'sha1',
  certhash: 'sha1',
  x509fingerprintsha1: 'sha1',
  x509fingerprintmd5: 'md5',
  sha256: 'sha256',
  sha256hash: 'sha256',
  filehashsha256: 'sha256',
  filenamesha256: 'sha256',
  x509fingerprintsha256: 'sha256',
  malwaresample: 'md5',
  ja3: 'ja3',
  ja3md5: 'ja3',
  ja3hash: 'ja3',
  ja3fingerprint: 'ja3',
  ja3fingerprintmd5: 'ja3',
  useragent: 'user-agent',
  httpuseragent: 'user-agent',
  software: 'user-agent',
  email: 'email',
  emailaddr: 'email',
  emailaddress: 'email',
  emailsrc: 'email',
  emaildst: 'email',
  emailreplyto: 'email',
  mail: 'email',
  sender: 'email',
};

/** Kind that a list means by a type or column name, whatever its case and separators; undefined for a name not known. */
export function kindOfName(name: string): IndicatorKind | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^intel::/, '')
    .replace(/[^a-z0-9]/g, '');
  return Object.hasOwn(byName, plain) ? byName[plain] : undefined;
}
