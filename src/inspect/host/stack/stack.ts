import { severityRank, type Severity } from '../../../events/finding.ts';
import type { FileTree } from '../../tree/tree.ts';
import type { ForeignMounts } from '../foreign-mounts.ts';
import { Accounts, canLogIn } from '../accounts.ts';
import { inspectHost } from '../inspect-host.ts';
import { severityAt, type Judgement } from '../judge.ts';
import type { LiveHost } from '../proc/live-host.ts';
import { identityOf } from '../technique.ts';

/** Something that hosts may have in common: what starts there, what listens there, who may log in. */
export interface StackRow {
  /** Id of the technique, or `account`, `loaded-module`, `listening`. */
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
/** From so many hosts on it says something that at most this share of them has an item; it weighs as a sign of that weight would. */
const rarity = { hosts: 10, share: 0.1, weight: 0.25 } as const;

/**
 * Lays hosts over each other: what is on few of them stands out. Items are what the techniques find and no package accounts for, judged or
 * not, local programs among them, accounts that may log in, loaded modules of the kernel, and programs that listen. The same place with other
 * content is another item. Of many hosts that one alone has an item speaks against it.
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
    for (const item of accountsOf(tree)) this.#put(name, item);
    for (const item of live === undefined ? [] : [...listening(live), ...loadedModules(live)]) this.#put(name, item);
  }

  /** Items that at most so many hosts have: the rarest first, of these the worst. */
  rows(atMost: number): StackRow[] {
    return [...this.#rows.values()]
      .filter(({ hosts }) => hosts.size <= atMost)
      .map(({ hosts, ...item }) => ({ ...item, ...this.#weighed(item, hosts.size), hosts: [...hosts] }))
      .sort(
        (left, right) =>
          left.hosts.length - right.hosts.length || right.score - left.score || (left.what < right.what ? -1 : 1),
      );
  }

  #weighed({ score, severity }: Item, hosts: number): Pick<Item, 'score' | 'severity'> {
    const all = this.#hosts.length;
    if (all < rarity.hosts || hosts > all * rarity.share) return { score, severity };
    const weighed = Math.round((1 - (1 - score) * (1 - rarity.weight)) * 1000) / 1000;
    return { score: weighed, severity: severityAt(weighed) };
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

function itemOf(technique: string, { item, signs, severity, score }: Judgement): Item {
  const { path, rule, runs, title, process, user } = item;
  // Numbers of processes differ from host to host.
  const what = process === undefined ? path : `process ${process.name}`;
  const identity = signs.find(({ what: each }) => each === identityOf.digest || each === identityOf.key);
  const named = [title, user].filter((part) => part !== undefined).join(' of ');
  const detail = (runs ?? [named, identity?.value].filter((part) => part !== undefined).join(', '))
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

function* accountsOf(tree: FileTree): Generator<Item> {
  const { all, groups } = new Accounts(tree);
  for (const account of all) {
    if (!canLogIn(account)) continue;
    const { name, uid, shell } = account;
    const of = groups.filter(({ members }) => members.includes(name)).map((group) => group.name);
    const detail = `uid ${uid}, ${shell}${of.length === 0 ? '' : `, in ${of.sort().join(' ')}`}`.slice(0, maxDetail);
    yield { kind: 'account', what: name, detail, severity: 'info', score: 0 };
  }
}

/** Names of modules that are listed: how much each is used differs from host to host. */
function* loadedModules({ proc }: LiveHost): Generator<Item> {
  const lines = proc.exists('modules') ? (proc.text('modules') ?? '').split('\n') : [];
  for (const line of lines) {
    const [name = '', , , , , , taint = ''] = line.split(' ');
    if (name !== '') yield { kind: 'loaded-module', what: name, detail: taint, severity: 'info', score: 0 };
  }
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
