import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseIp } from '../../../base/ip.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { Finding } from '../../../events/finding.ts';
import type { IndicatorVerdict } from './hunt.ts';
import { analytic } from './index.ts';
import { forgetIndicators, readIndicatorSet } from '../../indicator-table.ts';
import { event, networks, noon, TestCase } from './test-case.ts';

let testCase: TestCase;
beforeAll(async () => {
  testCase = await TestCase.open();
});
afterAll(() => testCase.close());
beforeEach(() => testCase.clear());

/** The verdict of a hunt, which the watch must have come to as well. */
async function judge(events: readonly VakthundEvent[]): Promise<IndicatorVerdict> {
  const { hunted, watched } = await testCase.judge(events);
  expect(watched).toEqual(hunted);
  return hunted;
}

async function findingOf(...events: readonly VakthundEvent[]): Promise<Finding> {
  const { findings } = await judge(events);
  expect(findings).toHaveLength(1);
  return findings[0] as Finding;
}

describe('a machine of ours that goes to something listed', () => {
  it('is a finding with list, counts, times, pointers, entities and techniques', async () => {
    await testCase.list('feodo', [['address', '45.66.77.88', { description: 'Emotet T1071.001', confidence: 90 }]]);
    const events = [1, 2, 3].map((index) =>
      event('flow', {
        source_ip: '10.0.0.5',
        destination_ip: '45.66.77.88',
        conn_state: 'SF',
        time: noon + index,
        evidence_at: index,
      }),
    );
    const finding = await findingOf(...events, event('flow', { source_ip: '10.0.0.5', destination_ip: '45.66.77.89' }));
    expect(finding).toMatchObject({
      detector: 'analytics/indicator',
      title: '10.0.0.5 contacted 45.66.77.88, listed by feodo',
      severity: 'high',
      score: 0.9,
      count: 3,
      first_seen: noon + 1,
      last_seen: noon + 3,
      attack: ['T1071.001'],
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'address', value: '45.66.77.88' },
      ],
    });
    expect(finding.evidence.map((pointer) => pointer.at)).toEqual([1, 3]);
    expect(finding.reasons[0]).toEqual({
      what: 'listed by feodo',
      value: '45.66.77.88, Emotet T1071.001, confidence 90',
      weight: 0.9,
    });
    expect(finding.next).toContain("destination_ip = '45.66.77.88'");
  });

  it('is one finding for a domain, whatever names below it and logs it shows in', async () => {
    await testCase.list('feed', [
      ['domain', 'evil.com'],
      ['domain', 'a.evil.com'],
    ]);
    const finding = await findingOf(
      event('dns', { source_ip: '10.0.0.5', dns_question_name: 'a.evil.com' }),
      event('dns', { source_ip: '10.0.0.5', dns_question_name: 'b.evil.com' }),
      event('tls', { source_ip: '10.0.0.5', destination_ip: '45.1.1.1', tls_client_server_name: 'a.evil.com' }),
      event('http', { source_ip: '10.0.0.5', destination_ip: '45.1.1.1', url_domain: 'b.evil.com', url_original: '/' }),
      event('dns', { source_ip: '10.0.0.5', dns_question_name: 'notevil.com' }),
    );
    expect(finding).toMatchObject({ title: '10.0.0.5 contacted evil.com, listed by feed', count: 4, severity: 'high' });
    expect(finding.reasons.map((reason) => reason.value)).toEqual([
      'a.evil.com · evil.com',
      'dns 2, http 1, tls 1 (dns_question_name, tls_client_server_name, url_domain)',
      'a.evil.com, b.evil.com',
    ]);
  });

  it('points at the first and last place of several events at one time', async () => {
    await testCase.list('feed', [['address', '45.66.77.88']]);
    const events = [5, 3, 9, 4].map((at) =>
      event('flow', { source_ip: '10.0.0.5', destination_ip: '45.66.77.88', time: noon, evidence_at: at }),
    );
    expect((await findingOf(...events)).evidence.map((pointer) => pointer.at)).toEqual([3, 9]);
  });

  it('is found where only the host of a request shows the name', async () => {
    await testCase.list('feed', [['domain', 'evil.com']]);
    const finding = await findingOf(
      event('http', { source_ip: '10.0.0.5', url_domain: 'www.evil.com', url_original: '/' }),
    );
    expect(finding).toMatchObject({ count: 1, entities: [{ kind: 'host' }, { kind: 'domain', value: 'evil.com' }] });
  });

  it('that was never answered has tried', async () => {
    await testCase.list('feed', [['cidr', '45.66.0.0/16']]);
    const tried = await findingOf(
      event('flow', { source_ip: '10.0.0.5', destination_ip: '45.66.77.88', conn_state: 'S0' }),
    );
    expect(tried).toMatchObject({ title: '10.0.0.5 tried to reach 45.66.77.88, listed by feed', severity: 'high' });
  });

  it('that asked for a name leading there weighs less than one that went there', async () => {
    await testCase.list('feed', [['cidr', '45.66.0.0/16']]);
    const resolved = await findingOf(
      event('dns', {
        source_ip: '10.0.0.5',
        dns_question_name: 'innocent.com',
        dns_resolved_ip: ['45.66.77.88', '1.2.3.4'],
      }),
    );
    expect(resolved).toMatchObject({
      severity: 'medium',
      title: '10.0.0.5 asked for names that lead to 45.66.77.88, listed by feed',
    });
    expect(resolved.reasons).toContainEqual({ what: 'names that led to it', value: 'innocent.com' });
  });

  it('is named with the process that did it', async () => {
    await testCase.list('feed', [['address', '45.66.77.88']]);
    const finding = await findingOf(
      event('socket', {
        host_name: 'web1',
        destination_ip: '::ffff:45.66.77.88',
        process_pid: 7,
        process_name: 'nc',
        container_id: 'c1',
      }),
    );
    expect(finding.entities).toEqual([
      { kind: 'host', value: 'web1' },
      { kind: 'address', value: '::ffff:45.66.77.88' },
      { kind: 'container', value: 'c1' },
      { kind: 'process', value: 'web1/7/nc' },
    ]);
  });
});

describe('a listed address that comes in', () => {
  const inbound = (source: string, state: string): VakthundEvent =>
    event('flow', { source_ip: source, destination_ip: '10.0.0.80', conn_state: state });

  it('is low and told together for each machine when nothing was answered', async () => {
    await testCase.list('scanners', [['cidr', '45.66.0.0/16']]);
    const events = Array.from({ length: 40 }, (_none, index) => inbound(`45.66.0.${index + 1}`, 'S0'));
    const finding = await findingOf(...events, inbound('45.66.0.7', 'REJ'));
    expect(finding).toMatchObject({
      severity: 'low',
      count: 41,
      title: '10.0.0.80 was tried by 40 addresses listed by scanners',
    });
    expect(finding.entities).toHaveLength(21);
    expect(finding.entities[1]).toEqual({ kind: 'address', value: '45.66.0.7' });
    expect(finding.evidence).toHaveLength(20);
  });

  it('is medium when it was answered, high when it logged in', async () => {
    await testCase.list('scanners', [['address', '45.66.77.88']]);
    const { findings } = await judge([
      inbound('45.66.77.88', 'SF'),
      event('user_session', { host_name: 'web1', source_ip: '45.66.77.88', event_outcome: 'failure' }),
      event('user_session', {
        host_name: 'web1',
        source_ip: '45.66.77.88',
        event_outcome: 'success',
        target_user_name: 'root',
      }),
    ]);
    const told = findings.map(({ severity, title }) => `${severity} ${title}`).sort();
    expect(told).toEqual([
      'high web1 let in a log-in from 45.66.77.88, listed by scanners',
      'low web1 was tried by 45.66.77.88, listed by scanners',
      'medium 10.0.0.80 answered 45.66.77.88, listed by scanners',
    ]);
    expect(findings.find((finding) => finding.severity === 'high')?.entities).toContainEqual({
      kind: 'user',
      value: 'root',
    });
  });

  it('is low when neither end is ours', async () => {
    await testCase.list('feed', [['address', '45.66.77.88']]);
    const finding = await findingOf(
      event('flow', { source_ip: '45.66.77.88', destination_ip: '8.8.4.5', conn_state: 'SF' }),
    );
    expect(finding).toMatchObject({ severity: 'low', title: 'the network saw traffic of 45.66.77.88, listed by feed' });
  });
});

describe('other kinds', () => {
  it('finds URLs, hashes, fingerprints, agents and mail', async () => {
    await testCase.list('feed', [
      ['url', 'http://drop.com/kit'],
      ['sha256', 'b'.repeat(64)],
      ['ja3', 'a'.repeat(32)],
      ['user-agent', '*EvilBot*'],
      ['user-agent', 'Exact/1'],
      ['email', 'ceo@evil.com'],
    ]);
    const { findings } = await judge([
      event('http', {
        source_ip: '10.0.0.5',
        destination_ip: '45.1.1.1',
        url_domain: 'drop.com',
        url_original: '/kit/a.php?x=1',
      }),
      event('http', {
        source_ip: '10.0.0.5',
        destination_ip: '10.0.0.1',
        url_domain: 'proxy',
        url_original: 'http://drop.com/kit',
      }),
      event('http', {
        source_ip: '10.0.0.5',
        destination_ip: '45.1.1.1',
        url_domain: 'drop.com',
        url_original: '/other',
      }),
      event('process', { host_name: 'web1', process_hash_sha256: 'B'.repeat(64), process_pid: 3, process_name: 'x' }),
      event('tls', { source_ip: '10.0.0.5', destination_ip: '45.1.1.1', tls_client_ja3: 'a'.repeat(32) }),
      event('http', { source_ip: '10.0.0.6', destination_ip: '45.1.1.1', user_agent_original: 'x EvilBot/2 y' }),
      event('http', { source_ip: '10.0.0.6', destination_ip: '45.1.1.1', user_agent_original: 'Exact/1' }),
      event('smtp', {
        source_ip: '45.1.1.1',
        destination_ip: '10.0.0.25',
        email_sender: 'ceo@evil.com',
        email_from: '"Boss" <CEO@evil.com>',
      }),
    ]);
    expect(findings.map(({ title, count, severity }) => `${severity} ${title} ${count}`).sort()).toEqual([
      `high 10.0.0.5 contacted ${'a'.repeat(32)}, listed by feed 1`,
      'high 10.0.0.5 contacted drop.com/kit, listed by feed 2',
      'high 10.0.0.6 contacted "Exact/1", listed by feed 1',
      'high 10.0.0.6 contacted "x EvilBot/2 y", listed by feed 1',
      `high web1 has ${'b'.repeat(64)}, listed by feed 1`,
      'medium 10.0.0.25 exchanged mail with ceo@evil.com, listed by feed 1',
    ]);
  });
});

describe('what lists say', () => {
  const flow = (): VakthundEvent => event('flow', { source_ip: '10.0.0.5', destination_ip: '45.66.77.88' });

  it('of confidence lowers severity and score', async () => {
    await testCase.list('unsure', [['address', '45.66.77.88', { confidence: 30 }]]);
    expect(await findingOf(flow())).toMatchObject({ severity: 'medium', score: 0.3 });
  });

  it('in several lists raises the score, and all are named', async () => {
    await testCase.list('unsure', [['address', '45.66.77.88', { confidence: 30 }]]);
    await testCase.list('sure', [['address', '45.66.77.88', { confidence: 80 }]]);
    const title = '10.0.0.5 contacted 45.66.77.88, listed by sure, unsure';
    expect(await findingOf(flow())).toMatchObject({ severity: 'high', score: 0.86, title });
  });

  it('of validity keeps what has expired from firing', async () => {
    await testCase.list('feed', [['address', '45.66.77.88', { expires_at: noon }]]);
    expect(await judge([flow()])).toEqual({ findings: [], suppressed: [], cut: 0 });
  });

  it('does not fire when a warning list holds it, and is counted with both lists', async () => {
    await testCase.list('feed', [
      ['address', '8.8.8.8'],
      ['domain', 'google.com'],
    ]);
    const { findings, suppressed } = await judge([
      event('flow', { source_ip: '10.0.0.5', destination_ip: '8.8.8.8' }),
      event('dns', { source_ip: '10.0.0.5', destination_ip: '8.8.8.8', dns_question_name: 'mail.google.com' }),
    ]);
    expect(findings).toEqual([]);
    expect(suppressed).toEqual([
      { warningList: 'public-resolvers', list: 'feed', kind: 'address', value: '8.8.8.8', count: 2 },
      { warningList: 'common-domains', list: 'feed', kind: 'domain', value: 'google.com', count: 1 },
    ]);
  });
});

describe('lists in the case', () => {
  it('are replaced under the same name, and can be taken out, whatever the name', async () => {
    const name = `it's "a" list`;
    await testCase.list(name, [['address', '45.66.77.88']]);
    await testCase.list('other', [['domain', 'evil.com']]);
    await testCase.list(name, [
      ['cidr', '45.0.0.0/8'],
      ['url', 'http://evil.com/x'],
    ]);
    const rows = await testCase.store.query(
      'SELECT list_name, value, join_key, CAST(first_number AS VARCHAR) AS f FROM indicator ORDER BY value',
    );
    expect(rows).toEqual([
      { list_name: name, value: '45.0.0.0/8', join_key: null, f: String(parseIp('45.0.0.0')) },
      { list_name: 'other', value: 'evil.com', join_key: 'evil.com', f: null },
      { list_name: name, value: 'evil.com/x', join_key: 'evil.com', f: null },
    ]);
    await forgetIndicators(testCase.store, name);
    expect((await readIndicatorSet(testCase.store)).set.lists).toEqual(['other']);
  });
});

describe('the analytic', () => {
  const context = {
    timeCondition: 'TRUE',
    since: undefined,
    until: undefined,
    networks,
    logger: silentLogger,
    notChecked: () => undefined,
  };
  async function run(settings: Readonly<Record<string, unknown>>, timeCondition = 'TRUE'): Promise<string[]> {
    const titles: string[] = [];
    const parsed = analytic.settings.parse(settings);
    for await (const finding of analytic.run({ ...context, timeCondition, store: testCase.store, settings: parsed })) {
      titles.push(finding.title);
    }
    return titles;
  }

  it('asks with the time, the warning lists and the confidence that it is set to', async () => {
    await testCase.list('feed', [['address', '203.0.113.9', { expires_at: noon, confidence: 60 }]]);
    await testCase.fill([event('flow', { source_ip: '10.0.0.5', destination_ip: '203.0.113.9', time: noon })]);
    const off = { warning_lists_off: ['documentation-networks'] };
    const before = { as_of: '2026-01-01T00:00:00Z' };
    expect(await run({ ...off, ...before })).toEqual(['10.0.0.5 contacted 203.0.113.9, listed by feed']);
    expect(await run(before)).toEqual([]);
    expect(await run({ ...off, as_of: '2027-01-01T00:00:00Z' })).toEqual([]);
    expect(await run({ ...off, ...before, min_confidence: 61 })).toEqual([]);
    expect(await run({ ...off, ...before }, `time < ${testCase.store.macros.toTime(String(noon))}`)).toEqual([]);
    expect(() => analytic.settings.parse({ as_of: 'yesterday' })).toThrow('as_of');
  });

  it('finds nothing without lists', async () => {
    await testCase.fill([event('flow', { source_ip: '10.0.0.5', destination_ip: '203.0.113.9' })]);
    expect(await run({})).toEqual([]);
  });
});

describe('hostile events', () => {
  it('do not stop it: names of any length, and texts that are no names', async () => {
    await testCase.list('feed', [['domain', 'evil.com']]);
    const hostile = [
      `${'a.'.repeat(20_000)}evil.com`,
      '.'.repeat(5000),
      '',
      '..evil.com',
      'evil.com.',
      '\u0000evil.com',
      'ävil.com',
    ];
    const { findings } = await judge(
      hostile.map((each) => event('dns', { source_ip: '10.0.0.5', dns_question_name: each })),
    );
    expect(findings).toMatchObject([{ count: 2 }]);
  });
});

describe('files that lists name', () => {
  it('are found by path or name wherever events have one, a step below a digest', async () => {
    await testCase.list('kit', [
      ['file', '/tmp/.x/kit'],
      ['file', 'kdevtmpfsi'],
    ]);
    const { findings } = await judge([
      event('process', { host_name: 'web1', process_executable: '/var/tmp/Kdevtmpfsi' }),
      event('file_access', { host_name: 'web1', file_path: '/tmp/.x/kit' }),
      event('file_transfer', { source_ip: '10.0.0.5', file_name: 'kdevtmpfsi' }),
      event('file_access', { host_name: 'web1', file_path: '/opt/kit' }),
    ]);
    expect(findings.map(({ title, severity }) => `${severity} ${title}`).sort()).toEqual([
      'medium 10.0.0.5 has kdevtmpfsi, listed by kit',
      'medium web1 has /tmp/.x/kit, listed by kit',
      'medium web1 has kdevtmpfsi, listed by kit',
    ]);
  });
});
