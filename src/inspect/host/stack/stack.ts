import { severityRank, type Severity } from '../../../events/finding.ts';
import type { FileTree } from '../../tree/tree.ts';
import type { ForeignMounts } from '../foreign-mounts.ts';
import { inspectHost } from '../inspect-host.ts';
import type { Judgement } from '../judge.ts';
import type { LiveHost } from '../proc/live-host.ts';

/** Something that hosts may have in common: what starts there, what listens there. */
export interface StackRow {
  /** Id of the technique, or `listening`. */
  readonly kind: string;
  /** Path, or port and program. */
  readonly what: string;
  /** What it runs, or who it belongs to. */
  readonly detail: string;
  readonly severity: Severity;
  readonly score: number;
  /** Names of the hosts that have it, in the order in which they were added. */
  readonly hosts: readonly string[];
}

export interface StackedHost {
  readonly name: string;
  readonly tree: FileTree;
  readonly live?: LiveHost | undefined;
  readonly foreign?: ForeignMounts;
  readonly signal?: AbortSignal;
}

type Item = Omit<StackRow, 'hosts'>;

/** Items of all hosts together; of more nothing is learnt. */
const maxItems = 1_000_000;
const maxDetail = 300;

/**
 * Lays hosts over each other: what is on few of them stands out. Items are what the techniques find and no package accounts for, judged or
 * not, and programs that listen. The same place with other content is another item.
 */
export class Stack {
  readonly #rows = new Map<string, Item & { readonly hosts: Set<string> }>();
  readonly #hosts: string[] = [];
  /** Items that were too many. */
  left = 0;

  /** Hosts so far, each name once: two bundles of one machine count as one host. */
  get hosts(): readonly string[] {
    return this.#hosts;
  }

  add({ name, tree, live, foreign, signal }: StackedHost): void {
    if (!this.#hosts.includes(name)) this.#hosts.push(name);
    inspectHost(tree, {
      ...(live === undefined ? {} : { live }),
      ...(foreign === undefined ? {} : { foreign }),
      ...(signal === undefined ? {} : { signal }),
      onItem: (technique, judgement) => this.#put(name, itemOf(technique, judgement)),
    });
    for (const item of live === undefined ? [] : listening(live)) this.#put(name, item);
  }

  /** Items that at most so many hosts have: the rarest first, of these the worst. */
  rows(atMost: number): StackRow[] {
    return [...this.#rows.values()]
      .filter(({ hosts }) => hosts.size <= atMost)
      .map(({ hosts, ...item }) => ({ ...item, hosts: [...hosts] }))
      .sort(
        (left, right) =>
          left.hosts.length - right.hosts.length || right.score - left.score || (left.what < right.what ? -1 : 1),
      );
  }

  #put(host: string, item: Item): void {
    const key = `${item.kind}\0${item.what}\0${item.detail}`;
    const known = this.#rows.get(key);
    if (known === undefined && this.#rows.size >= maxItems) {
      this.left++;
      return;
    }
    const hosts = known?.hosts ?? new Set();
    hosts.add(host);
    const worst = known !== undefined && severityRank(known.severity) >= severityRank(item.severity) ? known : item;
    this.#rows.set(key, { ...item, severity: worst.severity, score: Math.max(item.score, known?.score ?? 0), hosts });
  }
}

function itemOf(technique: string, { item, severity, score }: Judgement): Item {
  const { path, rule, runs, title, process, user } = item;
  // Numbers of processes differ from host to host.
  const what = process === undefined ? path : `process ${process.name}`;
  const detail = (runs ?? [title, user].filter((part) => part !== undefined).join(' of '))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return {
    kind: rule === undefined ? technique : `${technique}/${rule}`,
    what,
    detail: detail.slice(0, maxDetail),
    severity,
    score,
  };
}

function* listening(live: LiveHost): Generator<Item> {
  for (const { process, socket } of live.held()) {
    const isServer = socket.state === 'LISTEN' || (socket.protocol === 'udp' && socket.remotePort === 0);
    if (!isServer || socket.localPort === 0 || isEphemeral(socket.localPort, socket.protocol)) continue;
    const what = `${socket.protocol} ${socket.localPort} ${process.executable ?? process.name}`;
    yield { kind: 'listening', what, detail: socket.localAddress, severity: 'info', score: 0 };
  }
}

/** UDP ports that the kernel gave a client by chance. */
function isEphemeral(port: number, protocol: string): boolean {
  return protocol === 'udp' && port >= 32_768;
}
