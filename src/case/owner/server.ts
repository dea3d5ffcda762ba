import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { VakthundError } from '../../base/errors.ts';
import type {
  CallOptions,
  CaseService,
  InspectionRequest,
  InvestigateRequest,
  QueryRequest,
  RuleHuntRequest,
  WhatIfRequest,
} from '../service.ts';
import { methods, readFrames, socketPath, toRemoteError, writeFrame, type Request } from './protocol.ts';

/** Answers other processes of the same user about a case that this process owns, until `close`, which lets running calls end. */
export async function serveCase(service: CaseService, caseFolder: string): Promise<{ close(): Promise<void> }> {
  const path = socketPath(caseFolder);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // The store is ours, so a socket that stands there is what a killed owner left.
  rmSync(path, { force: true });
  const running = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    attend(socket, service, running);
  });
  // Nobody finds the socket before it is its user's alone.
  const unnamed = `${path}.new`;
  rmSync(unnamed, { force: true });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(unnamed, done);
  });
  chmodSync(unnamed, 0o600);
  renameSync(unnamed, path);
  return {
    async close() {
      await Promise.allSettled(running);
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.end();
      await closed;
      rmSync(path, { force: true });
    },
  };
}

function attend(socket: Socket, service: CaseService, running: Set<Promise<void>>): void {
  const calls = new Map<number, AbortController>();
  socket.on('close', () => {
    for (const call of calls.values()) call.abort();
  });
  readFrames(socket, (frame) => {
    const request = frame as Request;
    if ('cancel' in request) {
      calls.get(request.id)?.abort();
      return;
    }
    const controller = new AbortController();
    calls.set(request.id, controller);
    const call = answer(socket, service, request, controller).finally(() => {
      calls.delete(request.id);
      running.delete(call);
    });
    running.add(call);
  });
}

async function answer(
  socket: Socket,
  service: CaseService,
  request: Extract<Request, { method: unknown }>,
  controller: AbortController,
): Promise<void> {
  const { id } = request;
  const options: CallOptions = {
    signal: controller.signal,
    onProgress: (progress) => writeFrame(socket, { id, progress }),
  };
  try {
    writeFrame(socket, { id, result: (await dispatch(service, request, options)) ?? null });
  } catch (error) {
    writeFrame(socket, { id, error: toRemoteError(error) });
  }
}

/** Parameters come from a process of the same user; the store's own bounds hold for them as for everybody. */
async function dispatch(
  service: CaseService,
  request: Extract<Request, { method: unknown }>,
  options: CallOptions,
): Promise<unknown> {
  if (!methods.includes(request.method)) {
    throw new VakthundError('USAGE', `the owner knows no method "${String(request.method)}"`);
  }
  switch (request.method) {
    case 'investigate':
      return service.investigate(request.params as InvestigateRequest, options);
    case 'reapply':
      return service.reapply();
    case 'whatIf':
      return service.whatIf(request.params as WhatIfRequest, options);
    case 'verdict':
      return service.verdict();
    case 'query':
      return service.query(request.params as QueryRequest, options);
    case 'exportQuery':
      return service.exportQuery(request.params as QueryRequest & { format: 'parquet' | 'csv' }, options);
    case 'huntRules':
      return service.huntRules(request.params as RuleHuntRequest, options);
    case 'join':
      return service.join(request.params as InspectionRequest, options);
    case 'explain':
      return service.explain(request.params as string);
    case 'retain':
      return service.retain(request.params as number);
  }
}
