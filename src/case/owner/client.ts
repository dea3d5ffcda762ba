import { connect, type Socket } from 'node:net';
import { VakthundError } from '../../base/errors.ts';
import type { Micros } from '../../base/time.ts';
import type { UserQueryResult } from '../../store/store.ts';
import type {
  CallOptions,
  CaseService,
  Exported,
  InspectionRequest,
  InvestigateRequest,
  QueryRequest,
  RuleHunt,
  RuleHuntRequest,
  Verdict,
  WhatIf,
  WhatIfRequest,
} from '../service.ts';
import { fromRemoteError, readFrames, socketPath, writeFrame, type Method, type Reply } from './protocol.ts';

/** A case that another process owns. Rejects with the system's error when nobody listens. */
export async function connectCase(caseFolder: string): Promise<CaseService> {
  const socket = connect(socketPath(caseFolder));
  await new Promise<void>((done, fail) => {
    socket.once('connect', done);
    socket.once('error', fail);
  });
  return new RemoteCase(socket);
}

interface Waiting {
  readonly done: (result: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly onProgress: CallOptions['onProgress'] | undefined;
}

class RemoteCase implements CaseService {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(socket: Socket) {
    this.#socket = socket;
    readFrames(socket, (frame) => this.#receive(frame as Reply));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const error = new VakthundError('STORE_LOCKED', 'the process that owns the case went away', {
        hint: 'run the command again',
      });
      for (const waiting of this.#waiting.values()) waiting.fail(error);
      this.#waiting.clear();
    });
  }

  async investigate(request: InvestigateRequest, options: CallOptions): Promise<Verdict> {
    return this.#call<Verdict>('investigate', request, options);
  }

  async join(request: InspectionRequest, options: CallOptions): Promise<Verdict> {
    return this.#call<Verdict>('join', request, options);
  }

  async reapply(): Promise<Verdict> {
    return this.#call<Verdict>('reapply', null);
  }

  async whatIf(request: WhatIfRequest, options: CallOptions): Promise<WhatIf> {
    return this.#call<WhatIf>('whatIf', request, options);
  }

  async verdict(): Promise<Verdict> {
    return this.#call<Verdict>('verdict', null);
  }

  async query(request: QueryRequest, options: CallOptions): Promise<UserQueryResult> {
    return this.#call<UserQueryResult>('query', request, options);
  }

  async exportQuery(
    request: QueryRequest & { readonly format: 'parquet' | 'csv' },
    options: CallOptions,
  ): Promise<Exported> {
    return this.#call<Exported>('exportQuery', request, options);
  }

  async huntRules(request: RuleHuntRequest, options: CallOptions): Promise<RuleHunt> {
    return this.#call<RuleHunt>('huntRules', request, options);
  }

  async explain(sql: string): Promise<string> {
    return this.#call<string>('explain', sql);
  }

  async retain(olderThan: Micros): Promise<number> {
    return this.#call<number>('retain', olderThan);
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#socket.once('close', done));
    this.#socket.end();
    await closed;
  }

  async #call<T>(method: Method, params: unknown, options: CallOptions = {}): Promise<T> {
    const id = this.#nextId++;
    const cancel = (): void => writeFrame(this.#socket, { id, cancel: true });
    options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<T>((done, fail) => {
        this.#waiting.set(id, { done: done as (result: unknown) => void, fail, onProgress: options.onProgress });
        writeFrame(this.#socket, { id, method, params });
      });
    } finally {
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('progress' in reply) {
      waiting.onProgress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting.fail(fromRemoteError(reply.error));
    else waiting.done(reply.result);
  }
}
