import { allCiphers, oldCiphers, ordered, type Order } from './ciphers.ts';

/** What one of the ten probes asks. */
interface Probe {
  readonly version: '1.1' | '1.2' | '1.3';
  readonly ciphers: readonly string[];
  readonly cipherOrder: Order;
  readonly hasGrease: boolean;
  readonly hasRareAlpn: boolean;
  /** Highest version that supported_versions names; absent: the extension is left out. */
  readonly supported?: '1.2' | '1.3';
  /** Of ALPN and supported_versions. */
  readonly extensionOrder: 'forward' | 'reverse';
}

const usual = { ciphers: allCiphers, hasGrease: false, hasRareAlpn: false };

/** The ten, in the order in which their answers are hashed (salesforce/jarm, BSD-3-Clause: the method, not the code). */
export const probes: readonly Probe[] = [
  { ...usual, version: '1.2', cipherOrder: 'forward', supported: '1.2', extensionOrder: 'reverse' },
  { ...usual, version: '1.2', cipherOrder: 'reverse', supported: '1.2', extensionOrder: 'forward' },
  { ...usual, version: '1.2', cipherOrder: 'top-half', extensionOrder: 'forward' },
  { ...usual, version: '1.2', cipherOrder: 'bottom-half', hasRareAlpn: true, extensionOrder: 'forward' },
  {
    ...usual,
    version: '1.2',
    cipherOrder: 'middle-out',
    hasGrease: true,
    hasRareAlpn: true,
    extensionOrder: 'reverse',
  },
  { ...usual, version: '1.1', cipherOrder: 'forward', extensionOrder: 'forward' },
  { ...usual, version: '1.3', cipherOrder: 'forward', supported: '1.3', extensionOrder: 'reverse' },
  { ...usual, version: '1.3', cipherOrder: 'reverse', supported: '1.3', extensionOrder: 'forward' },
  {
    ...usual,
    version: '1.3',
    ciphers: oldCiphers,
    cipherOrder: 'forward',
    supported: '1.3',
    extensionOrder: 'forward',
  },
  { ...usual, version: '1.3', cipherOrder: 'middle-out', hasGrease: true, supported: '1.3', extensionOrder: 'reverse' },
];

/** Bytes of a hello that nobody chooses: given, so that tests can hold hellos byte by byte. */
export interface Chance {
  /** Random bytes, as many as asked for. */
  bytes(count: number): Buffer;
  /** A GREASE value (RFC 8701), four hexadecimal digits. */
  grease(): string;
}

/** The TLS record of a ClientHello (RFC 8446, 4.1.2) for a server under some name. */
export function clientHello(probe: Probe, host: string, chance: Chance): Buffer {
  const random = chance.bytes(32);
  const session = chance.bytes(32);
  const ciphers = [...(probe.hasGrease ? [chance.grease()] : []), ...ordered(probe.ciphers, probe.cipherOrder)];
  const body = Buffer.concat([
    Buffer.from(helloVersions[probe.version], 'hex'),
    random,
    withLength(1, session),
    withLength(2, Buffer.from(ciphers.join(''), 'hex')),
    // No compression.
    Buffer.from('0100', 'hex'),
    withLength(2, Buffer.concat(extensions(probe, host, chance))),
  ]);
  const handshake = Buffer.concat([Buffer.from([1]), withLength(3, body)]);
  return Buffer.concat([Buffer.from(`16${recordVersions[probe.version]}`, 'hex'), withLength(2, handshake)]);
}

const helloVersions = { '1.1': '0302', '1.2': '0303', '1.3': '0303' } as const;
const recordVersions = { '1.1': '0302', '1.2': '0303', '1.3': '0301' } as const;

function extensions(probe: Probe, host: string, chance: Chance): Buffer[] {
  const { hasGrease } = probe;
  return [
    ...(hasGrease ? [extension(chance.grease(), Buffer.alloc(0))] : []),
    extension('0000', withLength(2, Buffer.concat([Buffer.from([0]), withLength(2, Buffer.from(host, 'latin1'))]))),
    ...fixedExtensions,
    extension('0010', protocols(probe)),
    signatureAlgorithms,
    extension('0033', keyShare(hasGrease, chance)),
    extension('002d', Buffer.from('0101', 'hex')),
    ...supportedVersions(probe, chance),
  ];
}

function extension(type: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type, 'hex'), withLength(2, content)]);
}

const hexExtension = (type: string, content: string): Buffer => extension(type, Buffer.from(content, 'hex'));

/** Extended master secret, max fragment length, renegotiation info, groups, point formats, session ticket. */
const fixedExtensions: readonly Buffer[] = [
  hexExtension('0017', ''),
  hexExtension('0001', '01'),
  hexExtension('ff01', '00'),
  hexExtension('000a', '0008001d001700180019'),
  hexExtension('000b', '0100'),
  hexExtension('0023', ''),
];
const signatureAlgorithms = hexExtension('000d', '001204030804040105030805050108060601' + '0201');

const allProtocols = ['http/0.9', 'http/1.0', 'http/1.1', 'spdy/1', 'spdy/2', 'spdy/3', 'h2', 'h2c', 'hq'];
const rareProtocols = ['http/0.9', 'http/1.0', 'spdy/1', 'spdy/2', 'spdy/3', 'h2c', 'hq'];

function protocols({ hasRareAlpn, extensionOrder }: Probe): Buffer {
  const names = ordered(hasRareAlpn ? rareProtocols : allProtocols, extensionOrder);
  return withLength(2, Buffer.concat(names.map((name) => withLength(1, Buffer.from(name, 'latin1')))));
}

/** A key of X25519; nobody will use it. */
function keyShare(hasGrease: boolean, chance: Chance): Buffer {
  const grease = hasGrease ? Buffer.from(`${chance.grease()}000100`, 'hex') : Buffer.alloc(0);
  return withLength(2, Buffer.concat([grease, Buffer.from('001d', 'hex'), withLength(2, chance.bytes(32))]));
}

function supportedVersions({ supported, extensionOrder, hasGrease }: Probe, chance: Chance): Buffer[] {
  if (supported === undefined) return [];
  const known = supported === '1.3' ? ['0301', '0302', '0303', '0304'] : ['0301', '0302', '0303'];
  const versions = [...(hasGrease ? [chance.grease()] : []), ...ordered(known, extensionOrder)];
  return [extension('002b', withLength(1, Buffer.from(versions.join(''), 'hex')))];
}

/** The content behind its length in so many bytes. */
function withLength(bytes: 1 | 2 | 3, content: Buffer): Buffer {
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(content.length, 0, bytes);
  return Buffer.concat([length, content]);
}
