import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileForeignPattern } from '../../../src/base/regex.ts';
import type { Trust } from '../../../src/inspect/image/signature-scheme.ts';
import { signatureSchemes } from '../../../src/inspect/image/signatures/registry.generated.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { describeVerdicts, emptyTrust } from './signatures-cases/trust.ts';

const defaultIdentity =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const defaultIssuer = 'https://token.actions.githubusercontent.com';
const bundleName = 'bundle.sigstore.json';

/** Bundles of sigstore-conformance: those in folders whose name ends in `_fail` are rejected, all others accepted. */
export const suite: Suite = {
  id: 'signatures/sigstore',
  async run(corpus) {
    const folder = join(corpus, 'image', 'signatures', 'sigstore-bundles');
    const failed: SuiteFailure[] = [];
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    const cases = names.filter((name) => existsSync(join(folder, name, bundleName)));
    for (const name of cases) {
      const [isValid, text] = await judge(folder, name);
      const isWanted = isValid === !name.endsWith('_fail');
      if (!isWanted) failed.push({ case: name, got: text, want: isValid ? 'rejected' : 'accepted' });
    }
    const all = allCases(join(folder, '..', 'sigstore-verify-results-all70.tsv'));
    const figures = {
      'of all cases of the suite': `${cases.filter((name) => all.has(name)).length} of ${all.size} are here`,
      'the library alone gets wrong': [...all].filter(([name, isRight]) => cases.includes(name) && !isRight).length,
    };
    return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed, figures };
  },
};

/** Cases of the whole suite, and whether @sigstore/verify by itself judged them right: name, wanted, got. */
function allCases(table: string): ReadonlyMap<string, boolean> {
  const lines = existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n') : [];
  return new Map(lines.map((line) => line.split('\t')).map(([name = '', want, got]) => [name, want === got]));
}

async function judge(folder: string, name: string): Promise<[boolean, string]> {
  const read = (file: string): Buffer | undefined => {
    const path = join(folder, name, file);
    return existsSync(path) ? readFileSync(path) : undefined;
  };
  const bytes = read('artifact') ?? readFileSync(join(folder, 'a.txt'));
  const root = read('trusted_root.json') ?? readFileSync(join(folder, 'public-good-trusted_root.json'));
  const identity = read('identity')?.toString().trim() ?? defaultIdentity;
  const issuer = read('issuer')?.toString().trim() ?? defaultIssuer;
  const pattern = compileForeignPattern(identity.replaceAll(/[^A-Za-z0-9]/g, String.raw`\$&`), { isWhole: true });
  if ('fault' in pattern) throw new Error(pattern.fault);
  const trust: Trust = {
    ...emptyTrust,
    keys: keysOf(read('key.pub')),
    trustedRoot: JSON.parse(root.toString()) as unknown,
    identity: { pattern, text: identity, issuer },
  };
  const attachment = { at: name, mediaType: '', annotations: {}, bytes: readFileSync(join(folder, name, bundleName)) };
  const subject = { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
  const verdicts = await signatureSchemes.sigstore.verify({ subject, attachments: [attachment], trust });
  return [verdicts.some(({ isValid }) => isValid), describeVerdicts(verdicts)];
}

/** A key file that holds no key gives none: nothing can then be signed with it. */
function keysOf(pem: Buffer | undefined): Trust['keys'] {
  if (pem === undefined) return [];
  try {
    return [{ name: 'key.pub', key: createPublicKey(pem) }];
  } catch {
    return [];
  }
}
