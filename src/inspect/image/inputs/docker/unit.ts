import type { ApiAddress, EngineFacts } from '../engine.ts';
import { engineOfFlags } from './daemon.ts';

/** Whether a text is a unit of systemd (or a drop-in for one) that starts an engine or opens its socket. */
export function isEngineUnit(text: string): boolean {
  return (
    /^\[(?:Service|Socket)\]/m.test(text) &&
    /^(?:ExecStart=.*\bdockerd\b|ListenStream=.*(?:docker|podman|:237[56]))/m.test(text)
  );
}

/** What a unit says: the flags of its last `ExecStart`, the addresses of its socket. Lines that go on after `\` are put together. */
export function engineOfUnit(text: string, path: string): EngineFacts[] {
  const facts: EngineFacts[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const at = { path, line: index + 1 };
    let line = lines[index] ?? '';
    while (line.endsWith('\\') && index + 1 < lines.length) line = `${line.slice(0, -1)} ${lines[++index] ?? ''}`;
    const [name = '', value = ''] = splitOnce(line.trim());
    if (name === 'ExecStart' && /\bdockerd\b/.test(value)) facts.push(engineOfFlags(value.split(/\s+/).slice(1), at));
    if (name === 'ListenStream' && value !== '') {
      const address = value.startsWith('/') ? `unix://${value}` : `tcp://${value.replace(/^(?=\d+$)/, '0.0.0.0:')}`;
      const api: ApiAddress = { address, source: 'socket-unit', at };
      facts.push({ at, apiAddresses: [api] });
    }
  }
  // An ExecStart of a drop-in takes the place of those before it.
  return facts.toReversed();
}

function splitOnce(line: string): readonly string[] {
  const at = line.indexOf('=');
  return at === -1 ? [line] : [line.slice(0, at), line.slice(at + 1)];
}
