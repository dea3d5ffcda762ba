import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import type { Cursor } from '../../wire/cursor.ts';
import { operationsOf, type NumberedOperation } from './compound.ts';
import { readRpc, textOf, type RpcMessage } from './message.ts';
import { nfsArguments } from './nfs.ts';
import { frequentProcedures, procedureName, programName, serviceOf } from './procedures.ts';
import { RecordStream } from './record-stream.ts';

export const analyzer = defineAnalyzer({
  id: 'sun-rpc',
  title: 'ONC RPC',
  description:
    'Calls of the portmapper, of MOUNT and of NFS 2 to 4 with who says to make them: which programs are asked for, which folders are mounted, which names ' +
    'are looked up, opened, made, renamed, linked and removed. What is read and written is not kept.',
  references: ['RFC 5531', 'RFC 1833', 'RFC 1094', 'RFC 1813', 'RFC 7530', 'RFC 8881'],
  emits: ['log'],
  service: 'nfs',
  transports: ['tcp', 'udp'],
  ports: [111, 2049],
  recognize: ({ transport, orig }: FirstBytes): Recognition => {
    const header = transport === 'tcp' ? 4 : 0;
    if (transport === 'tcp' && orig.length > 0 && orig[0] !== lastFragmentMark) return 'no';
    if (orig.length < header + minCallBytes) return orig.length === 0 || transport === 'tcp' ? 'more' : 'no';
    const message = readRpc(orig.subarray(header));
    return message?.type === 'call' && serviceOf(message.program) !== undefined ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new RpcConnection(context) }),
});

const minCallBytes = 40;
/** First byte of a record of one fragment that is not absurdly long. */
const lastFragmentMark = 0x80;
const maxPending = 500;
const maxRecords = 5000;

interface Call {
  readonly time: number;
  readonly packet: number;
  readonly service: string;
  readonly facts: Facts;
  /** What a call of NFS 4 asks for, one after another; undefined for others. */
  readonly operations?: readonly NumberedOperation[];
}

type Facts = Readonly<Record<string, unknown>>;

class RpcConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #sides: readonly [RecordStream, RecordStream];
  readonly #pending = new Map<number, Call>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    this.#sides = [
      new RecordStream((bytes) => this.#message(bytes)),
      new RecordStream((bytes) => this.#message(bytes)),
    ];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#context.connection.transport !== 'tcp') this.#message(bytes);
    else if (!this.#sides[isOrig ? 0 : 1].data(bytes)) this.#context.violation('no RPC record');
  }

  gap(): void {
    if (this.#context.connection.transport !== 'tcp') return;
    this.#context.lost();
  }

  close(): void {
    for (const call of this.#pending.values()) this.#tellAll(call, () => ({}));
    this.#pending.clear();
  }

  #message(bytes: Uint8Array): void {
    const message = readRpc(bytes);
    if (message === undefined) this.#context.violation('no RPC message');
    else if (message.type === 'call') this.#call(message);
    else this.#reply(message);
  }

  #call({ id, program, version, procedure, machine, uid, body }: Extract<RpcMessage, { type: 'call' }>): void {
    const service = serviceOf(program);
    if (service === undefined) return;
    const name = procedureName(program, version, procedure);
    this.#context.confirm(service);
    if ((service === 'nfs' && frequentProcedures.has(name)) || this.#pending.size >= maxPending) return;
    const { time, packet } = this.#context.clock;
    const facts = { version, procedure: name, machine, uid };
    const call = { time, packet, service, facts };
    if (name === 'COMPOUND') {
      const operations = operationsOf(body);
      if (operations.length > 0) this.#pending.set(id, { ...call, operations });
      return;
    }
    const about = service === 'nfs' ? nfsArguments(version, name, body) : argumentsOf(service, name, body);
    this.#pending.set(id, { ...call, facts: { ...facts, ...about } });
  }

  #reply({ id, isAccepted, body }: Extract<RpcMessage, { type: 'reply' }>): void {
    const call = this.#pending.get(id);
    if (call === undefined) return;
    this.#pending.delete(id);
    if (!isAccepted) this.#tellAll(call, () => ({ success: false }));
    else if (call.operations !== undefined) this.#tellAll(call, outcomesOf(body));
    else if (call.service === 'portmap') this.#tell(call, { success: true, port: portOf(call, body) });
    else {
      // MOUNT and NFS answer with a status, which is the error number of Unix.
      const status = call.facts['procedure'] === 'MNT' || call.service === 'nfs' ? body.u32() : 0;
      this.#tell(call, { success: status === 0, status: status === 0 ? undefined : status });
    }
  }

  /** One record, or one for each operation of a call that holds several. */
  #tellAll(call: Call, outcome: (place: number) => Facts): void {
    if (call.operations === undefined) this.#tell(call, outcome(0));
    for (const { place, facts } of call.operations ?? []) {
      this.#tell({ ...call, facts: { ...call.facts, ...facts } }, outcome(place));
    }
  }

  #tell({ time, packet, service, facts }: Call, outcome: Facts): void {
    this.#log.add(service, { ...facts, ...outcome }, (event) => {
      event.time = time;
      event.evidence_at = packet;
    });
  }
}

/**
 * How the operations of a call went, by their place: a server does them in turn and ends with the first that fails, whose status is the one of
 * the whole (RFC 7530, 16.2). Those behind it were not done.
 */
function outcomesOf(body: Cursor): (place: number) => Facts {
  const status = body.u32();
  textOf(body);
  const done = body.u32();
  if (body.isCut) return () => ({});
  return (place) => {
    if (place >= done) return { success: false };
    return place === done - 1 && status !== 0 ? { success: false, status } : { success: true };
  };
}

function portOf({ facts }: Call, body: Cursor): number | undefined {
  return facts['procedure'] === 'GETPORT' ? body.u32() : undefined;
}

/** What a call of the portmapper or of MOUNT is about: a program, or a folder. */
function argumentsOf(service: string, procedure: string, body: Cursor): Readonly<Record<string, unknown>> {
  if (service === 'portmap' && (procedure === 'GETPORT' || procedure === 'SET' || procedure === 'CALLIT')) {
    const program = programName(body.u32());
    return { program, program_version: body.u32() };
  }
  return service === 'mount' && (procedure === 'MNT' || procedure === 'UMNT') ? { path: textOf(body) } : {};
}
