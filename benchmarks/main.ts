/** `npm run bench [-- NAME…] [--json]`: runs the benchmarks of this folder one after another, each in a process of its own. */
import { chooseParts, findParts, readRunArguments, shorten } from '../tools/run-arguments.ts';
import { runPart } from '../tools/run-part.ts';
import type { BenchResult } from './bench.ts';

/** Large ones are whole hours of work. */
const timeoutMs = (process.env['VAKTHUND_BENCH_LARGE'] === '1' ? 240 : 30) * 60_000;

const { names, flags } = readRunArguments(['--json']);
const isJson = flags.has('--json');
const parts = findParts('benchmarks', 'bench');
if (parts.length === 0) process.stderr.write('There are no benchmarks yet.\n');

const results: BenchResult[] = [];
for (const { id, file } of chooseParts(parts, names)) {
  const outcome = await runPart<readonly BenchResult[]>({ file, exportName: 'bench', timeoutMs });
  if (outcome.state === 'failed') {
    process.stderr.write(`${id} failed: ${outcome.message}\n`);
    process.exitCode = 1;
  }
  if (outcome.state !== 'done') continue;
  results.push(...outcome.result);
  if (!isJson) for (const result of outcome.result) process.stdout.write(describe(result));
}
if (isJson) process.stdout.write(`${JSON.stringify({ benches: results }, undefined, 2)}\n`);

function describe(result: BenchResult): string {
  const peer = result.peer === undefined ? '' : `, ${rounded(result.ratio ?? Number.NaN)} × ${result.peer}`;
  const memory = result.peak_bytes === undefined ? '' : `, peak ${rounded(result.peak_bytes / 1e6)} MB`;
  const cost = `${rounded(result.cpu_s)} CPU s${memory}, median of ${result.runs}`;
  return `${shorten(result.id)} ${rounded(result.value)} ${result.unit}${peer} (${cost})\n`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
