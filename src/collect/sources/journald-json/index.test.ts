import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/entries.json', import.meta.url));

describe('journald-json', () => {
  it('knows entries, also pretty ones', () => {
    expect(source.detect('x', sample)).toBe('certain');
    expect(source.detect('x', Buffer.from('{\n\t"__CURSOR" : "s=1",\n'))).toBe('certain');
    expect(source.detect('x', Buffer.from('{"MESSAGE":"__CURSOR"}'))).toBeUndefined();
  });

  it('reads text, bytes, lists and what is missing', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(problems).toEqual([]);
    expect(events[0]).toMatchObject({ kind: 'process', process_command_line: '/opt/a.sh', user_name: 'root' });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'log',
      time: 1_772_359_200_000_007,
      message: 'hi\ufffd',
      log_level: 'warning',
      fields: { TAG: ['a', 'b'], __CURSOR: 'd' },
    });
  });

  it('reports an entry without a time', async () => {
    const { events, problems } = await decodeContent(source, '{"__CURSOR":"x","MESSAGE":7}\n{"__CURSOR":[[1],["a"]]}');
    expect(events).toMatchObject([{ message: '7', time: 0 }, { time: 0 }]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
    ]);
  });
});
