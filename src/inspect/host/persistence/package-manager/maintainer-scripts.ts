import type { FileTree } from '../../../tree/tree.ts';
import { contentSigns } from '../../../../match/commands/signs.ts';
import { readText } from '../../locations.ts';
import type { PersistenceItem, Sign } from '../../technique.ts';

/** Time between unpacking a package and writing its list that is no sign. */
const slackMicros = 3600 * 1_000_000;
/** Words without which nothing strong can be said of a script: thousands of packages are installed, and hardly any has one. */
const wordPattern =
  /\/dev\/(?:tcp|udp)|\/inet\/|\b(?:curl|wget|fetch|socat|nc|ncat|netcat|telnet|dig|s_client|fsockopen|socket|b64decode|base64|xxd|urlopen|fromhex)\b|(?:\\x[0-9a-f]{2}){4}|(?:\\[0-3][0-7]{2}){4}/i;
/** What scripts of a package are told for, wherever they come from. */
const leastWeight = 0.7;

/**
 * Maintainer scripts of dpkg. It keeps no checksum of them, and their package may have been made by anybody: what tells is their time against that of
 * the list, and what they do.
 */
export function* maintainerScripts(tree: FileTree): Generator<PersistenceItem> {
  const entries = new Map(tree.list('/var/lib/dpkg/info').map((entry) => [entry.path, entry]));
  for (const entry of entries.values()) {
    if (!/\.(?:pre|post)(?:inst|rm)$/.test(entry.path)) continue;
    const list = entries.get(entry.path.replace(/\.\w+$/, '.list'));
    const isLater = list !== undefined && entry.mtime > list.mtime + slackMicros;
    const text = readText(tree, entry.path);
    const signs: Sign[] = isLater
      ? [
          {
            what: 'was changed after its package was unpacked',
            value: new Date(entry.mtime / 1000).toISOString(),
            weight: 0.5,
          },
        ]
      : strongSigns(text);
    if (signs.length === 0) continue;
    const item = { path: entry.path, title: 'maintainer script', unowned: 0, signs, isJudgedAnyway: true } as const;
    yield isLater ? { ...item, runs: text } : item;
  }
}

function strongSigns(text: string): Sign[] {
  if (!wordPattern.test(text)) return [];
  return contentSigns(text).filter(({ what, weight }) => weight >= leastWeight && !what.startsWith('runs what stands'));
}
