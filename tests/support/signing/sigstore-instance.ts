import { sign } from 'node:crypto';
import {
  codeSigning,
  ecKeys,
  extension,
  makeCertificate,
  sha256,
  spki,
  uriName,
  type KeyPair,
  type Signer,
} from './certificates.ts';
import { octets, text } from '../../../src/base/der-writer.ts';

const signedTimestamps = '1.3.6.1.4.1.11129.2.4.2';
const issuerExtension = '1.3.6.1.4.1.57264.1.8';

export interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly logID: string;
  /** Over the four above in canonical JSON. */
  readonly promise: string;
}

/** A Sigstore instance of our own: certificate authority, certificate log and transparency log, with the trusted root of all. */
export class SigstoreInstance {
  readonly authority: Signer = makeCertificate({ subject: 'O=test, CN=authority', isAuthority: true });
  readonly certificateLog: KeyPair = ecKeys();
  readonly log: KeyPair = ecKeys();
  readonly host = 'log.test';

  /** A short-lived certificate for an identity, written into the certificate log. */
  issue(identity: string, issuer: string, at: Date, usages: readonly string[] = [codeSigning]): Signer {
    return makeCertificate({
      subject: 'O=test',
      issuer: this.authority,
      from: at,
      to: new Date(at.getTime() + 600_000),
      usages,
      extensions: [uriName(identity), extension(issuerExtension, text(issuer))],
      complete: (toBeSigned) => [extension(signedTimestamps, octets(this.#timestampList(toBeSigned, at)))],
    });
  }

  /** A transparency log's promise about an entry. */
  enter(body: object, at: Date, logIndex = 7): LogEntry {
    const entry = {
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
      integratedTime: Math.floor(at.getTime() / 1000),
      logID: sha256(spki(this.log.publicKey)).toString('hex'),
      logIndex,
    };
    return {
      ...entry,
      promise: sign('sha256', Buffer.from(JSON.stringify(entry)), this.log.privateKey).toString('base64'),
    };
  }

  /** Entry of a bundle for the only leaf of a tree: its hash is the root. */
  bundleEntry(entry: LogEntry): Record<string, unknown> {
    const leaf = sha256(Buffer.concat([Buffer.of(0), Buffer.from(entry.body, 'base64')])).toString('base64');
    const note = `${this.host}\n1\n${leaf}\n`;
    const hint = sha256(spki(this.log.publicKey)).subarray(0, 4);
    const signature = Buffer.concat([hint, sign('sha256', Buffer.from(note), this.log.privateKey)]).toString('base64');
    const { kind, apiVersion } = JSON.parse(Buffer.from(entry.body, 'base64').toString()) as Record<string, string>;
    return {
      logIndex: String(entry.logIndex),
      logId: { keyId: Buffer.from(entry.logID, 'hex').toString('base64') },
      kindVersion: { kind, version: apiVersion },
      integratedTime: String(entry.integratedTime),
      inclusionPromise: { signedEntryTimestamp: entry.promise },
      inclusionProof: {
        logIndex: '0',
        rootHash: leaf,
        treeSize: '1',
        hashes: [],
        checkpoint: { envelope: `${note}\n— ${this.host} ${signature}\n` },
      },
      canonicalizedBody: entry.body,
    };
  }

  trustedRoot(start: string | null = '2020-01-01T00:00:00Z'): object {
    const validFor = start === null ? {} : { start };
    const logOf = ({ publicKey }: KeyPair, baseUrl: string): object => ({
      baseUrl,
      hashAlgorithm: 'SHA2_256',
      publicKey: { rawBytes: spki(publicKey).toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
      logId: { keyId: sha256(spki(publicKey)).toString('base64') },
    });
    return {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(this.log, `https://${this.host}`)],
      ctlogs: [logOf(this.certificateLog, 'https://ct.test')],
      certificateAuthorities: [
        {
          uri: 'https://authority.test',
          certChain: { certificates: [{ rawBytes: this.authority.certificate.raw.toString('base64') }] },
          validFor: { start: '2020-01-01T00:00:00Z' },
        },
      ],
      timestampAuthorities: [],
    };
  }

  /** RFC 6962: a signed certificate timestamp over the certificate without the extension that it will stand in. */
  #timestampList(toBeSigned: Buffer, at: Date): Buffer {
    const when = Buffer.alloc(8);
    when.writeBigUInt64BE(BigInt(at.getTime()));
    const issuerKey = sha256(spki(this.authority.keys.publicKey));
    const signed = Buffer.concat([Buffer.of(0, 0), when, Buffer.of(0, 1), issuerKey, sized(3, toBeSigned), sized(2)]);
    const signature = sign('sha256', signed, this.certificateLog.privateKey);
    const logId = sha256(spki(this.certificateLog.publicKey));
    const stamp = Buffer.concat([Buffer.of(0), logId, when, sized(2), Buffer.of(4, 3), sized(2, signature)]);
    return sized(2, sized(2, stamp));
  }
}

/** Bytes after their length in so many bytes. */
function sized(width: number, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const length = Buffer.alloc(width);
  length.writeUIntBE(bytes.length, 0, width);
  return Buffer.concat([length, bytes]);
}
