import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { serverCertificate, type Issuer } from './certificate.ts';

interface Leaf {
  readonly context: SecureContext;
  readonly madeMs: number;
}

const hourMs = 3_600_000;
const renewAfterMs = 12 * hourMs;
const maxLeaves = 2000;
const maxIssuerName = 64;

/**
 * What the proxy shows to clients: a certificate for each name, made when it is first asked for and kept for twelve hours. The key behind
 * them is made anew at each start and never leaves the memory.
 *
 * An origin whose own certificate is in error is shown with one that no client trusts, and whose issuer says what is wrong with it.
 */
export class LeafContexts {
  readonly #trusted: Issuer;
  readonly #untrustedKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #pem = this.#key.privateKey.export({ type: 'pkcs8', format: 'pem' });
  readonly #leaves = new Map<string, Leaf>();

  constructor(trusted: Issuer) {
    this.#trusted = trusted;
  }

  /** `fault` is the origin's certificate error, such as `CERT_HAS_EXPIRED`; undefined when it is in order. */
  get(host: string, fault: string | undefined, nowMs: number): SecureContext {
    const id = `${fault ?? ''} ${host}`;
    const known = this.#leaves.get(id);
    if (known !== undefined && nowMs - known.madeMs < renewAfterMs) return known.context;
    const leaf = { context: this.#make(host, fault, nowMs), madeMs: nowMs };
    this.#leaves.delete(id);
    const [oldest] = this.#leaves.keys();
    if (this.#leaves.size >= maxLeaves && oldest !== undefined) this.#leaves.delete(oldest);
    this.#leaves.set(id, leaf);
    return leaf.context;
  }

  #make(host: string, fault: string | undefined, nowMs: number): SecureContext {
    const issuer = fault === undefined ? this.#trusted : this.#untrusted(fault);
    const validity = { from: new Date(nowMs - 24 * hourMs), to: new Date(nowMs + 7 * 24 * hourMs) };
    const certificate = new X509Certificate(serverCertificate(issuer, host, this.#key.publicKey, validity));
    return createSecureContext({ key: this.#pem, cert: certificate.toString() });
  }

  #untrusted(fault: string): Issuer {
    const commonName = `UNTRUSTED: the origin has ${fault}`.slice(0, maxIssuerName);
    return { name: { organisation: 'Vakthund TLS inspection', commonName }, key: this.#untrustedKey };
  }
}
