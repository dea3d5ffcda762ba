import { digest, zeekId } from '../../base/ids.ts';
import type { HttpExchange } from '../../model/network.ts';
import { isInside } from '../../world/hosts.ts';
import type { Line } from '../line.ts';
import { idColumns, idValues, list, row, schema, text, time } from './format.ts';

export const httpLog = schema(
  'http',
  `ts:time ${idColumns} trans_depth:count method:string host:string uri:string referrer:string version:string
   user_agent:string origin:string request_body_len:count response_body_len:count status_code:count
   status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string
   proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string]
   resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]`,
);

export const filesLog = schema(
  'files',
  `ts:time fuid:string ${idColumns} source:string depth:count analyzers:set[string] mime_type:string
   filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count
   missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string sha1:string sha256:string
   extracted:string extracted_cutoff:bool extracted_size:count`,
);

/** A body that a request or an answer carried. */
interface Body {
  readonly fuid: string;
  readonly isRequest: boolean;
  readonly bytes: number;
  readonly mime: string | undefined;
}

export function httpLine(exchange: HttpExchange): Line {
  const bodies = bodiesOf(exchange);
  const request = bodies.find((body) => body.isRequest);
  const answer = bodies.find((body) => !body.isRequest);
  return {
    at: exchange.answeredAt,
    step: exchange.flow.step,
    text: row(httpLog, [
      time(exchange.time),
      ...idValues(exchange.flow),
      exchange.depth,
      exchange.method,
      text(exchange.host),
      text(exchange.target),
      text(exchange.referrer),
      '1.1',
      text(exchange.userAgent),
      undefined,
      exchange.requestBytes,
      exchange.responseBytes,
      exchange.status,
      exchange.statusText,
      undefined,
      undefined,
      '(empty)',
      undefined,
      undefined,
      undefined,
      ...columnsOf(request),
      ...columnsOf(answer),
    ]),
  };
}

function columnsOf(body: Body | undefined): (string | undefined)[] {
  if (body === undefined) return [undefined, undefined, undefined];
  return [body.fuid, undefined, list(body.mime === undefined ? undefined : [body.mime])];
}

export function fileLines(exchange: HttpExchange): Line[] {
  return bodiesOf(exchange).map((body) => fileLine(exchange, body));
}

function fileLine(exchange: HttpExchange, body: Body): Line {
  const { flow } = exchange;
  // The same address and size is the same file.
  const content = `${exchange.host} ${exchange.target} ${body.isRequest} ${body.bytes}`;
  const durationMicros = body.bytes < 1_400 ? 0 : Math.floor(body.bytes / 1.4);
  return {
    at: exchange.answeredAt,
    step: flow.step,
    text: row(filesLog, [
      time(body.isRequest ? exchange.time : exchange.answeredAt - durationMicros),
      body.fuid,
      ...idValues(flow),
      'HTTP',
      0,
      'MD5,SHA1,SHA256',
      body.mime,
      undefined,
      time(durationMicros),
      isInside(body.isRequest ? flow.client.ip : flow.server.ip),
      body.isRequest,
      body.bytes,
      body.bytes,
      0,
      0,
      false,
      undefined,
      digest('md5', content),
      digest('sha1', content),
      digest('sha256', content),
      undefined,
      undefined,
      undefined,
    ]),
  };
}

function bodiesOf(exchange: HttpExchange): Body[] {
  const key = `${exchange.flow.uid} ${exchange.depth}`;
  const bodies: Body[] = [];
  if (exchange.requestBytes > 0) {
    const fuid = zeekId('F', `${key} request`);
    bodies.push({ fuid, isRequest: true, bytes: exchange.requestBytes, mime: exchange.requestMime });
  }
  if (exchange.responseBytes > 0) {
    const fuid = zeekId('F', `${key} answer`);
    bodies.push({ fuid, isRequest: false, bytes: exchange.responseBytes, mime: exchange.mime });
  }
  return bodies;
}
