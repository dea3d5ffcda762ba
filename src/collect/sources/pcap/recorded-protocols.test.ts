import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runConnection, type Step } from '../../../../tests/support/pcap-connection.ts';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';
import type { ProtocolAnalyzer } from './analyzer.ts';
import { protocols } from './protocols/registry.generated.ts';

/** `log_name` and what `fields` say of some of them. */
function told(events: readonly VakthundEvent[], log: string, ...names: readonly string[]): unknown[] {
  return events
    .filter((event) => event.kind === 'log' && event.log_name === log)
    .map((event) => {
      const fields = JSON.parse(String(event.fields)) as Readonly<Record<string, unknown>>;
      return names.map((name) => fields[name]);
    });
}

test('programs as they are speak as the analyzers read', async () => {
  const bytes = readFileSync(join(import.meta.dirname, 'testdata/smb-redis.pcap'));
  const { events, problems } = await decodeContent(source, bytes);
  expect(problems).toEqual([]);
  expect(told(events, 'ntlm', 'username', 'server_nb_computer_name', 'success')).toEqual([
    ['nobody', 'VM', false],
    ['nobody', 'VM', true],
    ['nobody', 'VM', true],
  ]);
  expect(told(events, 'dce_rpc', 'named_pipe', 'endpoint', 'operation')).toEqual([
    [String.raw`\pipe\srvsvc`, 'srvsvc', 'NetrServerGetInfo'],
    ...[
      'SamrConnect5',
      'SamrEnumerateDomainsInSamServer',
      'SamrLookupDomainInSamServer',
      'SamrOpenDomain',
      'SamrEnumerateUsersInDomain',
      'SamrCloseHandle',
      'SamrCloseHandle',
    ].map((operation) => [String.raw`\pipe\samr`, 'samr', operation]),
    [String.raw`\pipe\srvsvc`, 'srvsvc', 'NetrShareEnumSticky'],
    ...['LsarOpenPolicy', 'LsarQueryInformationPolicy', 'LsarClose'].map((operation) => [
      String.raw`\pipe\lsass`,
      'lsarpc',
      operation,
    ]),
  ]);
  expect(told(events, 'smb_files', 'name', 'outcome').slice(-2)).toEqual([
    ['plan.txt', 'opened'],
    ['up.txt', 'created'],
  ]);
  expect(told(events, 'redis', 'cmd.name', 'cmd.key', 'success').slice(0, 3)).toEqual([
    ['PING', undefined, false],
    ['AUTH', undefined, true],
    ['SET', 'color', true],
  ]);
  expect(JSON.stringify(events)).not.toContain('hunter2');
  const services = events.filter((event) => event.kind === 'flow').map((flow) => flow.network_protocol);
  expect(services.slice(0, 3)).toEqual(['smb,gssapi,ntlm', 'smb,gssapi,ntlm', 'smb,gssapi,ntlm,dce_rpc']);
});

describe.each(Object.values<ProtocolAnalyzer>(protocols))('$id', (analyzer) => {
  const transport = analyzer.transports[0] ?? 'tcp';
  const piece = fc.record({
    from: fc.constantFrom<'client' | 'server'>('client', 'server'),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  });

  test('reads any bytes to their end', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (steps: readonly Step[]) => {
        const { events } = runConnection(analyzer, steps, { transport });
        expect(analyzer.emits).toEqual(expect.arrayContaining(events.map(({ kind }) => kind)));
      }),
      { numRuns: 50 },
    );
  });
});
