import type { X509Certificate } from 'node:crypto';
import { X509Certificate as Certificate } from 'node:crypto';
import { readCose } from '../../../../src/inspect/image/signatures/notation/cose.ts';
import type { Envelope } from '../../../../src/inspect/image/signatures/notation/envelope.ts';
import { readJws } from '../../../../src/inspect/image/signatures/notation/jws.ts';
import type { Attachment, SignedSubject } from '../../../../src/inspect/image/signature-scheme.ts';

function read({ mediaType, bytes }: Attachment): Envelope | undefined {
  const envelope = mediaType === 'application/cose' ? readCose(bytes) : readJws(bytes);
  return typeof envelope === 'string' ? undefined : envelope;
}

/** What an envelope says that it is about; an empty digest when it cannot be read. */
export function subjectOfEnvelope(attachment: Attachment): SignedSubject {
  const envelope = read(attachment);
  if (envelope === undefined) return { digest: '' };
  const { targetArtifact } = JSON.parse(envelope.payload.toString()) as {
    targetArtifact?: { digest: string; mediaType: string };
  };
  return { digest: targetArtifact?.digest ?? '', mediaType: targetArtifact?.mediaType ?? '' };
}

/** Certificates that could stand in trust stores: the last of the signer's chain, and the authorities in the time stamp. */
export function embeddedAnchors(attachment: Attachment): {
  readonly signer: readonly X509Certificate[];
  readonly authority: readonly X509Certificate[];
} {
  const envelope = read(attachment);
  return { signer: envelope?.chain.slice(-1) ?? [], authority: authoritiesIn(envelope?.timestamp ?? Buffer.alloc(0)) };
}

/** Certificates of authorities anywhere in the bytes of a token. */
function authoritiesIn(token: Buffer): X509Certificate[] {
  const found: X509Certificate[] = [];
  const head = Buffer.of(0x30, 0x82);
  for (let at = token.indexOf(head); at >= 0; at = token.indexOf(head, at + 1)) {
    const length = 4 + token.readUInt16BE(at + 2);
    try {
      const certificate = new Certificate(token.subarray(at, at + length));
      if (certificate.ca) found.push(certificate);
    } catch {
      // Some other structure begins here.
    }
  }
  return found;
}
