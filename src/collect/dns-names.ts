/** Names of DNS numbers as Zeek logs them (scripts/base/protocols/dns/consts.zeek, after IANA's registries). */

const typeNames: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  3: 'MD',
  4: 'MF',
  5: 'CNAME',
  6: 'SOA',
  7: 'MB',
  8: 'MG',
  9: 'MR',
  10: 'NULL',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  14: 'MINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  22: 'NSAP',
  23: 'NSAP-PTR',
  24: 'SIG',
  25: 'KEY',
  26: 'PX',
  27: 'GPOS',
  28: 'AAAA',
  29: 'LOC',
  // Zeek's table has these one earlier than IANA's, which makes room for the names of NetBIOS.
  30: 'EID',
  31: 'NIMLOC',
  32: 'NB',
  33: 'SRV',
  34: 'ATMA',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  38: 'A6',
  39: 'DNAME',
  40: 'SINK',
  41: 'OPT',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  53: 'SMIMEA',
  55: 'HIP',
  56: 'NINFO',
  57: 'RKEY',
  58: 'TALINK',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  100: 'UINFO',
  101: 'UID',
  102: 'GID',
  103: 'UNSPEC',
  104: 'NID',
  105: 'L32',
  106: 'L64',
  107: 'LP',
  108: 'EUI48',
  109: 'EUI64',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  253: 'MAILB',
  254: 'MAILA',
  255: '*',
  256: 'URI',
  257: 'CAA',
  32768: 'TA',
  32769: 'DLV',
  65281: 'WINS',
  65282: 'WINS-R',
  65422: 'XPF',
  65521: 'INTEGRITY',
};

const classNames: Readonly<Record<number, string>> = {
  1: 'IN',
  2: 'C_CSNET',
  3: 'CH',
  4: 'HS',
  254: 'C_NONE',
  255: 'ANY',
};

const codeNames = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSet',
  'NOTAUTH',
  'NOTZONE',
  'unassigned-11',
  'unassigned-12',
  'unassigned-13',
  'unassigned-14',
  'unassigned-15',
];

/** `A`, `TXT`; `query-65280` for a number without a name. */
export function dnsTypeName(type: number): string {
  return typeNames[type] ?? `query-${type}`;
}

/** `IN`, `CH`; `qclass-N` for a number without a name. */
export function dnsClassName(dnsClass: number): string {
  return classNames[dnsClass] ?? `qclass-${dnsClass}`;
}

/** Name of the four-bit response code of the header. */
export function responseCodeName(code: number): string {
  return codeNames[code] ?? `rcode-${code}`;
}

const typeNumbers = numbersOf(typeNames);
const classNumbers = numbersOf(classNames);

function numbersOf(names: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]));
}

/** What NetBIOS asks a node for its names by: SRV elsewhere (RFC 1002, 4.2.1.3). */
const typeNodeStatus = 33;

/** The number that `dnsTypeName` names; null for a text that it never gives. */
export function dnsTypeNumber(name: string): number | null {
  return typeNumbers.get(name) ?? (name === 'NBSTAT' ? typeNodeStatus : numberBehind('query-', name));
}

/** The number that `dnsClassName` names. */
export function dnsClassNumber(name: string): number | null {
  return classNumbers.get(name) ?? numberBehind('qclass-', name);
}

/** The number that `responseCodeName` names. */
export function responseCodeNumber(name: string): number | null {
  const number = codeNames.indexOf(name);
  return number >= 0 ? number : numberBehind('rcode-', name);
}

function numberBehind(prefix: string, name: string): number | null {
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^\d{1,5}$/.test(digits) ? Number(digits) : null;
}
