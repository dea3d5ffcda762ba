import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Condition } from '../../../../src/match/condition/condition.ts';
import { ruleCondition } from '../../../../src/detect/rules/sigma/conditions/rule.ts';
import { readSigmaFile } from '../../../../src/detect/rules/sigma/read/file.ts';
import { findFiles, readArchives } from './archive.ts';
import type { FlatEvent } from './flat-events.ts';

/** A rule with events that it must or must not match. */
export interface Vector {
  readonly rule: string;
  readonly variant: string;
  readonly event: FlatEvent;
  readonly match: boolean;
}

export function readVectors(corpus: string): Vector[] {
  return findFiles(corpus, 'host/sigma/vectors-*.jsonl.gz').flatMap((path) =>
    gunzipSync(readFileSync(path))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Vector),
  );
}

/** What each rule of the archives asks of an event, by its path; rules with errors are left out. */
export async function readConditions(corpus: string): Promise<Map<string, Condition>> {
  const conditions = new Map<string, Condition>();
  for (const [name, bytes] of await readArchives(corpus, 'host/sigma/sigmahq-rules-*.tar.gz')) {
    if (!name.endsWith('.yml')) continue;
    const [read] = readSigmaFile(bytes.toString('utf8'));
    if (read?.document?.kind === 'rule') conditions.set(name, ruleCondition(read.document));
  }
  return conditions;
}
