import type { MappedColumns, Mapping, Reader } from '../../../events/mapping.ts';
import { mappingTo, read } from '../../mapping/build.ts';

/** What an event is about, and by which mapping it is read. */
export type Topic =
  | 'exec'
  | 'exit'
  | 'connection'
  | 'listener'
  | 'sock'
  | 'packet'
  | 'address'
  | 'file'
  | 'module'
  | 'module-name'
  | 'credentials'
  | 'log';

/** Types that are always about one thing; probes are told by their arguments. */
export const topics: Readonly<Record<string, Topic>> = {
  process_exec: 'exec',
  process_exit: 'exit',
  process_connect: 'connection',
  process_close: 'connection',
  process_accept: 'connection',
  process_listen: 'listener',
  process_loader: 'log',
  process_throttle: 'log',
  rate_limit_info: 'log',
};

const argument = (type: string, name: string, ...others: readonly string[]): string =>
  `${type}.args[].${name}${others.map((other) => `.${other}`).join('')}`;

/** Mapping of an event: paths begin with its type. */
export function mappingOf(type: string, topic: Topic): Mapping {
  const common = commonColumns(type);
  if (topic === 'exec') return mappingTo('process', { ...common, event_action: { constant: 'exec' } });
  if (topic === 'exit') {
    const code = read(`${type}.status`, 'integer');
    return mappingTo('process', { ...common, event_action: { constant: 'exit' }, process_exit_code: code });
  }
  if (topic === 'credentials') return mappingTo('process', common);
  if (topic === 'file') return mappingTo('file_access', { ...common, ...fileColumns(type) });
  if (topic === 'module' || topic === 'module-name') {
    return mappingTo('kernel_module', { ...common, module_name: moduleName(type, topic) });
  }
  if (topic === 'log') {
    return mappingTo('log', { ...common, log_name: functionName(type), message: read(`${type}.message`, 'text') });
  }
  return mappingTo('socket', { ...common, ...socketColumns(type, topic) });
}

function commonColumns(type: string) {
  const process = `${type}.process`;
  const parent = `${type}.parent`;
  const time = read('time', 'iso');
  return {
    // Examples of old versions have the time of an execution only as the start of its process.
    time: type === 'process_exec' ? { first: [time, read(`${process}.start_time`, 'iso')] } : time,
    event_dataset: { constant: `tetragon.${type}` },
    host_name: read('node_name', 'text'),
    process_pid: read(`${process}.pid`, 'integer'),
    process_executable: read(`${process}.binary`, 'text'),
    process_command_line: commandLine(process),
    process_parent_pid: read(`${parent}.pid`, 'integer'),
    process_parent_executable: read(`${parent}.binary`, 'text'),
    process_parent_command_line: commandLine(parent),
    process_working_directory: read(`${process}.cwd`, 'text'),
    user_id: read(`${process}.uid`, 'integer'),
    user_name: read(`${process}.user.name`, 'text'),
    login_id: read(`${process}.auid`, 'integer'),
    container_id: { first: [read(`${process}.pod.container.id`, 'text'), read(`${process}.docker`, 'text')] },
    container_name: read(`${process}.pod.container.name`, 'text'),
    container_image_name: read(`${process}.pod.container.image.name`, 'text'),
  } as const;
}

function commandLine(process: string): Reader {
  return { join: [read(`${process}.binary`, 'text'), read(`${process}.arguments`, 'text')], by: ' ' };
}

function functionName(type: string): Reader {
  return {
    first: ['function_name', 'event', 'symbol'].map((name) => read(`${type}.${name}`, 'text')),
  };
}

function fileColumns(type: string): MappedColumns<'file_access'> {
  const path = (name: string): Reader => read(argument(type, name, 'path'), 'text');
  return {
    file_path: { first: [path('file_arg'), path('path_arg'), path('linux_binprm_arg')] },
    syscall: functionName(type),
  };
}

function moduleName(type: string, topic: Topic): Reader {
  return topic === 'module'
    ? read(argument(type, 'module_arg', 'name'), 'text')
    : read(argument(type, 'string_arg'), 'text');
}

type SocketTopic = 'connection' | 'listener' | 'sock' | 'packet' | 'address';

function socketColumns(type: string, topic: SocketTopic): MappedColumns<'socket'> {
  const end = (
    names: readonly [sourceIp: string, sourcePort: string, destinationIp: string, destinationPort: string],
  ) => ({
    source_ip: read(names[0], 'ip'),
    source_port: read(names[1], 'integer'),
    destination_ip: read(names[2], 'ip'),
    destination_port: read(names[3], 'integer'),
  });
  if (topic === 'connection') {
    const names = ['source_ip', 'source_port', 'destination_ip', 'destination_port'] as const;
    const [a, b, c, d] = names.map((name) => `${type}.${name}`) as [string, string, string, string];
    return { ...end([a, b, c, d]), network_transport: read(`${type}.protocol`, 'lower'), event_action: verb(type) };
  }
  if (topic === 'listener') {
    return {
      source_ip: read(`${type}.ip`, 'ip'),
      source_port: read(`${type}.port`, 'integer'),
      network_transport: read(`${type}.protocol`, 'lower'),
      event_action: verb(type),
    };
  }
  const name = { sock: 'sock_arg', packet: 'skb_arg', address: 'sockaddr_arg' }[topic];
  const of = (field: string): string => argument(type, name, field);
  const common = {
    socket_family: { path: of('family'), as: 'text', table: families } as const,
    syscall: functionName(type),
  };
  if (topic === 'address') {
    return { ...common, destination_ip: read(of('addr'), 'ip'), destination_port: read(of('port'), 'integer') };
  }
  return {
    ...common,
    ...end([of('saddr'), of('sport'), of('daddr'), of('dport')]),
    network_transport: { path: of('protocol'), as: 'text', table: protocols },
  };
}

/** `connect` of `process_connect`. */
function verb(type: string): Reader {
  return { constant: type.replace('process_', '') };
}

const families: Readonly<Record<string, string>> = {
  AF_INET: 'inet',
  AF_INET6: 'inet6',
  AF_UNIX: 'unix',
  AF_PACKET: 'packet',
};
const protocols: Readonly<Record<string, string>> = {
  IPPROTO_TCP: 'tcp',
  IPPROTO_UDP: 'udp',
  IPPROTO_ICMP: 'icmp',
  IPPROTO_ICMPV6: 'icmp',
  IPPROTO_SCTP: 'sctp',
};
