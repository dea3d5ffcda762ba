import { X509Certificate } from 'node:crypto';

/** A certificate in DER; undefined when it is none. */
export function parseCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
