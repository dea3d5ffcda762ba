import type { Micros } from '../../../src/base/time.ts';
import type { HttpExchange } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { rttMicros } from './flow.ts';
import { tcp } from './tcp.ts';

export interface RequestPlan {
  readonly method?: string;
  readonly target: string;
  readonly referrer?: string;
  readonly userAgent?: string;
  readonly requestBytes?: number;
  readonly requestMime?: string;
  readonly status?: number;
  readonly responseBytes: number;
  readonly contentType?: string;
  readonly mime?: string;
  readonly fileName?: string;
  /** Pause before this request, after the answer to the one before. */
  readonly waitMicros?: number;
  /** Bytes of headers beyond the usual. */
  readonly extraHeaderBytes?: number;
}

export interface HttpPlan {
  readonly time: Micros;
  readonly client: string;
  readonly clientPort?: number;
  readonly server: string;
  readonly port?: number;
  /** Host header. */
  readonly host: string;
  readonly userAgent: string;
  readonly requests: readonly RequestPlan[];
  /** How long the server thinks; a few milliseconds unless said otherwise. */
  readonly thinkMicros?: number;
}

const statusTexts: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [204, 'No Content'],
  [302, 'Found'],
  [304, 'Not Modified'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
]);

/** Bytes that ten megabits a second, a usual line, carry in a microsecond. */
const bytesPerMicro = 1.25;

/** One connection with its requests in order. */
export function httpSession(scene: Scene, plan: HttpPlan): readonly HttpExchange[] {
  const rtt = rttMicros(scene, plan.server);
  const timed = timesOf(scene, plan, rtt);
  const last = timed.at(-1);
  const flow = tcp(scene, {
    time: plan.time,
    client: plan.client,
    ...(plan.clientPort === undefined ? {} : { clientPort: plan.clientPort }),
    server: plan.server,
    serverPort: plan.port ?? 80,
    upBytes: plan.requests.reduce((total, request) => total + requestSize(plan, request), 0),
    downBytes: plan.requests.reduce((total, request) => total + 262 + request.responseBytes, 0),
    durationMicros: (last?.answeredAt ?? plan.time) - plan.time + scene.rng.integer(2_000, 90_000),
    services: ['http'],
    appProto: 'http',
  });
  const exchanges = plan.requests.map((request, index): HttpExchange => {
    const status = request.status ?? 200;
    return {
      flow,
      time: timed[index]?.time ?? plan.time,
      answeredAt: timed[index]?.answeredAt ?? plan.time,
      depth: index + 1,
      method: request.method ?? 'GET',
      host: plan.host,
      target: request.target,
      referrer: request.referrer,
      userAgent: request.userAgent ?? plan.userAgent,
      requestBytes: request.requestBytes ?? 0,
      requestMime: request.requestMime,
      status,
      statusText: statusTexts.get(status) ?? 'OK',
      responseBytes: request.responseBytes,
      contentType: request.contentType,
      mime: request.mime,
      fileName: request.fileName,
    };
  });
  scene.evidence.http.push(...exchanges);
  return exchanges;
}

function timesOf(scene: Scene, plan: HttpPlan, rtt: number): { readonly time: Micros; readonly answeredAt: Micros }[] {
  const times: { time: Micros; answeredAt: Micros }[] = [];
  let now = plan.time + rtt + scene.rng.integer(50, 400);
  for (const request of plan.requests) {
    now += request.waitMicros ?? (times.length === 0 ? 0 : scene.rng.integer(4_000, 60_000));
    const think = plan.thinkMicros ?? scene.rng.skewed(1_500, 45_000);
    const answeredAt = Math.round(now + rtt + think + request.responseBytes / bytesPerMicro);
    times.push({ time: now, answeredAt });
    now = answeredAt;
  }
  return times;
}

function requestSize(plan: HttpPlan, request: RequestPlan): number {
  const texts = [plan.host, plan.userAgent, request.target, request.referrer ?? ''];
  const lengths = texts.reduce((total, text) => total + text.length, 0);
  return lengths + 96 + (request.extraHeaderBytes ?? 0) + (request.requestBytes ?? 0);
}
