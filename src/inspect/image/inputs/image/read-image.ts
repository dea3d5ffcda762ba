import type { YaraRules } from '../../../../match/yara/yara.ts';
import type { OpenedImage } from '../../image.ts';
import { isWorthScanning, scanFile } from '../../scan-file.ts';
import { walkTree, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import type { FileFacts, FileOrigin } from '../file-facts.ts';
import { readInput } from '../read-input.ts';
import type { SceneParts } from '../scene-parts.ts';
import { readAccounts } from './accounts.ts';
import type { ImageFiles } from './image-facts.ts';
import { readOwnership } from './ownership.ts';
import { isTellingProgram } from './programs.ts';

/** Files opened in one image, bytes of one of them, and of all together. */
const maxOpened = 500_000;
const maxFileBytes = 2 ** 20;
const maxProgramBytes = 2 ** 25;
const maxAllBytes = 2 ** 31;
/** Kept of each kind of file. */
const maxKept = 2000;

/** Goes once through the files of an image, those too that later layers hide, and adds what is noticed to the parts. */
export function readImage(image: OpenedImage, parts: SceneParts, yara: YaraRules | undefined): void {
  const reading = new ImageReading(image, parts, yara);
  const files = reading.walk();
  reading.hidden();
  const { config } = image;
  const hasConfig = image.form !== 'rootfs';
  parts.images.push({
    name: image.tags[0] ?? image.reference,
    at: { path: image.reference },
    hasConfig,
    user: config.user,
    env: config.env,
    exposedPorts: config.exposedPorts,
    volumes: config.volumes,
    workingFolder: config.workingDir ?? '',
    healthcheck: config.healthcheck,
    start: [...config.entrypoint, ...config.cmd],
    history: config.history.map(({ createdBy }) => createdBy),
    created: config.created,
    files,
  });
  // A root that is no image is most often a host.
  if (!hasConfig) readEngineFiles(image.tree, image.reference, parts);
  for (const problem of image.drainProblems()) parts.problems.add(problem);
}

const engineFiles = ['/etc/docker/daemon.json', '/etc/group'];
const unitFolders = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
const units = ['docker.service', 'docker.socket', 'podman.socket'];

/** The settings of an engine where hosts have them; of a unit and its drop-ins those of the administrator come first. */
function readEngineFiles(tree: FileTree, reference: string, parts: SceneParts): void {
  const paths = unitFolders.flatMap((folder) =>
    units.flatMap((unit) => [...tree.list(`${folder}/${unit}.d`).map(({ path }) => path), `${folder}/${unit}`]),
  );
  const seen = new Set<string>();
  for (const path of [...paths, ...engineFiles]) {
    const entry = tree.stat(path);
    if (entry?.type !== 'file' || seen.has(entry.path)) continue;
    seen.add(entry.path);
    const text = tree.read(entry.path, maxFileBytes)?.toString('utf8') ?? '';
    readInput(`${reference}!${entry.path}`, text, parts);
  }
}

class ImageReading {
  readonly #image: OpenedImage;
  readonly #parts: SceneParts;
  readonly #yara: YaraRules | undefined;
  #opened = 0;
  #bytes = 0;
  #isCut = false;

  constructor(image: OpenedImage, parts: SceneParts, yara: YaraRules | undefined) {
    this.#image = image;
    this.#parts = parts;
    this.#yara = yara;
  }

  walk(): ImageFiles {
    const { tree } = this.#image;
    const setId: TreeEntry[] = [];
    const worldWritable: TreeEntry[] = [];
    const programs = new Set<string>();
    for (const entry of walkTree(tree, '/', ({ path }) => path !== '/proc' && path !== '/sys')) {
      // Busybox has a small one of everything.
      if (isTellingProgram(entry.path) && entry.target?.endsWith('busybox') !== true) programs.add(entry.path);
      if (entry.type === 'file' && (entry.mode & 0o6000) !== 0 && (entry.mode & 0o111) !== 0) keep(setId, entry);
      if (isWorldWritable(entry)) keep(worldWritable, entry);
      if (entry.type === 'file') {
        this.#look(entry, tree.kind === 'image' ? entry.layer : undefined, undefined, (bytes) =>
          tree.read(entry.path, bytes),
        );
      }
    }
    const text = (path: string): string => tree.read(path, maxFileBytes)?.toString('utf8') ?? '';
    return {
      setId,
      worldWritable,
      programs,
      accounts: readAccounts(text('/etc/passwd'), text('/etc/shadow')),
      ownership: readOwnership(tree),
      entryPoints: entryPointsOf(tree),
    };
  }

  hidden(): void {
    for (const { entry, how, read } of this.#image.hiddenFiles()) {
      if (entry.type === 'file') this.#look(entry, entry.layer, how, read);
    }
  }

  #look(
    entry: TreeEntry,
    layer: number | undefined,
    hidden: FileOrigin['hidden'],
    read: (maxBytes: number) => Buffer | undefined,
  ): void {
    const isProgram = (entry.mode & 0o111) !== 0;
    const most = isProgram || this.#yara !== undefined ? maxProgramBytes : maxFileBytes;
    const isWanted = entry.size > 0 && entry.size <= most && (this.#yara !== undefined || isWorthScanning(entry.path));
    if (!isWanted) return;
    if (this.#opened >= maxOpened || this.#bytes >= maxAllBytes) {
      this.#tellCut();
      return;
    }
    this.#opened++;
    const bytes = read(most);
    if (bytes === undefined) return;
    this.#bytes += bytes.length;
    const { reference, layers } = this.#image;
    const madeBy = layer === undefined ? undefined : layers[layer]?.history?.createdBy;
    const facts: FileFacts | undefined = scanFile(
      {
        path: entry.path,
        at: { path: `${reference}!${entry.path}` },
        bytes,
        origin: { image: this.#image.tags[0] ?? reference, layer, madeBy, hidden },
      },
      this.#yara,
    );
    if (facts !== undefined) this.#parts.addFile(facts);
  }

  #tellCut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#parts.problems.add({
      code: 'limit-reached',
      at: { path: this.#image.reference },
      message: `more than ${maxOpened} files or ${maxAllBytes} bytes to be searched for secrets and malware; the rest was not`,
    });
  }
}

function keep(list: TreeEntry[], entry: TreeEntry): void {
  if (list.length < maxKept) list.push(entry);
}

function isWorldWritable({ type, mode, path }: TreeEntry): boolean {
  if (type !== 'file' && type !== 'directory') return false;
  const isSticky = type === 'directory' && (mode & 0o1000) !== 0;
  return (mode & 0o002) !== 0 && !isSticky && !path.startsWith('/dev');
}

/** Read of files that let something in. */
const maxEntryPointBytes = 2 ** 16;

function entryPointsOf(tree: FileTree): ImageFiles['entryPoints'] {
  const homes = ['/root', ...tree.list('/home').map(({ path }) => path)];
  const paths = [
    '/etc/ld.so.preload',
    ...homes.flatMap((home) => ['authorized_keys', 'authorized_keys2'].map((name) => `${home}/.ssh/${name}`)),
  ];
  return paths.flatMap((path) => {
    const text = tree.read(path, maxEntryPointBytes)?.toString('utf8') ?? '';
    return text.trim() === '' ? [] : [{ path, text }];
  });
}
