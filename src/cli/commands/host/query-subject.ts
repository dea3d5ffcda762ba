import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { TableContext, type CaseSource } from '../../../inspect/host/table-context.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import { withCase } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';
import type { QueryOptions } from './query-options.ts';
import { rootFolder } from '../../root-folder.ts';

/** What a query is asked of; close it afterwards. */
interface Subject {
  readonly context: TableContext;
  close(): void;
}

/** This machine, a root, an image or a bundle. */
export async function openSubject(options: QueryOptions, terminal: Terminal): Promise<Subject> {
  const { root, bundle, image } = options;
  if ([root, image, bundle].filter((subject) => subject !== undefined).length > 1) {
    throw new VakthundError('USAGE', 'give one of --root, --image and --bundle', {
      hint: 'vakthund host query --help',
    });
  }
  const beside = { case: caseOf(options, terminal) };
  if (bundle !== undefined) {
    const { openBundle } = await import('../../../inspect/host/bundle/open-bundle.ts');
    const opened = await openBundle(bundle);
    return { context: new TableContext(opened.tree, opened.recorded, beside), close: () => opened.close() };
  }
  if (image !== undefined) {
    const { openImage } = await import('../../../inspect/image/open-image.ts');
    const opened = await openImage(image, { signal: terminal.signal });
    return { context: new TableContext(opened.tree, undefined, beside), close: () => opened.close() };
  }
  return { context: new TableContext(new FolderTree(rootFolder(root)), undefined, beside), close: () => undefined };
}

/** The case of the options, opened for each question; undefined when there is none yet. */
function caseOf(options: QueryOptions, terminal: Terminal): CaseSource | undefined {
  if (!existsSync(resolve(options.case))) return undefined;
  const timeoutMs = Number(options.timeout) * 1000;
  return {
    ask: (sql, maxRows) =>
      withCase(options, terminal, (service) => service.query({ sql, timeoutMs, maxRows }, { signal: terminal.signal })),
  };
}
