import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import type { YaraRules } from '../../match/yara/yara.ts';
import type { Inspection } from '../claim.ts';
import { nameOf, walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';
import type { Scene } from './check.ts';
import type { OpenedImage } from './image.ts';
import { documentFormats, textFormats } from './inputs/formats.ts';
import { mayBePackedChart } from './inputs/helm/packed-chart.ts';
import { Charts } from './inputs/helm/read-charts.ts';
import type { Dictionary } from './inputs/helm/value.ts';
import { Overlays } from './inputs/kustomize/read-overlays.ts';
import { readImage } from './inputs/image/read-image.ts';
import { maxInputBytes, readInput } from './inputs/read-input.ts';
import { SceneParts } from './inputs/scene-parts.ts';
import { toldOnce } from './told-once.ts';
import { allChecks, runChecks, type NameOf } from './run-checks.ts';
import { scanFile } from './scan-file.ts';

const knownFormats = [...textFormats, ...documentFormats].map(({ title }) => title).join('; ');
/** Files looked at below one folder, and bytes read of them all. */
const maxFiles = 50_000;
const maxBytes = 2 ** 30;
/** Of a file that a manifest names. */
const maxBesideBytes = 2 ** 20;
/** Folders that hold the works of others. */
const passedOver = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__', '.terraform']);

function entersFolder({ path }: TreeEntry): boolean {
  return !passedOver.has(nameOf(path));
}

/** Read by itself, or with the whole that it is a part of: what a kustomization builds, or a chart of Helm renders. */
type FileRole = 'alone' | 'built' | 'rendered';

export interface CheckRunOptions {
  /** What ages are counted from. */
  readonly now: Micros;
  readonly yara?: YaraRules | undefined;
  /** What is changed in the values of charts of Helm. */
  readonly helmValues?: Dictionary;
  /** How files of the tree are told; by their path in it unless it is given. */
  readonly nameOf?: NameOf;
}

/**
 * Reads manifests, Dockerfiles, captures of an engine and its host, and images, and then asks all checks about everything together: what
 * the settings of an engine say counts for the containers beside them.
 */
export class CheckRun {
  readonly #parts = new SceneParts();
  readonly #options: CheckRunOptions;
  #files = 0;
  #bytes = 0;
  #unknown = 0;
  #isCut = false;

  constructor(options: CheckRunOptions) {
    this.#options = options;
  }

  /** A file, or a folder with all that is below. A file that is named itself and is in no known format is a problem. */
  addPath(tree: FileTree, path: string): void {
    const entry = tree.stat(path);
    this.#parts.readText = (name) =>
      tree.stat(name)?.type === 'file' ? tree.read(name, maxBesideBytes)?.toString('utf8') : undefined;
    if (entry === undefined) {
      this.#parts.problems.add({ code: 'unreadable', at: { path }, message: 'not there, or not readable' });
    } else if (entry.type === 'directory') this.#addFolder(tree, entry);
    else if (this.#addPackedChart(tree, path)) this.#files++;
    else if (!this.#addFile(tree, entry)) {
      const message = 'in none of the formats that are checked';
      this.#parts.problems.add({ code: 'unknown-format', at: { path }, message, hint: `known: ${knownFormats}` });
    }
    for (const { code, path: at, message } of tree.drainProblems()) {
      this.#parts.problems.add({ code, at: { path: at }, message });
    }
  }

  addImage(image: OpenedImage): void {
    readImage(image, this.#parts, this.#options.yara);
  }

  addProblem(problem: Problem): void {
    this.#parts.problems.add(problem);
  }

  /** The claims of all checks. `subject` is what was looked at, as a person calls it. */
  finish(subject: string): Inspection {
    const scene = this.#parts.scene(this.#options.now);
    const nameOf: NameOf = this.#options.nameOf ?? ((path) => path);
    const { claims, ran } = runChecks(scene, allChecks, nameOf);
    const notChecked = [...this.#notRead(), ...unseen(scene)];
    return {
      subject,
      by: 'image check',
      hasWholePaths: true,
      claims: toldOnce(claims),
      ran,
      problems: this.#parts
        .drainProblems()
        .map((problem) =>
          problem.at.path === undefined
            ? problem
            : { ...problem, at: { ...problem.at, path: nameOf(problem.at.path) } },
        ),
      notChecked,
    };
  }

  #addPackedChart(tree: FileTree, path: string): boolean {
    const charts = new Charts(tree);
    if (!mayBePackedChart(path) || !charts.takes(path)) return false;
    charts.read(this.#options.helmValues ?? new Map(), this.#parts);
    return true;
  }

  #addFolder(tree: FileTree, folder: TreeEntry): void {
    const charts = new Charts(tree);
    const overlays = new Overlays(tree, folder, this.#parts, entersFolder);
    for (const found of walkTree(tree, folder.path, entersFolder)) {
      if (found.type !== 'file') continue;
      if (this.#files >= maxFiles || this.#bytes >= maxBytes) {
        this.#isCut = true;
        break;
      }
      const rendered: FileRole = charts.takes(found.path) ? 'rendered' : 'alone';
      if (!this.#addFile(tree, found, overlays.takes(found.path) ? 'built' : rendered)) this.#unknown++;
    }
    overlays.read(this.#parts);
    charts.read(this.#options.helmValues ?? new Map(), this.#parts);
  }

  /** False when nothing is understood of it; miners, backdoors and secrets are looked for in it nevertheless. */
  #addFile(tree: FileTree, entry: TreeEntry, role: FileRole = 'alone'): boolean {
    this.#files++;
    const { path, size } = entry;
    if (size > maxInputBytes) {
      this.#parts.problems.add({ code: 'limit-reached', at: { path }, message: `larger than ${maxInputBytes} bytes` });
      return true;
    }
    const bytes = tree.read(path, maxInputBytes);
    if (bytes === undefined) return false;
    this.#bytes += bytes.length;
    const isText = role === 'alone' && !bytes.subarray(0, 4096).includes(0);
    const isKnown = isText && readInput(path, bytes.toString('utf8'), this.#parts);
    const facts = scanFile({ path, at: { path }, bytes, origin: {} }, this.#options.yara);
    // Of a manifest its own checks tell the secrets, with their names.
    if (facts !== undefined) this.#parts.addFile(isKnown || role === 'built' ? { ...facts, secrets: [] } : facts);
    return role !== 'alone' || isKnown || facts !== undefined;
  }

  #notRead(): Inspection['notChecked'] {
    return [
      ...(this.#unknown === 0
        ? []
        : [{ what: `${this.#unknown} files`, why: 'they are in none of the formats that are checked' }]),
      ...(this.#isCut
        ? [{ what: 'the rest of the folder', why: `more than ${maxFiles} files or ${maxBytes} bytes` }]
        : []),
    ];
  }
}

/** What cannot be judged because nothing tells of it, when it would belong to what is there. */
function unseen({ workloads, engine, host }: Scene): Inspection['notChecked'] {
  const isHost = engine !== undefined || workloads.some(({ state }) => state !== undefined);
  if (!isHost) return [];
  return [
    ...(engine === undefined
      ? [{ what: 'the engine', why: 'no daemon.json, unit, `docker info` or `docker version`' }]
      : []),
    ...(host.firewalls.length === 0
      ? [{ what: 'ports around the firewall', why: 'no `iptables-save` or `nft list ruleset`' }]
      : []),
    ...(host.sockets.length === 0 ? [{ what: 'listening sockets', why: 'no `ss -tulnp`' }] : []),
    ...(host.auditRules.length === 0 ? [{ what: 'audit rules', why: 'no `auditctl -l`' }] : []),
  ];
}
