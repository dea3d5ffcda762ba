import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type Case } from '../hardening/cases.ts';
import { claimsIn } from '../hardening/check-folder.ts';
import { checksMeaning } from '../hardening/trivy-checks.ts';
import type { Suite, SuiteResult } from '../suite.ts';

interface Expected {
  readonly results: readonly {
    readonly target: string;
    readonly failures: readonly string[];
  }[];
}

/**
 * What trivy finds in Dockerfiles and manifests is found, in the same file and, where it names one, on the same line of a Dockerfile;
 * where it finds nothing at all, nothing is found. Failures are written `ID SEVERITY L<line> title`.
 */
export const suite: Suite = {
  id: 'hardening/misconfig',
  run(corpus): Promise<SuiteResult> {
    const folder = join(corpus, 'image', 'hardening');
    const file = join(folder, 'expected-trivy-config.json');
    if (!existsSync(file)) return Promise.resolve({ total: 0, passed: 0, skipped: 0, failed: [] });
    const { results } = JSON.parse(readFileSync(file, 'utf8')) as Expected;
    const unmapped = new Set<string>();
    const cases = results
      .filter(({ target }) => existsSync(join(folder, target)))
      .flatMap(({ target, failures }) => casesOf(folder, target, failures, unmapped));
    const figures = { 'ids of trivy without a check of ours': [...unmapped].sort().join(' ') };
    return Promise.resolve(judge([...cases, ...plantedCases(folder)], figures));
  },
};

function casesOf(folder: string, target: string, failures: readonly string[], unmapped: Set<string>): Case[] {
  const claims = claimsIn(folder, `/${target}`);
  if (failures.length === 0) {
    return [{ name: `${target}: quiet`, got: claims.map(({ detector }) => detector).join(' '), want: '' }];
  }
  const hasPod = claims.some(({ detector }) => detector === 'checks/root-group');
  return failures.flatMap((failure): Case[] => {
    const [id = '', , place = ''] = failure.split(' ');
    const ours = checksMeaning(id);
    if (ours === undefined) {
      unmapped.add(id);
      return [];
    }
    // Of objects that start nothing it says that they run in the group of root.
    if (id === 'KSV116' && !hasPod) return [];
    const line = target.endsWith('Dockerfile') ? Number(place.slice(1)) : 0;
    const isFound = claims.some(
      (claim) => ours.some((check) => claim.detector === `checks/${check}`) && (line === 0 || claim.line === line),
    );
    return [{ name: `${target}: ${failure}`, got: isFound ? 'found' : 'not found', want: 'found' }];
  });
}

const plain = /chpasswd/;
const secret = /^ENV \w*(?:SECRET|PASSWORD|PASSWD|TOKEN)\w*[ =]\S/m;

/** What trivy passes over: passwords that are set in a build, and secrets in ENV. */
function plantedCases(folder: string): Case[] {
  const builds = join(folder, 'dockerfiles');
  if (!existsSync(builds)) return [];
  return readdirSync(builds).flatMap((name): Case[] => {
    const target = `dockerfiles/${name}/Dockerfile`;
    const text = readFileSync(join(folder, target), 'utf8');
    const detectors = new Set(claimsIn(folder, `/${target}`).map(({ detector }) => detector));
    const said = (id: string): string => (detectors.has(`checks/${id}`) ? 'found' : 'not found');
    const wanted = (isThere: boolean): string => (isThere ? 'found' : 'not found');
    return [
      {
        name: `${target}: password that is set`,
        got: said('known-password'),
        want: wanted(plain.test(text) || /useradd .*-p /.test(text)),
      },
      { name: `${target}: secret in ENV`, got: said('secret-in-environment'), want: wanted(secret.test(text)) },
    ];
  });
}
