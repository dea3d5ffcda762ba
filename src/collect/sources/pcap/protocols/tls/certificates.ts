import { createHash } from 'node:crypto';
import type { EventOf } from '../../../../../events/event.ts';
import type { CaptureContext } from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { readCertificate, type Certificate } from '../../x509/certificate.ts';
import { KnownCertificates } from '../../x509/known-certificates.ts';

/** Certificates of one message: no chain has more. */
const maxChain = 100;
/** Certificates whose content is remembered: a few kilobytes each. */
const maxRead = 1000;

/** The certificates of a Certificate message before TLS 1.3 (RFC 5246, 7.4.2); undefined when the lengths do not fit. */
export function certificatesIn(body: Uint8Array): Uint8Array[] | undefined {
  const outer = new Cursor(body);
  const list = new Cursor(outer.vector(3));
  if (outer.isCut) return undefined;
  const certificates: Uint8Array[] = [];
  while (list.left > 0 && certificates.length < maxChain) {
    const certificate = list.vector(3);
    if (list.isCut) return undefined;
    certificates.push(certificate);
  }
  return certificates;
}

/** The certificates of a Certificate message of TLS 1.3, each with extensions behind it (RFC 8446, 4.4.2); undefined when the lengths do not fit. */
export function certificatesWithExtensions(body: Uint8Array): Uint8Array[] | undefined {
  const outer = new Cursor(body);
  outer.vector(1);
  const list = new Cursor(outer.vector(3));
  if (outer.isCut) return undefined;
  const certificates: Uint8Array[] = [];
  while (list.left > 0 && certificates.length < maxChain) {
    const certificate = list.vector(3);
    list.vector(2);
    if (list.isCut) return undefined;
    certificates.push(certificate);
  }
  return certificates;
}

interface SeenCertificate {
  /** SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  readonly sha1: string;
  readonly certificate: Certificate | undefined;
}

/** Emits one `certificate` event for each certificate and role that a capture shows within a day. */
export class CertificateLog {
  readonly #context: CaptureContext;
  readonly #known = new KnownCertificates();
  /** What was read before: servers send the same certificates in every handshake. */
  readonly #read = new Map<string, SeenCertificate>();

  constructor(context: CaptureContext) {
    this.#context = context;
  }

  add(bytes: Uint8Array, isHost: boolean, isClient: boolean): SeenCertificate {
    const seen = this.#readOnce(bytes);
    const { fingerprint, certificate } = seen;
    if (certificate === undefined) {
      this.#context.problem('bad-record', 'a certificate is not readable; its hash was kept');
    } else if (this.#known.isNew(fingerprint, isHost, isClient, this.#context.clock.time)) {
      const event = this.#context.newEvent('certificate');
      fill(event, certificate);
      event.file_hash_sha256 = fingerprint;
      event.x509_host_certificate = isHost;
      event.x509_client_certificate = isClient;
      this.#context.emit(event);
    }
    return seen;
  }

  #readOnce(bytes: Uint8Array): SeenCertificate {
    const fingerprint = createHash('sha256').update(bytes).digest('hex');
    const known = this.#read.get(fingerprint);
    if (known !== undefined) return known;
    const sha1 = createHash('sha1').update(bytes).digest('hex');
    const seen = { fingerprint, sha1, certificate: readCertificate(bytes) };
    if (this.#read.size >= maxRead) this.#read.clear();
    this.#read.set(fingerprint, seen);
    return seen;
  }
}

function fill(event: EventOf<'certificate'>, certificate: Certificate): void {
  const { publicKey, alternativeNames, basicConstraints } = certificate;
  event.x509_version_number = certificate.version;
  event.x509_serial_number = certificate.serial;
  event.x509_subject = certificate.subject;
  event.x509_issuer = certificate.issuer;
  event.x509_not_before = certificate.notBefore ?? null;
  event.x509_not_after = certificate.notAfter ?? null;
  event.x509_public_key_algorithm = publicKey.algorithm;
  event.x509_signature_algorithm = certificate.signatureAlgorithm;
  event.x509_public_key_size = publicKey.bits ?? null;
  event.x509_public_key_curve = publicKey.curve ?? null;
  if (alternativeNames !== undefined && alternativeNames.dns.length > 0) {
    event.x509_alternative_names = alternativeNames.dns;
  }
  if (alternativeNames !== undefined && alternativeNames.ips.length > 0) {
    event.x509_alternative_ips = alternativeNames.ips;
  }
  event.x509_is_ca = basicConstraints?.isCa ?? null;
  event.fields = JSON.stringify({
    'certificate.key_type': publicKey.type,
    'certificate.exponent': publicKey.exponent,
    'san.uri': alternativeNames?.uris.length === 0 ? undefined : alternativeNames?.uris,
    'san.email': alternativeNames?.emails.length === 0 ? undefined : alternativeNames?.emails,
    'basic_constraints.path_len': basicConstraints?.pathLength,
  });
}
