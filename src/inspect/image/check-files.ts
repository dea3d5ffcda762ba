import type { Problem } from '../../base/problem.ts';
import type { Inspection } from '../claim.ts';
import { nameOf, walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';
import { maxInputBytes, readInput } from './inputs/read-input.ts';
import { SceneParts } from './inputs/scene-parts.ts';
import { runChecks } from './run-checks.ts';
import type { Scene } from './check.ts';

/** Files looked at below one folder, and bytes read of them all. */
const maxFiles = 50_000;
const maxBytes = 2 ** 30;
/** Folders that hold the works of others. */
const passedOver = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__', '.terraform']);
const binary =
  /\.(?:gz|xz|zst|bz2|zip|tar|tgz|jar|png|jpe?g|gif|ico|pdf|so|a|o|exe|dll|class|pyc|woff2?|ttf|mp[34]|db|sqlite|iso)$/i;

/**
 * Reads the files at `paths`, and those in folders there, and asks all checks about what they describe: manifests, Dockerfiles, captures
 * of an engine and its host. A file that is named itself and is in no known format is a problem; one in a folder is passed over.
 */
export function checkFiles(tree: FileTree, paths: readonly string[], subject: string): Inspection {
  const reading = new Reading(tree);
  for (const path of paths) reading.readPath(path);
  const scene = reading.parts.scene();
  const { claims, ran } = runChecks(scene);
  return {
    subject,
    claims,
    ran,
    problems: reading.problems(),
    notChecked: [...reading.notChecked(), ...unseen(scene)],
  };
}

class Reading {
  readonly parts = new SceneParts();
  readonly #tree: FileTree;
  #files = 0;
  #bytes = 0;
  #unknown = 0;
  #isCut = false;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  readPath(path: string): void {
    const entry = this.#tree.stat(path);
    if (entry === undefined) {
      this.parts.problems.add({ code: 'unreadable', at: { path }, message: 'not there, or not readable' });
    } else if (entry.type !== 'directory') {
      if (!this.#readFile(entry)) {
        this.parts.problems.add({
          code: 'unknown-format',
          at: { path },
          message: 'in none of the formats that are checked',
        });
      }
    } else {
      for (const found of walkTree(this.#tree, entry.path, (folder) => !passedOver.has(nameOf(folder.path)))) {
        if (found.type !== 'file' || binary.test(found.path)) continue;
        if (this.#files >= maxFiles || this.#bytes >= maxBytes) {
          this.#isCut = true;
          return;
        }
        if (!this.#readFile(found)) this.#unknown++;
      }
    }
  }

  #readFile(entry: TreeEntry): boolean {
    this.#files++;
    if (entry.size > maxInputBytes) {
      const message = `larger than ${maxInputBytes} bytes`;
      this.parts.problems.add({ code: 'limit-reached', at: { path: entry.path }, message });
      return true;
    }
    const content = this.#tree.read(entry.path, maxInputBytes);
    if (content === undefined || content.subarray(0, 4096).includes(0)) return false;
    this.#bytes += content.length;
    return readInput(entry.path, content.toString('utf8'), this.parts);
  }

  problems(): Problem[] {
    const unread = this.#tree
      .drainProblems()
      .map(({ code, path, message }): Problem => ({ code, at: { path }, message }));
    return [...this.parts.drainProblems(), ...unread];
  }

  notChecked(): Inspection['notChecked'] {
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
