import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';

const suricata = {
  event_dataset: 'suricata.alert',
  rule_id: '1:2403388',
  rule_name: 'ET SCAN Nmap',
  rule_severity: 'medium',
};

describe('alerts of other tools', () => {
  it('makes one finding of a rule and a machine of ours, however many alerts', async () => {
    const events = Array.from({ length: 50 }, (_none, index) =>
      event('alert', {
        ...suricata,
        source_ip: '10.0.0.5',
        destination_ip: `203.0.113.${index}`,
        time: dayStart + index,
        evidence_at: index + 1,
      }),
    );
    const [finding, ...others] = await findingsOf(analytic, events);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'alerts/suricata/1:2403388',
      title: 'ET SCAN Nmap',
      severity: 'medium',
      count: 50,
      first_seen: dayStart,
      last_seen: dayStart + 49,
    });
    expect(finding?.entities[0]).toEqual({ kind: 'host', value: '10.0.0.5' });
    expect(finding?.evidence.at(0)).toMatchObject({ at: 1 });
    expect(finding?.evidence.at(-1)).toMatchObject({ at: 50 });
    expect(finding?.reasons).toContainEqual({ what: 'far ends', value: '50' });
  });

  it.each([
    [
      { process_command_line: 'apt-get install -y procps', container_id: '9f2c', container_name: 'web01' },
      'ask who ran "apt-get install -y procps" in container web01 on dock1, and why',
    ],
    [{ process_name: 'cat', file_path: '/etc/shadow' }, 'find out for whom cat touched /etc/shadow on dock1'],
    [{}, 'look at the records that falco matched on dock1'],
  ])('asks first for what it is about', async (fields, next) => {
    const alert = { event_dataset: 'falco.alert', rule_name: 'A rule', rule_severity: 'high', host_name: 'dock1' };
    expect(await findingsOf(analytic, [event('alert', { ...alert, ...fields })])).toMatchObject([{ next }]);
    const seen = event('alert', { ...suricata, source_ip: '10.0.0.5', destination_ip: '203.0.113.9' });
    expect(await findingsOf(analytic, [seen])).toMatchObject([
      { next: 'look at what 10.0.0.5 and 203.0.113.9 said to each other when suricata matched' },
    ]);
  });

  it('takes an attempt that only came in from outside one step lower', async () => {
    const [finding] = await findingsOf(analytic, [
      event('alert', { ...suricata, rule_severity: 'high', source_ip: '203.0.113.9', destination_ip: '10.0.0.5' }),
    ]);
    expect(finding).toMatchObject({
      severity: 'medium',
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'address', value: '203.0.113.9' },
      ],
    });
  });

  it('takes an address in a Host header for the far end that it is', async () => {
    const fields = { ...suricata, source_ip: '10.0.0.5', destination_ip: '203.0.113.9' };
    const [finding] = await findingsOf(analytic, [
      event('alert', { ...fields, url_domain: '203.0.113.9' }),
      event('alert', { ...fields, url_domain: '203.0.113.10' }),
      event('alert', { ...fields, url_domain: 'evil.example' }),
    ]);
    expect(finding?.entities).toEqual([
      { kind: 'host', value: '10.0.0.5' },
      { kind: 'address', value: '203.0.113.9' },
      { kind: 'address', value: '203.0.113.10' },
      { kind: 'domain', value: 'evil.example' },
    ]);
  });

  it('keeps what a rule set calls information at info, whatever priority its class has', async () => {
    const fields = {
      ...suricata,
      rule_name: 'ET INFO STUN Binding Request',
      rule_severity: 'high',
      source_ip: '10.0.0.5',
      destination_ip: '203.0.113.9',
    };
    expect(await findingsOf(analytic, [event('alert', fields)])).toMatchObject([{ severity: 'info' }]);
  });

  it('keeps containers apart and names them, with image, user, file and command', async () => {
    const falco = {
      event_dataset: 'falco.alert',
      rule_name: 'Terminal shell in container',
      rule_severity: 'high',
      host_name: 'dock1',
      user_name: 'root',
      process_command_line: 'sh -i',
      threat_technique_id: ['T1059'],
    };
    const findings = await findingsOf(analytic, [
      event('alert', { ...falco, container_id: 'c1', container_name: 'shop', container_image_name: 'shop:1' }),
      event('alert', { ...falco, container_id: 'c2', container_name: 'db' }),
    ]);
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatchObject({ detector: 'alerts/falco/Terminal shell in container', attack: ['T1059'] });
    expect(findings[0]?.entities).toEqual(
      expect.arrayContaining([
        { kind: 'host', value: 'dock1' },
        { kind: 'container', value: 'shop' },
        { kind: 'image', value: 'shop:1' },
        { kind: 'user', value: 'root' },
      ]),
    );
  });

  it('keeps programs apart, but not when a rule matches whatever runs', async () => {
    const falco = {
      event_dataset: 'falco.alert',
      rule_name: 'Read sensitive file untrusted',
      rule_severity: 'medium',
      host_name: 'dock1',
      file_path: '/etc/shadow',
    };
    const by = (program: string): ReturnType<typeof event> =>
      event('alert', { ...falco, process_executable: program, process_command_line: `${program} x` });
    const two = await findingsOf(analytic, [by('/usr/bin/restic'), by('/usr/bin/restic'), by('/tmp/.sysd')]);
    expect(two.map(({ count, next }) => [count, next])).toEqual([
      [1, 'ask who ran "/tmp/.sysd x" on dock1, and why'],
      [2, 'ask who ran "/usr/bin/restic x" on dock1, and why'],
    ]);
    expect(new Set(two.map(({ id }) => id)).size).toBe(2);
    const many = await findingsOf(
      analytic,
      Array.from({ length: 9 }, (_none, index) => by(`/usr/bin/p${index}`)),
    );
    expect(many).toMatchObject([{ count: 9 }]);
  });

  it('leaves out what is below the wanted severity, and says nothing without alerts', async () => {
    const low = event('alert', {
      ...suricata,
      rule_severity: 'low',
      source_ip: '10.0.0.5',
      destination_ip: '10.0.0.6',
    });
    expect(await findingsOf(analytic, [low], { min_severity: 'medium' })).toEqual([]);
    expect(await findingsOf(analytic, [])).toEqual([]);
  });
});
