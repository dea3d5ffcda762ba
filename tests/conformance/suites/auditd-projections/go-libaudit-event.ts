import type { VakthundEvent } from '../../../../src/events/event.ts';
import type { AuditEvent } from '../../../../src/collect/sources/auditd/assembly/assembler.ts';
import { readCall, type Call } from '../../../../src/collect/sources/auditd/events/call.ts';
import { EventMapper } from '../../../../src/collect/sources/auditd/events/map.ts';
import { mainPath, summarise, type Summary } from '../../../../src/collect/sources/auditd/events/summary.ts';
import { EventReader, type EventView } from '../../../../src/collect/sources/auditd/events/view.ts';
import { meaningOfRecord } from '../../../../src/collect/sources/auditd/interpret/meanings.ts';
import type { Fields } from '../../../../src/collect/sources/auditd/records/fields.ts';
import { dataOf, keysOf, timeText, type Data } from './go-libaudit.ts';

type Json = Record<string, unknown>;

/** Its classes of record types, where they are not those of ausearch. */
const categories: Readonly<Record<string, string>> = {
  LOGIN: 'unknown',
  DAC_CHECK: 'user-space',
  CHGRP_ID: 'user-space',
  GRP_AUTH: 'user-login',
  TIME_INJOFFSET: 'unknown',
  TIME_ADJNTPVAL: 'unknown',
  KERN_MODULE: 'unknown',
  SOFTWARE_UPDATE: 'unknown',
  USER_DEVICE: 'unknown',
};
const incoming = new Set(['recvfrom', 'recvmsg', 'accept', 'accept4']);
const outgoing = new Set(['connect', 'sendto', 'sendmsg']);

/** What our source concludes from an event, in the shape of go-libaudit's coalesced events. */
export function projectEvent(event: AuditEvent): Json {
  const rows: VakthundEvent[] = [];
  new EventMapper().map(event, rows, []);
  const view = new EventReader().read(event);
  const call = view.call === undefined ? undefined : readCall(view.call);
  const first = view.records[0];
  const main = first !== undefined && first.type.name !== 'SYSCALL' ? first : (view.call ?? first);
  if (main === undefined) return {};
  const summary = summarise(view, call, main);
  const data = allData(view, call, main);
  const result = take(data, 'result') ?? 'unknown';
  const session = take(data, 'ses') ?? '';
  const identity = call?.fields ?? main;
  const network = networkOf(call, data, main, rows);
  const object = objectOf(view, summary, call);
  return prune({
    '@timestamp': timeText(event.time),
    sequence: event.serial,
    category: categories[main.type.name] ?? meaningOfRecord(main.type.name).class,
    record_type: main.type.name.toLowerCase(),
    result,
    session,
    tags: keysOf(identity),
    summary: {
      actor: prune({ primary: unset(summary.subject), secondary: unset(summary.actor) }),
      action: summary.phrase,
      object: prune({ type: object.type, primary: summary.object, secondary: summary.secondObject }),
      how: summary.how,
    },
    user: userOf(data),
    process: processOf(rows, view, data),
    file: object.file,
    ...network,
    data: Object.keys(data).length === 0 ? undefined : data,
    paths: view.paths.length === 0 ? undefined : view.paths.map(dataOf),
    ecs: ecsOf(main, summary, identity, call !== undefined && main !== call.fields && result === 'fail'),
  }) as Json;
}

/** Fields of all records under one name each; the system call's go before those of the record beside it. */
function allData(view: EventView, call: Call | undefined, main: Fields): Data {
  const data = dataOf(call?.fields ?? main);
  if (view.records.filter((fields) => fields.type.name !== 'EOE').length > 1) delete data['items'];
  const moved = new Set(Object.keys(data).filter((name) => isIdentity(name) || name === 'ses' || name === 'result'));
  for (const fields of view.records) {
    if (fields === (call?.fields ?? main) || fields.type.name === 'PATH') continue;
    for (const [name, value] of Object.entries(dataOf(fields))) {
      if (fields.type.name === 'EXECVE' && name !== 'argc') continue;
      const target = fields.type.name === 'SOCKADDR' ? `socket_${name}` : name;
      if (isIdentity(target) || moved.has(target)) data[`${target} (2)`] = value;
      else data[target] ??= value;
    }
  }
  return data;
}

function isIdentity(name: string): boolean {
  return name.endsWith('uid') || name.endsWith('gid') || name.startsWith('subj_');
}

function take(data: Data, name: string): string | undefined {
  const value = data[name];
  delete data[name];
  return value;
}

function unset(id: string | null | undefined): string | null | undefined {
  return id === '4294967295' || id === '-1' ? 'unset' : id;
}

/** Ids and SELinux labels go out of `data`; what a second record says of the same stays there. */
function userOf(data: Data): Json {
  const ids: Data = {};
  const selinux: Data = {};
  for (const name of Object.keys(data)) {
    if (name.startsWith('subj_')) selinux[name.slice(5)] = take(data, name) ?? '';
    else if (isIdentity(name)) ids[name] = take(data, name) ?? '';
  }
  for (const name of Object.keys(data).filter((other) => other.endsWith(' (2)'))) {
    data[name.slice(0, -4)] = take(data, name) ?? '';
  }
  return prune({ ids: emptyToNothing(ids), selinux: emptyToNothing(selinux) }) as Json;
}

function emptyToNothing(part: Data): Data | undefined {
  return Object.keys(part).length === 0 ? undefined : part;
}

function processOf(rows: readonly VakthundEvent[], view: EventView, data: Data): Json {
  const [row] = rows;
  const title = take(data, 'proctitle');
  for (const name of ['pid', 'ppid', 'comm', 'exe', 'cwd']) delete data[name];
  if (row === undefined || !('process_pid' in row)) return {};
  return prune({
    pid: row.process_pid === null ? undefined : String(row.process_pid),
    ppid: row.process_parent_pid === null ? undefined : String(row.process_parent_pid),
    title,
    name: row.process_name,
    exe: row.process_executable,
    cwd: row.process_working_directory,
    args: row.kind === 'process' ? row.process_args : view.args,
  }) as Json;
}

interface FileObject {
  readonly type: string | null;
  readonly file: Json | undefined;
}

/** It calls every object a file whose mode was logged. */
function objectOf(view: EventView, summary: Summary, call: Call | undefined): FileObject {
  const { objectKind } = summary;
  const isFile = objectKind === 'file' || objectKind === 'filesystem';
  const path = isFile ? mainPath(view, call?.meaning.pathIndex ?? 0) : undefined;
  if (path === undefined) return { type: objectKind, file: undefined };
  const data = dataOf(path);
  const labels = Object.entries(data).filter(([name]) => name.startsWith('obj_'));
  const mode = data['mode'];
  return {
    type: mode === undefined ? objectKind : 'file',
    file: prune({
      path: data['name'],
      device: data['rdev'],
      inode: data['inode'],
      mode: mode === undefined ? undefined : `0${(Number.parseInt(mode, 8) & 0o777).toString(8)}`,
      uid: data['ouid'],
      gid: data['ogid'],
      selinux:
        labels.length === 0 ? undefined : Object.fromEntries(labels.map(([name, value]) => [name.slice(4), value])),
    }) as Json,
  };
}

function networkOf(call: Call | undefined, data: Data, main: Fields, rows: readonly VakthundEvent[]): Json {
  const [row] = rows;
  if (call !== undefined && row?.kind === 'socket') {
    const isIncoming = incoming.has(call.name);
    if (!isIncoming && !outgoing.has(call.name)) return {};
    const ip = isIncoming ? row.source_ip : row.destination_ip;
    const port = isIncoming ? row.source_port : row.destination_port;
    const address = prune({ ip, port: port === null ? undefined : String(port), path: row.socket_path });
    return {
      [isIncoming ? 'source' : 'destination']: Object.keys(address as Json).length === 0 ? undefined : address,
      network: { direction: isIncoming ? 'ingress' : 'egress' },
    };
  }
  const address = meaningOfRecord(main.type.name).source === true ? take(data, 'addr') : undefined;
  return address === undefined ? {} : { source: { ip: address }, network: { direction: 'ingress' } };
}

function ecsOf(main: Fields, summary: Summary, identity: Fields, isFailure: boolean): Json {
  const user: Json = { effective: {}, target: {}, changes: {} };
  let group: Json = {};
  const { category, subject, actor, object } = summary;
  const meaning = meaningOfRecord(main.type.name);
  const uid = dataOf(identity)['uid'];
  if (meaning.session === 'login-id-set') Object.assign(user, entity(subject), { effective: entity(object) });
  else if (category.includes('session') || (category.includes('authentication') && meaning.session !== undefined)) {
    Object.assign(user, entity(subject), { effective: entity(actor) });
  } else if (category.includes('iam') && meaning.session !== undefined) {
    const target = entity(meaning.object === 'account' ? object : actor);
    const isGroup = meaning.type?.includes('group') === true;
    if (meaning.object !== undefined && meaning.session.endsWith('ed') && !meaning.session.startsWith('role')) {
      Object.assign(user, entity(subject), { effective: entity(uid ?? null), ...(isGroup ? {} : { target }) });
      if (isGroup) group = target;
    }
  }
  return {
    event: prune({
      kind: summary.kind,
      category: listOrNothing(category),
      type: listOrNothing(summary.type),
      outcome: isFailure ? 'failure' : undefined,
    }),
    user,
    group,
  };
}

function listOrNothing(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** A number is an id, anything else a name. */
function entity(value: string | null): Json {
  const known = unset(value);
  if (known === null || known === undefined || known === '' || known === 'unset') return { id: 'unset' };
  return /^\d+$/.test(known) ? { id: known } : { name: known };
}

/** Without the members that are undefined or null. */
function prune(value: Json): unknown {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined || member === null) return [];
      return [[name, name === 'summary' ? prune(member as Json) : member]];
    }),
  );
}
