import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const browser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36';

function fetched(file: Partial<EventOf<'file_transfer'>>, request: Partial<EventOf<'http'>> = {}): VakthundEvent[] {
  const ends = { uid: 'C1', source_ip: '10.0.0.5', destination_ip: '203.0.113.9', destination_port: 80 };
  return [
    event('file_transfer', {
      ...ends,
      file_uid: 'F1',
      file_mime_type: 'application/x-dosexec',
      file_size: 250_000,
      file_from_source: false,
      ...file,
    }),
    event('http', {
      ...ends,
      file_uids: ['F1'],
      url_domain: 'files.example',
      url_original: '/setup.exe',
      user_agent_original: browser,
      ...request,
    }),
  ];
}

describe('a program fetched in the clear', () => {
  it('is high when it is called a picture and no browser asked for it', async () => {
    const [finding] = await findingsOf(
      analytic,
      fetched(
        {},
        { url_domain: '203.0.113.9', url_original: '/tablone.png', user_agent_original: 'WinHTTP loader/1.0' },
      ),
    );
    expect(finding).toMatchObject({
      title: '10.0.0.5 fetched a program from 203.0.113.9, called /tablone.png',
      severity: 'high',
      attack: ['T1105', 'T1036.008'],
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'address', value: '203.0.113.9' },
      ],
    });
  });

  it('is low when the path says nothing and the program has no name', async () => {
    const file = { file_hash_sha256: 'ab'.repeat(32), file_name: 'EGh7x6.dll' };
    const [finding] = await findingsOf(
      analytic,
      fetched(file, { url_original: '/video/6JvA8/', user_agent_original: null }),
    );
    expect(finding).toMatchObject({ severity: 'low', title: '10.0.0.5 fetched a program from files.example' });
    expect(finding?.entities).toContainEqual({ kind: 'file-hash', value: 'ab'.repeat(32) });
  });

  it('reads what EVE says of the file itself', async () => {
    const [eve] = fetched({
      file_mime_type: 'PE32 executable (GUI) Intel 80386',
      url_original: '/a.gif',
      url_domain: 'files.example',
      uid: 'other',
    });
    expect(await findingsOf(analytic, [eve as VakthundEvent])).toMatchObject([{ severity: 'medium' }]);
  });

  it.each<[string, VakthundEvent[]]>([
    ['an installer that a browser fetched', fetched({})],
    [
      'an update from an address, by the system',
      fetched(
        {},
        {
          url_domain: '203.0.113.9',
          url_original: '/msdownload/update/v3/a.cab',
          user_agent_original: 'Microsoft-Delivery-Optimization/10.0',
        },
      ),
    ],
    ['a picture', fetched({ file_mime_type: 'image/png' }, { url_original: '/a.png' })],
    ['an upload', fetched({ file_from_source: true }, { url_original: '/a.png' })],
    ['one from inside', fetched({ destination_ip: '10.0.0.9' }, { url_original: '/a.png' })],
  ])('says nothing about %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
