import { asRecord, textField } from '../../reading/json-items.ts';

/** Words of the estimative scale in MISP's own taxonomy `misp:confidence-level`. */
const confidenceLevels: ReadonlyMap<string, number> = new Map([
  ['completely-confident', 100],
  ['usually-confident', 75],
  ['fairly-confident', 50],
  ['rarely-confident', 25],
  ['unconfident', 0],
]);

const machineTag = /^(?<space>[^:=]+):(?<predicate>[^=]+)="(?<value>[^"]*)"$/;

/** What tags say in words: galaxy names (malware, actor, ATT&CK technique), without the handling marks. */
export function wordsOfTags(tags: readonly unknown[]): string[] {
  return namesOf(tags).flatMap((name) => {
    const groups = machineTag.exec(name)?.groups;
    return groups?.['space'] === 'misp-galaxy' ? [groups['value'] ?? ''] : [];
  });
}

export function confidenceOfTags(tags: readonly unknown[]): number | undefined {
  for (const name of namesOf(tags)) {
    const groups = machineTag.exec(name)?.groups;
    if (groups?.['predicate'] === 'confidence-level') return confidenceLevels.get(groups['value'] ?? '');
  }
  return undefined;
}

function namesOf(tags: readonly unknown[]): string[] {
  return tags.flatMap((tag) => textField(asRecord(tag) ?? {}, 'name') ?? []);
}
