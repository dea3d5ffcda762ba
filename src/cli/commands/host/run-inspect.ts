import { VakthundError } from '../../../base/errors.ts';
import type { Inspection } from '../../../inspect/claim.ts';
import { foreignMounts } from '../../../inspect/host/foreign-mounts.ts';
import { inspectHost, type InspectHostOptions } from '../../../inspect/host/inspect-host.ts';
import { persistence } from '../../../inspect/host/persistence/registry.generated.ts';
import { LiveHost } from '../../../inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../inspect/tree/tree.ts';
import type { ExitCode } from '../../command.ts';
import { createProgress } from '../../progress.ts';
import { printInspection } from '../../print-inspection.ts';
import type { Terminal } from '../../terminal.ts';
import type { InspectOptions } from './inspect-options.ts';
import { rootFolder, scopeOf } from '../../root-folder.ts';

/** `host inspect`: everything that is planted in this machine, a root or an image. */
export async function inspectHostOrImage(options: InspectOptions, terminal: Terminal): Promise<ExitCode> {
  const { root, image, bundle } = options;
  if ([root, image, bundle].filter((subject) => subject !== undefined).length > 1) {
    const hint = 'vakthund host inspect --help';
    throw new VakthundError('USAGE', 'give one of --root, --image and --bundle', { hint });
  }
  checkNames(options.only ?? []);
  if (image !== undefined) {
    const { openImage } = await import('../../../inspect/image/open-image.ts');
    const platform = options.platform === undefined ? {} : { platform: options.platform };
    const opened = await openImage(image, { ...platform, signal: terminal.signal });
    try {
      return await inspectTree(opened.tree, {}, options, terminal);
    } finally {
      opened.close();
    }
  }
  if (bundle !== undefined) return inspectBundle(bundle, options, terminal);
  const folder = rootFolder(root);
  const proc = new ProcFolder();
  const scope = scopeOf(folder);
  const live = scope === undefined ? {} : { live: new LiveHost(proc, scope) };
  const more = { foreign: foreignMounts(proc, folder), ...live };
  return inspectTree(new FolderTree(folder), more, options, terminal);
}

/** What was not taken along is part of the verdict. */
async function inspectBundle(path: string, options: InspectOptions, terminal: Terminal): Promise<ExitCode> {
  const { openBundle } = await import('../../../inspect/host/bundle/open-bundle.ts');
  const bundle = await openBundle(path);
  try {
    const { tree, live, foreign, host } = bundle;
    if (bundle.signedBy !== undefined && !terminal.quiet) terminal.talk(`signed by key ${bundle.signedBy}\n`);
    const more = { ...(live === undefined ? {} : { live }), ...(host === undefined ? {} : { hostName: host }) };
    const inspection = look(tree, { foreign, ...more }, options, terminal);
    const { absent } = tree;
    const [first] = absent;
    const missed = {
      what: `the content of ${absent.size} files, such as ${first}`,
      why: 'the bundle does not have it',
    };
    return await printInspection(
      {
        ...inspection,
        problems: [...bundle.problems, ...inspection.problems],
        notChecked: [...bundle.notChecked, ...inspection.notChecked, ...(absent.size > 0 ? [missed] : [])],
      },
      options,
      terminal,
      tree,
    );
  } finally {
    bundle.close();
  }
}

async function inspectTree(
  tree: FileTree,
  more: InspectHostOptions,
  options: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return printInspection(look(tree, more, options, terminal), options, terminal, tree);
}

function look(tree: FileTree, more: InspectHostOptions, options: InspectOptions, terminal: Terminal): Inspection {
  const progress = createProgress(terminal);
  const inspection = inspectHost(tree, {
    ...more,
    ...(options.only === undefined ? {} : { only: options.only }),
    signal: terminal.signal,
    onProgress: (what, done, total) => progress.show({ phase: 'detect', what, done, total }),
  });
  progress.end();
  return inspection;
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(persistence, name)) continue;
    throw new VakthundError('NOT_FOUND', `there is no technique "${name}"`, {
      hint: `one of ${Object.keys(persistence).join(', ')}`,
    });
  }
}
