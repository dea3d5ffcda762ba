import { boolean, defineKind, integer, list, text, time } from '../kind.ts';

export const kind = defineKind({
  id: 'certificate',
  title: 'X.509 certificate',
  description: 'One certificate seen on the network.',
  columns: {
    file_hash_sha256: text('SHA-256 of the certificate (Zeek fingerprint).', 'x509.hash.sha256'),
    file_uid: text('Id of the file that it came in.'),
    x509_version_number: integer('Version.', 'x509.version_number'),
    x509_serial_number: text('Serial number.', 'x509.serial_number'),
    x509_subject: text('Subject.', 'x509.subject.distinguished_name'),
    x509_issuer: text('Issuer.', 'x509.issuer.distinguished_name'),
    x509_not_before: time('Valid from.', 'x509.not_before'),
    x509_not_after: time('Valid until.', 'x509.not_after'),
    x509_public_key_algorithm: text('Key algorithm.', 'x509.public_key_algorithm'),
    x509_signature_algorithm: text('Signature algorithm.', 'x509.signature_algorithm'),
    x509_public_key_size: integer('Key length in bits.', 'x509.public_key_size'),
    x509_public_key_curve: text('Curve.', 'x509.public_key_curve'),
    x509_alternative_names: list('DNS names of the subject alternative name.', 'x509.alternative_names'),
    x509_alternative_ips: list('Addresses of the subject alternative name.'),
    x509_is_ca: boolean('Basic constraints say CA.'),
    x509_host_certificate: boolean('It was the certificate of a server.'),
    x509_client_certificate: boolean('It was the certificate of a client.'),
  },
});
