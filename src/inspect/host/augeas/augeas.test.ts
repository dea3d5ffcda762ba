import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../tests/support/memory-tree.ts';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { Constraints } from '../constraints.ts';
import { TableContext } from '../table-context.ts';
import { table as augeas } from '../tables/augeas.ts';
import { table as iptables } from '../tables/iptables.ts';
import { lenses } from './lenses.ts';
import { flatten } from './node.ts';

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(
  table: typeof augeas | typeof iptables,
  files: Readonly<Record<string, MemoryFile>>,
  asked: Readonly<Record<string, string>> = {},
): Promise<Row[]> {
  const constraints = Object.entries(asked).map(([column, value]) => [column, { equal: [value], like: [] }] as const);
  const rows: Row[] = [];
  const context = new TableContext(new MemoryTree(files));
  for await (const row of table.rows(context, new Constraints(new Map(constraints)))) rows.push(row);
  return rows;
}

/** `node value` of what stands below a file. */
async function nodesOf(path: string, content: string): Promise<string[]> {
  const rows = await rowsOf(augeas, { [path]: content }, { path });
  return rows
    .slice(1)
    .map(({ node, value }) => `${String(node).replace(`/files${path}/`, '')} ${String(value)}`.trim());
}

/** Files with the nodes that augtool 1.14 prints of them. */
const files: readonly (readonly [path: string, content: string, nodes: readonly string[]])[] = [
  ['/etc/hosts', '# local\n127.0.0.1\tlocalhost\n10.0.0.5 db.example db d # x\n', [
    '#comment local', '1', '1/ipaddr 127.0.0.1', '1/canonical localhost', '2', '2/ipaddr 10.0.0.5', '2/canonical db.example', '2/alias[1] db', '2/alias[2] d', '2/#comment x']],
  ['/etc/passwd', 'root:x:0:0:root:/root:/bin/bash\n', [
    'root', 'root/password x', 'root/uid 0', 'root/gid 0', 'root/name root', 'root/home /root', 'root/shell /bin/bash']],
  ['/etc/group', 'sudo:x:27:ann,bob\n', ['sudo', 'sudo/password x', 'sudo/gid 27', 'sudo/user[1] ann', 'sudo/user[2] bob']],
  ['/etc/ssh/sshd_config', 'Port 22\nAcceptEnv LANG LC_*\nSubsystem sftp /usr/lib/sftp-server -l\nMatch User git\n  X11Forwarding no\n', [
    'Port 22', 'AcceptEnv', 'AcceptEnv/1 LANG', 'AcceptEnv/2 LC_*', 'Subsystem', 'Subsystem/sftp /usr/lib/sftp-server -l', 'Match',
    'Match/Condition', 'Match/Condition/User git', 'Match/Settings', 'Match/Settings/X11Forwarding no']],
  ['/etc/sudoers', 'Defaults env_reset, !lecture\nDefaults:web secure_path="/bin"\nCmnd_Alias BK = /bin/tar, /bin/cp\n%wheel ALL = (root : adm) NOPASSWD: /bin/ls, BK\n@includedir /etc/sudoers.d\n', [
    'Defaults[1]', 'Defaults[1]/env_reset', 'Defaults[1]/lecture', 'Defaults[1]/lecture/negate', 'Defaults[2]', 'Defaults[2]/type :web', 'Defaults[2]/secure_path "/bin"',
    'Cmnd_Alias', 'Cmnd_Alias/alias', 'Cmnd_Alias/alias/name BK', 'Cmnd_Alias/alias/command[1] /bin/tar', 'Cmnd_Alias/alias/command[2] /bin/cp',
    'spec', 'spec/user %wheel', 'spec/host_group', 'spec/host_group/host ALL', 'spec/host_group/command[1] /bin/ls', 'spec/host_group/command[1]/runas_user root',
    'spec/host_group/command[1]/runas_group adm', 'spec/host_group/command[1]/tag NOPASSWD', 'spec/host_group/command[2] BK', '@includedir /etc/sudoers.d']],
  ['/etc/crontab', 'SHELL=/bin/sh\n17 * * * 1-5 root cd / && run-parts x\n@daily root /bin/b\n', [
    'SHELL /bin/sh', 'entry[1] cd / && run-parts x', 'entry[1]/time', 'entry[1]/time/minute 17', 'entry[1]/time/hour *', 'entry[1]/time/dayofmonth *',
    'entry[1]/time/month *', 'entry[1]/time/dayofweek 1-5', 'entry[1]/user root', 'entry[2] /bin/b', 'entry[2]/schedule daily', 'entry[2]/user root']],
  ['/etc/pam.d/sshd', 'auth [success=1 default=ignore] pam_unix.so nullok try\n@include common-auth\n', [
    '1', '1/type auth', '1/control [success=1 default=ignore]', '1/module pam_unix.so', '1/argument[1] nullok', '1/argument[2] try', 'include common-auth']],
  ['/etc/fstab', 'UUID=1 / ext4 ro,mode=700 0 1\n', ['1', '1/spec UUID=1', '1/file /', '1/vfstype ext4', '1/opt[1] ro', '1/opt[2] mode', '1/opt[2]/value 700', '1/dump 0', '1/passno 1']],
  ['/etc/resolv.conf', 'nameserver 1.1.1.1\nsearch a b\noptions ndots:2 rotate\n', [
    'nameserver 1.1.1.1', 'search', 'search/domain[1] a', 'search/domain[2] b', 'options', 'options/ndots 2', 'options/rotate']],
  ['/etc/nsswitch.conf', 'passwd: files systemd\n', ['database passwd', 'database/service[1] files', 'database/service[2] systemd']],
  ['/etc/sysctl.conf', '; x\nnet.ipv4.ip_forward = 1\n', ['#comment x', 'net.ipv4.ip_forward 1']],
  ['/etc/security/limits.conf', '* hard core 0\n', ['domain *', 'domain/type hard', 'domain/item core', 'domain/value 0']],
  ['/etc/default/grub', 'export A="x y"\n', ['A "x y"', 'A/export']],
]; // prettier-ignore

describe('the table augeas', () => {
  it.each(files)('reads %s', async (path, content, nodes) => {
    expect(await nodesOf(path, content)).toEqual(nodes);
  });

  it('reads only what is asked for, by path or node, and no leftovers of editors', async () => {
    const both = {
      '/etc/hosts': '::1 six\n',
      '/etc/cron.d/a': '',
      '/etc/cron.d/a~': '@daily root x\n',
      '/etc/sudoers.d/x.dpkg-old': 'a b=c\n',
    };
    expect((await rowsOf(augeas, both)).map(({ path }) => path)).toEqual([
      '/etc/hosts',
      '/etc/hosts',
      '/etc/hosts',
      '/etc/hosts',
      '/etc/cron.d/a',
    ]);
    const asked = await rowsOf(augeas, both, { node: '/files/etc/hosts/1/ipaddr' });
    expect(asked.find(({ node }) => node === '/files/etc/hosts/1/ipaddr')).toMatchObject({
      value: '::1',
      label: 'ipaddr',
    });
    expect(asked.every(({ path }) => path === '/etc/hosts')).toBe(true);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '#', ':', '=', ',', '(', ')', '@', '\\', '!') }),
        (text) => {
          const nodes = lenses.flatMap(([, lens]) => [...flatten(lens(text), '/files')]);
          expect(nodes.filter(({ node }) => !node.startsWith('/files/'))).toEqual([]);
        },
      ),
    );
  });
});

describe('lines made to be slow', () => {
  it.each(['root ALL=A', 'Cmnd_Alias A = a', 'auth required pam.so ', '* * * * * root '])('%s', (begin) => {
    for (const piece of [' ', '\t', ',', '\u2028', 'A: ', '\\ ']) {
      const line = `${begin}${piece.repeat(100_000)}x`;
      for (const [pattern, lens] of lenses) {
        const clock = processorClock();
        lens(line);
        expect(clock(), `${pattern} of ${JSON.stringify(piece)}`).toBeLessThan(2000);
      }
    }
  });
});

describe('the table iptables', () => {
  it('of a root has what is loaded at boot', async () => {
    const rules = [
      '*filter', ':INPUT DROP [5:300]', ':OWN - [0:0]', '-A INPUT -i lo -j ACCEPT',
      '[7:420] -A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m comment --comment "a b" -j OWN', 'COMMIT', '# x', '*nat', '-A PREROUTING -d 192.0.2.1/32 -p udp --dport 53 -j DNAT --to-destination 10.0.0.2',
    ]; // prettier-ignore
    const rows = await rowsOf(iptables, { '/etc/iptables/rules.v4': rules.join('\n') });
    expect(rows[0]).toEqual({ filter_name: 'filter', chain: 'INPUT', policy: 'DROP', packets: 5, bytes: 300 });
    expect(rows[1]).toMatchObject({
      chain: 'INPUT',
      target: 'ACCEPT',
      protocol: 0,
      iniface: 'lo',
      outiface: 'all',
      src_ip: '0.0.0.0',
      match: 'no',
    });
    expect(rows[2]).toMatchObject({
      target: 'OWN',
      protocol: 6,
      src_ip: '!10.0.0.0',
      src_mask: '255.0.0.0',
      dst_port: '22',
      match: 'yes',
      packets: 7,
      bytes: 420,
    });
    expect(rows[3]).toMatchObject({
      filter_name: 'nat',
      chain: 'PREROUTING',
      target: 'DNAT',
      protocol: 17,
      dst_ip: '192.0.2.1',
      dst_mask: '255.255.255.255',
    });
    expect(rows).toHaveLength(4);
  });
});
