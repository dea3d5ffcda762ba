import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { judgeInspection } from '../../../case/inspection.ts';
import type { Inspection } from '../../../inspect/claim.ts';
import { mayBePackedChart, PackedChart } from '../../../inspect/image/inputs/helm/packed-chart.ts';
import { readHelmValues } from '../../../inspect/image/inputs/helm/values-files.ts';
import { CheckRun } from '../../../inspect/image/check-run.ts';
import { openImage } from '../../../inspect/image/open-image.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import { readYaraFiles } from '../../../match/yara/rule-files.ts';
import { countAtOrOver } from '../../../outputs/exit-code.ts';
import { buildReport } from '../../../outputs/report.ts';
import type { ExitCode } from '../../command.ts';
import { printInspection, type InspectionOptions } from '../../print-inspection.ts';
import { writeReports } from '../../report-files.ts';
import type { Terminal } from '../../terminal.ts';
import { checkText } from './check-text.ts';

export interface CheckOptions extends InspectionOptions {
  readonly yara: readonly string[];
  readonly helmValues: readonly string[];
}

/** Checks everything at `paths` together: what an engine's settings say counts for the containers beside them. */
export async function printCheck(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const named = paths.map((path) => {
    const whole = resolve(path);
    // What is named is looked at wherever a link leads; links inside of it are not followed out.
    if (statSync(whole, { throwIfNoEntry: false }) !== undefined) return realpathSync(whole);
    throw new VakthundError('NOT_FOUND', `"${path}" does not exist`);
  });
  const absolute = [...new Set(named)];
  const written = absolute.map((path) => writtenName(paths[named.indexOf(path)] ?? path));
  const yara = await readYaraFiles(options.yara);
  const helmValues = readHelmValues(options.helmValues);
  const root = rootOf(absolute);
  const tree = new FolderTree(root, 'folder');
  const nameOf = namesFrom(root, tree);
  const run = new CheckRun({ now: Date.now() * 1000, yara: yara.rules, helmValues, nameOf });
  for (const problem of yara.problems) run.addProblem(problem);
  const inTree = absolute.map((path) => `/${relative(root, path).split(sep).join('/')}`);
  for (const [index, path] of absolute.entries()) {
    terminal.signal.throwIfAborted();
    const place = inTree[index] ?? '/';
    const isChart = mayBePackedChart(path) && PackedChart.open(tree, place) !== undefined;
    // One name however it is written: what was joined to a case before is known again by it.
    if (isImage(path) && !isChart) await addImage(run, written[index] ?? path, terminal.signal);
    else run.addPath(tree, place);
  }
  const inspection = run.finish(written.length === 1 ? (written[0] ?? root) : nameOf('/'));
  const notChecked = [...inspection.notChecked, ...yara.notChecked];
  return print({ ...inspection, notChecked }, options, terminal, tree);
}

/** From the current folder when it stands below it, else whole; links in it stay as they are. */
function writtenName(path: string): string {
  const name = relative(process.cwd(), path) || '.';
  return name === '..' || name.startsWith(`..${sep}`) ? resolve(path) : name;
}

async function addImage(run: CheckRun, reference: string, signal: AbortSignal): Promise<void> {
  try {
    const image = await openImage(reference, { signal });
    try {
      run.addImage(image);
    } finally {
      image.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    run.addProblem({ code: 'unreadable', at: { path: reference }, message: messageOf(error) });
  }
}

/** People get each check once, with why and how to mend it; everything else is as for other inspections. */
async function print(
  inspection: Inspection,
  options: CheckOptions,
  terminal: Terminal,
  tree: FolderTree,
): Promise<ExitCode> {
  if (terminal.json || options.join === true || options.format !== undefined) {
    return printInspection(inspection, options, terminal, tree);
  }
  const report = buildReport(judgeInspection({ inspection, files: [] }, Date.now() * 1000));
  const { width, color } = terminal;
  for (const text of checkText(report, { width, color, showAll: options.all === true })) terminal.out(text);
  writeReports(report, options, terminal);
  return options.failOn !== undefined && countAtOrOver(report, options.failOn) > 0 ? 1 : 0;
}

/** First bytes of gzip, zstd, xz and bzip2; a tar says so at byte 257. */
const magics = ['1f8b', '28b52ffd', 'fd377a585a', '425a68'];

/** An archive, an OCI layout, or a root filesystem. */
function isImage(path: string): boolean {
  if (statSync(path).isDirectory()) {
    const has = (name: string): boolean => statSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
    return has('oci-layout') || (has('etc') && (has('usr') || has('bin')));
  }
  const head = Buffer.alloc(512);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return (
    head.toString('latin1', 257, 262) === 'ustar' ||
    magics.some((magic) => head.toString('hex', 0, 8).startsWith(magic))
  );
}

/**
 * The folder that names are told from: the current one when all stand below it, so that code hosts know the files and findings keep their
 * ids in every checkout; else the one in which all of them stand.
 */
function rootOf(paths: readonly string[]): string {
  const here = realpathSync(process.cwd());
  const isBelow = (path: string): boolean =>
    path === here || path.startsWith(here.endsWith(sep) ? here : `${here}${sep}`);
  return paths.every(isBelow) ? here : commonFolder(paths);
}

/** Files below the current folder are told from there, as people write them, and all others by their whole path. */
function namesFrom(root: string, tree: FolderTree): (path: string) => string {
  const isHere = root !== '/' && root === realpathSync(process.cwd());
  return (path) => {
    // A file of a packed chart stands behind an exclamation mark; a name may have one too.
    const files = [path, path.slice(0, path.indexOf('!')), path.slice(0, path.lastIndexOf('!'))];
    // What is not in the tree is the name of an image, or a path in one.
    if (!files.some((file) => file.startsWith('/') && tree.lstat(file) !== undefined)) return path;
    return isHere ? path.slice(1) || '.' : join(root, path === '/' ? '' : path);
  };
}

/** The folder in which all of them stand. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  return folders.reduce((common, folder) => {
    let shared = common;
    while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : `${shared}${sep}`)) {
      const parent = dirname(shared);
      if (parent === shared) break;
      shared = parent;
    }
    return shared;
  });
}
