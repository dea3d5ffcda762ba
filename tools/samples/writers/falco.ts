import type { Micros } from '../../../src/base/time.ts';
import { numberOf } from '../base/ids.ts';
import type { Evidence } from '../model/evidence.ts';
import type { FalcoAlert, FalcoField } from '../model/host.ts';
import { dockerHost } from '../world/hosts.ts';
import { shopContainer } from '../world/falco-rules.ts';
import { inOrder, type Line, type LogFile } from './line.ts';

/** Falco's file output in JSON, with the fields of the container plugin appended as Falco does by default. */
export function falcoFiles(evidence: Evidence): LogFile[] {
  const lines = inOrder(evidence.falco.map(falcoLine));
  return [{ path: 'falco/falco_events.json', header: [], lines, footer: [] }];
}

function falcoLine(alert: FalcoAlert): Line {
  const nanos = String(numberOf(`nanos ${alert.time} ${alert.rule}`, 1000)).padStart(3, '0');
  const fields = [...alert.fields, ...containerFields(alert)];
  const text = fields.map(([label, , value]) => `${label}=${value ?? '<NA>'}`).join(' ');
  const sorted = [...fields, ['', 'evt.time', timeMark] as const].sort(([, a], [, b]) => (a < b ? -1 : 1));
  const event = {
    hostname: dockerHost.name,
    output: `${clock(alert.time)}${nanos}: ${alert.priority} ${alert.message} | ${text}`,
    output_fields: Object.fromEntries(sorted.map(([, name, value]) => [name, value])),
    priority: alert.priority,
    rule: alert.rule,
    source: 'syscall',
    tags: alert.tags,
    time: `${isoMicros(alert.time)}${nanos}Z`,
  };
  // Nanoseconds do not fit a JavaScript number.
  const json = JSON.stringify(event).replace(`"${timeMark}"`, `${alert.time}${nanos}`);
  return { at: alert.time, step: alert.step, text: json };
}

const timeMark = '@time@';

function containerFields(alert: FalcoAlert): FalcoField[] {
  const { id, name, repository, tag } = shopContainer;
  const isInside = alert.container;
  return [
    ['container_id', 'container.id', isInside ? id.slice(0, 12) : 'host'],
    ['container_name', 'container.name', isInside ? name : 'host'],
    ['container_image_repository', 'container.image.repository', isInside ? repository : null],
    ['container_image_tag', 'container.image.tag', isInside ? tag : null],
    ['k8s_pod_name', 'k8s.pod.name', null],
    ['k8s_ns_name', 'k8s.ns.name', null],
  ];
}

function isoMicros(time: Micros): string {
  const millis = Math.floor(time / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(time - millis * 1000).padStart(3, '0')}`;
}

function clock(time: Micros): string {
  return isoMicros(time).slice(11);
}
