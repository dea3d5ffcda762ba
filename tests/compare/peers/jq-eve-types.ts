import { basename } from 'node:path';
import { decodeFile } from '../decode-file.ts';
import type { Peer } from '../peer.ts';
import { corpusFiles, differences, isInstalled, pipeline } from '../tools.ts';

const files = corpusFiles('network/**/*eve.json*');
const script = 'gzip -cdf "$1" | jq -r .event_type | sort | uniq -c';

/** jq counts the records of each `event_type` of Suricata's EVE logs; ours are the decoded events by dataset. */
export const peer: Peer = {
  id: 'jq/eve-types',
  isAvailable: () => Promise.resolve(files.length > 0 && isInstalled('jq')),
  async run() {
    const found: string[] = [];
    let records = 0;
    for (const file of files) {
      const ours = new Map<string, number>();
      for await (const event of decodeFile('suricata-eve', file)) {
        const type = String(event['event_dataset']).replace(/^suricata\./, '');
        ours.set(type, (ours.get(type) ?? 0) + 1);
        records++;
      }
      found.push(...differences(basename(file), ours, countsOf(pipeline(script, file))));
    }
    return { differences: found, figures: { files: files.length, records } };
  },
};

/** Lines of `uniq -c`. */
function countsOf(text: string): Map<string, number> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(lines.map(([count = '0', name = '']) => [name, Number(count)]));
}
