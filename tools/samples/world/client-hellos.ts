import type { ClientHello } from '../base/client-hello.ts';

const x25519 = 29;
const commonGroups = [x25519, 23, 24];
const openSslGroups = [x25519, 23, 30, 25, 24];
const openSslSignatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
];
const openSslCiphers = [
  0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028,
  0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c,
  0x0035, 0x002f,
];
const browserSignatures = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
const goCiphers = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x1301, 0x1302, 0x1303,
];
const goSignatures = [0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603];

const modern = { version: 771, maxVersion: 'tls13', pointFormats: [0] } as const;

/** TLS clients of the company, one for each program or library that connects by itself. */
export const clientHellos = {
  chromium: {
    ...modern,
    ciphers: [4865, 4866, 4867, 49_195, 49_199, 49_196, 49_200, 52_393, 52_392, 49_171, 49_172, 156, 157, 47, 53],
    extensions: [0, 23, 65_281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 17_513, 21],
    groups: commonGroups,
    signatureAlgorithms: browserSignatures,
    alpn: ['h2', 'http/1.1'],
  },
  gecko: {
    ...modern,
    ciphers: [
      4865, 4867, 4866, 49_195, 49_199, 52_393, 52_392, 49_196, 49_200, 49_162, 49_161, 49_171, 49_172, 156, 157, 47,
      53,
    ],
    extensions: [0, 23, 65_281, 10, 11, 35, 16, 5, 34, 51, 43, 13, 45, 28, 65_037],
    groups: [x25519, 23, 24, 25, 256, 257],
    signatureAlgorithms: [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
    alpn: ['h2', 'http/1.1'],
  },
  /** The operating system's own library on the workstations: updates, mail client, SMB over TLS. */
  system: {
    version: 771,
    maxVersion: 'tls12',
    ciphers: [
      49_196, 49_195, 49_200, 49_199, 49_188, 49_187, 49_192, 49_191, 49_162, 49_161, 49_172, 49_171, 157, 156, 61, 60,
      53, 47,
    ],
    extensions: [0, 5, 10, 11, 13, 35, 16, 23, 65_281],
    groups: commonGroups,
    pointFormats: [0],
    signatureAlgorithms: [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0601, 0x0603],
    alpn: ['h2', 'http/1.1'],
  },
  /** The endpoint agent, on every workstation. */
  agent: {
    version: 771,
    maxVersion: 'tls12',
    ciphers: [49_200, 49_196, 49_192, 49_188, 159, 107, 157, 61, 49_199, 49_195],
    extensions: [0, 11, 10, 35, 22, 23, 13],
    groups: openSslGroups,
    pointFormats: [0, 1, 2],
    signatureAlgorithms: [0x0601, 0x0603, 0x0501, 0x0503, 0x0401, 0x0403],
    alpn: [],
  },
  /** curl with OpenSSL 3, and Python through the same library. */
  openssl: {
    ...modern,
    ciphers: openSslCiphers,
    extensions: [0, 11, 10, 16, 22, 23, 49, 13, 43, 45, 51],
    groups: openSslGroups,
    pointFormats: [0, 1, 2],
    signatureAlgorithms: openSslSignatures,
    alpn: ['h2', 'http/1.1'],
  },
  python: {
    ...modern,
    ciphers: openSslCiphers,
    extensions: [0, 11, 10, 35, 22, 23, 13, 43, 45, 51],
    groups: openSslGroups,
    pointFormats: [0, 1, 2],
    signatureAlgorithms: openSslSignatures,
    alpn: [],
  },
  java8: {
    version: 771,
    maxVersion: 'tls12',
    ciphers: [
      49_188, 49_192, 61, 49_190, 49_194, 107, 106, 49_162, 49_172, 53, 49_157, 49_167, 57, 56, 49_187, 49_191, 60,
      49_196, 49_195, 49_200, 157, 49_198, 49_202, 159, 163, 49_199, 156, 255,
    ],
    extensions: [10, 11, 13, 23, 0],
    groups: [23, 24, 25],
    pointFormats: [0],
    signatureAlgorithms: [0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401, 0x0402, 0x0203, 0x0201, 0x0202],
    alpn: [],
  },
  /** Programs in Go: the backup client, the container engine, the git server's tools. */
  go: {
    ...modern,
    ciphers: goCiphers,
    extensions: [0, 5, 10, 11, 13, 65_281, 16, 18, 43, 51],
    groups: [x25519, 23, 24, 25],
    signatureAlgorithms: [...goSignatures, 0x0201, 0x0203],
    alpn: ['h2', 'http/1.1'],
  },
  gnutls: {
    ...modern,
    ciphers: [
      4866, 4867, 4865, 4868, 49_196, 52_393, 49_325, 49_162, 49_195, 49_324, 49_161, 49_200, 52_392, 49_172, 49_199,
      49_171, 157, 49_309, 53, 156, 49_308, 47, 159, 52_394, 49_311, 57, 158, 49_310, 51,
    ],
    extensions: [5, 10, 11, 13, 22, 23, 35, 51, 43, 65_281, 0, 45, 28],
    groups: [23, 24, 25, x25519, 30, 256, 257, 258, 259, 260],
    signatureAlgorithms: [0x0401, 0x0809, 0x0804, 0x0403, 0x0807, 0x0501, 0x080a, 0x0805, 0x0503, 0x0808, 0x0601],
    alpn: [],
  },
  /** The mail server towards other mail servers. */
  mail: {
    ...modern,
    ciphers: openSslCiphers.slice(0, 24),
    extensions: [0, 11, 10, 35, 22, 23, 13, 43, 45, 51],
    groups: openSslGroups,
    pointFormats: [0, 1, 2],
    signatureAlgorithms: openSslSignatures,
    alpn: [],
  },
  widget: {
    ...modern,
    ciphers: [4866, 4865, 4867, 49_196, 49_195, 52_393, 49_200, 49_199, 52_392],
    extensions: [0, 5, 10, 11, 13, 16, 23, 43, 45, 51],
    groups: commonGroups,
    signatureAlgorithms: browserSignatures,
    alpn: ['http/1.1'],
  },
  /** The intruder's: Go's library with a cut list of ciphers and no ALPN, so seen on one host only. */
  implant: {
    ...modern,
    ciphers: [0x1301, 0x1303, 0xc02f, 0xc02b, 0xcca8],
    extensions: [0, 10, 11, 13, 65_281, 43, 51],
    groups: [x25519],
    signatureAlgorithms: goSignatures.slice(0, 8),
    alpn: [],
  },
} as const satisfies Readonly<Record<string, ClientHello>>;

export type ClientHelloName = keyof typeof clientHellos;
