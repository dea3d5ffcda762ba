import { describe, expect, it } from 'vitest';
import { allChecks } from '../../../src/inspect/image/run-checks.ts';
import { peerChecksPage, peerLists } from './page.ts';

describe('the lists of other tools', () => {
  it.each(Object.entries(peerLists))('name each check of %s once, with ours or a reason', (_, checks) => {
    const ids = checks.flatMap((check) => check.ids);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(checks.filter(({ ours, why }) => ours.length === 0 && (why ?? '') === '')).toEqual([]);
    const known = new Set(allChecks.map(({ id }) => id));
    expect(checks.flatMap(({ ours }) => ours).filter((id) => !known.has(id))).toEqual([]);
  });

  it('make a page with a table for each', () => {
    const { text } = peerChecksPage();
    expect(text.split('\n').filter((line) => line.startsWith('## '))).toHaveLength(Object.keys(peerLists).length);
    expect(text).toContain('| `KSV007` | host aliases | `host-aliases` |  |');
    expect(text).toContain('| `5.5` | container with all rights of the host | `privileged` |  |');
  });
});
