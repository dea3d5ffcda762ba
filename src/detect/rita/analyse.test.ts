import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../events/event.ts';
import { analyseAsRita, type RitaThreat } from './analyse.ts';
import { createFilter } from './filter.ts';
import { ritaCode, ritaShipped, type RitaProfile } from './profile.ts';

/** Each question goes through a real store, and machines that test are busy. */
const patient = { timeout: 30_000 };

const second = 1_000_000;
const host = '10.0.0.5';
const far = '203.0.113.9';

function flow(fields: Partial<EventOf<'flow'>>): VakthundEvent {
  return event('flow', {
    source_ip: host,
    destination_ip: far,
    destination_port: 443,
    network_transport: 'tcp',
    network_protocol: 'ssl',
    source_bytes: 400,
    destination_bytes: 600,
    event_duration: second,
    ...fields,
  });
}

/** A connection every five minutes of a day, with uids. */
function beacon(fields: Partial<EventOf<'flow'>> = {}, prefix = 'C'): VakthundEvent[] {
  return Array.from({ length: 288 }, (_none, index) =>
    flow({ time: dayStart + index * 300 * second, uid: `${prefix}${index}`, ...fields }),
  );
}

function requests(flows: readonly VakthundEvent[], fields: Partial<EventOf<'http'>>): VakthundEvent[] {
  return flows.map((entry) => {
    const { time, uid, source_ip, destination_ip } = entry as unknown as EventOf<'flow'>;
    return event('http', {
      time: time + 5000,
      uid,
      source_ip,
      destination_ip,
      destination_port: 80,
      http_request_method: 'GET',
      ...fields,
    });
  });
}

async function analyse(
  events: readonly VakthundEvent[],
  options: { profile?: RitaProfile; filter?: Parameters<typeof createFilter>[0]; isRolling?: boolean } = {},
): Promise<RitaThreat[]> {
  return withEvents(events, (store) =>
    analyseAsRita(store, {
      profile: options.profile ?? ritaCode,
      filter: createFilter(options.filter ?? {}),
      timeCondition: 'TRUE',
      isRolling: options.isRolling ?? false,
    }),
  );
}

const ends = (threats: readonly RitaThreat[]): string[] =>
  threats.map((threat) => `${threat.source} ${threat.fqdn}${threat.destination}`);

describe('the data set', patient, () => {
  it('scores a pair of addresses, and a name in its place when the connections carry one', async () => {
    const [byAddress] = await analyse(beacon());
    expect(byAddress).toMatchObject({ destination: far, fqdn: '', count: 288, base: 'beacon', ports: ['443:tcp:ssl'] });
    expect(byAddress?.beacon?.score).toBe(1);
    const named = [...beacon(), ...requests(beacon(), { http_host: 'www.example.com:8080' })];
    expect(ends(await analyse(named))).toEqual([`${host} www.example.com:8080`]);
  });

  it('keeps a proxied name although both addresses are inside', async () => {
    const flows = beacon({ destination_ip: '10.0.0.3', destination_port: 3128 });
    const [threat] = await analyse([
      ...flows,
      ...requests(flows, { http_request_method: 'CONNECT', http_host: 'www.example.com' }),
    ]);
    expect(threat).toMatchObject({ fqdn: 'www.example.com', proxyCount: 288, proxyIps: ['10.0.0.3'], serverIps: [] });
  });

  it('takes the newest request of a connection, and names without a connection not at all', async () => {
    const flows = beacon();
    const first = requests(flows, { http_host: 'old.example.com' });
    const last = requests(flows, { http_host: 'new.example.com' }).map((entry) =>
      Object.assign(entry, { time: entry.time + 5000 }),
    );
    const orphans = requests(beacon({}, 'X'), { http_host: 'orphan.example.com' });
    expect(ends(await analyse([...flows, ...first, ...last, ...orphans]))).toEqual([`${host} new.example.com`]);
  });

  it('looks at the last 24 hours only', async () => {
    const late = flow({ time: dayStart + 5 * 86_400 * second, destination_ip: '203.0.113.99', uid: 'L' });
    expect(await analyse([...beacon(), late])).toEqual([]);
  });

  it('counts only the newest hour of open logs', async () => {
    const open = (hours: number, evidence: number): VakthundEvent =>
      Object.assign(
        flow({ uid: 'O', is_open: true, event_dataset: 'zeek.open_conn', event_duration: hours * 3600 * second }),
        { evidence_id: evidence },
      );
    const [threat] = await analyse([open(2, 1)]);
    expect(threat).toMatchObject({ openCount: 1, count: 0, base: 'longConnection', totalDuration: 7200 });
    expect(threat?.finalScore).toBeCloseTo(0.2667, 4);
  });
});

describe('the filter', patient, () => {
  it('leaves out inside to inside, outside to outside, inbound and what is wired', async () => {
    const pairs = [
      { destination_ip: '10.0.0.9' },
      { source_ip: '198.51.100.1' },
      { source_ip: '198.51.100.1', destination_ip: host },
      { destination_ip: '239.1.1.1' },
      { source_ip: '169.254.1.1' },
    ];
    expect(await analyse(pairs.flatMap((fields, index) => beacon(fields, `P${index}`)))).toEqual([]);
  });

  it('lets networks in and out by setting', async () => {
    const inbound = beacon({ source_ip: '198.51.100.1', destination_ip: host });
    expect(ends(await analyse(inbound, { filter: { dropsExternalToInternal: false } }))).toEqual([
      `198.51.100.1 ${host}`,
    ]);
    const inside = beacon({ destination_ip: '10.0.0.9' });
    expect(ends(await analyse(inside, { filter: { alwaysIncluded: ['10.0.0.9/32'] } }))).toEqual([`${host} 10.0.0.9`]);
    expect(await analyse(beacon(), { filter: { neverIncluded: ['203.0.113.0/24'] } })).toEqual([]);
  });
});

describe('modifiers', patient, () => {
  const modifiersOf = (threat: RitaThreat | undefined): Record<string, number> =>
    Object.fromEntries(threat?.modifiers.map((modifier) => [modifier.what, modifier.score]) ?? []);

  it('count prevalence as each profile has it', async () => {
    const crowd = Array.from({ length: 99 }, (_none, index) =>
      flow({ source_ip: `10.0.1.${index}`, destination_ip: '203.0.113.50', uid: `N${index}` }),
    );
    const [rare] = await analyse([...crowd, ...beacon()], { profile: ritaShipped });
    expect(modifiersOf(rare)).toEqual({ prevalence: 0.15 });
    const [plain] = await analyse([...crowd, ...beacon()], { profile: ritaCode });
    expect(modifiersOf(plain)).toEqual({});
    const [alone] = await analyse(beacon(), { profile: ritaShipped });
    expect(modifiersOf(alone)).toEqual({ prevalence: -0.15 });
  });

  it('add for requests without a Host header', async () => {
    const flows = beacon();
    const [threat] = await analyse([...flows, ...requests(flows, { user_agent_original: 'implant/1' })], {
      profile: ritaShipped,
    });
    expect(threat?.missingHostCount).toBe(288);
    expect(modifiersOf(threat)).toMatchObject({ 'missing Host header': 0.1, 'rare signature': 0.15 });
  });

  it('tell a user agent that is shown to one name only', async () => {
    const flows = beacon();
    const other = beacon({ destination_ip: '203.0.113.10' }, 'D');
    const events = [
      ...flows,
      ...requests(flows, { http_host: 'a.example', user_agent_original: 'odd' }),
      ...other,
      ...requests(other, { http_host: 'b.example', user_agent_original: 'usual' }),
      ...requests(beacon({ destination_ip: '203.0.113.11' }, 'D').slice(0, 1), {
        http_host: 'c.example',
        user_agent_original: 'usual',
      }),
      flow({ uid: 'D0', destination_ip: '203.0.113.11' }),
    ];
    const threats = await analyse(events, { profile: ritaShipped });
    const marked = threats.filter((threat) => 'rare signature' in modifiersOf(threat)).map((threat) => threat.fqdn);
    expect(marked).toEqual(['a.example']);
  });

  it('tell an answer that does not fit its extension', async () => {
    const flows = beacon();
    const asked = (url_original: string, http_response_mime_type: string): Promise<RitaThreat[]> =>
      analyse([...flows, ...requests(flows, { http_host: 'a.example', url_original, http_response_mime_type })]);
    const [fits] = await asked('/a/b.html?x=1', 'text/html');
    const [not] = await asked('/a/b.png', 'text/html');
    expect([modifiersOf(fits), modifiersOf(not)]).toEqual([{}, { 'MIME type mismatch': 0.15 }]);
  });

  it('count how long a destination has been known in rolling data sets', async () => {
    const [young] = await analyse(beacon(), { isRolling: true });
    expect(modifiersOf(young)).toEqual({ 'first seen': 0.15 });
    const longAgo = flow({ time: dayStart - 40 * 86_400 * second, uid: 'A' });
    const [old] = await analyse([longAgo, ...beacon()], { isRolling: true });
    expect(modifiersOf(old)).toEqual({ 'first seen': -0.15 });
  });

  it('raise what is on a threat list', async () => {
    const threats = await withEvents(beacon({ source_bytes: 200_000 }), async (store) => {
      await store.insert('indicator', [{ kind: 'address', value: far, list_name: 'made-up' }]);
      return analyseAsRita(store, {
        profile: ritaCode,
        filter: createFilter({}),
        timeCondition: 'TRUE',
        isRolling: false,
      });
    });
    expect(threats[0]?.indicators.threatIntel).toBe(0.8);
    expect(modifiersOf(threats[0])).toEqual({ 'data exchanged with a listed address': 0.15 });
    expect(threats[0]?.finalScore).toBeCloseTo(0.95, 9);
  });
});

describe('subdomains', patient, () => {
  const question = (index: number, fields: Partial<EventOf<'dns'>> = {}): VakthundEvent =>
    event('dns', {
      source_ip: host,
      destination_ip: '10.0.0.53',
      dns_question_name: `x${index}.tunnel.example`,
      dns_question_type: 'A',
      ...fields,
    });
  const questions = Array.from({ length: 500 }, (_none, index) => question(index));

  it('counts distinct names below a domain, and adds where nobody connects to what they resolve to', async () => {
    const [threat] = await analyse(questions);
    expect(threat).toMatchObject({ fqdn: 'tunnel.example', subdomains: 500, base: 'subdomains', prevalence: 2 });
    expect(threat?.finalScore).toBeCloseTo(0.55, 9);
  });

  it('does not add where another host connects to them', async () => {
    const resolved = question(1, { dns_resolved_ip: [far] });
    const [threat] = await analyse([...questions, resolved, flow({ source_ip: '10.0.0.77', uid: 'Z' })]);
    expect(threat?.finalScore).toBeCloseTo(0.4, 9);
  });

  it('says nothing below a hundred, and nothing of reverse and multicast names', async () => {
    expect(await analyse(questions.slice(0, 99))).toEqual([]);
    const reverse = Array.from({ length: 200 }, (_none, index) =>
      question(index, { dns_question_name: `${index}.0.0.10.in-addr.arpa` }),
    );
    expect(await analyse(reverse)).toEqual([]);
  });
});

describe('nothing', patient, () => {
  it('gives nothing for an empty case', async () => {
    expect(await analyse([])).toEqual([]);
  });
});
