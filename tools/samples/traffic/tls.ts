import type { Micros } from '../../../src/base/time.ts';
import { withShuffledExtensions, type ServerHello } from '../base/client-hello.ts';
import { numberOf } from '../base/ids.ts';
import type { FlowState, TlsHandshake } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { certificateOf, type Certificate } from '../world/certificates.ts';
import { clientHellos, type ClientHelloName } from '../world/client-hellos.ts';
import { rttMicros } from './flow.ts';
import { tcp } from './tcp.ts';

export interface TlsPlan {
  readonly time: Micros;
  readonly client: string;
  readonly clientPort?: number;
  /** Name of the server; also its SNI and its certificate unless said otherwise. */
  readonly name: string;
  readonly address: string;
  readonly port?: number;
  readonly tls: 'tls12' | 'tls13';
  readonly hello: ClientHelloName;
  readonly upBytes: number;
  readonly downBytes: number;
  readonly durationMicros: number;
  readonly isResumed?: boolean;
  readonly hasServerName?: boolean;
  readonly certificate?: Certificate;
  readonly state?: FlowState;
  /** Protocol that TLS was started in or carries: `smtp`. */
  readonly within?: string;
}

const cipherNames: ReadonlyMap<number, string> = new Map([
  [0x1301, 'TLS_AES_128_GCM_SHA256'],
  [0x1302, 'TLS_AES_256_GCM_SHA384'],
  [0x1303, 'TLS_CHACHA20_POLY1305_SHA256'],
  [0xc02b, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
  [0xc02c, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  [0xc030, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
]);
const preferences = {
  TLSv13: [
    [0x1301, 0x1302],
    [0x1302, 0x1301],
  ],
  TLSv12: [
    [0xc030, 0xc02f, 0xc02c],
    [0xc02f, 0xc030, 0xc02b],
  ],
} as const;

/** A TLS session: the connection and its handshake. */
export function tlsSession(scene: Scene, plan: TlsPlan): TlsHandshake {
  const plain = clientHellos[plan.hello];
  const hello = plan.hello === 'chromium' ? withShuffledExtensions(plain, scene.rng) : plain;
  const version = plan.tls === 'tls13' && hello.maxVersion === 'tls13' ? 'TLSv13' : 'TLSv12';
  const isResumed = plan.isResumed === true;
  const wanted = preferences[version][numberOf(`cipher ${plan.name}`, 2)] ?? [];
  const cipher = wanted.find((id) => hello.ciphers.some((offered) => offered === id)) ?? 0xc030;
  // Hello and finish of both sides; the certificates are most of a full handshake.
  const overheadUp = version === 'TLSv13' ? 597 : 421;
  const overheadDown = isResumed ? 283 : 3_270 + numberOf(`chain ${plan.name}`, 1600);
  const flow = tcp(scene, {
    time: plan.time,
    client: plan.client,
    ...(plan.clientPort === undefined ? {} : { clientPort: plan.clientPort }),
    server: plan.address,
    serverPort: plan.port ?? 443,
    upBytes: plan.upBytes + overheadUp,
    downBytes: plan.downBytes + overheadDown,
    durationMicros: plan.durationMicros,
    services: plan.within === undefined ? ['ssl'] : [plan.within, 'ssl'],
    appProto: plan.within ?? 'tls',
    ...(plan.state === undefined ? {} : { state: plan.state }),
  });
  const handshake: TlsHandshake = {
    flow,
    time: plan.time + Math.round(rttMicros(scene, plan.address) * (version === 'TLSv13' ? 2.1 : 3.1)),
    version,
    cipher: cipherNames.get(cipher) ?? '',
    serverName: plan.hasServerName === false ? undefined : plan.name,
    alpn: version === 'TLSv13' ? undefined : chosenAlpn(hello.alpn),
    isResumed,
    hello,
    answer: serverHello(version, cipher, isResumed, hello.extensions),
    certificate: version === 'TLSv12' && !isResumed ? (plan.certificate ?? certificateOf(plan.name)) : undefined,
  };
  scene.evidence.tls.push(handshake);
  return handshake;
}

/** In TLS 1.3 the answer to ALPN is encrypted; in 1.2 it is seen. */
function chosenAlpn(offered: readonly string[]): string | undefined {
  return offered.includes('h2') ? 'h2' : offered[0];
}

/** A server may only answer extensions that the client sent; 51 and 43 carry TLS 1.3, 41 a resumption. */
function serverHello(
  version: TlsHandshake['version'],
  cipher: number,
  isResumed: boolean,
  offered: readonly number[],
): ServerHello {
  const hello = { version: 771, cipher };
  if (version === 'TLSv13') return { ...hello, extensions: isResumed ? [51, 43, 41] : [51, 43] };
  const willing = isResumed ? [65_281, 0, 16, 23] : [65_281, 0, 11, 35, 16, 23];
  return { ...hello, extensions: willing.filter((id) => offered.includes(id)) };
}
