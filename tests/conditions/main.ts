/**
 * `npm run agree [-- COUNT [SEED]]`: random conditions as streams and as SQL, which must agree. Prints what differs. Exits 1
 * when something does.
 */
import { checkAgreement } from './agreement.ts';

const conditions = Number(process.argv[2] ?? '100000');
const seed = Number(process.argv[3] ?? '1');
const startMs = performance.now();
const result = await checkAgreement(seed, conditions, (done) => {
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  if (done % 20_000 === 0) process.stderr.write(`${done} conditions, ${seconds} s\n`);
});
for (const { text, ...found } of result.disagreements) {
  const json = JSON.stringify(found, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  process.stdout.write(`${json}\n  ${text.slice(0, 2000)}\n`);
}
process.stdout.write(
  `${result.conditions} conditions, ${result.answers} answers (${result.hits} true), ${result.disagreements.length} disagreements, seed ${seed}\n`,
);
process.exitCode = result.disagreements.length > 0 ? 1 : 0;
