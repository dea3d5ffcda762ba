/** Fails on tracked files that are too large to review or to clone: real captures belong into a shared corpus, not here. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

const kibi = 1024;
/** First match counts. */
const limits: readonly (readonly [RegExp, number])[] = [
  [/^package-lock\.json$/, 1024 * kibi],
  [/^docs\/pictures\//, 512 * kibi],
  // Generated: grows with every command and check.
  [/^docs\/reference\//, 256 * kibi],
  [/^content\//, 1024 * kibi],
  // Written by `npm run gen`: a page grows with what it lists.
  [/^docs\/reference\//, 256 * kibi],
  [/^samples\//, 512 * kibi],
  // Written from the code: the commands have a page, however many there are.
  [/^docs\/reference\//, 256 * kibi],
  [/(?:^|\/)(?:testdata|cases)\//, 128 * kibi],
  [/./, 96 * kibi],
];
const totalLimitBytes = 24 * 1024 * kibi;

const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
let totalBytes = 0;
const faults: string[] = [];
for (const file of listed.split('\0')) {
  const bytes = file === '' ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const limit = limits.find(([pattern]) => pattern.test(file))?.[1] ?? 0;
  totalBytes += bytes;
  if (bytes > limit && file !== '') faults.push(`${file}: ${bytes} bytes, at most ${limit}`);
}
if (totalBytes > totalLimitBytes) faults.push(`all files: ${totalBytes} bytes, at most ${totalLimitBytes}`);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.stdout.write(`${Math.round(totalBytes / kibi)} KiB tracked, ${faults.length} files too large\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
