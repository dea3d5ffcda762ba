import { resolve } from 'node:path';
import { VakthundError, messageOf } from '../../../../base/errors.ts';
import { openAuthority, type Authority } from '../../../../collect/tls-proxy/authority/authority.ts';
import { defaultLimits, type ProxyOptions } from '../../../../collect/tls-proxy/proxy-options.ts';
import { TlsProxy } from '../../../../collect/tls-proxy/tls-proxy.ts';
import type { ExitCode } from '../../../command.ts';
import type { Terminal } from '../../../terminal.ts';
import { lineOf } from './line.ts';
import { numberOf } from '../../../number-option.ts';
import type { TlsProxyOptions } from './options.ts';
import { Recording } from './recording.ts';
import { clientFilter, listenersOf, rootsOf, rulesOf } from './settings.ts';

const maxSeconds = 86_400;

/** Runs the proxy until Ctrl-C, SIGTERM or `--for`; ends with 0. */
export async function runTlsProxy(options: TlsProxyOptions, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(options.ca);
  const authority = openAuthority(folder, new Date());
  if (authority.isNew) terminal.talk(`made an authority in ${folder}: ca-key.pem must stay there\n`);
  if (options.caExport === true) {
    terminal.out(authority.certificate.toString());
    return 0;
  }
  if (options.output === undefined) throw new VakthundError('USAGE', 'tls-proxy needs -o, the folder to write to');
  const chosen = chosenOf(options);
  const recording = new Recording(options.output, options, (text) => terminal.talk(`tls-proxy: ${text}\n`));
  const outcomes = new Map<string, number>();
  const proxy = new TlsProxy({
    ...chosen,
    mayUse: (address) => {
      const mayUse = chosen.mayUse(address);
      if (!mayUse && proxy.refused === 0) {
        terminal.talk(`tls-proxy: ${address} is refused: --allow-from does not name it\n`);
      }
      return mayUse;
    },
    issuer: authority.issuer,
    capture: recording.capture,
    onKeyLog: recording.onKeyLog,
    onConnection: (record) => {
      outcomes.set(record.outcome, (outcomes.get(record.outcome) ?? 0) + 1);
      recording.connection(record);
      terminal.out(`${lineOf(record, terminal)}\n`);
    },
    nowMs: () => performance.timeOrigin + performance.now(),
  });
  try {
    const streamPort = await recording.listen();
    const ports = await proxy.listen();
    const places = chosen.listeners.map(({ front, host }, index) => `${front.id} on ${host} port ${ports[index]}`);
    if (streamPort !== undefined) places.push(`pcap-over-ip on port ${streamPort}`);
    const greeting = `${warning(authority, folder, recording.folder)}listening: ${places.join(', ')}\n`;
    if (!terminal.quiet) terminal.talk(greeting);
    await untilEnd(options, terminal.signal);
  } catch (cause) {
    if (cause instanceof VakthundError) throw cause;
    throw new VakthundError('OUTPUT', `cannot listen: ${messageOf(cause)}`, { cause });
  } finally {
    await proxy.close();
    await recording.close();
  }
  const counts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`);
  if (proxy.turnedAway > 0) counts.push(`${proxy.turnedAway} turned away`);
  if (proxy.refused > 0) counts.push(`${proxy.refused} of clients outside --allow-from refused`);
  const connections = counts.length === 0 ? 'none' : counts.join(', ');
  if (!terminal.quiet) terminal.talk(`connections: ${connections}; ${recording.summary}\n`);
  return 0;
}

type Chosen = Omit<ProxyOptions, 'issuer' | 'capture' | 'onKeyLog' | 'onConnection' | 'nowMs'>;

function chosenOf(options: TlsProxyOptions): Chosen {
  const { capturePort } = options;
  return {
    listeners: listenersOf(options),
    mayUse: clientFilter(options.allowFrom),
    roots: rootsOf(options.upstreamCa),
    rules: rulesOf(options.rules),
    faultPolicy: options.onBadOrigin,
    failOpenMs: 1000 * numberOf('--fail-open', options.failOpen, 0, maxSeconds),
    limits: {
      ...defaultLimits,
      connections: numberOf('--max-connections', options.maxConnections, 1, 100_000),
      idleMs: 1000 * numberOf('--idle', options.idle, 1, maxSeconds),
    },
    capturePort: capturePort === undefined ? undefined : numberOf('--capture-port', capturePort, 1, 65_535),
  };
}

function warning({ certificate }: Authority, folder: string, output: string): string {
  return [
    'WARNING: this machine now reads what clients believe to be private, passwords included.',
    `  Whoever gets ca-key.pem in ${folder} can pose as any server to clients that trust it (until ${certificate.validTo}).`,
    `  What is in ${output} is in clear: treat it like the secrets in it. Let clients forget the authority when this is over.`,
    `  authority: ${certificate.subject.replace('\n', ', ')}, SHA-256 ${certificate.fingerprint256}`,
    '',
  ].join('\n');
}

async function untilEnd(options: TlsProxyOptions, signal: AbortSignal): Promise<void> {
  const forMs = options.for === undefined ? undefined : 1000 * numberOf('--for', options.for, 0, maxSeconds);
  await new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
    if (forMs !== undefined) setTimeout(done, forMs);
  });
}
