import type { Fault } from '../../check.ts';
import type { Reason } from '../../../../events/finding.ts';
import type { FileFacts, FileOrigin } from '../../inputs/file-facts.ts';
import type { Place } from '../../inputs/place.ts';
import type { MalwareSign } from '../../../files/malware/malware-sign.ts';

/** One fault for each sign of malware of a kind. */
export function* malwareFaults(file: FileFacts, id: MalwareSign['id']): Generator<Fault> {
  for (const sign of file.malware) {
    if (sign.id !== id) continue;
    yield {
      at: { ...file.at, ...(sign.line === undefined ? {} : { line: sign.line }) },
      what: `${whereIs(file.origin)}: ${sign.reasons.map(({ what }) => what).join(', ')}`,
      severity: sign.severity,
      score: sign.score,
      reasons: [...sign.reasons, ...originReasons(file.origin)],
      attack: sign.attack,
    };
  }
}

/** Looked at of one step of a build. */
export const maxLine = 20_000;

/** A fault when a command is that of malware. */
export function* commandFaults(sign: MalwareSign | undefined, at: Place): Generator<Fault> {
  if (sign === undefined) return;
  const { reasons, severity, score, attack } = sign;
  yield { at, what: `is started so: ${reasons.map(({ what }) => what).join(', ')}`, severity, score, reasons, attack };
}

/** `in layer 3`, `in layer 2, removed later`. */
export function whereIs({ layer, hidden }: FileOrigin): string {
  if (layer === undefined) return 'as it stands';
  return hidden === undefined ? `in layer ${layer}` : `in layer ${layer}, ${hidden} later`;
}

/** What made the layer. */
export function originReasons({ madeBy }: FileOrigin): Reason[] {
  return madeBy === undefined || madeBy === '' ? [] : [{ what: 'layer made by', value: madeBy.slice(0, 200) }];
}
