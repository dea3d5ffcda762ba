import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const minute = 60_000_000;
const start = 1_780_000_000_000_000;

function file(index: number, change: Partial<EventOf<'file_transfer'>> = {}): VakthundEvent {
  return event('file_transfer', {
    time: start + index * 1_000_000,
    uid: `C${index}`,
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    network_protocol: 'http',
    file_uid: `F${index}`,
    file_from_source: true,
    file_size: 1_000_000,
    file_hash_sha256: String(index).padStart(64, '0'),
    url_domain: 'drop.example',
    url_original: `/up/data.7z.00${index + 1}`,
    ...change,
  });
}

/** Four pieces and a smaller rest; the first begins as an archive. */
function archive(change: (index: number) => Partial<EventOf<'file_transfer'>> = () => ({})): VakthundEvent[] {
  return [0, 1, 2, 3, 4].map((index) =>
    file(index, {
      file_mime_type: index === 0 ? 'application/x-7z-compressed' : null,
      ...(index === 4 ? { file_size: 300_118 } : {}),
      ...change(index),
    }),
  );
}

describe('an archive sent out in pieces', () => {
  it('is one finding with how many, how much and whereto', async () => {
    const findings = await findingsOf(analytic, archive());
    expect(findings).toMatchObject([
      {
        title: '10.0.0.5 sent an archive in 5 pieces to drop.example: 4.3 MB',
        severity: 'high',
        count: 5,
        attack: ['T1030', 'T1560', 'T1567'],
        entities: [
          { kind: 'host', value: '10.0.0.5' },
          { kind: 'address', value: '203.0.113.9' },
          { kind: 'domain', value: 'drop.example' },
        ],
      },
    ]);
  });

  it.each<[string, VakthundEvent[], string]>([
    ['all through one address, without names', archive(() => ({ url_original: '/upload.php' })), 'medium'],
    ['encrypted before it was cut', archive(() => ({ file_mime_type: null })), 'medium'],
    ['named as split does', archive((index) => ({ file_name: `xa${'abcde'[index]}`, url_original: '/in' })), 'high'],
    ['in turns', archive((index) => ({ time: start + index * 45 * minute, url_original: '/in' })), 'medium'],
    [
      'by FTP that the server opened',
      archive((index) => ({
        source_ip: '203.0.113.9',
        destination_ip: '10.0.0.5',
        file_from_source: false,
        network_protocol: 'ftp',
        file_name: `data.part${index + 1}.rar`,
        url_original: null,
      })),
      'high',
    ],
    [
      'by mail through a relay of ours',
      archive((index) => ({ destination_ip: '10.0.0.25', network_protocol: 'smtp', file_name: `a.zip.00${index}` })),
      'high',
    ],
  ])('is told: %s', async (_name, events, severity) => {
    expect(await findingsOf(analytic, events)).toMatchObject([{ severity }]);
  });

  it('has no text of a mail for its rest', async () => {
    const mailed = archive((index) => ({
      network_protocol: 'smtp',
      url_original: null,
      file_name: `a.7z.00${index + 1}`,
    }));
    const text = file(5, { time: start + 3_000_000, network_protocol: 'smtp', url_original: null, file_size: 5 });
    const other = file(6, { time: start + 3_500_000, file_size: 70_000, url_original: '/logo' });
    const [finding] = await findingsOf(analytic, [...mailed, text, other]);
    expect(finding?.reasons).toContainEqual({ what: 'a smaller one behind them', value: '300118 bytes', weight: 0.05 });
    const [without] = await findingsOf(analytic, [...mailed.slice(0, 4), text, other]);
    expect(without).toMatchObject({ count: 4 });
  });

  it('is one finding when it went to several places in turns', async () => {
    const events = archive((index) => ({ destination_ip: `203.0.113.${9 + (index % 3)}` }));
    const [finding, ...others] = await findingsOf(analytic, events);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ title: '10.0.0.5 sent an archive in 5 pieces to 3 places: 4.3 MB' });
  });

  it('takes names and addresses from the request where the file has none, as in the logs of Zeek', async () => {
    const events = archive(() => ({ url_original: null, url_domain: null }));
    const requests = [0, 1, 2, 3].map((index) =>
      event('http', {
        uid: `C${index}`,
        file_uids: [`F${index}`],
        url_original: `/b/x.zip?partNumber=${index}&uploadId=u`,
        url_domain: 'store.example',
      }),
    );
    expect(await findingsOf(analytic, events)).toHaveLength(1);
    expect(await findingsOf(analytic, [...events, ...requests])).toEqual([]);
  });

  it.each<[string, VakthundEvent[]]>([
    [
      'parts of an upload to a store of objects',
      archive((index) => ({ url_original: `/b/x.zip?partNumber=${index}&uploadId=u` })),
    ],
    ['blocks of a resumable upload', archive(() => ({ url_original: '/upload?upload_id=ADPycdt' }))],
    [
      'photos with names that count on',
      archive((index) => ({
        file_mime_type: 'image/jpeg',
        file_name: `IMG_000${index}.jpg`,
        file_size: 2_400_000 + index,
      })),
    ],
    ['photos of one size', archive((index) => ({ file_mime_type: 'image/x-ms-bmp', file_name: `scan${index}.bmp` }))],
    ['the same archive again and again', archive(() => ({ file_hash_sha256: 'ab'.repeat(32), file_size: 1_000_000 }))],
    ['archives of one size, each whole', archive(() => ({ file_mime_type: 'application/zip', file_size: 1_000_000 }))],
    ['blocks of an application without names', archive(() => ({ file_mime_type: null, url_original: '/sync' }))],
    ['two pieces', archive().slice(0, 2)],
    ['small blocks', archive(() => ({ file_size: 4096 }))],
    ['what is fetched', archive(() => ({ file_from_source: false }))],
    ['what stays inside', archive(() => ({ destination_ip: '10.0.0.9' }))],
  ])('is not seen in %s', async (_name, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
