import { X509Certificate, createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Attachment, SignedSubject, Trust } from '../../../src/inspect/image/signature-scheme.ts';
import { signatureSchemes } from '../../../src/inspect/image/signatures/registry.generated.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { describeVerdicts, emptyTrust } from './signatures-cases/trust.ts';
import { embeddedAnchors, subjectOfEnvelope } from './signatures-cases/notation-envelope.ts';
import { readLayout } from './signatures-cases/oci-layout.ts';

type Fault = Omit<SuiteFailure, 'case'>;
type Policy = {
  readonly trustPolicies: readonly {
    readonly registryScopes?: readonly string[];
    readonly trustStores?: readonly string[];
  }[];
};

const { notation } = signatureSchemes;
/** Words in names of policies that break a rule of the specification. */
const brokenPolicy =
  /^(?:blob|empty|invalid_format|malformed|missing|unset|wildcard)|_multi_wildcard|_the_same_|^overlapped_(?:registry|trusted)|^override_integrity/;

/**
 * Layouts and envelopes of notation's end-to-end tests, judged with the certificates of the folder, and its trust policies, each applied
 * to the valid layout. Names say what is wanted.
 */
export const suite: Suite = {
  id: 'signatures/notation',
  async run(corpus) {
    const folder = join(corpus, 'image', 'signatures', 'notation');
    const failed: SuiteFailure[] = [];
    let total = 0;
    const count = (name: string, fault: Fault | undefined): void => {
      total++;
      if (fault !== undefined) failed.push({ case: name, ...fault });
    };
    const store = storeOf(folder);
    for (const index of globSync('*/index.json', { cwd: folder }).sort()) {
      const name = index.split('/')[0] ?? '';
      count(name, await layoutFault(join(folder, name), store));
    }
    for (const file of globSync(['*.sig', '*.json'], { cwd: folder }).sort()) {
      count(file, await envelopeFault(join(folder, file)));
    }
    const valid = globSync('*-valid-*/index.json', { cwd: folder }).sort()[0];
    for (const file of globSync('trustpolicies/*.json', { cwd: folder }).sort()) {
      count(
        file,
        await policyFault(join(folder, file), valid === undefined ? undefined : join(folder, valid, '..'), store),
      );
    }
    return { total, passed: total - failed.length, skipped: 0, failed };
  },
};

/** The store `e2e` has all certificates of the folder but those that are of another name (`new_`). */
function storeOf(folder: string): Trust['trustStore'] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.crt')) : [];
  const read = (prefix: boolean): X509Certificate[] =>
    names
      .filter((name) => name.startsWith('new_') === prefix)
      .map((name) => new X509Certificate(readFileSync(join(folder, name))));
  return new Map([
    ['ca:e2e', read(false)],
    ['ca:e2e-new', read(true)],
  ]);
}

async function layoutFault(folder: string, store: Trust['trustStore']): Promise<Fault | undefined> {
  const name = basename(folder);
  const { subject, attachments } = readLayout(folder);
  const owned = attachments.filter((one) => notation.owns(one));
  const isStamped = name.includes('timestamped');
  const anchors = isStamped ? anchorsOf(owned) : undefined;
  const trust = { ...emptyTrust, trustStore: anchors ?? store, trustPolicy: strictPolicy(isStamped) };
  const verdicts = await notation.verify({ subject, attachments: owned, trust });
  const isWanted = !/invalid|expired/.test(name) && /valid|timestamped/.test(name);
  return faultOf(isWanted, verdicts);
}

/** An envelope alone: it is over the artifact that it names, at the time that its own stamp proves. */
async function envelopeFault(path: string): Promise<Fault | undefined> {
  const bytes = readFileSync(path);
  const mediaType = basename(path).includes('.cose') ? 'application/cose' : 'application/jose+json';
  const attachment: Attachment = { at: basename(path), mediaType, annotations: {}, bytes };
  const subject = subjectOfEnvelope(attachment);
  const trust = { ...emptyTrust, trustStore: anchorsOf([attachment]), trustPolicy: strictPolicy(true) };
  const verdicts = await notation.verify({ subject, attachments: [attachment], trust });
  const isWanted = !/malformed|invalid|conformance/.test(basename(path));
  const fault = faultOf(isWanted, verdicts);
  if (fault !== undefined || !isWanted) return fault;
  const other: SignedSubject = { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
  const unstamped = { ...trust, trustPolicy: strictPolicy(false) };
  return (
    faultOf(false, await notation.verify({ subject: other, attachments: [attachment], trust })) ??
    faultOf(false, await notation.verify({ subject, attachments: [attachment], trust: unstamped }))
  );
}

/** The roots that the folder does not have: what stands highest in the signature and in its time stamp. Shows that stamps are verified. */
function anchorsOf(attachments: readonly Attachment[]): Trust['trustStore'] {
  const found = attachments.map(embeddedAnchors);
  return new Map([
    ['ca:e2e', found.flatMap(({ signer }) => signer)],
    ['tsa:e2e', found.flatMap(({ authority }) => authority)],
  ]);
}

function strictPolicy(isStamped: boolean): object {
  const statement = {
    name: 'e2e',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict', override: { revocation: 'log' } },
    trustStores: isStamped ? ['ca:e2e', 'tsa:e2e'] : ['ca:e2e'],
    trustedIdentities: ['*'],
  };
  return { version: '1.0', trustPolicies: [statement] };
}

async function policyFault(
  path: string,
  valid: string | undefined,
  store: Trust['trustStore'],
): Promise<Fault | undefined> {
  const name = basename(path);
  const document = parseOrText(readFileSync(path, 'utf8'));
  const layout = valid === undefined ? { subject: { digest: '' }, attachments: [] } : readLayout(valid);
  const { trustPolicies } = typeof document === 'string' ? { trustPolicies: [] } : document;
  const scope = trustPolicies.flatMap(({ registryScopes }) => registryScopes ?? []).find((one) => one !== '*');
  const repository = name.startsWith('invalid_registry') || scope === undefined ? 'localhost:5000/other' : scope;
  const trust = { ...emptyTrust, trustStore: store, trustPolicy: document };
  const subject = { ...layout.subject, repository };
  const attachments = layout.attachments.filter((one) => notation.owns(one));
  const verdicts = await notation.verify({ subject, attachments, trust });
  const isRefused = verdicts.some(({ checks }) =>
    checks.some(
      ({ name: check, state, detail }) => check === 'policy' && state === 'failed' && detail.includes('not valid'),
    ),
  );
  if (isRefused !== brokenPolicy.test(name)) {
    return {
      got: describeVerdicts(verdicts),
      want: isRefused ? 'a policy that keeps the rules' : 'a policy that is refused',
    };
  }
  const stores = trustPolicies.flatMap(({ trustStores }) => trustStores ?? []);
  const isWanted =
    !isRefused && !/^(?:invalid|skip|timestamp_trust)/.test(name) && stores.some((one) => store.has(one));
  return faultOf(isWanted, verdicts);
}

function parseOrText(text: string): Policy | string {
  try {
    return JSON.parse(text) as Policy;
  } catch {
    return text;
  }
}

function faultOf(isWanted: boolean, verdicts: Awaited<ReturnType<typeof notation.verify>>): Fault | undefined {
  const isValid = verdicts.some((verdict) => verdict.isValid);
  return isValid === isWanted
    ? undefined
    : { got: describeVerdicts(verdicts), want: isWanted ? 'accepted' : 'rejected' };
}
