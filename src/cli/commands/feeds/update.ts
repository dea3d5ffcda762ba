import { VakthundError } from '../../../base/errors.ts';
import { defaultFeeds } from '../../../inspect/packages/advisories/store/default-feeds.ts';
import { updateStore } from '../../../inspect/packages/advisories/store/update-store.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { infoAsJson, infoAsText } from './print-info.ts';

export interface UpdateFeedsOptions {
  readonly from: readonly string[];
  readonly store?: string;
}

/** Builds the store anew. Exit code 2 when nothing at all could be read: the store before stays then. */
export async function updateFeeds(options: UpdateFeedsOptions, terminal: Terminal): Promise<ExitCode> {
  let shownAt = 0;
  const { info, problems } = await updateStore({
    folder: options.store ?? dataFolder('advisories'),
    from: options.from.length === 0 ? defaultFeeds : options.from,
    signal: terminal.signal,
    now: () => new Date(),
    onProgress(text) {
      const now = performance.now();
      if (!terminal.isInteractive || now - shownAt < 100) return;
      shownAt = now;
      terminal.talk(`\r\u001B[2K${visibleText(text, terminal.width - 1)}`);
    },
  });
  if (terminal.isInteractive) terminal.talk('\r\u001B[2K');
  for (const { at, message, count } of problems) {
    terminal.talk(
      `${visibleText(at.path ?? '')}: ${visibleText(message)}${count === undefined ? '' : ` (${count} times)`}\n`,
    );
  }
  if (info === undefined) {
    throw new VakthundError('EVIDENCE_READ', 'nothing could be read; the store was left as it is');
  }
  terminal.out(terminal.json ? infoAsJson(info) : infoAsText(info, new Date()));
  return 0;
}
