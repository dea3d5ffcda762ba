import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));

/** The forms that no program here writes, from their documentation. */
const forms = {
  dnf: [
    '2026-03-01T09:59:58+0000 INFO --- logging initialized ---',
    '2026-03-01T11:00:00+0100 DDEBUG Command: dnf -y install nmap',
    '2026-03-01T11:00:09+0100 SUBDEBUG Installed: nmap-3:7.92-1.el9.x86_64',
    '2026-03-01T11:00:10+0100 SUBDEBUG Erase: audit-3.0.7-104.el9.x86_64',
  ],
  yum: ['Mar 01 10:00:00 Installed: 2:nmap-6.40-19.el7.x86_64', 'Mar 01 10:00:01 Erased: audit-2.8.5-4.el7.x86_64'],
  pacman: [
    "[2026-03-01T11:00:00+0100] [PACMAN] Running 'pacman -S nmap'",
    '[2026-03-01T11:00:02+0100] [ALPM] transaction started',
    '[2026-03-01T11:00:03+0100] [ALPM] upgraded openssl (3.2.0-1 -> 3.2.1-1)',
    '[2026-03-01 10:00] [ALPM] removed audit (4.0-1)',
  ],
  zypper: [
    "2026-03-01 10:00:00|command|root@host|'zypper' 'install' 'nmap'|",
    '2026-03-01 10:00:02|install|nmap|7.92-1.1|x86_64|root@host|repo-oss|abc|',
    '2026-03-01 10:00:03|remove |audit|3.0-1|x86_64|root@host|',
    '2026-03-01 10:00:04|radd   |repo-x|https://repo.example/x|',
  ],
};

describe('package-log, detect', () => {
  it.each(['dpkg.log', 'history.log', 'alternatives.log'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it.each(Object.entries(forms))('knows the log of %s', (_name, lines) => {
    expect(source.detect('x', Buffer.from(lines.join('\n')))).toBe('certain');
  });

  it.each([
    '',
    'Install: a (1)\nError: something\n',
    '2026-03-01T10:00:00+0000 INFO started\n2026-03-01T10:00:01+0000 ERROR failed\n',
    'Mar  1 10:00:00 host sshd[7]: Accepted password for anna\n',
    '[2026-03-01T10:00:00+0100] [worker] removed audit (4.0-1)\n',
  ])('does not know %j', (content) => {
    expect(source.detect('x.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('package-log, decode', () => {
  it('reads changes of dpkg', async () => {
    const lines = [
      '2026-03-01 10:00:00 startup archives unpack',
      '2026-03-01 10:00:01 install nmap:amd64 <none> 7.93+dfsg1-1',
      '2026-03-01 10:00:02 upgrade libssl3:amd64 3.0.16-1 3.0.19-1',
      '2026-03-01 10:00:03 remove auditd:amd64 1:3.0.9-1 <none>',
      '2026-03-01 10:00:03 status half-configured auditd:amd64 1:3.0.9-1',
    ];
    const { events, problems } = await decodeContent(source, lines.join('\n'));
    expect(problems).toEqual([]);
    expect(contentOf(events[1])).toEqual({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T10:00:01Z'),
      event_dataset: 'package-log.dpkg',
      evidence_id: 0,
      evidence_at: 2,
      log_name: 'dpkg',
      process_name: 'dpkg',
      message: 'install nmap:amd64 <none> 7.93+dfsg1-1',
      fields: { action: 'install', package: 'nmap', architecture: 'amd64', version: '7.93+dfsg1-1' },
    });
    expect(contentOf(events[2])['fields']).toMatchObject({ version: '3.0.19-1', previous_version: '3.0.16-1' });
    expect(contentOf(events[3])['fields']).toMatchObject({ action: 'remove', package: 'auditd', version: '1:3.0.9-1' });
    expect(events[4]?.fields).toBeNull();
  });

  it('reads runs of apt: a record for each package, with who asked for it and how', async () => {
    const { events, problems } = await decodeContent(source, read('history.log'));
    expect(problems).toEqual([]);
    const time = parseIsoMicros('2026-03-01T10:00:00Z');
    const shared = { time, process_command_line: 'apt-get install -y nmap', user_name: 'anna' };
    const changed = events.filter(({ fields }) => fields !== null);
    expect(changed).toMatchObject([
      { ...shared, message: 'install liblinear4 2.3.0+dfsg-5' },
      { ...shared, message: 'install nmap 7.93+dfsg1-1' },
      { ...shared, message: 'upgrade libssl3 3.0.19-1~deb12u2' },
      { user_name: null, process_command_line: 'apt-get purge auditd', message: 'purge auditd 1:3.0.9-1' },
    ]);
    expect(contentOf(changed[0])['fields']).toMatchObject({ automatic: true });
    expect(contentOf(changed[2])['fields']).toMatchObject({ previous_version: '3.0.16-1~deb12u1' });
    expect(events.map(({ evidence_at }) => evidence_at)).toEqual([2, 3, 4, 5, 5, 6, 7, 9, 10, 11, 12, 13]);
  });

  it('reads what dnf, yum, pacman and zypper write', async () => {
    const time = parseIsoMicros('2026-03-01T10:00:00Z') ?? 0;
    const read = async (lines: readonly string[]): Promise<unknown[]> => {
      const { events, problems } = await decodeContent(source, lines.join('\n'), 'x.log-20260302');
      expect(problems).toEqual([]);
      return events.map((event) => contentOf(event));
    };
    expect(await read(forms.dnf)).toMatchObject([
      { log_level: 'info' },
      { time, process_command_line: 'dnf -y install nmap' },
      { fields: { action: 'installed', package: 'nmap', version: '3:7.92-1.el9', architecture: 'x86_64' } },
      { fields: { action: 'erase', package: 'audit', version: '3.0.7-104.el9' } },
    ]);
    expect(await read(forms.yum)).toMatchObject([
      { time, fields: { action: 'installed', package: 'nmap', version: '6.40-19.el7' } },
      { fields: { action: 'erased', package: 'audit' } },
    ]);
    expect(await read(forms.pacman)).toMatchObject([
      { time, process_command_line: 'pacman -S nmap' },
      { message: 'transaction started' },
      { fields: { action: 'upgraded', package: 'openssl', version: '3.2.1-1', previous_version: '3.2.0-1' } },
      { time, fields: { action: 'removed', package: 'audit', version: '4.0-1' } },
    ]);
    expect(await read(forms.zypper)).toMatchObject([
      { time, user_name: 'root', process_command_line: 'zypper install nmap' },
      { user_name: 'root', fields: { action: 'install', package: 'nmap', version: '7.92-1.1' } },
      { fields: { action: 'remove', package: 'audit' } },
      { message: 'radd   |repo-x|https://repo.example/x|' },
    ]);
  });

  it('keeps what of a list it does not understand, in time that grows with its length', async () => {
    const takenMs = processorClock();
    const long = ['a', 'a:', 'a (', '(', 'a ()'].map((piece) => `Install: ${piece.repeat(200_000)}`);
    const lines = ['Start-Date: 2026-03-01  10:00:00', 'Install: a:amd64 (1), odd (b(c)), d (2)', ...long];
    const { events, problems } = await decodeContent(source, lines.join('\n'));
    expect(problems).toEqual([]);
    expect(events.slice(1, 4).map(({ kind, ...event }) => [kind, 'message' in event && event.message])).toEqual([
      ['log', 'install a 1'],
      ['log', 'install d 2'],
      ['log', 'Install: odd (b(c), )'],
    ]);
    expect(takenMs()).toBeLessThan(20_000);
  });

  it('tells what is no such line, and reads on', async () => {
    const content = `${read('dpkg.log').toString()}something else\n${read('dpkg.log').toString()}`;
    const lines = read('dpkg.log').toString().trimEnd().split('\n').length;
    const { events, problems } = await decodeContent(source, content);
    expect(events).toHaveLength(2 * lines);
    expect(placesOf(problems)).toEqual([['bad-record', lines + 1]]);
  });
});
