/** `npm run compare [-- PEER…] [--json]`: runs other programs on the same input and lists every difference. Exits 1 on one. */
import { chooseParts, findParts, readRunArguments, shorten } from '../../tools/run-arguments.ts';
import { runPart } from '../../tools/run-part.ts';
import type { Comparison } from './peer.ts';

const timeoutMs = 30 * 60_000;
const shownDifferences = 50;

const { names, flags } = readRunArguments(['--json']);
const parts = findParts('tests/compare/peers');
if (parts.length === 0) process.stderr.write('There is no peer to compare with yet.\n');

const reports: Record<string, unknown>[] = [];
for (const { id, file } of chooseParts(parts, names)) {
  const outcome = await runPart<Comparison>({ file, exportName: 'peer', timeoutMs });
  const differs = outcome.state === 'done' && outcome.result.differences.length > 0;
  if (outcome.state === 'failed' || differs) process.exitCode = 1;
  reports.push({ id, ...outcome });
  if (flags.has('--json')) continue;
  if (outcome.state === 'absent') process.stdout.write(`${id} skipped: the program or its input is not here\n`);
  if (outcome.state === 'failed') process.stdout.write(`${id} failed: ${shorten(outcome.message)}\n`);
  if (outcome.state === 'done') process.stdout.write(describe(id, outcome.result));
}
if (flags.has('--json')) process.stdout.write(`${JSON.stringify({ peers: reports }, undefined, 2)}\n`);

function describe(id: string, { differences, figures }: Comparison): string {
  const shown = differences.slice(0, shownDifferences).map((difference) => `  ${shorten(difference)}`);
  if (differences.length > shown.length) shown.push(`  and ${differences.length - shown.length} more`);
  const known = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  return [
    `${id} ${differences.length} differences`,
    ...shown,
    ...(known.length > 0 ? [`  ${known.join(' · ')}`] : []),
    '',
  ].join('\n');
}
