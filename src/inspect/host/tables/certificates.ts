import { X509Certificate } from 'node:crypto';
import { defineHostTable } from '../table.ts';
import { askedPaths } from '../asked-paths.ts';
import { oneLine, signingAlgorithm } from '../certificate-text.ts';
import type { TableContext } from '../table-context.ts';

/** Where distributions keep whom they trust. */
const places = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const maxBytes = 1 << 24;
const maxCertificates = 10_000;

export const table = defineHostTable({
  id: 'certificates',
  title: 'Certificates that are trusted, or stand in a file',
  description:
    'PEM files: the trust store of the distribution, or the files that a query asks for by `path`. Times are seconds since 1970, as text. What the key is for, and the ids of keys, are not told.',
  columns: {
    common_name: 'text',
    subject: 'text',
    issuer: 'text',
    ca: 'integer',
    self_signed: 'integer',
    not_valid_before: 'text',
    not_valid_after: 'text',
    signing_algorithm: 'text',
    key_algorithm: 'text',
    key_strength: 'text',
    key_usage: 'text',
    subject_key_id: 'text',
    authority_key_id: 'text',
    sha1: 'text',
    path: 'text',
    serial: 'text',
  },
  hidden: {
    sid: 'text',
    store_location: 'text',
    store: 'text',
    username: 'text',
    store_id: 'text',
    issuer2: 'text',
    subject2: 'text',
  },
  needs: 'root',
  narrowedBy: ['path'],
  *rows(context, constraints) {
    const paths = constraints.of('path') === undefined ? places : askedPaths(context, constraints);
    for (const path of paths) {
      for (const certificate of readPem(context, path)) yield { ...rowOf(certificate), path };
    }
  },
});

function* readPem(context: TableContext, path: string): Generator<X509Certificate> {
  const text = context.tree.read(path, maxBytes)?.toString('latin1') ?? '';
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > maxCertificates) {
    context.complain(
      'limit-reached',
      path,
      `only the first ${maxCertificates} of ${blocks.length} certificates were read`,
    );
  }
  for (const block of blocks.slice(0, maxCertificates)) {
    try {
      yield new X509Certificate(block);
    } catch {
      context.complain('bad-record', path, 'a block is no certificate');
    }
  }
}

/** As OpenSSL names them. */
const keyAlgorithms: Readonly<Record<string, string>> = {
  rsa: 'rsaEncryption',
  ec: 'id-ecPublicKey',
  ed25519: 'ED25519',
};

function rowOf(certificate: X509Certificate): Record<string, string | number | null> {
  const { subject, issuer, publicKey } = certificate;
  const details = publicKey.asymmetricKeyDetails ?? {};
  return {
    common_name: /^CN=(?<name>.*)$/m.exec(subject)?.groups?.['name'] ?? '',
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    ca: certificate.ca ? 1 : 0,
    self_signed: subject === issuer ? 1 : 0,
    not_valid_before: String(Math.floor(certificate.validFromDate.getTime() / 1000)),
    not_valid_after: String(Math.floor(certificate.validToDate.getTime() / 1000)),
    signing_algorithm: signingAlgorithm(certificate.raw),
    key_algorithm: keyAlgorithms[publicKey.asymmetricKeyType ?? ''] ?? publicKey.asymmetricKeyType ?? '',
    key_strength: String(details.modulusLength ?? details.namedCurve ?? ''),
    sha1: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    serial: certificate.serialNumber,
  };
}
