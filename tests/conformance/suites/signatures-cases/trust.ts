import type { SignatureVerdict, Trust } from '../../../../src/inspect/image/signature-scheme.ts';

/** Nothing is trusted; expiry is judged as of now. */
export const emptyTrust: Trust = { keys: [], logKeys: [], trustStore: new Map(), at: Date.now() * 1000 };

/** All checks of all verdicts that did not pass, for a failure's `got`. */
export function describeVerdicts(verdicts: readonly SignatureVerdict[]): string {
  if (verdicts.length === 0) return 'no signature';
  const texts = verdicts.map(({ isValid, checks }) => {
    const open = checks.filter(({ state }) => state !== 'passed');
    const words = open.map(({ name, state, detail }) => `${name} ${state} (${detail})`);
    return [isValid ? 'accepted' : 'rejected', ...words].join(', ');
  });
  return texts.join('; ');
}
