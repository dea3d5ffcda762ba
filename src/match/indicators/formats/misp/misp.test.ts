import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const event = {
  Event: {
    uuid: 'x',
    info: 'Made-up campaign',
    analysis: '2',
    Tag: [{ name: 'misp-galaxy:mitre-attack-pattern="Application Layer Protocol - T1071"' }, { name: 'tlp:clear' }],
    Attribute: [
      { type: 'ip-dst', value: '203.0.113.9', to_ids: true, comment: 'c2' },
      {
        type: 'domain|ip',
        value: 'evil.example|203.0.113.10',
        to_ids: '1',
        Tag: [{ name: 'misp:confidence-level="usually-confident"' }],
      },
      { type: 'ip-dst|port', value: '2001:db8::1|443', to_ids: true },
      { type: 'domain', value: 'victim.example', to_ids: false },
      { type: 'domain', value: 'gone.example', to_ids: true, deleted: true },
      { type: 'domain', value: 'big.example', to_ids: true, warnings: [{ warninglist_name: 'Top 1000' }] },
      { type: 'mutex', value: 'x', to_ids: true },
      { type: 'ja3-fingerprint-md5', value: 'b386946a5a44d1ddcc843bc75336dfce', to_ids: true },
      { to_ids: true },
    ],
    Object: [
      {
        name: 'file',
        Attribute: [
          { type: 'sha256', value: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', to_ids: true },
        ],
      },
    ],
  },
};

describe('misp', () => {
  it('is told by its structure', () => {
    expect(format.detect('x.json', JSON.stringify(event))).toBe(3);
    expect(format.detect('x.json', JSON.stringify({ response: [event] }))).toBe(3);
    expect(format.detect('x.json', JSON.stringify({ type: 'bundle', objects: [] }))).toBe(0);
    expect(format.detect('x', 'Event Attribute to_ids')).toBe(0);
  });

  it('reads attributes meant for detection, inside objects too, with what event and tags say', async () => {
    const { told, indicators, problems } = await readList(format, JSON.stringify(event));
    expect(told).toEqual([
      'address 203.0.113.9',
      'domain evil.example',
      'address 203.0.113.10',
      'address 2001:db8::1',
      'ja3 b386946a5a44d1ddcc843bc75336dfce',
      'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ]);
    expect(indicators[0]).toMatchObject({
      description: 'Made-up campaign; c2; Application Layer Protocol - T1071',
      confidence: null,
    });
    expect(indicators[1]).toMatchObject({ confidence: 75 });
    expect(problems.map((problem) => problem.code)).toEqual(['bad-value', 'unsupported', 'bad-record']);
    expect(problems[0]?.message).toContain('Top 1000');
  });

  it('does not carry the words of one event over to the next', async () => {
    const other = { Event: { info: 'Other', Attribute: [{ type: 'domain', value: 'evil.example', to_ids: true }] } };
    const { indicators } = await readList(format, JSON.stringify({ response: [event, other] }));
    expect(indicators.at(-1)?.description).toBe('Other');
  });

  it('reads search answers for attributes, and keeps what stood before a cut', async () => {
    const answer = JSON.stringify({
      response: { Attribute: [{ type: 'url', value: 'http://evil.example/a', to_ids: true }] },
    });
    expect((await readList(format, answer)).told).toEqual(['url evil.example/a']);
    const cut = await readList(format, JSON.stringify(event).slice(0, 330));
    expect(cut.told).toEqual(['address 203.0.113.9']);
    expect(cut.problems.at(-1)?.code).toBe('truncated');
  });
});
