import { X509Certificate, createHash } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import { messageOf } from '../../../../base/errors.ts';
import { asObject, fromBase64, readJsonObject, type JsonObject } from '../_checks/json.ts';
import { textOf } from '../../json.ts';

const annotation = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  bundle: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const;

type Annotations = Readonly<Record<string, string>>;

/**
 * The same evidence as cosign's annotations, in the form of a Sigstore bundle 0.1, so that one verifier judges both. A text says
 * what is wrong. Of the chain only the leaf is taken: the path to the root is built from what is trusted.
 */
export async function simpleSigningBundle(payload: Buffer, annotations: Annotations): Promise<Bundle | string> {
  const signature = annotations[annotation.signature] ?? '';
  if (signature === '' || fromBase64(signature) === undefined) {
    return 'there is no signature in base64 among the annotations';
  }
  const digest = createHash('sha256').update(payload).digest('base64');
  return buildBundle(annotations, {
    messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature },
  });
}

/** The same for an attestation: the blob is the DSSE envelope itself. */
export async function attestationBundle(envelope: Buffer, annotations: Annotations): Promise<Bundle | string> {
  const dsseEnvelope = readJsonObject(envelope);
  if (dsseEnvelope === undefined) return 'the attestation is no JSON object';
  return buildBundle(annotations, { dsseEnvelope });
}

async function buildBundle(annotations: Annotations, content: JsonObject): Promise<Bundle | string> {
  const pem = annotations[annotation.certificate] ?? '';
  const leaf = pem === '' ? undefined : derOf(pem);
  if (pem !== '' && leaf === undefined) return 'the certificate among the annotations is none';
  const entries = entriesOf(annotations[annotation.bundle]);
  if (typeof entries === 'string') return entries;
  const stamp = annotations[annotation.timestamp];
  const signedTimestamp = stamp === undefined ? undefined : textOf(readJsonObject(stamp)?.['SignedRFC3161Timestamp']);
  const { bundleFromJSON } = await import('@sigstore/bundle');
  try {
    return bundleFromJSON({
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: {
        ...(leaf === undefined
          ? { publicKey: { hint: '' } }
          : { x509CertificateChain: { certificates: [{ rawBytes: leaf }] } }),
        tlogEntries: entries,
        timestampVerificationData: {
          rfc3161Timestamps: signedTimestamp === undefined ? [] : [{ signedTimestamp }],
        },
      },
      ...content,
    });
  } catch (error) {
    return messageOf(error);
  }
}

/** Rekor's answer at the time of signing, as cosign keeps it: body, time, index and log, signed by the log. */
function entriesOf(text: string | undefined): readonly JsonObject[] | string {
  if (text === undefined) return [];
  const answer = readJsonObject(text);
  const payload = asObject(answer?.['Payload']);
  const body = textOf(payload?.['body']);
  const entry = body === undefined ? undefined : readJsonObject(Buffer.from(body, 'base64'));
  const logId = textOf(payload?.['logID']) ?? '';
  const [time, index] = [payload?.['integratedTime'], payload?.['logIndex']];
  const isWhole = Number.isSafeInteger(time) && Number.isSafeInteger(index) && /^[0-9a-f]{64}$/.test(logId);
  if (answer === undefined || entry === undefined || !isWhole) return 'the entry of the transparency log is malformed';
  return [
    {
      logIndex: String(index),
      logId: { keyId: Buffer.from(logId, 'hex').toString('base64') },
      kindVersion: { kind: textOf(entry['kind']) ?? '', version: textOf(entry['apiVersion']) ?? '' },
      integratedTime: String(time),
      inclusionPromise: { signedEntryTimestamp: textOf(answer['SignedEntryTimestamp']) ?? '' },
      canonicalizedBody: body,
    },
  ];
}

function derOf(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).raw.toString('base64');
  } catch {
    return undefined;
  }
}
