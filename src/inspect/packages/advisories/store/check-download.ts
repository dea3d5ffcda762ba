import { open } from 'node:fs/promises';
import { VakthundError } from '../../../../base/errors.ts';
import { quote } from '../../../../base/problem.ts';
import { openFeeds } from '../open-feed.ts';
import { formatOf } from '../read-feed.ts';
import { readFeeds } from '../read-feeds.ts';

/** Files of an archive that are looked at until one is known: texts about the data may stand before it. */
const maxLooked = 50;
const headBytes = 4096;

/**
 * Throws, with what it is instead, when a file that was fetched is none of advisories: a mirror that is gone often answers with a page, and says
 * that all is well. Only its directory and its first files are read; one that may have been cut is read whole.
 */
export async function checkFeed(path: string, isWhole: boolean): Promise<void> {
  let looked = 0;
  let fault = '';
  for await (const opened of openFeeds(path)) {
    if ('problem' in opened) fault = opened.problem.message;
    else if (formatOf(opened) !== undefined) {
      if (!isWhole) await checkWhole(path);
      return;
    } else fault = 'no format of advisories knows it';
    if (++looked >= maxLooked) break;
  }
  throw new VakthundError('EVIDENCE_READ', `${describe(await headOf(path), fault)}; it was not used`);
}

/** What a file is that holds no advisories, by its beginning; `fault` is what was met when it was read as what its name says. */
function describe(head: string, fault: string): string {
  if (head === '') return 'it is empty';
  if (/^\s*<(?:!doctype\s+html|html|head)\b/i.test(head)) {
    const title = /<title>\s*(?<title>[^<]{1,200})/i.exec(head)?.groups?.['title']?.trim();
    return title === undefined ? 'it is a web page' : `it is a web page, called ${quote(title)}`;
  }
  return isText(head) ? `it begins with ${quote(head, 60)}, and holds no advisories` : fault;
}

function isText(head: string): boolean {
  return /^[\t\r\n -~]*$/.test(head.slice(0, 200));
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A server that tells no length may have stopped anywhere. */
async function checkWhole(path: string): Promise<void> {
  const { problems } = await readFeeds([path], () => undefined);
  const cut = problems.find(({ code }) => damages.has(code));
  if (cut === undefined) return;
  throw new VakthundError(
    'EVIDENCE_READ',
    `the server told no length, and it may be cut: ${cut.message}; it was not used`,
  );
}

const damages: ReadonlySet<string> = new Set(['decompress-failed', 'truncated', 'bad-record', 'unreadable']);
