import { VakthundError } from '../../../base/errors.ts';
import { TableContext } from '../../../inspect/host/table-context.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
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
  if (bundle !== undefined) {
    const { openBundle } = await import('../../../inspect/host/bundle/open-bundle.ts');
    const opened = await openBundle(bundle);
    return { context: new TableContext(opened.tree, opened.recorded), close: () => opened.close() };
  }
  if (image !== undefined) {
    const { openImage } = await import('../../../inspect/image/open-image.ts');
    const opened = await openImage(image, { signal: terminal.signal });
    return { context: new TableContext(opened.tree), close: () => opened.close() };
  }
  return { context: new TableContext(new FolderTree(rootFolder(root))), close: () => undefined };
}
