import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../../tests/support/processor-time.ts';
import { readList } from '../read-list.ts';
import { format } from './index.ts';
import { readXml } from './xml.ts';

const md5 = '0123456789abcdef0123456789abcdef';
const item = (search: string, content: string, more = 'condition="is"', type = 'string'): string =>
  `<IndicatorItem id="x" ${more}><Context document="${search.split('/')[0]}" search="${search}" type="mir"/><Content type="${type}">${content}</Content></IndicatorItem>`;
const ioc = (inner: string): string => `<?xml version="1.0" encoding="us-ascii"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="made-up" last-modified="2024-01-01T00:00:00">
  <short_description>KIT &amp; CO</short_description><!-- a < b -->
  <definition><Indicator operator="OR" id="a">${inner}</Indicator></definition>
</ioc>`;

describe('openioc', () => {
  it('is told by its root, in both versions', () => {
    expect(format.detect('x', ioc(''))).toBe(3);
    expect(format.detect('x', '<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="x">')).toBe(3);
    expect(format.detect('x', '<html><body>ioc</body></html>')).toBe(0);
    expect(format.detect('x', '{"ioc": 1}')).toBe(0);
  });

  it('lists terms of all kinds, with the name of the indicator', async () => {
    const { told, indicators, problems } = await readList(
      format,
      ioc(
        [
          item('FileItem/Md5sum', md5, 'condition="is"', 'md5'),
          item('FileItem/Sha256sum', 'a'.repeat(64)),
          item('PortItem/remoteIP', '203.0.113.9', 'condition="is"', 'IP'),
          item('Network/DNS', '.kit[.]example.com', 'condition="contains"'),
          item('Network/URI', 'http://drop.example.net/a?b=1&amp;c=2'),
          item('Network/UserAgent', '<![CDATA[Kit/1.0 <x>]]>', 'condition="contains"'),
          item('Email/From', 'boss@kit.example.com'),
          item('FileItem/FileName', 'kdevtmpfsi'),
        ].join('\n'),
      ),
    );
    expect(told).toEqual([
      `md5 ${md5}`,
      `sha256 ${'a'.repeat(64)}`,
      'address 203.0.113.9',
      'domain kit.example.com',
      'url drop.example.net/a?b=1&c=2',
      'user-agent *Kit/1.0 <x>*',
      'email boss@kit.example.com',
      'file kdevtmpfsi',
    ]);
    expect([indicators[0]?.description, problems]).toEqual(['KIT & CO', []]);
  });

  it('keeps the most telling of terms that must hold together, and names the rest', async () => {
    const and = (inner: string): string => `<Indicator operator="AND">${inner}</Indicator>`;
    const { told, problems } = await readList(
      format,
      ioc(
        and(item('FileItem/FileName', 'svchost.exe') + item('FileItem/Md5sum', md5)) +
          and(item('Network/DNS', 'kit.example.com') + item('RegistryItem/Path', 'Run', 'condition="contains"')) +
          and(item('FileItem/FileName', 'abc.exe', 'condition="is" negate="true"') + item('FileItem/SizeInBytes', '7')),
      ),
    );
    expect(told).toEqual([`md5 ${md5}`, 'domain kit.example.com']);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'unsupported',
        'indicator "KIT & CO" asks for "RegistryItem/Path contains, FileItem/FileName not is, FileItem/SizeInBytes is", which is not checked; its other values are matched without that',
      ],
    ]);
  });

  it('reads several indicators of version 1.1, and what stands before damage', async () => {
    const one = (value: string): string =>
      `<OpenIOC><metadata><short_description>n</short_description></metadata><criteria><Indicator operator="OR">${item('Network/DNS', value)}</Indicator></criteria></OpenIOC>`;
    const { told, problems } = await readList(
      format,
      `<all>${one('a.example.com')}${one('b.example.com')}<OpenIOC><criteria><Indicator`,
    );
    expect(told).toEqual(['domain a.example.com', 'domain b.example.com']);
    expect(problems.map(({ code }) => code)).toEqual(['bad-record']);
  });

  it('reads what an editor of Windows wrote', async () => {
    const text = Buffer.from(`\uFEFF${ioc(item('Network/DNS', 'a.example.com'))}`, 'utf16le');
    expect((await readList(format, text)).told).toEqual(['domain a.example.com']);
  });

  it('ends with every text, in time that grows with its length only', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(
            '<',
            '>',
            '</',
            '/>',
            '<ioc',
            '<Indicator ',
            'a="',
            '"',
            '&#x41;',
            '<!--',
            '<![CDATA[',
            ' ',
            'x',
          ),
        ),
        async (parts) => {
          await readList(format, parts.join(''));
        },
      ),
    );
    for (const part of ['<', '<a>', '<a ', '<a b="', '<!--', '&', '</a>', '<a b=""/>']) {
      const takenMs = processorClock();
      readXml(part.repeat(100_000), { open: () => undefined, close: () => undefined });
      expect(takenMs()).toBeLessThan(5000);
    }
  });
});
