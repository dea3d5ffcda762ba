import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemList, type Problem } from '../../../../base/problem.ts';
import { isAbsent, type StreamValue } from '../../../../match/condition/resolver.ts';
import { evidenceStream } from './json-source.ts';
import { JsonSplitter } from './json-splitter.ts';
import { jsonSources } from './registry.ts';

const sourceOf = (id: string) => {
  const source = jsonSources.find((one) => one.id === id);
  if (source === undefined) throw new Error(`no source ${id}`);
  return evidenceStream(source);
};

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

interface Read {
  readonly values: readonly (readonly StreamValue[])[];
  readonly problems: readonly Problem[];
}

/** Values of fields, `name` or `name[argument]`, of each event. */
async function read(id: string, text: string, names: readonly string[], size = 7): Promise<Read> {
  const { records } = sourceOf(id);
  const getters = names.map((name) => {
    const [, field = '', argument] = /^([^[]*)(?:\[(.*)\])?$/.exec(name) ?? [];
    const answer = records.resolver.field(argument === undefined ? { name: field } : { name: field, argument });
    return isAbsent(answer) ? () => answer.absent : answer.get;
  });
  const values: StreamValue[][] = [];
  const problems = new ProblemList();
  await records.read(chunks(text, size), (record) => values.push(getters.map((get) => get(record))), {
    name: 'x',
    problems,
  });
  return { values, problems: problems.drain() };
}

const pod = {
  auditID: '1',
  stage: 'ResponseComplete',
  verb: 'create',
  requestURI: '/api/v1/pods?command=sh&command=-c',
  stageTimestamp: '2026-03-01T10:00:00.123456Z',
  user: { username: 'alice', groups: ['a', 'b'] },
  objectRef: { resource: 'pods' },
  responseStatus: { code: 201 },
  requestObject: {
    spec: {
      hostNetwork: true,
      securityContext: { runAsUser: 5 },
      containers: [
        { image: 'repo/a:1', securityContext: { privileged: true } },
        { image: 'b@sha256:00', ports: [{ containerPort: 80 }] },
      ],
      volumes: [
        { name: 'v', hostPath: { path: '/etc/kubernetes' } },
        { name: 't', secret: {} },
      ],
    },
  },
};

describe('Kubernetes audit events', () => {
  it('tell the fields of the plug-in', async () => {
    const wanted: Readonly<Record<string, StreamValue>> = {
      'ka.user.name': 'alice',
      'ka.user.groups': ['a', 'b'],
      'ka.uri.param[command]': 'sh',
      'ka.response.code': '201',
      'ka.target.subresource': undefined,
      'ka.req.pod.host_network': 'true',
      'ka.req.pod.containers.image': ['repo/a:1', 'b@sha256:00'],
      'ka.req.pod.containers.image[1]': ['b@sha256:00'],
      'ka.req.pod.containers.image[7]': undefined,
      'ka.req.pod.containers.image.repository': ['repo/a', 'b'],
      'ka.req.pod.containers.privileged': ['true'],
      'ka.req.container.privileged': 'true',
      'ka.req.pod.containers.eff_run_as_user': ['5', '5'],
      'ka.req.pod.volumes.hostpath': ['/etc/kubernetes'],
      'ka.req.volume.hostpath[/etc*]': 'true',
      'ka.req.volume.hostpath[/etc]': 'false',
      'ka.req.pod.volumes.volume_type': ['hostPath', 'secret'],
      'jevt.value[/requestObject/spec/containers/0/image]': 'repo/a:1',
      'json.value[/nope]': undefined,
      'evt.rawtime': 1_772_359_200_123_456_000n,
      'evt.num': 1,
    };
    const { values, problems } = await read('k8s_audit', JSON.stringify(pod), Object.keys(wanted));
    expect(problems).toEqual([]);
    expect(values).toEqual([Object.values(wanted)]);
  });

  it('stand one after another, in lists and in envelopes, cut anywhere', async () => {
    const one = JSON.stringify({ auditID: '1', stage: 's', verb: 'x}"{' });
    const text = `${one}${one}\n[${one},\n${one}] {"kind":"EventList","items":[${one}]}`;
    const { values, problems } = await read('k8s_audit', text, ['evt.num', 'ka.verb'], 3);
    expect(values).toEqual([1, 2, 3, 4, 5].map((number) => [number, 'x}"{']));
    expect(problems).toEqual([]);
  });

  it('leave others alone, and go on after damage', async () => {
    const one = JSON.stringify({ auditID: '1', stage: 's' });
    const { values, problems } = await read('k8s_audit', `{"kind":0}{"a":1x}\n${one}\n{"cut":`, ['evt.num']);
    expect(values).toEqual([[1]]);
    expect(problems.map(({ code, at }) => [code, at.line])).toEqual([
      ['bad-record', 1],
      ['bad-record', 1],
      ['truncated', undefined],
    ]);
  });
});

describe('events of other plug-ins', () => {
  it('CloudTrail tells who acted, by the kind of identity', async () => {
    const record = (userIdentity: object): object => ({
      eventName: 'RunInstances',
      eventSource: 'ec2.amazonaws.com',
      sourceIPAddress: '203.0.113.9',
      userIdentity,
    });
    const identities = [
      { type: 'IAMUser', userName: 'bob' },
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'role' } } },
      { type: 'AWSService', invokedBy: 'lambda' },
      { type: 'Other' },
    ];
    const text = JSON.stringify({ Records: identities.map(record) });
    const { values } = await read('aws_cloudtrail', text, ['ct.user', 'ct.shortsrc', 'ct.readonly', 'ct.info']);
    expect(values).toEqual([
      ['bob', 'ec2', 'false', 'bob via 203.0.113.9 → RunInstances'],
      ['role', 'ec2', 'false', 'role via 203.0.113.9 → RunInstances'],
      ['lambda', 'ec2', 'false', 'lambda via 203.0.113.9 → RunInstances'],
      [undefined, 'ec2', 'false', undefined],
    ]);
  });

  it('Okta counts the denied second factors of an actor', async () => {
    const denied = (minute: number, id: string): string =>
      JSON.stringify({
        eventType: 'user.mfa.okta_verify.deny_push',
        actor: { id },
        published: `2026-03-01T10:0${minute}:00Z`,
      });
    const text = [denied(0, 'a'), denied(1, 'a'), denied(2, 'b'), denied(8, 'a')].join('\n');
    const { values } = await read('okta', text, ['okta.mfa.deny.countlast[120]']);
    expect(values).toEqual([[1], [2], [1], [1]]);
  });

  it('GitHub and Google tell theirs', async () => {
    const push = { webhook_type: 'push', repository: { html_url: 'https://github.com/o/r', private: true } };
    const names = ['github.repo.name', 'github.repo.public', 'github.org'];
    expect((await read('github', JSON.stringify(push), names)).values).toEqual([['o/r', 'false', '']]);
    const log = { protoPayload: { methodName: 'm' }, resource: { labels: { zone: 'us-central1-a' } } };
    const { values } = await read('gcp_auditlog', JSON.stringify(log), ['gcp.methodName', 'gcp.location']);
    expect(values).toEqual([['m', 'us-central1']]);
  });

  it('are known by their first event', () => {
    const detect = (id: string, text: string) => sourceOf(id).detect('x', Buffer.from(text));
    expect(detect('k8s_audit', JSON.stringify(pod))).toBe('certain');
    expect(detect('okta', JSON.stringify(pod))).toBeUndefined();
    const trail = '{"Records":[{"eventName":"a","eventSource":"b"},{"eventName":"c';
    expect(detect('aws_cloudtrail', trail)).toBe('certain');
    expect(detect('k8s_audit', '')).toBeUndefined();
  });
});

describe('the splitter of JSON', () => {
  it('finds the same objects however the text is cut', () => {
    const object = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant({ a: ['}'] })));
    fc.assert(
      fc.property(fc.array(object, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (objects, size) => {
        const text = objects.map((one) => JSON.stringify(one)).join('\n');
        const found: unknown[] = [];
        const splitter = new JsonSplitter(
          (one) => found.push(JSON.parse(one)),
          () => undefined,
        );
        for (let at = 0; at < text.length; at += size) splitter.write(text.slice(at, at + size));
        expect(found).toEqual(objects);
      }),
    );
  });
});
