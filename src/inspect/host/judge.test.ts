import { expect, it } from 'vitest';
import { smallDebian } from '../../../tests/support/inspect-files.ts';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import type { Inspection } from '../claim.ts';
import { inspectHost } from './inspect-host.ts';

/** A line of cron that starts so many programs before the one that counts. */
function withJobs(count: number): Inspection {
  const programs = Array.from({ length: count }, (_none, index) => `/usr/bin/p${index}`);
  const line = `*/5 * * * * root ${[...programs, '/var/tmp/x'].join('; ')}\n`;
  const files = { '/var/tmp/x': { content: '#!/bin/sh\n', mode: 0o777 }, '/etc/cron.d/up': line };
  return inspectHost(new MemoryTree({ ...smallDebian, ...files }), { only: ['cron'] });
}

it('judges what a line starts behind many other programs', () => {
  const [claim] = withJobs(60).claims.filter(({ path }) => path === '/etc/cron.d/up');
  expect(claim?.reasons).toContainEqual(
    expect.objectContaining({ what: 'runs what belongs to no package', value: '/var/tmp/x' }),
  );
});

it('says when a line starts more than are judged', () => {
  expect(withJobs(300).notChecked).toContainEqual({
    what: 'programs that /etc/cron.d/up starts',
    why: 'only the first 256 of 301 were judged',
  });
});
