import { createPublicKey } from 'node:crypto';
import { VakthundError } from '../../base/errors.ts';
import { compileForeignPattern } from '../../base/regex.ts';
import type { Micros } from '../../base/time.ts';
import { member, parseJson } from './json.ts';
import type { ContentTrust, Trust, TrustedKey } from './signature-scheme.ts';
import { refreshTarget } from './signatures/_tuf/refresh.ts';
import { folderMirror } from './verify-mirror.ts';
import {
  readCertificates,
  readContentTrust,
  readOcspResponse,
  readRevocationLists,
  readTrustFile,
  readTrustStore,
} from './verify-stores.ts';

/** Files and words that say what is trusted, as they are typed. */
export interface TrustOptions {
  readonly keys: readonly string[];
  readonly logKeys: readonly string[];
  /** Sigstore's `trusted_root.json`, or a `root.json` of Notary that pins the root of content trust. */
  readonly trustedRoot?: string;
  /** Root and mirror of a TUF repository that has `trusted_root.json` as a target. */
  readonly tufRoot?: string;
  readonly tufMirror?: string;
  readonly identity?: string;
  readonly issuer?: string;
  readonly repository?: string;
  /** `NAME=VALUE` each. */
  readonly annotations?: readonly string[];
  readonly attestations?: readonly string[] | 'any';
  readonly trustPolicy?: string;
  readonly trustStore?: string;
  readonly contentTrust?: string;
  readonly rootCertificates: readonly string[];
  readonly revocationLists?: readonly string[];
  readonly ocspResponses?: readonly string[];
  readonly at: Micros;
}

const trustedRootName = 'trusted_root.json';

/** Reads all that the options name. Throws `USAGE` for options that do not go together, `NOT_FOUND` and `CONFIG` for files. */
export async function loadTrust(options: TrustOptions): Promise<Trust> {
  const root = await loadRoot(options);
  const isNotaryRoot = root !== undefined && member(member(root.json, 'signed'), '_type') !== undefined;
  const identity = readIdentity(options);
  const contentTrust = loadContentTrust(options, isNotaryRoot ? root.bytes : undefined);
  const { repository, annotations = [], attestations = [], trustPolicy, trustStore } = options;
  if (root !== undefined && !isNotaryRoot && options.keys.length === 0 && identity === undefined) {
    throw new VakthundError('USAGE', 'a trusted root alone says that somebody signed: say who should have', {
      hint: '--identity PATTERN --issuer URL',
    });
  }
  return {
    keys: options.keys.map(readKey),
    logKeys: options.logKeys.map(readKey),
    ...(root === undefined || isNotaryRoot ? {} : { trustedRoot: root.json }),
    ...(identity === undefined ? {} : { identity }),
    ...(repository === undefined ? {} : { signedFor: repository }),
    annotations: new Map(annotations.map(readAnnotation)),
    attestations,
    ...(trustPolicy === undefined ? {} : { trustPolicy: parseJson(readTrustFile(trustPolicy), 'trust policy') }),
    trustStore: trustStore === undefined ? new Map() : readTrustStore(trustStore),
    ...(contentTrust === undefined ? {} : { contentTrust }),
    revocationLists: (options.revocationLists ?? []).flatMap(readRevocationLists),
    ocspResponses: (options.ocspResponses ?? []).map(readOcspResponse),
    at: options.at,
  };
}

async function loadRoot({
  trustedRoot,
  tufRoot,
  tufMirror,
  at,
}: TrustOptions): Promise<{ bytes: Buffer; json: unknown } | undefined> {
  if ((tufRoot === undefined) !== (tufMirror === undefined)) {
    throw new VakthundError('USAGE', '--tuf-root and --tuf-mirror go together');
  }
  if (tufRoot !== undefined && tufMirror !== undefined) {
    if (trustedRoot !== undefined) throw new VakthundError('USAGE', '--trusted-root and --tuf-root exclude each other');
    const { bytes } = await refreshTarget(readTrustFile(tufRoot), folderMirror(tufMirror), trustedRootName, at);
    return { bytes, json: parseJson(bytes, trustedRootName) };
  }
  if (trustedRoot === undefined) return undefined;
  const bytes = readTrustFile(trustedRoot);
  return { bytes, json: parseJson(bytes, 'trusted root') };
}

function loadContentTrust(options: TrustOptions, pinnedRoot: Buffer | undefined): ContentTrust | undefined {
  if (options.contentTrust === undefined) return undefined;
  return {
    ...readContentTrust(options.contentTrust),
    ...(pinnedRoot === undefined ? {} : { pinnedRoot }),
    pinnedCertificates: options.rootCertificates.flatMap(readCertificates),
  };
}

function readIdentity({ identity: text, issuer }: TrustOptions): Trust['identity'] {
  if (text === undefined && issuer === undefined) return undefined;
  if (text === undefined || issuer === undefined) {
    throw new VakthundError(
      'USAGE',
      '--identity and --issuer go together: the same name may be vouched for by anybody',
    );
  }
  const pattern = compileForeignPattern(text, { isWhole: true });
  if ('fault' in pattern) throw new VakthundError('USAGE', `--identity is no pattern: ${pattern.fault}`);
  return { pattern, text, issuer };
}

function readKey(path: string): TrustedKey {
  const pem = readTrustFile(path);
  try {
    return { name: path, key: createPublicKey(pem) };
  } catch (error) {
    throw new VakthundError('CONFIG', `"${path}" is no public key in PEM`, { at: { path }, cause: error });
  }
}

/** `build=17`. Throws `USAGE` for what is none. */
function readAnnotation(text: string): [name: string, value: string] {
  const end = text.indexOf('=');
  if (end < 1) throw new VakthundError('USAGE', `the annotation ${JSON.stringify(text)} is not NAME=VALUE`);
  return [text.slice(0, end), text.slice(end + 1)];
}
