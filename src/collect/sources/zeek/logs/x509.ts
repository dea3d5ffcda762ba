import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, read, when } from './shared.ts';

export const x509: Mapping<'certificate'> = {
  kind: 'certificate',
  columns: {
    ...when,
    ...dataset('x509'),
    file_hash_sha256: read('fingerprint', 'hex'),
    file_uid: read('id', 'text', 'fuid'),
    x509_version_number: read('certificate.version', 'integer'),
    x509_serial_number: read('certificate.serial'),
    x509_subject: read('certificate.subject'),
    x509_issuer: read('certificate.issuer'),
    x509_not_before: read('certificate.not_valid_before', 'seconds'),
    x509_not_after: read('certificate.not_valid_after', 'seconds'),
    x509_public_key_algorithm: read('certificate.key_alg'),
    x509_signature_algorithm: read('certificate.sig_alg'),
    x509_public_key_size: read('certificate.key_length', 'integer'),
    x509_public_key_curve: read('certificate.curve'),
    x509_alternative_names: read('san.dns', 'list'),
    x509_alternative_ips: read('san.ip', 'list'),
    x509_is_ca: read('basic_constraints.ca', 'boolean'),
    x509_host_certificate: read('host_cert', 'boolean'),
    x509_client_certificate: read('client_cert', 'boolean'),
  },
};
