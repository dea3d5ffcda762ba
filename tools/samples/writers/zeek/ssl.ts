import { ja3Hash, ja3String, ja3sString } from '../../base/client-hello.ts';
import { digest } from '../../base/ids.ts';
import type { TlsHandshake } from '../../model/network.ts';
import type { Certificate } from '../../world/certificates.ts';
import type { Line } from '../line.ts';
import { idColumns, idValues, list, row, schema, text, time, type Value } from './format.ts';

/** ssl.log with the policy script validate-certs and the package ja3. */
export const sslLog = schema(
  'ssl',
  `ts:time ${idColumns} version:string cipher:string curve:string server_name:string resumed:bool
   last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string]
   client_cert_chain_fps:vector[string] sni_matches_cert:bool validation_status:string ja3:string ja3s:string`,
);

/** x509.log with the policy script log-hostcerts-only: the leaf, once a day. */
export const x509Log = schema(
  'x509',
  `ts:time fingerprint:string certificate.version:count certificate.serial:string certificate.subject:string
   certificate.issuer:string certificate.not_valid_before:time certificate.not_valid_after:time
   certificate.key_alg:string certificate.sig_alg:string certificate.key_type:string certificate.key_length:count
   certificate.exponent:string certificate.curve:string san.dns:vector[string] san.uri:vector[string]
   san.email:vector[string] san.ip:vector[addr] basic_constraints.ca:bool basic_constraints.path_len:count
   host_cert:bool client_cert:bool`,
);

const x25519 = 29;

export function sslLine(tls: TlsHandshake): Line {
  const { certificate } = tls;
  return {
    at: tls.time,
    step: tls.flow.step,
    text: row(sslLog, [
      time(tls.flow.start + Math.floor((tls.time - tls.flow.start) / 2)),
      ...idValues(tls.flow),
      tls.version,
      tls.cipher,
      tls.hello.groups.some((group) => group === x25519) ? 'x25519' : 'secp256r1',
      text(tls.serverName),
      tls.isResumed,
      undefined,
      tls.alpn,
      true,
      historyOf(tls),
      ...certificateValues(tls, certificate),
      ja3Hash(ja3String(tls.hello)),
      ja3Hash(ja3sString(tls.answer)),
    ]),
  };
}

/** Letters of Zeek's ssl_history: hellos, certificate, key exchange, done, finish; small ones are the server's. */
function historyOf(tls: TlsHandshake): string {
  return tls.certificate === undefined ? 'CsiI' : 'CsxknGIi';
}

function certificateValues(tls: TlsHandshake, certificate: Certificate | undefined): Value[] {
  if (certificate === undefined) return [undefined, undefined, undefined, undefined];
  const chain = certificate.isSelfSigned
    ? [certificate.sha256]
    : [certificate.sha256, digest('sha256', certificate.issuer)];
  const matches = tls.serverName === undefined ? undefined : certificate.names.includes(tls.serverName);
  return [list(chain), '(empty)', matches, certificate.isSelfSigned ? 'self signed certificate' : 'ok'];
}

/** One row for each certificate of the day, when it was seen first. */
export function x509Lines(handshakes: readonly TlsHandshake[]): Line[] {
  const seen = new Set<string>();
  const lines: Line[] = [];
  for (const tls of [...handshakes].sort((a, b) => a.time - b.time)) {
    if (tls.certificate === undefined || seen.has(tls.certificate.sha256)) continue;
    seen.add(tls.certificate.sha256);
    lines.push({ at: tls.time, step: tls.flow.step, text: x509Row(tls.time, tls.certificate) });
  }
  return lines;
}

function x509Row(seenAt: number, certificate: Certificate): string {
  return row(x509Log, [
    time(seenAt),
    certificate.sha256,
    3,
    certificate.serial,
    text(certificate.subject),
    text(certificate.issuer),
    time(certificate.notBefore),
    time(certificate.notAfter),
    'rsaEncryption',
    'sha256WithRSAEncryption',
    'rsa',
    2048,
    '65537',
    undefined,
    list(certificate.names),
    undefined,
    undefined,
    undefined,
    false,
    undefined,
    true,
    false,
  ]);
}
