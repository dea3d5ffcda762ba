import { StoredBook } from '../../../inspect/packages/advisories/store/read-store.ts';
import { storePath } from '../../../inspect/packages/advisories/store/update-store.ts';
import type { ExitCode } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import type { Terminal } from '../../terminal.ts';
import { infoAsJson, infoAsText } from './print-info.ts';

export interface StatusOptions {
  readonly store?: string;
}

/** Prints what the store was built from. */
export function printStatus({ store }: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const book = new StoredBook(storePath(store ?? dataFolder('advisories')));
  book.close();
  terminal.out(terminal.json ? infoAsJson(book.info) : infoAsText(book.info, new Date()));
  return Promise.resolve(0);
}
