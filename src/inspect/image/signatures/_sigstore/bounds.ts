import type { Bundle } from '@sigstore/bundle';

/** Log entries, time stamps and certificates of a bundle; real ones have one to four. The library compares each with each. */
const maxParts = 32;
/** Bytes of one certificate or time stamp, of a checkpoint, and of an entry of a log. */
const maxPartBytes = 2 ** 16;
const maxEntryBytes = 2 ** 22;
/** Hashes of an inclusion proof: a tree of 2^64 leaves has no more. */
const maxHashes = 64;
/** Digits of an unsigned number of 64 bits. */
const maxDigits = 20;

/** What of a bundle is larger than any real one, before the library sees it; undefined when nothing is. */
export function boundsFault({ verificationMaterial: material }: Bundle): string | undefined {
  const { content, tlogEntries, timestampVerificationData } = material;
  const timestamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  const certificates = content.$case === 'x509CertificateChain' ? content.x509CertificateChain.certificates : [];
  const single = content.$case === 'certificate' ? [content.certificate.rawBytes] : [];
  const parts = [tlogEntries, timestamps, certificates];
  if (parts.some(({ length }) => length > maxParts)) {
    return `more than ${maxParts} entries, time stamps or certificates`;
  }
  const small = [
    ...single,
    ...certificates.map(({ rawBytes }) => rawBytes),
    ...timestamps.map(({ signedTimestamp }) => signedTimestamp),
  ];
  if (small.some(({ length }) => length > maxPartBytes)) {
    return `a certificate or time stamp is over ${maxPartBytes} bytes`;
  }
  const isLarge = tlogEntries.some(
    ({ canonicalizedBody, inclusionProof, integratedTime, logIndex }) =>
      canonicalizedBody.length > maxEntryBytes ||
      [integratedTime, logIndex, inclusionProof?.logIndex ?? ''].some(({ length }) => length > maxDigits) ||
      (inclusionProof?.hashes.length ?? 0) > maxHashes ||
      (inclusionProof?.checkpoint?.envelope.length ?? 0) > maxPartBytes,
  );
  return isLarge ? 'an entry of the transparency log is larger than any real one' : undefined;
}
