import { describe, expect, it } from 'vitest';
import { columnEntries, kindIds, newEvent, type EventOf, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { Indicator, IndicatorKind } from './format.ts';
import { IndicatorMatcher } from './matcher.ts';
import { observablesOf } from './observables.ts';
import { IndicatorSetBuilder } from './set-builder.ts';
import { readWarnings } from './shipped-warnings.ts';

const asOf = 1_772_000_000_000_000;

function matcherOf(entries: readonly (readonly [IndicatorKind, string, Partial<Indicator>?])[]): IndicatorMatcher {
  const builder = new IndicatorSetBuilder();
  for (const [kind, value, more] of entries) {
    builder.add('feed', { kind, value, description: null, confidence: null, expires_at: null, ...more });
  }
  return new IndicatorMatcher({ set: builder.build(), warnings: readWarnings(), asOf });
}

function event<K extends KindId>(kind: K, fields: Partial<EventOf<K>>): VakthundEvent {
  return Object.assign(newEvent(kind), fields) as unknown as VakthundEvent;
}

function told(matcher: IndicatorMatcher, ...events: readonly VakthundEvent[]): string[] {
  return matcher
    .matchEvents(events)
    .map(
      ({ observable, value, hits }) =>
        `${observable.column}=${value} ${hits.map(({ ref, suppressedBy }) => suppressedBy ?? ref.value).join()}`,
    );
}

describe('matchEvents', () => {
  it('finds what is listed in every column that can show it', () => {
    const matcher = matcherOf([
      ['address', '45.66.77.88'],
      ['cidr', '45.66.0.0/16'],
      ['domain', 'evil.com'],
      ['url', 'evil.com/kit'],
      ['user-agent', 'Evil/1'],
      ['ja3', 'a'.repeat(32)],
      ['sha256', 'b'.repeat(64)],
      ['sha1', 'c'.repeat(40)],
      ['email', 'a@evil.com'],
    ]);
    expect(
      told(
        matcher,
        event('flow', { source_ip: '10.0.0.1', destination_ip: '45.66.77.88' }),
        event('dns', {
          dns_question_name: 'www.evil.com',
          dns_resolved_ip: ['10.0.0.1', '45.66.1.1'],
          dns_answers: ['45.66.1.1', 'cdn.evil.com'],
        }),
        event('http', { url_domain: 'evil.com', url_original: '/kit/a', user_agent_original: 'Evil/1' }),
        event('http', { url_domain: '45.66.77.88', url_original: '/' }),
        event('tls', {
          tls_client_server_name: 'x.evil.com',
          tls_client_ja3: 'a'.repeat(32),
          tls_server_hash_sha1: 'c'.repeat(40),
          tls_server_certificate_chain: ['Fx', 'b'.repeat(64)],
        }),
        event('process', { process_hash_sha256: 'B'.repeat(64) }),
        event('smtp', { email_from: '"A" <A@evil.com>', email_to: ['b@good.com', 'a@evil.com'] }),
      ),
    ).toEqual([
      'destination_ip=45.66.77.88 45.66.77.88,45.66.0.0/16',
      'dns_question_name=www.evil.com evil.com',
      'dns_answers=cdn.evil.com evil.com',
      'dns_resolved_ip=45.66.1.1 45.66.0.0/16',
      'url_domain=evil.com evil.com',
      'url_original=/kit/a evil.com/kit',
      'user_agent_original=Evil/1 Evil/1',
      'url_domain=45.66.77.88 45.66.77.88,45.66.0.0/16',
      'tls_client_server_name=x.evil.com evil.com',
      `tls_client_ja3=${'a'.repeat(32)} ${'a'.repeat(32)}`,
      `tls_server_hash_sha1=${'c'.repeat(40)} ${'c'.repeat(40)}`,
      `tls_server_certificate_chain=${'b'.repeat(64)} ${'b'.repeat(64)}`,
      `process_hash_sha256=${'B'.repeat(64)} ${'b'.repeat(64)}`,
      'email_from="A" <A@evil.com> a@evil.com',
      'email_to=a@evil.com a@evil.com',
    ]);
  });

  it('does not fire for what has expired at the time asked for', () => {
    const flow = event('flow', { destination_ip: '45.66.77.88' });
    expect(told(matcherOf([['address', '45.66.77.88', { expires_at: asOf }]]), flow)).toEqual([]);
    expect(told(matcherOf([['address', '45.66.77.88', { expires_at: asOf + 1 }]]), flow)).toHaveLength(1);
  });

  it('marks what a warning list holds with its name', () => {
    expect(told(matcherOf([['address', '8.8.8.8']]), event('flow', { destination_ip: '8.8.8.8' }))).toEqual([
      'destination_ip=8.8.8.8 public-resolvers',
    ]);
  });

  it('finds nothing in empty events of any kind', () => {
    const matcher = matcherOf([
      ['domain', 'evil.com'],
      ['address', '45.66.77.88'],
      ['url', 'evil.com/'],
      ['email', 'a@evil.com'],
    ]);
    expect(told(matcher, ...kindIds.map((kind) => newEvent(kind) as VakthundEvent))).toEqual([]);
  });
});

describe('observablesOf', () => {
  it('covers every column that holds an address, a hash, a name or an agent by its declaration', () => {
    const left = kindIds.flatMap((kind) =>
      columnEntries(kind)
        .filter(
          ([name, spec]) =>
            spec.type === 'ip' ||
            /(?:hash_(?:md5|sha\d+)|_ja3$|user_agent|url_domain|question_name|server_name)/.test(name),
        )
        .filter(([name]) => !observablesOf(kind).some((observable) => observable.column === name))
        .map(([name]) => `${kind}.${name}`),
    );
    expect(left).toEqual([]);
  });

  it('names only columns that are there', () => {
    for (const kind of kindIds) {
      const names = columnEntries(kind).map(([name]) => name);
      for (const { column } of observablesOf(kind)) expect(names).toContain(column);
    }
  });
});
