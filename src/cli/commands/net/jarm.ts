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
  const rest = targets.entries();
  const workers = Array.from({ length: wholeNumber('--concurrency', options.concurrency, 1, 64) }, async () => {
    for (const [index, target] of rest) {
      results[index] = await scanTarget(target, scanOptions);
      if (terminal.isInteractive) terminal.talk(`${target.host}:${target.port} done\n`);
    }
  });
  await Promise.all(workers);
  print(results, terminal);
  return results.some(({ fault }) => fault !== undefined) ? 2 : 0;
}

function print(results: readonly JarmResult[], terminal: Terminal): void {
  if (terminal.json) {
    const servers = results.map(({ seenWith, ...rest }) => ({
      ...rest,
      ...(seenWith === undefined ? {} : { seen_with: seenWith }),
    }));
    terminal.out(`${JSON.stringify({ servers }, null, 1)}\n`);
    return;
  }
  const width = Math.max(...results.map(({ host, port }) => `${host}:${port}`.length));
  for (const { host, port, jarm, seenWith, fault } of results) {
    const note = fault === undefined ? (seenWith ?? '') : `not reached: ${fault}`;
    terminal.out(`${`${host}:${port}`.padEnd(width)}  ${jarm}  ${note}`.trimEnd() + '\n');
  }
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
