import { hash } from 'node:crypto';
import type { Claim } from '../../claim.ts';
import type { FileTree } from '../../tree/tree.ts';
import { digestOf } from '../ownership/digest.ts';
import type { LiveHost } from '../proc/live-host.ts';
import type { HostProcess } from '../proc/process.ts';
import type { Hit, Lists } from './hits.ts';
import { placeOfName, sweepClaim, type Found } from './sweep-claims.ts';

export interface ProcessSweep {
  readonly tree: FileTree;
  readonly live: LiveHost;
  readonly lists: Lists;
  readonly host: string | undefined;
  /** SHA-256 of programs by process, of a machine that does not run here. */
  readonly programs?: ReadonlyMap<number, string> | undefined;
}

/** What runs and is listed: programs by their digests, command lines, and the far ends of connections. */
export function* sweepProcesses(sweep: ProcessSweep): Generator<Claim> {
  const { live, lists, host } = sweep;
  const found = (process: HostProcess, more: Pick<Found, 'place' | 'hit' | 'facts'>): Claim =>
    sweepClaim({ ...more, process, host, path: `/proc/${process.pid}` });
  const digests = new Map<string, ReturnType<typeof digestsOfProgram>>();
  for (const process of live.processes()) {
    if (process.isKernelThread) continue;
    const key = process.isDeleted || live.isElsewhere(process) ? `${process.pid}` : (process.executable ?? '');
    const known = digests.get(key) ?? digestsOfProgram(process, sweep);
    digests.set(key, known);
    for (const { name, hex } of known) {
      for (const ref of lists.byHash(name, hex)) {
        const facts = [{ what: 'executable', value: process.executable ?? '' }];
        yield found(process, { place: 'program', hit: { ref, seen: process.executable ?? hex }, facts });
      }
    }
    for (const { ref, seen } of namesOf(process, lists)) {
      const facts = [{ what: 'command line', value: process.argv.join(' ').slice(0, 500) }];
      yield found(process, { place: placeOfName(ref), hit: { ref, seen }, facts });
    }
    if (!lists.hasTexts) continue;
    const command = process.argv.join(' ');
    for (const hit of lists.inText(command)) {
      yield found(process, {
        place: 'command-line',
        hit: { ref: hit.ref, seen: hit.seen },
        facts: [{ what: 'command line', value: command.slice(0, 500) }],
      });
    }
  }
  for (const { process, socket } of lists.hasTexts ? live.held() : []) {
    if (socket.remotePort === 0) continue;
    for (const ref of lists.byAddress(socket.remoteAddress)) {
      const facts = [{ what: 'port', value: String(socket.remotePort) }];
      yield found(process, { place: 'connection', hit: { ref, seen: socket.remoteAddress }, facts });
    }
  }
}

/** Arguments of one process that are looked up as paths. */
const maxArguments = 1000;

/** What lists name of a process: its program, what it calls itself, and the paths among its arguments; each entry once. */
function namesOf({ executable, name, argv }: HostProcess, lists: Lists): Hit[] {
  if (!lists.hasNames) return [];
  const paths = argv.slice(0, maxArguments).filter((argument, index) => index === 0 || argument.includes('/'));
  const found = new Map<string, Hit>();
  for (const seen of [executable ?? '', name, ...paths]) {
    for (const ref of seen === '' ? [] : lists.byPath(seen)) {
      const key = `${ref.list}\0${ref.value}`;
      if (!found.has(key)) found.set(key, { ref, seen });
    }
  }
  return [...found.values()];
}

function digestsOfProgram(
  process: HostProcess,
  { tree, live, lists, programs }: ProcessSweep,
): readonly { readonly name: Lists['hashes'][number]; readonly hex: string }[] {
  const { pid, executable } = process;
  if (executable === undefined) return [];
  // The kernel's link leads to the program itself: deleted, or in another mount namespace.
  const isDetached = process.isDeleted || live.isElsewhere(process);
  const bytes = isDetached ? live.proc.bytes(`${pid}/exe`) : undefined;
  return lists.hashes.flatMap((name) => {
    const written = name === 'sha256' ? programs?.get(pid) : undefined;
    const read = bytes === undefined ? undefined : hash(name, bytes, 'hex');
    const hex = written ?? (isDetached ? read : digestOf(tree, executable, name));
    return hex === undefined ? [] : [{ name, hex }];
  });
}
