import { hostname } from 'node:os';
import type { Problem } from '../../../base/problem.ts';
import { foreignMounts, type ForeignMounts } from '../../../inspect/host/foreign-mounts.ts';
import { LiveHost } from '../../../inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../inspect/tree/tree.ts';
import { rootFolder, scopeOf } from '../../root-folder.ts';

export interface SubjectOptions {
  readonly host?: boolean;
  readonly root: readonly string[];
  readonly image: readonly string[];
  readonly bundle: readonly string[];
}

/** Something that is swept. */
interface Subject {
  readonly tree: FileTree;
  readonly host: string | undefined;
  readonly live: LiveHost | undefined;
  readonly foreign: ForeignMounts;
  readonly programs?: ReadonlyMap<number, string>;
  readonly problems: readonly Problem[];
  /** Asked when the look is over. */
  notChecked(): readonly { readonly what: string; readonly why: string }[];
}

/** What is named on the command line, one after the other; each is closed when the next is asked for. */
export async function* openSubjects(options: SubjectOptions, signal: AbortSignal): AsyncGenerator<Subject> {
  if (options.host === true) yield folderSubject('/', hostname());
  for (const root of options.root) {
    const folder = rootFolder(root);
    yield folderSubject(folder, undefined);
  }
  for (const image of options.image) {
    const { openImage } = await import('../../../inspect/image/open-image.ts');
    const opened = await openImage(image, { signal });
    try {
      yield {
        tree: opened.tree,
        host: undefined,
        live: undefined,
        foreign: noMounts,
        problems: opened.drainProblems(),
        notChecked: () => [],
      };
    } finally {
      opened.close();
    }
  }
  for (const path of options.bundle) yield* bundleSubject(path);
}

const noMounts: ForeignMounts = { folders: new Set(), told: [] };

function folderSubject(folder: string, host: string | undefined): Subject {
  const proc = new ProcFolder();
  const scope = scopeOf(folder);
  return {
    tree: new FolderTree(folder),
    host,
    live: scope === undefined ? undefined : new LiveHost(proc, scope),
    foreign: foreignMounts(proc, folder),
    problems: [],
    notChecked: () => [],
  };
}

async function* bundleSubject(path: string): AsyncGenerator<Subject> {
  const { openBundle } = await import('../../../inspect/host/bundle/open-bundle.ts');
  const bundle = await openBundle(path);
  try {
    const { tree, live, foreign, host, recorded, problems } = bundle;
    const rows = recorded.tables.get('process_programs') ?? [];
    const programs = new Map(
      rows.flatMap(({ pid, sha256 }) => (typeof pid === 'number' && typeof sha256 === 'string' ? [[pid, sha256]] : [])),
    );
    const notChecked = (): { what: string; why: string }[] => {
      const { absent } = tree;
      const [first] = absent;
      if (absent.size === 0) return [...bundle.notChecked];
      const what = `the content of ${absent.size} files, such as ${first}`;
      return [...bundle.notChecked, { what, why: `the bundle ${path} does not have it` }];
    };
    yield { tree, host, live, foreign, programs, problems, notChecked };
  } finally {
    bundle.close();
  }
}
