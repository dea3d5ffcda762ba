import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { answerText, readAnswer } from '../../../src/inspect/probe/jarm/answer.ts';
import { jarmHash } from '../../../src/inspect/probe/jarm/hash.ts';
import { clientHello, probes, type Chance } from '../../../src/inspect/probe/jarm/probes.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

interface Case {
  readonly jarm: string;
  readonly raw: string;
  readonly probes: readonly { readonly probe: string; readonly answer_hex: string | null; readonly parsed?: string }[];
}

const fixed: Chance = { bytes: (count) => Buffer.alloc(count, 0xee), grease: () => '0a0a' };

/** The hellos byte by byte, and what the recorded answers of servers come to: the parsed text of each, and the hash. */
export const suite: Suite = {
  id: 'tls/jarm',
  run(corpus): Promise<SuiteResult> {
    const folder = join(corpus, 'network/jarm');
    const failed: SuiteFailure[] = [];
    let total = 0;
    const check = (name: string, got: string, want: string): void => {
      total++;
      if (got !== want) failed.push({ case: name, got, want });
    };
    const files = existsSync(folder) ? readdirSync(folder) : [];
    for (const file of files) {
      const host = /^probes_(?<host>.+)\.json$/.exec(file)?.groups?.['host'];
      if (host === undefined) continue;
      const wanted = Object.entries((readJson(join(folder, file)) as { probes: Record<string, string> }).probes);
      for (const [index, [name, hex]] of wanted.entries()) {
        const probe = probes[index];
        check(`${file} ${name}`, probe === undefined ? 'none' : clientHello(probe, host, fixed).toString('hex'), hex);
      }
    }
    const casesFile = join(folder, 'cases.json');
    const cases = existsSync(casesFile) ? (readJson(casesFile) as Readonly<Record<string, Case>>) : {};
    for (const [name, { jarm, raw, probes: answered }] of Object.entries(cases)) {
      const answers = answered.map(({ answer_hex: hex }) => readAnswer(Buffer.from(hex ?? '', 'hex')));
      check(`${name} raw`, answers.map(answerText).join(','), raw);
      check(`${name} jarm`, jarmHash(answers), jarm);
    }
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed });
  },
};

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
