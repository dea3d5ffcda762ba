import { VakthundError } from '../../../base/errors.ts';
import { parseIp } from '../../../base/ip.ts';
import { scanTarget, type JarmResult, type Target } from '../../../inspect/probe/jarm/scan.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';

export interface JarmOptions {
  readonly mayScan?: boolean;
  readonly concurrency: string;
  readonly pause: string;
  readonly timeout: string;
}

const defaultPort = 443;
const maxTargets = 10_000;

/** Fingerprints servers by going out to them. Without `--may-scan` only this machine itself is asked. */
export async function scanServers(
  texts: readonly string[],
  options: JarmOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const targets = texts.map(parseTarget);
  const far = targets.find(({ host }) => !isThisMachine(host));
  if (far !== undefined && options.mayScan !== true) {
    throw new VakthundError('USAGE', `JARM sends ten odd hellos to ${far.host}, which its owner may take for a scan`, {
      hint: 'give --may-scan when the servers are yours, or you have the right to ask them',
    });
  }
  if (targets.length > maxTargets) throw new VakthundError('USAGE', `at most ${maxTargets} servers at a time`);
  const scanOptions = {
    timeoutMs: 1000 * wholeNumber('--timeout', options.timeout, 1, 60),
    pauseMs: wholeNumber('--pause', options.pause, 0, 60_000),
    signal: terminal.signal,
  };
  const results: JarmResult[] = [];
  const lines = new ResultLines(targets, terminal);
  const rest = targets.entries();
  const workers = Array.from({ length: wholeNumber('--concurrency', options.concurrency, 1, 64) }, async () => {
    for (const [index, target] of rest) {
      results[index] = await scanTarget(target, scanOptions);
      if (terminal.isInteractive) terminal.talk(`${target.host}:${target.port} done\n`);
      lines.told(results);
    }
  });
  await Promise.all(workers);
  if (terminal.json) printJson(results, terminal);
  return results.some(({ fault }) => fault !== undefined) ? 2 : 0;
}

function printJson(results: readonly JarmResult[], terminal: Terminal): void {
  const servers = results.map(({ seenWith, ...rest }) => ({
    ...rest,
    ...(seenWith === undefined ? {} : { seen_with: seenWith }),
  }));
  terminal.out(`${JSON.stringify({ servers }, null, 1)}\n`);
}

/** A line for each server in the order in which they were given, as soon as those before it are done: what is stopped has told what it knew. */
class ResultLines {
  readonly #terminal: Terminal;
  readonly #width: number;
  #next = 0;

  constructor(targets: readonly Target[], terminal: Terminal) {
    this.#terminal = terminal;
    this.#width = targets.reduce((most, target) => Math.max(most, nameOf(target).length), 0);
  }

  told(results: readonly (JarmResult | undefined)[]): void {
    for (let result = results[this.#next]; result !== undefined; result = results[++this.#next]) {
      if (this.#terminal.json) continue;
      this.#terminal.out(`${`${nameOf(result).padEnd(this.#width)}  ${result.jarm}  ${noteOf(result)}`.trimEnd()}\n`);
    }
  }
}

const nameOf = ({ host, port }: Target): string => `${host}:${port}`;

function noteOf({ jarm, seenWith, fault }: JarmResult): string {
  if (fault !== undefined) return `not reached: ${fault}`;
  return /^0+$/.test(jarm) ? 'answers, but no TLS' : (seenWith ?? '');
}

/** `host`, `host:port`, `address`, `[address]:port`. */
function parseTarget(text: string): Target {
  const bare = parseIp(text) !== undefined;
  const groups = bare
    ? undefined
    : /^(?:\[(?<address>[0-9a-f:.]+)\]|(?<name>[^\s:[\]/]{1,253}))(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups;
  const host = bare ? text : (groups?.['address'] ?? groups?.['name']);
  const port = Number(groups?.['port'] ?? defaultPort);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new VakthundError('USAGE', `"${text}" is no server: write it as host, host:port or [address]:port`);
  }
  return { host, port };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new VakthundError('USAGE', `${option} takes a whole number from ${least} to ${most}, not "${text}"`);
}
