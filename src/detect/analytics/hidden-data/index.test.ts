import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

interface Shown {
  readonly isOut?: boolean;
  readonly sign?: string;
  readonly title?: string;
  readonly score?: number;
  readonly reasons?: readonly string[];
}

/** A picture that a connection carried, and the record of what it hides. */
function picture(index: number, shown: Shown = {}): VakthundEvent[] {
  const { isOut = true, sign = 'trailing-data', title = '9123 bytes after the end of the PNG', score = 0.6 } = shown;
  const sha256 = String(index).padStart(64, '0');
  const fields = { id: `F${index}`, sha256, mime_type: 'image/png', is_orig: isOut, sign, score, attack: 'T1027.003' };
  const ends = { source_ip: '10.0.0.5', destination_ip: '203.0.113.9', uid: `C${index}` };
  return [
    clean(index, isOut),
    event('log', {
      ...ends,
      event_dataset: 'pcap.hidden_data',
      message: title,
      fields: JSON.stringify({ ...fields, reasons: shown.reasons ?? ['bytes after the end: 9123'] }),
    }),
  ];
}

function clean(index: number, isOut = true): VakthundEvent {
  return event('file_transfer', {
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    uid: `C${index}`,
    file_uid: `F${index}`,
    file_from_source: isOut,
    file_mime_type: 'image/png',
    file_hash_sha256: String(index).padStart(64, '0'),
    network_protocol: 'http',
    url_domain: 'drop.example',
    url_original: `/p/${index}.png`,
  });
}

const lowestBits: Shown = { sign: 'lsb', title: 'message in the lowest bits of about 30 % of the samples', score: 0.8 };

describe('data hidden in pictures', () => {
  it('is one finding with the numbers, the hash and the way', async () => {
    const findings = await findingsOf(analytic, [...picture(1), ...picture(2), clean(3)]);
    expect(findings).toMatchObject([
      {
        title: '10.0.0.5 sent drop.example 2 pictures that hide data: 9123 bytes after the end of the PNG',
        severity: 'medium',
        count: 2,
        attack: ['T1027.003', 'T1048'],
        entities: [
          { kind: 'host', value: '10.0.0.5' },
          { kind: 'address', value: '203.0.113.9' },
          { kind: 'domain', value: 'drop.example' },
          { kind: 'file-hash' },
          { kind: 'file-hash' },
        ],
      },
    ]);
    const told = findings[0]?.reasons.map(({ what, value }) => `${what}: ${value}`);
    expect(told).toContain('bytes after the end: 9123');
    expect(told).toContain('pictures with such a sign: 2 of 3 of this type that went this way');
    expect(told?.join()).toContain('/p/1.png');
    expect(findings[0]?.next).toContain('net extract');
  });

  it('is told of what came from outside too, and weighs less there', async () => {
    const [finding] = await findingsOf(analytic, picture(1, { isOut: false }));
    expect(finding).toMatchObject({
      title: 'drop.example sent 10.0.0.5 a picture that hides data: 9123 bytes after the end of the PNG',
      score: 0.5,
      attack: ['T1027.003'],
    });
  });

  it.each<[string, VakthundEvent[], string]>([
    ['in one picture that left', [...picture(1, lowestBits), clean(2), clean(3), clean(4)], 'low'],
    ['in most of several', [1, 2, 3].flatMap((index) => picture(index, lowestBits)), 'medium'],
    [
      'in sequence',
      picture(1, { ...lowestBits, reasons: ['in sequence from the first pixel up to this share (chi-square): 0.30'] }),
      'medium',
    ],
    [
      'in most of several that came',
      [1, 2, 3].flatMap((index) => picture(index, { ...lowestBits, isOut: false })),
      'low',
    ],
  ])('in the lowest bits is told %s', async (_name, events, severity) => {
    expect(await findingsOf(analytic, events)).toMatchObject([{ severity }]);
  });

  it.each<[string, VakthundEvent[]]>([
    ['pictures without a sign', [clean(1), clean(2)]],
    [
      'one drawn picture that came, whose lowest bits seem to hold something',
      picture(1, { ...lowestBits, isOut: false }),
    ],
    [
      'three such in a manual of a hundred',
      [
        ...[1, 2, 3].flatMap((index) => picture(index, { ...lowestBits, isOut: false })),
        ...Array.from({ length: 97 }, (_, index) => clean(10 + index, false)),
      ],
    ],
    ['notes that an editor of pictures left in what came', picture(1, { isOut: false, score: 0.35 })],
  ])('is not seen in %s', async (_name, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
